//! `vipps-mock conformance`: runs the features against a mock, or anything else that speaks the API.

mod flags;
mod ledger;
mod listing;

use std::io::{self, IsTerminal as _};

use clap::{Args, Subcommand};

use super::exit::{self, Exit};
use super::failure::Failure;
use super::output;
use super::serve::{self, StopSignal};
use super::server::{Server, Settings};
use crate::app::entropy::random_seed;
use crate::conformance::{self, Options, Show, Summary};
use flags::{RunArgs, SelectionArgs};

/// Flags of `vipps-mock conformance`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock conformance",
        "vipps-mock conformance taxi --tags '@official and not @mock-only'",
        "vipps-mock conformance --junit report.xml --html report.html",
        "vipps-mock conformance --features our-features",
        "vipps-mock conformance --target http://127.0.0.1:8080",
        "vipps-mock conformance --target https://apitest.vipps.no --expect known.toml",
        "vipps-mock conformance list --name 'capture'",
        "vipps-mock conformance steps payments",
    ],
    &[
        Exit::Done,
        Exit::NotMet,
        Exit::Usage,
        Exit::Unreachable,
        Exit::Refused,
        Exit::Config,
        Exit::Listen,
        Exit::NothingMatched,
        Exit::ScenariosFailed,
        Exit::Stopped,
    ],
))]
pub(crate) struct ConformanceArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    run: RunArgs,
    #[command(subcommand)]
    command: Option<ConformanceCommand>,
}

#[derive(Debug, Subcommand)]
enum ConformanceCommand {
    /// List the scenarios that would run, and run none
    List(listing::ListArgs),
    /// Print the steps that features can take, each with an example
    Steps(listing::StepsArgs),
    /// Write what is simulated, and on what evidence, from the features
    Ledger(ledger::LedgerArgs),
}

/// Runs the features, or tells about them.
pub(crate) async fn run(args: ConformanceArgs) -> Result<Exit, Failure> {
    match args.command {
        Some(ConformanceCommand::List(args)) => listing::list(args),
        Some(ConformanceCommand::Steps(args)) => listing::steps(&args),
        Some(ConformanceCommand::Ledger(args)) => ledger::run(&args),
        None => run_features(args.selection, args.run).await,
    }
}

async fn run_features(selection: SelectionArgs, args: RunArgs) -> Result<Exit, Failure> {
    let all = args.verbose;
    let mut told_to_stop = StopSignal::new()?;
    let server = match args.target {
        Some(_) => None,
        None => Some(Server::start(own_mock(args.seed)).await?),
    };
    let options = Options {
        selection: selection.into(),
        show: if io::stderr().is_terminal() { Show::Line } else { Show::Log },
        ..args.options(server.as_ref().map(Server::url))
    };
    let summary = conformance::run_until(options, told_to_stop.wait()).await;
    if let Some(server) = server {
        output::note(&format!("seed {0} (the same ids again: --seed {0} --jobs 1)", server.seed()));
        serve::stop(server).await;
    }
    let summary = summary?;
    if summary.selected > 0 {
        let written = conformance::write_terminal(&summary, all, &mut io::stdout().lock());
        written.map_err(Failure::Output)?;
    }
    Ok(verdict(&summary))
}

/// A mock as the features need it; the same seed gives the same ids.
fn own_mock(seed: Option<u64>) -> Settings {
    Settings { seed: seed.unwrap_or_else(random_seed), ..Settings::for_features() }
}

fn verdict(summary: &Summary) -> Exit {
    if summary.selected == 0 {
        output::note("no scenario matched; vipps-mock conformance list shows what there is");
        Exit::NothingMatched
    } else if summary.was_stopped {
        Exit::Stopped
    } else if summary.is_empty() {
        output::note("no scenario could run, so nothing was compared");
        Exit::NothingMatched
    } else if !summary.succeeded() {
        Exit::ScenariosFailed
    } else if summary.closing.left.is_empty() {
        Exit::Done
    } else {
        Exit::NotMet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_that_compared_nothing_ends_like_one_that_found_nothing() {
        let nothing = Summary { selected: 3, ..Summary::default() };
        assert_eq!(verdict(&Summary::default()), Exit::NothingMatched);
        assert_eq!(verdict(&nothing), Exit::NothingMatched);
        assert_eq!(verdict(&Summary { was_stopped: true, ..nothing }), Exit::Stopped);
    }
}
