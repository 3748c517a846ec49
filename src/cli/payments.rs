//! `vipps-mock payments`, and the customer's part in a payment: `approve`, `reject`, `fail` and others.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::control::{Reply, UnitControl};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Colour, Format, Table};
use super::receipt_text;
use super::target::ClientArgs;
use super::wire::{AppView, Move, Payment, PaymentEvent};

const STATES: [&str; 5] = ["CREATED", "AUTHORIZED", "ABORTED", "EXPIRED", "TERMINATED"];

/// Flags of `vipps-mock payments`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock payments",
        "vipps-mock payments list --state CREATED",
        "vipps-mock payments show ride-0001",
    ],
    exit::CLIENT,
))]
pub(crate) struct PaymentsArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(flatten)]
    list: ListArgs,
    #[command(subcommand)]
    command: Option<PaymentsCommand>,
}

#[derive(Debug, Subcommand)]
enum PaymentsCommand {
    /// List the payments, oldest first (the default)
    List(ListArgs),
    /// Show one payment with its events, and what the customer sees in the app
    Show(ReferenceArg),
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Only payments in this state
    #[arg(long, value_name = "STATE", value_parser = STATES, ignore_case = true)]
    state: Option<String>,
}

#[derive(Debug, Args)]
struct ReferenceArg {
    /// The payment's reference
    #[arg(value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    reference: String,
}

/// Flags of `vipps-mock approve`, `reject`, `expire`, `ignore`, `open-app` and `close-browser`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(&[], exit::CLIENT))]
pub(crate) struct MoveArgs {
    #[command(flatten)]
    reference: ReferenceArg,
    #[command(flatten)]
    client: ClientArgs,
}

/// Flags of `vipps-mock fail`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock fail ride-0001 insufficient funds", "vipps-mock fail ride-0001 card-refused"],
    exit::CLIENT,
))]
pub(crate) struct FailArgs {
    #[command(flatten)]
    reference: ReferenceArg,
    /// What comes of it: card refused, insufficient funds, suspected fraud, withdrawal limit exceeded,
    /// expired card, invalid card, 3-D Secure denied, strong customer authentication required, no card,
    /// payment limit exceeded, or unknown result (the bank answers after an hour); quotes are optional
    #[arg(value_name = "OUTCOME", required = true, num_args = 1..)]
    outcome: Vec<String>,
    #[command(flatten)]
    client: ClientArgs,
}

/// Lists payments, or shows one.
pub(crate) async fn run(args: PaymentsArgs) -> Result<Exit, Failure> {
    let format = args.client.output.output;
    match args.command {
        None => list(&args.client, args.list.state).await,
        Some(PaymentsCommand::List(list_args)) => {
            list(&args.client, list_args.state.or(args.list.state)).await
        }
        Some(PaymentsCommand::Show(_)) if args.list.state.is_some() => Err(Failure::Usage {
            message: "--state filters a list, and one payment was asked for".to_owned(),
            hint: None,
        }),
        Some(PaymentsCommand::Show(show)) => {
            let unit = UnitControl::open(&args.client).await?;
            print_payment(&unit.payment(&show.reference).await?, format)
        }
    }
}

/// Does the customer's part, and prints what the payment is afterwards.
pub(crate) async fn make(step: Move, args: MoveArgs) -> Result<Exit, Failure> {
    let unit = UnitControl::open(&args.client).await?;
    let reply = unit.make(step, &args.reference.reference).await?;
    print_outcome(&reply, args.client.output.output)
}

/// Lets the customer try to pay in vain, and prints what the payment is afterwards.
pub(crate) async fn fail(args: FailArgs) -> Result<Exit, Failure> {
    let unit = UnitControl::open(&args.client).await?;
    let reply = unit.fail(&args.reference.reference, &args.outcome.join(" ")).await?;
    print_outcome(&reply, args.client.output.output)
}

fn print_outcome(reply: &Reply<Payment>, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::line(&outcome(&reply.body))?,
    }
    Ok(Exit::Done)
}

/// A payment in a line. One that waits on looks to its merchant as before: what has changed is in
/// the app.
fn outcome(payment: &Payment) -> String {
    let Payment { reference, state, amount, app, .. } = payment;
    let waits = state == "CREATED";
    let in_app = app.iter().filter(|_| waits).map(|app| format!("  in the app: {}", app.status));
    [format!("{reference}  {state}  {amount}")].into_iter().chain(in_app).collect()
}

