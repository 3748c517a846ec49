//! Runs `features/` against a mock in this process, one line of libtest's own a scenario.
//!
//! The scenarios run once, side by side, when the first trial asks for its result; each trial then
//! reads its own. So `--list` starts nothing, and a filter runs what it names. Beside them, a few
//! trials check that the harness fails when it should.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

#[path = "features/failing.rs"]
mod failing;
#[path = "features/ledger.rs"]
mod ledger;
#[path = "features/numbers.rs"]
mod numbers;
#[path = "features/reporting.rs"]
mod reporting;
#[path = "features/stand_in.rs"]
mod stand_in;

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
        asserting("harness: the ledger is current", ledger::check),
        asserting("harness: every numbered ride is told by a scenario", numbers::check),
    ];
    trials.extend(failing::trials());
    trials.extend(reporting::trials());
    trials.extend(stand_in::trials());
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

/// Writes a feature file of our own, for the harness to find on disk.
fn feature(file: &str, text: &str) -> Options {
    let path = temporary(file);
    std::fs::write(&path, text).unwrap();
    let paths = vec![path.display().to_string()];
    Options { selection: Selection { paths, ..Selection::default() }, ..everything() }
}

fn temporary(file: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(file)
}
