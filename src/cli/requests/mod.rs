//! `vipps-mock requests`: the journal of API calls.

mod export;
mod show;
pub(crate) mod wire;

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use serde_json::Value;

use self::wire::Summary;
use super::control::{Reply, UnitControl};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Colour, Format, Table};
use super::target::ClientArgs;

/// How many calls are listed when nothing else is said.
const LISTED: &str = "20";

/// What the numbers of calls begin with that belong to no sales unit.
const STRAY: char = 's';

/// Flags of `vipps-mock requests`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock requests",
        "vipps-mock requests list --status 4xx --since 10m",
        "vipps-mock requests list --reference ride-0001 --operation capture",
        "vipps-mock requests show 12",
        "vipps-mock requests show 12 --unmask",
        "vipps-mock requests export calls.har --since 1h",
    ],
    exit::CLIENT,
))]
pub(crate) struct RequestsArgs {
    #[command(flatten)]
    client: ClientArgs,

    /// Show secrets, tokens and phone numbers whole
    #[arg(long, global = true)]
    unmask: bool,

    #[command(subcommand)]
    command: Option<RequestsCommand>,
}

#[derive(Debug, Subcommand)]
enum RequestsCommand {
    /// List the latest calls, oldest first, and those that belong to no sales unit (the default)
    ///
    /// A call belongs to the sales unit of its subscription key, or else to that of its token. A call
    /// with neither, or with wrong ones, belongs to none: it has a number that begins with an s.
    List(ListArgs),
    /// Show one call: both sides of it, what decided, and what came of it
    Show {
        /// The call's number, as `list` shows it
        #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Write the calls as an HTTP archive (HAR 1.2), for tools that open such files
    ///
    /// Those of the sales unit, and after them those of no sales unit. Secrets, tokens and phone numbers
    /// are masked unless --unmask is given.
    Export {
        /// Where to; standard output if left out
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
        #[command(flatten)]
        wanted: FilterArgs,
    },
}

/// How many calls are listed, and which.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    wanted: FilterArgs,
    /// How many at most, the latest
    #[arg(long, value_name = "N", default_value = LISTED)]
    limit: Option<usize>,
}

/// Which calls are wanted.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct FilterArgs {
    /// Only those about this payment or order
    #[arg(long, value_name = "REF")]
    reference: Option<String>,
    /// Only those that ask for this, such as create, capture or token
    #[arg(long, value_name = "OPERATION")]
    operation: Option<String>,
    /// Only those answered so: 400, or 4xx for all that begin with a 4
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Only those since then: a time, or how long ago, such as 10m
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only those until then: a time, or how long ago
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
}

/// Lists or shows.
pub(crate) async fn run(args: RequestsArgs) -> Result<Exit, Failure> {
    let format = args.client.output.output;
    let unit = UnitControl::open(&args.client).await?;
    match args.command.unwrap_or(RequestsCommand::List(ListArgs::default())) {
        RequestsCommand::List(wanted) => list(&unit, &wanted.query(args.unmask), format).await,
        RequestsCommand::Show { id } => {
            let reply = if id.starts_with(STRAY) {
                unit.control().stray(&id, args.unmask).await?
            } else {
                unit.request(&id, args.unmask).await?
            };
            match format {
                Format::Json => output::json(&reply.json)?,
                Format::Table => {
                    output::line(&show::lines(&reply.body, Colour::of_stdout()).join("\n"))?;
                }
            }
            Ok(Exit::Done)
        }
        RequestsCommand::Export { file, wanted } => {
            export::run(&unit, &wanted.query(args.unmask), file.as_deref()).await
        }
    }
}

impl ListArgs {
    fn query(self, unmask: bool) -> Vec<(&'static str, String)> {
        let limit = self.limit.map_or_else(|| LISTED.to_owned(), |it| it.to_string());
        let mut query = self.wanted.query(unmask);
        query.push(("limit", limit));
        query
    }
}

impl FilterArgs {
    fn query(self, unmask: bool) -> Vec<(&'static str, String)> {
        let optional = [
            ("reference", self.reference),
            ("operation", self.operation),
            ("status", self.status),
            ("since", self.since),
            ("until", self.until),
            ("unmasked", unmask.then(|| "true".to_owned())),
        ];
        optional.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

async fn list(
    unit: &UnitControl,
    wanted: &[(&'static str, String)],
    format: Format,
) -> Result<Exit, Failure> {
    let own = unit.requests(wanted).await?;
    let strays = unit.control().strays(wanted).await?;
    if format == Format::Json {
        output::json(&joined(own, strays))?;
        return Ok(Exit::Done);
    }
    let when_empty = format!("no such call with the keys of sales unit {}", unit.msn());
    output::table(&table(&own.body), &when_empty)?;
    if !strays.body.is_empty() {
        // Apart, for their time is the machine's and not that of the sales unit.
        output::note("\nwith no sales unit's keys:");
        output::table(&table(&strays.body), "")?;
    }
    Ok(Exit::Done)
}

fn joined(own: Reply<Vec<Summary>>, strays: Reply<Vec<Summary>>) -> Value {
    let lists = [own.json, strays.json];
    lists.iter().filter_map(Value::as_array).flatten().cloned().collect()
}

fn table(calls: &[Summary]) -> Table {
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("TIME", Align::Left),
        ("CALL", Align::Left),
        ("STATUS", Align::Right),
        ("TOOK", Align::Right),
        ("WHY", Align::Left),
    ]);
    for it in calls {
        let why = it.near_miss.as_ref().or(it.reason.as_ref()).or(it.fault.as_ref());
        table.row([
            it.id.clone(),
            it.at.clone(),
            format!("{} {}", it.method, it.target),
            status(it.status),
            format!("{:.1} ms", it.duration_ms),
            why.cloned().unwrap_or_default(),
        ]);
    }
    table
}

/// The status of an answer; a call that got none has 0 in its place.
fn status(status: u16) -> String {
    if status == 0 { "none".to_owned() } else { status.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_listed_with_what_went_wrong() {
        let calls: Vec<Summary> = serde_json::from_str(
            r#"[{"id": "7", "at": "2030-01-01T12:00:00.000Z", "method": "POST",
                 "target": "/epayment/v1/payments", "operation": "create",
                 "reference": "ride-0001", "status": 201, "durationMs": 0.213},
                {"id": "s2", "at": "2030-01-01T12:00:01.000Z", "method": "GET",
                 "target": "/nothing", "status": 404, "durationMs": 12.25,
                 "reason": "No API of the mock has this method at /nothing (API descriptions)"}]"#,
        )
        .expect("valid");
        insta::assert_snapshot!(table(&calls).lines(Colour::Off).join("\n"), @r"
        ID  TIME                      CALL                        STATUS     TOOK  WHY
         7  2030-01-01T12:00:00.000Z  POST /epayment/v1/payments     201   0.2 ms
        s2  2030-01-01T12:00:01.000Z  GET /nothing                   404  12.2 ms  No API of the mock has this method at /nothing (API descriptions)
        ");
    }
}