async fn list(client: &ClientArgs, state: Option<String>) -> Result<Exit, Failure> {
    let unit = UnitControl::open(client).await?;
    let state = state.map(|state| state.to_uppercase());
    let reply = unit.payments(state.as_deref()).await?;
    match client.output.output {
        Format::Json => output::json(&reply.json)?,
        Format::Table => {
            let kind = state.map_or_else(String::new, |state| format!(" {state}"));
            let when_empty = format!("no{kind} payments in sales unit {}", unit.msn());
            output::table(&payments_table(&reply.body), &when_empty)?;
        }
    }
    Ok(Exit::Done)
}

fn payments_table(payments: &[Payment]) -> Table {
    let mut table = Table::new(&[
        ("REFERENCE", Align::Left),
        ("STATE", Align::Left),
        ("AMOUNT", Align::Right),
        ("CAPTURED", Align::Right),
        ("CANCELLED", Align::Right),
        ("REFUNDED", Align::Right),
        ("PHONE", Align::Left),
        ("CREATED", Align::Left),
    ]);
    for payment in payments {
        table.row([
            payment.reference.clone(),
            payment.state.clone(),
            payment.amount.to_string(),
            payment.aggregate.captured.to_string(),
            payment.aggregate.cancelled.to_string(),
            payment.aggregate.refunded.to_string(),
            payment.phone_number.clone().unwrap_or_else(|| "-".to_owned()),
            payment.created_at.clone(),
        ]);
    }
    table
}

fn print_payment(reply: &Reply<Payment>, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::line(&whole(&reply.body, Colour::of_stdout()).join("\n"))?,
    }
    Ok(Exit::Done)
}

/// Everything about a payment: its facts, its events, what the customer sees.
fn whole(payment: &Payment, colour: Colour) -> Vec<String> {
    let mut lines = output::pairs(&facts(payment));
    lines.push(String::new());
    lines.extend(events_table(&payment.events).lines(colour));
    if let Some(app) = &payment.app {
        lines.push(String::new());
        lines.push(colour.bold("IN THE CUSTOMER'S APP"));
        lines.extend(app_lines(app, colour));
    }
    lines
}

fn facts(payment: &Payment) -> Vec<(&'static str, String)> {
    let interaction = payment.customer_interaction.iter().map(|it| format!(", {it}"));
    let flow = [payment.user_flow.clone()].into_iter().chain(interaction).collect();
    let mut facts = vec![
        ("reference", payment.reference.clone()),
        ("psp reference", payment.psp_reference.clone()),
        ("state", payment.state.clone()),
        ("amount", payment.amount.to_string()),
        ("authorized", payment.aggregate.authorized.to_string()),
        ("captured", payment.aggregate.captured.to_string()),
        ("cancelled", payment.aggregate.cancelled.to_string()),
        ("refunded", payment.aggregate.refunded.to_string()),
        ("flow", flow),
        ("created", payment.created_at.clone()),
        ("expires", payment.expires_at.clone()),
    ];
    // Not again, where the link leads there anyhow.
    let landing_page =
        if payment.landing_url == payment.redirect_url { &None } else { &payment.landing_url };
    let optional = [
        ("authorized at", &payment.authorized_at),
        ("capture until", &payment.capture_deadline),
        ("guaranteed until", &payment.capture_guaranteed_until),
        ("phone", &payment.phone_number),
        ("description", &payment.description),
        ("redirect url", &payment.redirect_url),
        ("landing page", landing_page),
    ];
    let known = optional.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
    facts.extend(known);
    facts
}

fn events_table(events: &[PaymentEvent]) -> Table {
    let mut table = Table::new(&[
        ("TIME", Align::Left),
        ("EVENT", Align::Left),
        ("AMOUNT", Align::Right),
        ("SUCCESS", Align::Left),
        ("IDEMPOTENCY KEY", Align::Left),
    ]);
    for event in events {
        table.row([
            event.timestamp.clone(),
            event.name.clone(),
            event.amount.to_string(),
            if event.success { "yes" } else { "no" }.to_owned(),
            event.idempotency_key.clone().unwrap_or_else(|| "-".to_owned()),
        ]);
    }
    table
}

