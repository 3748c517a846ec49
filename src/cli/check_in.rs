//! `vipps-mock check-in`: a customer scans a code of the merchant's, such as a sticker on a seat.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::control::UnitControl;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Format};
use super::target::ClientArgs;

/// Flags of `vipps-mock check-in`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock check-in 4790000001", "vipps-mock check-in 4790000001 --code car-7-seat-2"],
    exit::CLIENT,
))]
pub(crate) struct CheckInArgs {
    /// The customer's number, with its country code
    #[arg(value_name = "PHONE", value_parser = NonEmptyStringValueParser::new())]
    phone: String,

    /// What the code says: the merchant's name for it
    #[arg(long, value_name = "ID", default_value = "seat-1")]
    code: String,

    #[command(flatten)]
    client: ClientArgs,
}

/// Scans, and prints the token that the merchant is told by webhook.
pub(crate) async fn run(args: CheckInArgs) -> Result<Exit, Failure> {
    let unit = UnitControl::open(&args.client).await?;
    let reply = unit.check_in(&args.phone, &args.code).await?;
    match args.client.output.output {
        Format::Json => output::json(&reply.json)?,
        Format::Table => {
            let facts =
                [("customerToken", reply.body.customer_token), ("expires", reply.body.expires_at)];
            output::line(&output::pairs(&facts).join("\n"))?;
        }
    }
    Ok(Exit::Done)
}
