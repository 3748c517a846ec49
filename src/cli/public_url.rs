//! `vipps-mock public-url`: the address that links begin with.

use clap::{Args, Subcommand};

use super::control::{Control, Reply};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Format};
use super::target::{BaseUrl, MockArgs, OutputArgs};
use super::wire::PublicUrl;

/// Flags of `vipps-mock public-url`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock public-url", "vipps-mock public-url set https://my-tunnel.example"],
    exit::CLIENT,
))]
pub(crate) struct PublicUrlArgs {
    #[command(flatten)]
    mock: MockArgs,
    #[command(flatten)]
    output: OutputArgs,
    #[command(subcommand)]
    command: Option<PublicUrlCommand>,
}

#[derive(Debug, Subcommand)]
enum PublicUrlCommand {
    /// Show the address (the default)
    Show,
    /// Change it, for links that are made from now on in any sales unit
    Set {
        /// Where browsers find the mock
        #[arg(value_name = "PUBLIC_URL")]
        to: BaseUrl,
    },
}

/// Shows or changes the address.
pub(crate) async fn run(args: PublicUrlArgs) -> Result<Exit, Failure> {
    let control = Control::of(&args.mock)?;
    let reply: Reply<PublicUrl> = match args.command.unwrap_or(PublicUrlCommand::Show) {
        PublicUrlCommand::Show => control.public_url().await?,
        PublicUrlCommand::Set { to } => control.set_public_url(&to.to_string()).await?,
    };
    match args.output.output {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::line(&reply.body.url)?,
    }
    Ok(Exit::Done)
}