fn app_lines(app: &AppView, colour: Colour) -> Vec<String> {
    let mut lines = vec![format!("{}  {}  {}", app.merchant, app.amount, app.status)];
    lines.extend(app.description.clone());
    let order = app.order.iter().flat_map(|order| receipt_text::lines(order, colour));
    lines.extend(order.map(|line| format!("  {line}")));
    lines.extend(app.declined.iter().map(|it| format!("  {}  {}", it.at, it.reason)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPTURED: &str = r#"{
        "reference": "ride-0001", "pspReference": "11111111-2222", "state": "AUTHORIZED",
        "amount": {"currency": "NOK", "value": 50000},
        "aggregate": {
            "authorizedAmount": {"currency": "NOK", "value": 50000},
            "cancelledAmount": {"currency": "NOK", "value": 15408},
            "capturedAmount": {"currency": "NOK", "value": 34592},
            "refundedAmount": {"currency": "NOK", "value": 0}
        },
        "paymentMethod": {"type": "WALLET"}, "userFlow": "PUSH_MESSAGE",
        "customerInteraction": "CUSTOMER_PRESENT", "phoneNumber": "4790000001",
        "createdAt": "2026-01-01T00:00:00.000Z", "expiresAt": "2026-01-01T00:10:00.000Z",
        "events": [
            {"reference": "ride-0001", "pspReference": "x", "name": "CREATED",
             "amount": {"currency": "NOK", "value": 50000},
             "timestamp": "2026-01-01T00:00:00.000Z", "idempotencyKey": "cr-1", "success": true},
            {"reference": "ride-0001", "pspReference": "y", "name": "AUTHORIZED",
             "amount": {"currency": "NOK", "value": 50000},
             "timestamp": "2026-01-01T00:00:01.000Z", "success": true}
        ],
        "app": {"merchant": "Fjord Taxi", "amount": "NOK 345.92", "status": "paid",
                "order": {"paymentType": "ECOM", "orderId": "ride-0001", "orphan": false,
                    "page": "http://127.0.0.1:8080/page",
                    "receipt": {"currency": "NOK", "total": 34592, "discount": 0, "shipping": 0,
                        "returned": 0, "vat": [{"rate": 1200, "net": 30886, "tax": 3706}],
                        "lines": [{"name": "Ride", "kind": "sale", "amount": 34592}]}}}
    }"#;

    #[test]
    fn a_payment_is_shown_with_its_events_and_the_app() {
        let payment: Payment = serde_json::from_str(CAPTURED).expect("valid");
        insta::assert_snapshot!(whole(&payment, Colour::Off).join("\n"), @r"
        reference      ride-0001
        psp reference  11111111-2222
        state          AUTHORIZED
        amount         NOK 500.00
        authorized     NOK 500.00
        captured       NOK 345.92
        cancelled      NOK 154.08
        refunded       NOK 0.00
        flow           PUSH_MESSAGE, CUSTOMER_PRESENT
        created        2026-01-01T00:00:00.000Z
        expires        2026-01-01T00:10:00.000Z
        phone          4790000001

        TIME                      EVENT           AMOUNT  SUCCESS  IDEMPOTENCY KEY
        2026-01-01T00:00:00.000Z  CREATED     NOK 500.00  yes      cr-1
        2026-01-01T00:00:01.000Z  AUTHORIZED  NOK 500.00  yes      -

        IN THE CUSTOMER'S APP
        Fjord Taxi  NOK 345.92  paid
          Ride                                            345.92
                                                      ----------
          total NOK                                       345.92
          VAT 12 % of 308.86                               37.06
          as a page: http://127.0.0.1:8080/page
        ");
    }

    #[test]
    fn the_list_says_where_the_money_is() {
        let payment: Payment = serde_json::from_str(CAPTURED).expect("valid");
        let lines = payments_table(&[payment]).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        REFERENCE  STATE           AMOUNT    CAPTURED   CANCELLED  REFUNDED  PHONE       CREATED
        ride-0001  AUTHORIZED  NOK 500.00  NOK 345.92  NOK 154.08  NOK 0.00  4790000001  2026-01-01T00:00:00.000Z
        ");
    }
}
