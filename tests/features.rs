//! Runs `features/` against a mock in this process, one line of libtest's own a scenario.
//!
//! The scenarios run once, side by side, when the first trial asks for its result; each trial then
//! reads its own. So `--list` starts nothing, and a filter runs what it names. Beside them, a few
//! trials check that the harness fails when it should.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};
use vipps_mock::cli::server::{Server, Settings};
use vipps_mock::conformance::{
    ListedScenario, Options, Outcome, Reports, RunError, Selection, Show, Summary, TargetOptions,
    lint, list, load, run,
};

/// The results that all trials read, made when the first of them asks.
type Results = LazyLock<Summary, Box<dyn FnOnce() -> Summary + Send>>;

/// Cucumber silences panics for the time of a run, process-wide, so runs take turns.
static TURN: Mutex<()> = Mutex::new(());

fn main() {
    let arguments = Arguments::from_args();
    let listed = list(&Selection::default()).unwrap();
    let options = what_is_left(&arguments, &listed);
    let results: Arc<Results> = Arc::new(LazyLock::new(Box::new(move || run_features(options))));
    let mut trials = vec![
        Trial::test("harness: every scenario of ours checks something", check_wording),
        asserting("harness: a wrong amount fails and is shown", check_wrong_amount),
        asserting("harness: unknown words fail", check_unknown_words),
        asserting("harness: the first failure can end the run", check_fail_fast),
        asserting("harness: a run of nothing is no success", check_empty_run),
        asserting("harness: a scenario without steps is refused", check_idle_scenario),
        asserting("harness: reports are written side by side", check_reports),
    ];
    for scenario in listed {
        let results = Arc::clone(&results);
        trials.push(Trial::test(name(&scenario), move || check(&results, &scenario)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// A trial that fails by panicking, as a test does.
fn asserting(name: &str, test: fn()) -> Trial {
    Trial::test(name, move || {
        test();
        Ok(())
    })
}

/// `taxi/ride: A rule: A scenario`, which the lint keeps unique.
fn name(scenario: &ListedScenario) -> String {
    let path = scenario.path.trim_start_matches("features/").trim_end_matches(".feature");
    let rule = scenario.rule.as_deref().unwrap_or(&scenario.feature);
    format!("{path}: {rule}: {}", scenario.name)
}

/// All of it, quietly.
fn everything() -> Options {
    Options {
        selection: Selection::default(),
        target: TargetOptions::default(),
        expectations: None,
        reports: Reports::default(),
        jobs: None,
        fail_fast: false,
        show: Show::Nothing,
    }
}

/// No more than the files, or the one scenario, that the arguments leave.
fn what_is_left(arguments: &Arguments, listed: &[ListedScenario]) -> Options {
    let left = |scenario: &&ListedScenario| {
        !arguments.is_filtered_out(&Trial::test(name(scenario), || Ok(())))
    };
    let left: Vec<&ListedScenario> = listed.iter().filter(left).collect();
    let only = if let [one] = left.as_slice() { Some(one.name.clone()) } else { None };
    let paths = left.iter().map(|scenario| scenario.path.clone()).collect();
    Options { selection: Selection { paths, name: only, ..Selection::default() }, ..everything() }
}

fn run_features(options: Options) -> Summary {
    let summary = run_against_mock(options).unwrap();
    let (count, all) = (summary.scenarios.len(), summary.duration);
    if let Some(slowest) = summary.slowest() {
        let (name, duration) = (&slowest.name, slowest.duration);
        eprintln!("{count} scenarios in {all:.2?}, the slowest {duration:.2?}: {name}");
    }
    summary
}

fn run_against_mock(options: Options) -> Result<Summary, RunError> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let server = Server::start(Settings::for_features()).await.unwrap();
        let target = TargetOptions { url: server.url(), is_own: true, ..TargetOptions::default() };
        let summary = run(Options { target, ..options }).await;
        server.stop().await;
        summary
    })
}

fn check(results: &Results, listed: &ListedScenario) -> Result<(), Failed> {
    let place = (&listed.path, listed.line);
    let mut ran = results.scenarios.iter();
    match ran.find(|result| (&result.path, result.line) == place) {
        Some(result) if result.outcome == Outcome::Passed => Ok(()),
        Some(result) => {
            let message = result.message.as_deref().unwrap_or_default();
            Err(format!("{}:{}\n{message}", result.path, result.line).into())
        }
        None => Err("the scenario did not run".into()),
    }
}

fn check_wording() -> Result<(), Failed> {
    let features = load(&[], None).map_err(|error| error.to_string())?;
    let mut findings = lint::unclear(&features);
    findings.extend(features.iter().flat_map(lint::house));
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n").into()) }
}

/// Two scenarios, the first of which expects too much.
const WRONG_AMOUNT: &str = "
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

/// Writes a feature file of our own, for the harness to find on disk.
fn feature(file: &str, text: &str) -> Options {
    let path = temporary(file);
    fs::write(&path, text).unwrap();
    let paths = vec![path.display().to_string()];
    Options { selection: Selection { paths, ..Selection::default() }, ..everything() }
}

fn temporary(file: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(file)
}

fn check_wrong_amount() {
    let summary = run_against_mock(feature("wrong_amount.feature", WRONG_AMOUNT)).unwrap();
    assert_eq!((summary.passed(), summary.failed(), summary.succeeded()), (1, 1, false));
    let message = summary.scenarios[0].message.clone().unwrap();
    for words in
        ["line 7", "34593", "34592", "curl -X GET", "/epayment/v1/payments/", "reply:   200"]
    {
        assert!(message.contains(words), "{words} is missing in:\n{message}");
    }
}

fn check_unknown_words() {
    let text = "Feature: F\n  Scenario: S\n    When the taxi flies\n";
    let summary = run_against_mock(feature("unknown_words.feature", text)).unwrap();
    assert_eq!((summary.failed(), summary.succeeded()), (1, false));
    let message = summary.scenarios[0].message.clone().unwrap();
    assert!(message.contains("no step has these words"), "{message}");
}

fn check_fail_fast() {
    let options = feature("fail_fast.feature", WRONG_AMOUNT);
    let summary = run_against_mock(Options { jobs: Some(1), fail_fast: true, ..options }).unwrap();
    assert_eq!((summary.failed(), summary.not_reached(), summary.succeeded()), (1, 1, false));
}

fn check_empty_run() {
    let name = Some("no scenario has this name".into());
    let selection = Selection { name, ..Selection::default() };
    let options = Options { selection, ..everything() };
    let summary = run_against_mock(options).unwrap();
    assert_eq!((summary.is_empty(), summary.succeeded()), (true, false));
}

fn check_idle_scenario() {
    let text = "Feature: F\n  Scenario: S\n";
    let error = run_against_mock(feature("idle.feature", text)).unwrap_err();
    assert!(matches!(error, RunError::Refused { line: 2, .. }), "{error}");
}

fn check_reports() {
    let (junit, json) = (temporary("report.xml"), temporary("report.json"));
    let options = feature("reports.feature", WRONG_AMOUNT);
    let reports =
        Reports { junit: Some(junit.clone()), json: Some(json.clone()), ..Reports::default() };
    let options = Options { reports, ..options };
    run_against_mock(options).unwrap();
    let junit = fs::read_to_string(junit).unwrap();
    assert_eq!(junit.matches("<testcase ").count(), 2, "{junit}");
    assert_eq!(junit.matches("<failure ").count(), 1, "{junit}");
    let json: serde_json::Value = serde_json::from_slice(&fs::read(json).unwrap()).unwrap();
    assert_eq!(json[0]["elements"].as_array().map(Vec::len), Some(2), "{json}");
}
