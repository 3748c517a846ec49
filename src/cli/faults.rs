//! `vipps-mock faults`: what is to go wrong, and how often.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::control::{Reply, UnitControl};
use super::duration::DurationText;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::target::ClientArgs;
use super::wire::Fault;
use crate::domain::webhook_effect::WebhookEffect;

const OPERATIONS: [&str; 7] = ["create", "get", "events", "cancel", "capture", "refund", "approve"];

/// Flags of `vipps-mock faults`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock faults add 6280 --on capture",
        "vipps-mock faults add 3010 --on create --commit    # it is created, the answer is lost",
        "vipps-mock faults add 6160 --reference ride-0001 --times 3",
        "vipps-mock faults webhook corrupt-signature --event CAPTURED",
        "vipps-mock faults webhook delay --by 10m --reference ride-0001",
        "vipps-mock faults",
        "vipps-mock faults clear",
    ],
    exit::CLIENT,
))]
pub(crate) struct FaultsArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(subcommand)]
    command: Option<FaultsCommand>,
}

#[derive(Debug, Subcommand)]
enum FaultsCommand {
    /// Let calls fail that are otherwise right
    ///
    /// A fault takes the place of the operation: the call's keys, its form and its idempotency key are
    /// looked at as ever, and only then it strikes. Of several that match, the oldest strikes.
    Add(AddArgs),
    /// Let webhooks go wrong
    ///
    /// The first five befall an event, once for each registration that wants it; the others befall one
    /// attempt, and the next attempt is right again.
    Webhook(WebhookFaultArgs),
    /// List the faults that can still strike (the default)
    List,
    /// Take one fault away, or all of them
    Clear {
        /// The fault's number, as `list` shows it [default: all]
        #[arg(value_name = "ID")]
        id: Option<u64>,
    },
}

#[derive(Debug, Args)]
struct AddArgs {
    /// The published error code to answer with, such as 3010, 6160, 6250, 6260 or 6280
    #[arg(value_name = "CODE")]
    code: u16,
    /// Which calls [default: any]
    #[arg(long, value_name = "OPERATION", value_parser = OPERATIONS)]
    on: Option<String>,
    /// Only calls about this payment
    #[arg(long, value_name = "REF")]
    reference: Option<String>,
    /// How often: a number, or always
    #[arg(long, value_name = "N", default_value = "1", value_parser = times)]
    times: Value,
    /// Carry the operation out first, and only then answer so
    #[arg(long)]
    commit: bool,
}

#[derive(Debug, Args)]
struct WebhookFaultArgs {
    /// What goes wrong
    #[arg(value_name = "EFFECT", value_parser = WebhookEffect::ALL.map(WebhookEffect::name))]
    effect: String,
    /// Only this event, such as CAPTURED or user.checked-in.v1 [default: any]
    #[arg(long, value_name = "EVENT")]
    event: Option<String>,
    /// Only webhooks about this payment
    #[arg(long, value_name = "REF")]
    reference: Option<String>,
    /// How long a delay is [default: 1m]
    #[arg(long, value_name = "DURATION")]
    by: Option<DurationText>,
    /// How often: a number, or always
    #[arg(long, value_name = "N", default_value = "1", value_parser = times)]
    times: Value,
}

/// Adds, lists or clears.
pub(crate) async fn run(args: FaultsArgs) -> Result<Exit, Failure> {
    let format = args.client.output.output;
    let unit = UnitControl::open(&args.client).await?;
    match args.command.unwrap_or(FaultsCommand::List) {
        FaultsCommand::Add(wanted) => add(&unit, wanted.body(), format).await,
        FaultsCommand::Webhook(wanted) => add(&unit, wanted.body(), format).await,
        FaultsCommand::List => print(&unit.faults().await?, format),
        FaultsCommand::Clear { id } => {
            let id = id.map(|it| it.to_string());
            unit.clear_faults(id.as_deref()).await?;
            Ok(Exit::Done)
        }
    }
}

async fn add(unit: &UnitControl, wanted: Value, format: Format) -> Result<Exit, Failure> {
    let reply = unit.add_fault(wanted).await?;
    print(&Reply { json: reply.json, body: vec![reply.body] }, format)
}

impl WebhookFaultArgs {
    fn body(self) -> Value {
        let mut body = json!({ "effect": self.effect, "times": self.times });
        let by = self.by.map(|it| it.to_string());
        for (name, text) in [("event", self.event), ("reference", self.reference), ("by", by)] {
            if let Some(text) = text {
                body[name] = text.into();
            }
        }
        body
    }
}

impl AddArgs {
    fn body(self) -> Value {
        let mut body = json!({ "code": self.code, "times": self.times, "commit": self.commit });
        for (name, text) in [("operation", self.on), ("reference", self.reference)] {
            if let Some(text) = text {
                body[name] = text.into();
            }
        }
        body
    }
}

fn times(text: &str) -> Result<Value, String> {
    match text.parse::<u32>() {
        Ok(times) if 0 < times => Ok(times.into()),
        _ if text == "always" => Ok(text.into()),
        _ => Err("expected a number from 1, or always".to_owned()),
    }
}

fn print(reply: &Reply<Vec<Fault>>, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::table(&faults_table(&reply.body), "no fault is waiting")?,
    }
    Ok(Exit::Done)
}

fn faults_table(faults: &[Fault]) -> Table {
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("ON", Align::Left),
        ("REFERENCE", Align::Left),
        ("EFFECT", Align::Left),
        ("COMMIT", Align::Left),
        ("LEFT", Align::Right),
    ]);
    for fault in faults {
        let or = |text: &Option<String>, other: &str| text.clone().unwrap_or(other.to_owned());
        let code = fault.code.map(|code| code.to_string());
        let effect = [Some(fault.effect.clone()), code, fault.by.clone()];
        let effect: Vec<_> = effect.into_iter().flatten().collect();
        let on = fault.operation.clone().or_else(|| fault.event.clone());
        table.row([
            fault.id.to_string(),
            or(&on, "any"),
            or(&fault.reference, "any"),
            effect.join(" "),
            if fault.commit { "yes" } else { "no" }.to_owned(),
            fault.left.map_or_else(|| "always".to_owned(), |left| left.to_string()),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::output::Colour;
    use super::*;

    #[test]
    fn faults_are_listed_in_the_order_in_which_they_strike() {
        let faults: Vec<Fault> = serde_json::from_str(
            r#"[{"id": 1, "operation": "capture", "reference": "ride-0001", "effect": "problem",
                 "code": 6280, "commit": false, "left": 2},
                {"id": 3, "effect": "problem", "code": 3010, "commit": true}]"#,
        )
        .expect("valid");
        let lines = faults_table(&faults).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        ID  ON       REFERENCE  EFFECT        COMMIT    LEFT
         1  capture  ride-0001  problem 6280  no           2
         3  any      any        problem 3010  yes     always
        ");
    }
}
