//! `vipps-mock faults`: what is to go wrong, and how often.

mod effect;
mod table;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::control::{Reply, UnitControl};
use super::duration::DurationText;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Format};
use super::target::ClientArgs;
use super::wire::Fault;
use crate::domain::webhook_effect::WebhookEffect;

/// Flags of `vipps-mock faults`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock faults add 6280 --on capture",
        "vipps-mock faults add drop-reply --on capture      # it is captured, the answer is lost",
        "vipps-mock faults add latency 1s..3s --on create --times always",
        "vipps-mock faults add locked --reference 'ride-*' --times 3",
        "vipps-mock faults add status 503 --probability 0.3 --for 10m",
        "vipps-mock faults add gateway 401 --header Vipps-System-Name=taxi",
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
    /// Let calls go wrong that are otherwise right
    ///
    /// An error code, or `locked`, takes the place of the operation: the call's form and its idempotency
    /// key are looked at as ever, and only then it strikes. The others befall a call on its way, whatever
    /// is in it. Of several that match, the oldest strikes.
    #[command(after_long_help = effect::TABLE)]
    Add(AddArgs),
    /// Let webhooks go wrong
    ///
    /// The first five befall an event, once for each registration that wants it; the others befall one
    /// attempt, and the next attempt is right again.
    Webhook(WebhookFaultArgs),
    /// List what can strike, and behind it what has struck (the default)
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
    /// What happens: a published error code such as 6280, or one of those listed below
    #[arg(value_name = "EFFECT")]
    effect: String,
    /// What it needs: a status, a length of time, a number of bytes
    #[arg(value_name = "VALUE")]
    value: Option<String>,
    /// Which calls, as `requests list` names them, such as capture or token [default: any]
    #[arg(long, value_name = "OPERATION")]
    on: Option<String>,
    /// Only calls about this payment or order; * stands for anything
    #[arg(long, value_name = "REF")]
    reference: Option<String>,
    /// Only calls with this header; * stands for anything
    #[arg(long, value_name = "NAME[=VALUE]")]
    header: Option<String>,
    /// Only from the Nth such call on
    #[arg(long, value_name = "N")]
    nth: Option<u32>,
    /// Only this share of such calls, as the seed decides: 0.3 is three in ten
    #[arg(long, value_name = "SHARE")]
    probability: Option<f64>,
    /// How often: a number, or always [default: 1; always with --probability or --for]
    #[arg(long, value_name = "N", value_parser = times)]
    times: Option<Value>,
    /// For how long, by the clock of the sales unit
    #[arg(long = "for", value_name = "DURATION")]
    time: Option<DurationText>,
    /// Carry the call out first, and only then answer so
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
    /// Only webhooks about this payment; * stands for anything
    #[arg(long, value_name = "REF")]
    reference: Option<String>,
    /// How long a delay is [default: 1m]
    #[arg(long, value_name = "DURATION")]
    by: Option<DurationText>,
    /// How often: a number, or always [default: 1; always with --for]
    #[arg(long, value_name = "N", value_parser = times)]
    times: Option<Value>,
    /// For how long, by the clock of the sales unit
    #[arg(long = "for", value_name = "DURATION")]
    time: Option<DurationText>,
}

/// Adds, lists or clears.
pub(crate) async fn run(args: FaultsArgs) -> Result<Exit, Failure> {
    let format = args.client.output.output;
    let command = match args.command.unwrap_or(FaultsCommand::List) {
        FaultsCommand::Add(wanted) => Asked::Add(wanted.body()?),
        FaultsCommand::Webhook(wanted) => Asked::Add(wanted.body()),
        FaultsCommand::List => Asked::List,
        FaultsCommand::Clear { id } => Asked::Clear(id),
    };
    let unit = UnitControl::open(&args.client).await?;
    match command {
        Asked::Add(fault) => {
            let reply = unit.add_fault(fault).await?;
            print(&Reply { json: reply.json, body: vec![reply.body] }, format)
        }
        Asked::List => print(&unit.faults().await?, format),
        Asked::Clear(id) => {
            let id = id.map(|it| it.to_string());
            unit.clear_faults(id.as_deref()).await?;
            Ok(Exit::Done)
        }
    }
}

/// A command without a mistake in it.
enum Asked {
    Add(Value),
    List,
    Clear(Option<u64>),
}

impl WebhookFaultArgs {
    fn body(self) -> Value {
        let mut body = json!({ "effect": self.effect });
        if let Some(times) = self.times {
            body["times"] = times;
        }
        let text = |it: Option<DurationText>| it.map(|it| it.to_string());
        let members = [
            ("event", self.event),
            ("reference", self.reference),
            ("by", text(self.by)),
            ("expiresAfter", text(self.time)),
        ];
        for (name, text) in members {
            if let Some(text) = text {
                body[name] = text.into();
            }
        }
        body
    }
}

impl AddArgs {
    fn body(self) -> Result<Value, Failure> {
        let mut effect = effect::wanted(&self.effect, self.value.as_deref())?;
        if self.commit {
            effect["commit"] = true.into();
        }
        let header = self.header.map(|text| match text.split_once('=') {
            Some((name, value)) => json!({ "name": name, "value": value }),
            None => json!({ "name": text }),
        });
        let members = [
            ("operation", self.on.map(Value::from)),
            ("reference", self.reference.map(Value::from)),
            ("header", header),
            ("nth", self.nth.map(Value::from)),
            ("probability", self.probability.map(Value::from)),
        ];
        let given = members.into_iter().filter_map(|(name, it)| Some((name.to_owned(), it?)));
        let mut body = json!({ "match": Value::Object(given.collect()), "effect": effect });
        if let Some(times) = self.times {
            body["times"] = times;
        }
        if let Some(time) = self.time {
            body["expiresAfter"] = time.to_string().into();
        }
        Ok(body)
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
        Format::Table => output::table(&table::table(&reply.body), "no fault is waiting")?,
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: AddArgs,
    }

    #[test]
    fn what_is_typed_is_what_is_asked_for() {
        let cases = [
            (
                "6280 --on capture",
                r#"{"match":{"operation":"capture"},"effect":{"kind":"problem","code":6280}}"#,
            ),
            ("drop-reply", r#"{"match":{},"effect":{"kind":"drop-reply"}}"#),
            (
                "latency 1s..3s --times always",
                r#"{"match":{},"effect":{"kind":"latency","from":"1s","to":"3s"},"times":"always"}"#,
            ),
            (
                "status 503 --commit --probability 0.3 --for 10m --nth 2",
                r#"{"match":{"nth":2,"probability":0.3},"effect":{"kind":"status","status":503,"commit":true},"expiresAfter":"10m"}"#,
            ),
            (
                "truncate 20 --header X-Try=1* --reference ride-*",
                r#"{"match":{"reference":"ride-*","header":{"name":"X-Try","value":"1*"}},"effect":{"kind":"truncate","bytes":20}}"#,
            ),
        ];
        for (line, expected) in cases {
            let words = ["add"].into_iter().chain(line.split(' '));
            let body = Line::try_parse_from(words).expect("valid").args.body().expect("valid");
            assert_eq!(body.to_string(), expected, "{line}");
        }
    }
}
