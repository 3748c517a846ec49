//! `vipps-mock conformance`: runs the features against a mock.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::serve;
use super::server::{Server, Settings};
use super::target::{BaseUrl, OutputArgs};
use crate::conformance::{self, DEFAULT_JOBS, ListedScenario, Options, Selection, Summary};

/// Flags of `vipps-mock conformance`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock conformance",
        "vipps-mock conformance taxi --tags '@official and not @mock-only'",
        "vipps-mock conformance --target http://127.0.0.1:8080 --junit report.xml",
        "vipps-mock conformance --target http://localhost:8080 --webhook-host host.docker.internal",
        "vipps-mock conformance list --name 'capture'",
    ],
    &[
        Exit::Done,
        Exit::NotMet,
        Exit::Usage,
        Exit::Unreachable,
        Exit::Config,
        Exit::Listen,
        Exit::NothingMatched,
        Exit::ScenariosFailed,
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
    List(ListArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Args)]
struct SelectionArgs {
    /// Features or directories of features, among the embedded ones or on disk [default: all embedded]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    /// Only scenarios whose tags match, such as '@taxi and not @mock-only'
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,

    /// Only scenarios with this in their name, in any case
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
}

#[derive(Debug, Args)]
struct RunArgs {
    /// Address of a running mock [default: one started for this run]
    #[arg(long, value_name = "URL")]
    target: Option<BaseUrl>,

    /// Name by which the target reaches this machine, when it runs in a container or elsewhere;
    /// webhooks are then listened for on all addresses, not only on loopback
    #[arg(long, value_name = "NAME", requires = "target", value_parser = host_name)]
    webhook_host: Option<String>,

    #[arg(long, value_name = "FILE", help = "Write a JUnit XML report here")]
    junit: Option<PathBuf>,

    /// Write a Cucumber JSON report here
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// How many scenarios run at a time
    #[arg(long, value_name = "N", default_value_t = DEFAULT_JOBS, value_parser = one_or_more)]
    jobs: usize,

    /// Stop at the first failure
    #[arg(long)]
    fail_fast: bool,
}

impl From<SelectionArgs> for Selection {
    fn from(args: SelectionArgs) -> Self {
        Self { paths: args.paths, tags: args.tags, name: args.name }
    }
}

/// Runs the features, or lists them.
pub(crate) async fn run(args: ConformanceArgs) -> Result<Exit, Failure> {
    if let Some(ConformanceCommand::List(list_args)) = args.command {
        return list(list_args);
    }
    let server = match args.run.target {
        Some(_) => None,
        None => Some(Server::start(Settings::for_features()).await?),
    };
    let given = args.run.target.as_ref().map(BaseUrl::to_string);
    let target = given.or_else(|| server.as_ref().map(Server::url)).unwrap_or_default();
    let summary = conformance::run(options(args, target)).await;
    if let Some(server) = server {
        serve::stop(server).await;
    }
    Ok(verdict(&summary?))
}

fn options(args: ConformanceArgs, target: String) -> Options {
    let RunArgs { webhook_host, junit, json, jobs, fail_fast, .. } = args.run;
    let SelectionArgs { paths, tags, name } = args.selection;
    let quiet = false;
    Options { paths, target, webhook_host, tags, name, junit, json, jobs, fail_fast, quiet }
}

/// A name or an address of IPv4, as it stands in a URL before the port.
fn host_name(text: &str) -> Result<String, String> {
    let fits = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '.' | '_');
    if text.is_empty() || !text.chars().all(fits) {
        return Err("expected a name such as host.docker.internal, without a port".to_owned());
    }
    // As it will be in the Host header of the webhook.
    Ok(text.to_ascii_lowercase())
}

fn one_or_more(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs) if jobs > 0 => Ok(jobs),
        _ => Err("expected a whole number from 1".to_owned()),
    }
}

fn verdict(summary: &Summary) -> Exit {
    if summary.is_empty() {
        output::note("no scenario matched; vipps-mock conformance list shows what there is");
        Exit::NothingMatched
    } else if summary.succeeded() {
        Exit::Done
    } else {
        Exit::ScenariosFailed
    }
}

fn list(args: ListArgs) -> Result<Exit, Failure> {
    let scenarios = conformance::list(&args.selection.into())?;
    match args.output.output {
        Format::Json => output::json(&scenarios.iter().map(as_json).collect())?,
        Format::Table => output::table(&scenarios_table(&scenarios), "no scenario matched")?,
    }
    Ok(if scenarios.is_empty() { Exit::NothingMatched } else { Exit::Done })
}

fn as_json(scenario: &ListedScenario) -> Value {
    let ListedScenario { path, line, feature, rule, name, tags } = scenario;
    json!({ "path": path, "line": line, "feature": feature, "rule": rule, "name": name, "tags": tags })
}

fn scenarios_table(scenarios: &[ListedScenario]) -> Table {
    let mut table =
        Table::new(&[("WHERE", Align::Left), ("SCENARIO", Align::Left), ("TAGS", Align::Left)]);
    for ListedScenario { path, line, name, tags, .. } in scenarios {
        let tags: Vec<String> = tags.iter().map(|tag| format!("@{tag}")).collect();
        table.row([format!("{path}:{line}"), name.clone(), tags.join(" ")]);
    }
    table
}
