//! The harness fails when it should: features that are wrong, unknown, empty, or known to fail.

use std::fs;

use libtest_mimic::Trial;
use vipps_mock::conformance::{Options, Outcome, RunError, Selection, Summary};

use super::{asserting, everything, feature, run_against_mock, temporary};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        asserting("harness: a wrong amount fails and is shown", check_wrong_amount),
        asserting("harness: unknown words fail and the nearest are named", check_unknown_words),
        asserting("harness: the first failure can end the run", check_fail_fast),
        asserting("harness: a run of nothing is no success", check_empty_run),
        asserting("harness: a scenario without steps is refused", check_idle_scenario),
        asserting("harness: a known failure is none until it has gone", check_expectations),
        asserting("harness: a run that leaves everything out is no success", check_all_left_out),
        asserting("harness: a known failure that nobody has is refused", check_vanished),
    ]
}

/// Two scenarios, the first of which expects too much.
pub(crate) const WRONG_AMOUNT: &str = "
Feature: A feature that is wrong about an amount

  Scenario: Too much
    Given a payment of NOK 500.00 that is approved
    When the merchant captures NOK 345.92
    Then NOK 500.00 is authorized, NOK 345.93 captured, NOK 0.00 cancelled and NOK 0.00 refunded

  Scenario: Just right
    Given a payment of NOK 500.00 that is approved
    When the merchant captures NOK 345.92
    Then NOK 500.00 is authorized, NOK 345.92 captured, NOK 0.00 cancelled and NOK 0.00 refunded
";

fn check_wrong_amount() {
    let summary = run_against_mock(feature("wrong_amount.feature", WRONG_AMOUNT)).unwrap();
    assert_eq!((summary.passed(), summary.failed(), summary.succeeded()), (1, 1, false));
    let message = summary.scenarios[0].message.clone().unwrap();
    let shown = [
        "line 7",
        "34593",
        "34592",
        "curl -X GET",
        "/epayment/v1/payments/",
        "authorization: Bearer $TOKEN",
        "ocp-apim-subscription-key: $VIPPS_SUBSCRIPTION_KEY",
        "reply:   200",
    ];
    for words in shown {
        assert!(message.contains(words), "{words} is missing in:\n{message}");
    }
}

fn check_unknown_words() {
    let text = "Feature: F\n  Scenario: S\n    When the merchant capture NOK 1.00\n";
    let summary = run_against_mock(feature("unknown_words.feature", text)).unwrap();
    assert_eq!((summary.failed(), summary.succeeded()), (1, false));
    let message = summary.scenarios[0].message.clone().unwrap();
    for words in ["no step has these words", "When the merchant captures {money}", "as in: "] {
        assert!(message.contains(words), "{words} is missing in:\n{message}");
    }
}

fn check_fail_fast() {
    let options = feature("fail_fast.feature", WRONG_AMOUNT);
    let summary = run_against_mock(Options { jobs: Some(1), fail_fast: true, ..options }).unwrap();
    assert_eq!((summary.failed(), summary.not_reached(), summary.succeeded()), (1, 1, false));
}

fn check_empty_run() {
    let name = Some("no scenario has this name".into());
    let selection = Selection { name, ..Selection::default() };
    let summary = run_against_mock(Options { selection, ..everything() }).unwrap();
    assert_eq!((summary.selected, summary.is_empty(), summary.succeeded()), (0, true, false));
}

fn check_idle_scenario() {
    let text = "Feature: F\n  Scenario: S\n";
    let error = run_against_mock(feature("idle.feature", text)).unwrap_err();
    assert!(matches!(error, RunError::Refused { line: 2, .. }), "{error}");
}

/// Runs the wrong feature with an entry about each of these scenarios.
fn run_expecting(file: &str, known: &[(&str, &str)]) -> Result<Summary, RunError> {
    let options = feature(&format!("{file}.feature"), WRONG_AMOUNT);
    let entry = |(scenario, outcome): &(&str, &str)| {
        format!(
            "[[known]]\nfeature = {:?}\nscenario = {scenario:?}\noutcome = {outcome:?}\n\
             because = \"it is known\"\n",
            options.selection.paths[0]
        )
    };
    let expectations = temporary(&format!("{file}.toml"));
    fs::write(&expectations, known.iter().map(entry).collect::<String>()).unwrap();
    run_against_mock(Options { expectations: Some(expectations), ..options })
}

fn check_expectations() {
    let known = run_expecting("known", &[("Too much", "fails")]).unwrap();
    assert_eq!((known.count(Outcome::FailedAsExpected), known.succeeded()), (1, true));
    let gone = [("Too much", "fails"), ("Just right", "fails")];
    let gone = run_expecting("gone", &gone).unwrap();
    assert_eq!((gone.count(Outcome::PassedUnexpectedly), gone.succeeded()), (1, false));
    let skipped = run_expecting("skipped", &[("Too much", "skip")]).unwrap();
    assert_eq!((skipped.not_run(), skipped.passed(), skipped.succeeded()), (1, 1, true));
    assert!(skipped.scenarios[0].message.as_ref().unwrap().contains("it is known"));
}

fn check_all_left_out() {
    let all = [("Too much", "skip"), ("Just right", "skip")];
    let summary = run_expecting("left_out", &all).unwrap();
    assert_eq!((summary.not_run(), summary.is_empty(), summary.succeeded()), (2, true, false));
}

fn check_vanished() {
    let error = run_expecting("vanished", &[("Too little", "fails")]).unwrap_err();
    assert!(matches!(error, RunError::BadExpectations { line: 1, .. }), "{error}");
}
