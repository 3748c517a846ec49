//! Runs `features/` against a mock in this process, one line of libtest's own a scenario.
//!
//! The scenarios run once, side by side, when the first trial asks for its result; each trial then
//! reads its own. So `--list` starts nothing, and a filter runs what it names.
#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "a panic is how a test fails")]

use std::sync::{Arc, LazyLock};

use libtest_mimic::{Arguments, Failed, Trial};
use vipps_mock::cli::server::{Server, Settings};
use vipps_mock::conformance::{
    DEFAULT_JOBS, ListedScenario, Options, Outcome, Selection, Summary, lint, list, load, run,
};
use vipps_mock::delivery::WebhookDates;

/// The results that all trials read, made when the first of them asks.
type Results = LazyLock<Summary, Box<dyn FnOnce() -> Summary + Send>>;

fn main() {
    let arguments = Arguments::from_args();
    let listed = list(&Selection::default()).unwrap();
    let options = options(&arguments, &listed);
    let results: Arc<Results> = Arc::new(LazyLock::new(Box::new(move || run_once(options))));
    let mut trials = vec![Trial::test("features: every scenario checks something", check_features)];
    for scenario in listed {
        let results = Arc::clone(&results);
        trials.push(Trial::test(name(&scenario), move || check(&results, &scenario)));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// `taxi/fare: A rule: A scenario`, which the lint keeps unique.
fn name(scenario: &ListedScenario) -> String {
    let path = scenario.path.trim_start_matches("features/").trim_end_matches(".feature");
    let rule = scenario.rule.as_deref().unwrap_or(&scenario.feature);
    format!("{path}: {rule}: {}", scenario.name)
}

/// Runs no more than the files, or the one scenario, that the arguments leave.
fn options(arguments: &Arguments, listed: &[ListedScenario]) -> Options {
    let left = |scenario: &&ListedScenario| {
        !arguments.is_filtered_out(&Trial::test(name(scenario), || Ok(())))
    };
    let left: Vec<&ListedScenario> = listed.iter().filter(left).collect();
    let only = if let [one] = left.as_slice() { Some(one.name.clone()) } else { None };
    Options {
        paths: left.iter().map(|scenario| scenario.path.clone()).collect(),
        target: String::new(),
        tags: None,
        name: only,
        junit: None,
        json: None,
        jobs: DEFAULT_JOBS,
        fail_fast: false,
        quiet: true,
    }
}

fn run_once(options: Options) -> Summary {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let settings = Settings { webhook_dates: WebhookDates::Unit, ..Settings::sandbox() };
        let server = Server::start(settings).await.unwrap();
        let summary = run(Options { target: server.url(), ..options }).await.unwrap();
        server.stop().await;
        if let Some(slowest) = summary.slowest() {
            let (count, all) = (summary.scenarios.len(), summary.duration);
            eprintln!(
                "{count} scenarios in {all:.2?}, the slowest {:.2?}: {}",
                slowest.duration, slowest.name
            );
        }
        summary
    })
}

fn check(results: &Results, listed: &ListedScenario) -> Result<(), Failed> {
    let place = (&listed.path, listed.line);
    let mut ran = results.scenarios.iter();
    let result = ran.find(|result| (&result.path, result.line) == place);
    match result {
        Some(result) if result.outcome == Outcome::Passed => Ok(()),
        Some(result) => {
            let message = result.message.as_deref().unwrap_or_default();
            Err(format!("{}:{}\n{message}", result.path, result.line).into())
        }
        None => Err("the scenario did not run".into()),
    }
}

fn check_features() -> Result<(), Failed> {
    let features = load(&[]).map_err(|error| error.to_string())?;
    let findings = features
        .iter()
        .flat_map(|feature| lint::house(feature).into_iter().chain(lint::unclear(feature)));
    let findings: Vec<String> = findings.map(|finding| finding.to_string()).collect();
    if findings.is_empty() { Ok(()) } else { Err(findings.join("\n").into()) }
}
