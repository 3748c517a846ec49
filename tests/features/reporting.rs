//! What is left of a run, and features of somebody else's.

use std::fs;

use libtest_mimic::Trial;
use vipps_mock::conformance::{Options, Reports, RunError, Selection};

use super::failing::WRONG_AMOUNT;
use super::{asserting, everything, feature, run_against_mock, temporary};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        asserting("harness: reports are written side by side", check_reports),
        asserting("harness: features of one's own are run from their directory", check_directory),
    ]
}

fn check_reports() {
    let file = |name: &str| Some(temporary(name));
    let reports = Reports {
        junit: file("report.xml"),
        json: file("report.json"),
        html: file("report.html"),
        summary: file("report.md"),
    };
    let read = |path: &Option<_>| fs::read_to_string(path.as_ref().unwrap()).unwrap();
    let options = feature("reports.feature", WRONG_AMOUNT);
    run_against_mock(Options { reports: reports.clone(), ..options }).unwrap();
    let junit = read(&reports.junit);
    assert_eq!(junit.matches("<testcase ").count(), 2, "{junit}");
    assert_eq!(junit.matches("<failure ").count(), 1, "{junit}");
    let json: serde_json::Value = serde_json::from_str(&read(&reports.json)).unwrap();
    assert_eq!(json[0]["elements"].as_array().map(Vec::len), Some(2), "{json}");
    for report in [read(&reports.html), read(&reports.summary), junit] {
        assert!(report.contains("Too much"), "{report}");
        assert!(report.contains("34593"), "{report}");
        assert!(!report.contains("Bearer ey"), "{report}");
    }
}

/// Two files, one of them in a directory of its own, with a background.
fn check_directory() {
    let directory = temporary("our-features");
    fs::create_dir_all(directory.join("shop")).unwrap();
    let order = "
Feature: A shop
  Background:
    Given a payment of NOK 129.00 that is approved

  Scenario: What is sent is captured
    When the merchant captures NOK 129.00
    Then the request is accepted
";
    let webhook = "
Feature: A shop hears of its money
  Scenario: By webhook
    Given a receiver of AUTHORIZED
    When the merchant asks for NOK 129.00
    Then the receiver gets nothing
";
    fs::write(directory.join("shop/order.feature"), order).unwrap();
    fs::write(directory.join("webhook.feature"), webhook).unwrap();
    let of_ours = |paths: &[&str]| {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let selection =
            Selection { features: Some(directory.clone()), paths, ..Selection::default() };
        run_against_mock(Options { selection, ..everything() })
    };
    let all = of_ours(&[]).unwrap();
    assert_eq!((all.passed(), all.selected, all.succeeded()), (2, 2, true));
    assert_eq!(of_ours(&["shop"]).unwrap().selected, 1);
    assert_eq!(of_ours(&["webhook"]).unwrap().selected, 1);
    assert!(matches!(of_ours(&["taxi"]), Err(RunError::NoSuchFeature { .. })));
}
