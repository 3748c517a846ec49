//! Runs the selected features against a target and reports in several forms at once.

use std::future::{Future, pending, ready};
use std::sync::Arc;

use cucumber::writer::Json;
use cucumber::{Cucumber, ScenarioType, WriterExt as _, gherkin, runner};
use futures::FutureExt as _;

use super::capabilities::Capabilities;
use super::collector::Collector;
use super::error::RunError;
use super::expectations::Expectations;
use super::parser::Prepared;
use super::progress::{Progress, Show};
use super::report::{Files, Reports, Stream};
use super::selection::{Selection, list_everything, scenarios, select};
use super::summary::Summary;
use super::target::{self, Target, TargetOptions};
use super::vocabulary;
use super::world::{LOOKS_BACK, World};
use super::{lint, obstacles, plan};
use crate::taxi::clock::{Clock as _, RealClock};

/// How many scenarios run at a time, each in a sales unit of its own: enough that none of two cores
/// waits, and few enough that each scenario is soon over.
pub const DEFAULT_JOBS: usize = 8;
/// How many run at a time in a sales unit that they share.
pub const DEFAULT_JOBS_SHARED: usize = 4;

/// What to run, against what, and how to report it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which scenarios.
    pub selection: Selection,
    /// Against what.
    pub target: TargetOptions,
    /// The file that says what is known of the target.
    pub expectations: Option<std::path::PathBuf>,
    /// The reports to write.
    pub reports: Reports,
    /// How many scenarios run at a time; by default as many as the target is good for.
    pub jobs: Option<usize>,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// What the terminal shows meanwhile.
    pub show: Show,
}

/// Runs the selected scenarios on the current runtime.
///
/// # Errors
///
/// When nothing could be run: an unknown path, a feature that does not parse or checks nothing,
/// a target that does not answer or refuses the keys, a report that cannot be written. A scenario
/// that fails is no error; the summary has it.
pub async fn run(options: Options) -> Result<Summary, RunError> {
    run_until(options, pending()).await
}

/// As [`run`], but ends early when `stop` does. What the scenarios have opened in a sales unit that
/// outlives the run is closed either way.
///
/// # Errors
///
/// As [`run`].
pub async fn run_until(
    options: Options,
    stop: impl Future<Output = ()>,
) -> Result<Summary, RunError> {
    let mut features = prepare(&options.selection)?;
    let selected = features.iter().map(|feature| scenarios(feature).count()).sum();
    if selected == 0 {
        return Ok(Summary::default());
    }
    let expectations = match &options.expectations {
        Some(path) => Expectations::read(path, &list_everything(&options.selection)?)?,
        None => Expectations::default(),
    };
    let files = Files::create(&options.reports)?;
    let began = RealClock.now();
    let (target, can) = Target::reach(&options.target).await?;
    plan::make(&mut features, &can, &expectations);
    let paths = features.iter().flat_map(|feature| {
        let path = feature.path.as_ref().map(|path| path.display().to_string());
        scenarios(feature).map(move |_| path.clone().unwrap_or_default())
    });
    let collector = Collector::new(Progress::new(options.show, paths));
    let running = run_features(&options, &can, features, files.json()?, collector.clone());
    let was_stopped = tokio::select! {
        () = target::TARGET.scope(Arc::clone(&target), running) => false,
        () = stop => true,
    };
    let mut summary = Summary {
        target: words_for(&target, &options.target, &can),
        scenarios: collector.results(),
        selected,
        closing: target.close().await,
        was_stopped,
        duration: RealClock.now().duration_since(began).unsigned_abs(),
    };
    expectations.apply(&mut summary);
    files.write(&summary)?;
    Ok(summary)
}

/// What was run against, in words.
fn words_for(target: &Target, options: &TargetOptions, can: &Capabilities) -> String {
    if options.is_own {
        "a mock of its own".to_owned()
    } else if can.has_control {
        format!("the mock at {}", target.base_url)
    } else {
        format!("{}, by official calls alone", target.base_url)
    }
}

/// Hands the features to cucumber. Every scenario tells the collector, in whatever order they end.
async fn run_features(
    options: &Options,
    can: &Capabilities,
    features: Vec<gherkin::Feature>,
    json: Stream,
    collector: Collector,
) {
    let writer = Json::for_tee(json)
        .normalized()
        .tee::<World, _>(collector.discard_stats_writes().discard_arbitrary_writes())
        .fail_on_skipped_with(|_, _, scenario: &gherkin::Scenario| !is_left_out(scenario));
    let jobs = if can.has_control { DEFAULT_JOBS } else { DEFAULT_JOBS_SHARED };
    let can = can.clone();
    let mut runner = runner::Basic::default()
        .max_concurrent_scenarios(options.jobs.unwrap_or(jobs).max(1))
        .steps(vocabulary::steps_for(&features))
        .which_scenario(move |_, _, scenario: &gherkin::Scenario| {
            let is_alone = obstacles::is_alone(scenario.steps.iter(), &can);
            if is_alone { ScenarioType::Serial } else { ScenarioType::Concurrent }
        })
        .before(|_, _, scenario, world: &mut World| {
            world.looks_back = scenario.steps.iter().any(|step| step.value == LOOKS_BACK);
            ready(()).boxed_local()
        })
        .after(|_, _, _, _, world: Option<&mut World>| {
            async move {
                if let Some(world) = world {
                    world.close().await;
                }
            }
            .boxed_local()
        });
    if options.fail_fast {
        runner = runner.fail_fast();
    }
    let cucumber: Cucumber<_, _, _, _, _> =
        Cucumber::custom(Prepared, runner, writer).with_default_cli();
    cucumber.run(features).await;
}

fn is_left_out(scenario: &gherkin::Scenario) -> bool {
    scenario.tags.iter().any(|tag| tag == plan::NOT_RUN)
}

/// Selects, and refuses what would pass without checking anything.
fn prepare(selection: &Selection) -> Result<Vec<gherkin::Feature>, RunError> {
    let loaded = select(selection)?;
    if let Some(finding) = loaded.iter().flat_map(lint::idle).next() {
        let lint::Finding { path, line, message } = finding;
        return Err(RunError::Refused { path, line, message });
    }
    let mut features: Vec<_> = loaded.into_iter().map(|loaded| loaded.feature).collect();
    features.iter_mut().for_each(plan::fold_backgrounds);
    Ok(features)
}
