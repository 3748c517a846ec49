//! Runs the selected features against a target and reports in several forms at once.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cucumber::writer::{Basic, Coloring, JUnit, Json, Verbosity};
use cucumber::{Cucumber, World as _, WriterExt as _, gherkin, runner};
use futures::FutureExt as _;

use super::collector::Collector;
use super::error::RunError;
use super::lint;
use super::parser::Prepared;
use super::selection::{Selection, scenarios, select};
use super::summary::Summary;
use super::target::{self, Target};
use super::world::World;

/// How many scenarios run at a time when nobody says: most of one is waiting for an answer.
pub const DEFAULT_JOBS: usize = 32;

/// What to run, against what, and how to report it.
#[derive(Debug, Clone)]
pub struct Options {
    /// Embedded features or directories, or files and directories on disk; none means all.
    pub paths: Vec<String>,
    /// The address of a running mock, `http://127.0.0.1:8080`.
    pub target: String,
    /// The name by which the mock reaches this machine; none when both are on the same.
    pub webhook_host: Option<String>,
    /// A tag expression, `@taxi and not @mock-only`.
    pub tags: Option<String>,
    /// A part of the scenario's name, in any case.
    pub name: Option<String>,
    /// Where to write the `JUnit` XML report.
    pub junit: Option<PathBuf>,
    /// Where to write the Cucumber JSON report.
    pub json: Option<PathBuf>,
    /// How many scenarios run at a time.
    pub jobs: usize,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// Whether to print nothing on the terminal.
    pub quiet: bool,
}

/// Runs the selected scenarios on the current runtime.
///
/// # Errors
///
/// When nothing could be run: an unknown path, a feature that does not parse or checks nothing,
/// a target that does not answer, a report that cannot be written. A scenario that fails is no
/// error; the summary has it.
pub async fn run(options: Options) -> Result<Summary, RunError> {
    let features = prepare(&options)?;
    let selected = features.iter().map(|feature| scenarios(feature).count()).sum();
    if selected == 0 {
        return Ok(Summary::default());
    }
    let target = Arc::new(Target::reach(&options.target, options.webhook_host.clone()).await?);
    let terminal: Box<dyn Write> =
        if options.quiet { Box::new(io::sink()) } else { Box::new(io::stdout()) };
    let collector = Collector::default();
    let writer = Basic::raw(terminal, Coloring::Auto, Verbosity::Default)
        .summarized()
        .tee::<World, _>(JUnit::for_tee(report(options.junit.as_deref())?, Verbosity::Default))
        .tee::<World, _>(Json::for_tee(report(options.json.as_deref())?))
        .tee::<World, _>(collector.clone().discard_stats_writes().discard_arbitrary_writes())
        .normalized()
        .fail_on_skipped();
    let mut runner = runner::Basic::default()
        .max_concurrent_scenarios(options.jobs.max(1))
        .steps(World::collection())
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
    target::TARGET.scope(target, cucumber.run(features)).await;
    Ok(Summary { selected, ..collector.summary() })
}

/// Selects, and refuses what would pass without checking anything.
fn prepare(options: &Options) -> Result<Vec<gherkin::Feature>, RunError> {
    let selection = Selection {
        paths: options.paths.clone(),
        tags: options.tags.clone(),
        name: options.name.clone(),
    };
    let loaded = select(&selection)?;
    if let Some(finding) = loaded.iter().flat_map(lint::idle).next() {
        let lint::Finding { path, line, message } = finding;
        return Err(RunError::Refused { path, line, message });
    }
    Ok(loaded.into_iter().map(|loaded| loaded.feature).collect())
}

/// Opens a report file before the run, so that a bad path shows at once; nothing asked, nowhere
/// written.
fn report(path: Option<&Path>) -> Result<Box<dyn Write>, RunError> {
    let Some(path) = path else { return Ok(Box::new(io::sink())) };
    let file = File::create(path)
        .map_err(|source| RunError::Report { path: path.display().to_string(), source })?;
    Ok(Box::new(BufWriter::new(file)))
}
