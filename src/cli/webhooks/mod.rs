//! `vipps-mock webhooks`: registrations, deliveries with every attempt, and a listener.

mod difference;
mod listen;
mod relay;
mod show;
mod signature;
pub(crate) mod wire;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use self::wire::{Attempt, Delivery, Registration};
use super::control::{Reply, UnitControl};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::target::ClientArgs;

const STATUSES: [&str; 4] = ["waiting", "sending", "delivered", "dropped"];

/// How many deliveries are listed when nothing else is said.
const LISTED: &str = "20";

/// Flags of `vipps-mock webhooks`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock webhooks",
        "vipps-mock webhooks deliveries --reference ride-0001",
        "vipps-mock webhooks show 3",
        "vipps-mock webhooks show 3 --string-to-sign mine.txt",
        "vipps-mock webhooks resend 3",
        "vipps-mock webhooks listen --forward-to http://localhost:3000/hook",
    ],
    exit::CLIENT,
))]
pub(crate) struct WebhooksArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(subcommand)]
    command: Option<WebhooksCommand>,
}

#[derive(Debug, Subcommand)]
enum WebhooksCommand {
    /// List the registrations, with their secrets and how their receivers fare (the default)
    List,
    /// List the latest deliveries, oldest first
    Deliveries(DeliveriesArgs),
    /// Show one delivery: every attempt, what came back, and step by step how it was signed
    ///
    /// A receiver whose verification fails can hand in the string that it puts together itself: the
    /// first byte that differs is pointed at, and what it usually comes from.
    Show(show::ShowArgs),
    /// Send a delivery once more, now, and show what came of it
    ///
    /// The body is the same, date and signature are fresh. One that waits for its next attempt gets it
    /// now; one that is delivered or dropped gets one more.
    Resend {
        /// The delivery's number, as `deliveries` lists it
        #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
        id: String,
    },
    /// Register for every event and print each delivery as it comes; pass it on if asked to
    Listen(listen::ListenArgs),
}

/// Flags of `vipps-mock webhooks deliveries`.
#[derive(Debug, Args)]
pub(crate) struct DeliveriesArgs {
    /// Only those about this payment
    #[arg(long, value_name = "REF")]
    reference: Option<String>,
    /// Only those to this registration
    #[arg(long, value_name = "ID")]
    registration: Option<String>,
    /// Only those that stand so
    #[arg(long, value_name = "STATUS", value_parser = STATUSES)]
    status: Option<String>,
    /// How many at most, the latest
    #[arg(long, value_name = "N", default_value = LISTED)]
    limit: usize,
}

/// Lists, shows, sends again, or listens.
pub(crate) async fn run(args: WebhooksArgs) -> Result<Exit, Failure> {
    let format = args.client.output.output;
    let unit = UnitControl::open(&args.client).await?;
    match args.command.unwrap_or(WebhooksCommand::List) {
        WebhooksCommand::List => {
            let reply = unit.registrations().await?;
            let when_empty = format!("no webhook is registered in sales unit {}", unit.msn());
            print_list(&reply, format, &registrations_table(&reply.body), &when_empty)
        }
        WebhooksCommand::Deliveries(wanted) => {
            let reply = unit.deliveries(&wanted.query()).await?;
            print_list(&reply, format, &deliveries_table(&reply.body), "no such delivery")
        }
        WebhooksCommand::Show(wanted) => show::run(&unit, &wanted, format).await,
        WebhooksCommand::Resend { id } => {
            let reply = unit.resend(&id).await?;
            print_list(&reply, format, &attempts_table(&reply.body), "no attempt was made yet")
        }
        WebhooksCommand::Listen(wanted) => listen::run(&unit, wanted, format).await,
    }
}

impl DeliveriesArgs {
    fn query(self) -> Vec<(&'static str, String)> {
        let optional = [
            ("reference", self.reference),
            ("registrationId", self.registration),
            ("status", self.status),
        ];
        let given = optional.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.chain([("limit", self.limit.to_string())]).collect()
    }
}

fn print_list<T>(
    reply: &Reply<T>,
    format: Format,
    table: &Table,
    when_empty: &str,
) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::table(table, when_empty)?,
    }
    Ok(Exit::Done)
}

fn registrations_table(registrations: &[Registration]) -> Table {
    let mut table = Table::new(&[
        ("ID", Align::Left),
        ("URL", Align::Left),
        ("EVENTS", Align::Right),
        ("UNDELIVERED", Align::Right),
        ("FAILING SINCE", Align::Left),
        ("SECRET", Align::Left),
    ]);
    for it in registrations {
        table.row([
            it.id.clone(),
            it.url.clone(),
            it.events.len().to_string(),
            it.undelivered.to_string(),
            it.failing_since.clone().unwrap_or_else(|| "-".to_owned()),
            it.secret.clone(),
        ]);
    }
    table
}

fn deliveries_table(deliveries: &[Delivery]) -> Table {
    let mut table = Table::new(&[
        ("ID", Align::Right),
        ("EVENT", Align::Left),
        ("REFERENCE", Align::Left),
        ("STATUS", Align::Left),
        ("ATTEMPTS", Align::Right),
        ("LAST ANSWER", Align::Left),
        ("NEXT ATTEMPT", Align::Left),
        ("TO", Align::Left),
    ]);
    for it in deliveries {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        table.row([
            it.id.clone(),
            it.event.clone(),
            or_none(&it.reference),
            it.status.clone(),
            it.attempts.len().to_string(),
            it.attempts.last().map_or_else(|| "-".to_owned(), Attempt::outcome),
            or_none(&it.next_attempt_at),
            it.url.clone(),
        ]);
    }
    table
}

fn attempts_table(delivery: &Delivery) -> Table {
    let mut table = Table::new(&[
        ("ATTEMPT", Align::Right),
        ("TIME", Align::Left),
        ("ANSWER", Align::Left),
        ("TOOK", Align::Right),
    ]);
    for attempt in &delivery.attempts {
        table.row([
            attempt.number.to_string(),
            attempt.at.clone(),
            attempt.outcome(),
            format!("{} ms", attempt.duration_ms),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::output::Colour;
    use super::wire::examples::delivery;
    use super::*;

    #[test]
    fn deliveries_say_where_they_stand() {
        let lines = deliveries_table(&[delivery()]).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        ID  EVENT                         REFERENCE  STATUS     ATTEMPTS  LAST ANSWER  NEXT ATTEMPT  TO
         3  epayments.payment.created.v1  ride-0001  delivered         2  200          -             http://localhost:3000/hook?shop=1
        ");
        let lines = attempts_table(&delivery()).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        ATTEMPT  TIME                      ANSWER  TOOK
              1  2026-01-01T00:00:00.000Z  500     3 ms
              2  2026-01-01T00:00:02.000Z  200     3 ms
        ");
    }

    #[test]
    fn registrations_are_listed_with_their_secrets() {
        let registrations: Vec<Registration> = serde_json::from_str(
            r#"[{"id": "497f6eca", "url": "http://localhost:3000/hook", "secret": "not-a-real-secret",
                 "events": ["epayments.payment.created.v1"], "undelivered": 2,
                 "failingSince": "2026-01-01T00:00:00.000Z"}]"#,
        )
        .expect("valid");
        let lines = registrations_table(&registrations).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        ID        URL                         EVENTS  UNDELIVERED  FAILING SINCE             SECRET
        497f6eca  http://localhost:3000/hook       1            2  2026-01-01T00:00:00.000Z  not-a-real-secret
        ");
    }
}
