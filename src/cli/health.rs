//! `vipps-mock health` and `vipps-mock reset`: whether a mock is there, and back to its start.

use clap::Args;
use serde_json::json;

use super::control::{Control, UnitControl};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Format};
use super::target::{ClientArgs, MockArgs, OutputArgs};

/// Flags of `vipps-mock health`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock health --url http://127.0.0.1:8080"],
    &[Exit::Done, Exit::Usage, Exit::Unreachable],
))]
pub(crate) struct HealthArgs {
    #[command(flatten)]
    mock: MockArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Flags of `vipps-mock reset`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock reset", "vipps-mock reset --all", "vipps-mock reset --msn 900002 --output json"],
    exit::CLIENT,
))]
pub(crate) struct ResetArgs {
    /// Every sales unit, and drop those created later
    #[arg(long, conflicts_with = "msn")]
    all: bool,
    #[command(flatten)]
    client: ClientArgs,
}

/// Asks whether a mock answers. Any answer with its header counts: it may have no control API.
pub(crate) async fn health(args: HealthArgs) -> Result<Exit, Failure> {
    let url = args.mock.url.to_string();
    let version = Control::of(&args.mock)?.version().await?;
    match args.output.output {
        Format::Json => {
            output::json(&json!({ "status": "ready", "version": version, "url": url }))?;
        }
        Format::Table => output::line(&format!("ready: vipps-mock {version} at {url}"))?,
    }
    Ok(Exit::Done)
}

/// Empties a sales unit, or all of them.
pub(crate) async fn reset(args: ResetArgs) -> Result<Exit, Failure> {
    let client = args.client;
    if args.all {
        Control::of(&client.mock)?.reset_all().await?;
        return say_reset(client.output, "all", "every sales unit is as it was at the start");
    }
    let unit = UnitControl::open(&client).await?;
    unit.reset().await?;
    let msn = unit.msn();
    say_reset(client.output, msn, &format!("sales unit {msn} is as it was at the start"))
}

fn say_reset(args: OutputArgs, what: &str, sentence: &str) -> Result<Exit, Failure> {
    match args.output {
        Format::Json => output::json(&json!({ "reset": what }))?,
        Format::Table => output::note(sentence),
    }
    Ok(Exit::Done)
}
