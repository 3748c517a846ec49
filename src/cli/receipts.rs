//! `vipps-mock receipts`: what Order Management keeps, as the customer's app shows it.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand, ValueEnum};

use super::control::UnitControl;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Colour, Format, Table};
use super::receipt_text;
use super::target::ClientArgs;
use super::wire::Order;

/// Flags of `vipps-mock receipts`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock receipts",
        "vipps-mock receipts list --orphans",
        "vipps-mock receipts show ride-0001",
    ],
    exit::CLIENT,
))]
pub(crate) struct ReceiptsArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(flatten)]
    list: ListArgs,
    #[command(subcommand)]
    command: Option<ReceiptsCommand>,
}

#[derive(Debug, Subcommand)]
enum ReceiptsCommand {
    /// List the receipts and links, oldest first (the default)
    List(ListArgs),
    /// Show one as the customer's app would
    Show(ShowArgs),
}

#[derive(Debug, Args)]
struct ListArgs {
    /// Only those that match no payment, so that nobody sees them
    #[arg(long)]
    orphans: bool,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// The order's id: for a payment, its reference
    #[arg(value_name = "ORDER", value_parser = NonEmptyStringValueParser::new())]
    order: String,

    /// Which API the order belongs to
    #[arg(long = "type", value_name = "TYPE", default_value = "ecom")]
    payment_type: PaymentType,
}

/// Values of `--type`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum PaymentType {
    /// ePayment
    Ecom,
    /// Recurring
    Recurring,
}

impl PaymentType {
    const fn word(self) -> &'static str {
        match self {
            Self::Ecom => "ecom",
            Self::Recurring => "recurring",
        }
    }
}

/// Lists receipts, or shows one.
pub(crate) async fn run(args: ReceiptsArgs) -> Result<Exit, Failure> {
    match args.command {
        None => list(&args.client, args.list.orphans).await,
        Some(ReceiptsCommand::List(list_args)) => {
            list(&args.client, list_args.orphans || args.list.orphans).await
        }
        Some(ReceiptsCommand::Show(_)) if args.list.orphans => Err(Failure::Usage {
            message: "--orphans filters a list, and one receipt was asked for".to_owned(),
            hint: None,
        }),
        Some(ReceiptsCommand::Show(which)) => show(&args.client, &which).await,
    }
}

async fn list(client: &ClientArgs, orphans: bool) -> Result<Exit, Failure> {
    let unit = UnitControl::open(client).await?;
    let reply = unit.receipts(orphans).await?;
    match client.output.output {
        Format::Json => output::json(&reply.json)?,
        Format::Table => {
            let kind = if orphans { "receipts without a payment" } else { "receipts" };
            let when_empty = format!("no {kind} in sales unit {}", unit.msn());
            output::table(&table(&reply.body), &when_empty)?;
        }
    }
    Ok(Exit::Done)
}

async fn show(client: &ClientArgs, which: &ShowArgs) -> Result<Exit, Failure> {
    let unit = UnitControl::open(client).await?;
    let reply = unit.receipt(which.payment_type.word(), &which.order).await?;
    match client.output.output {
        Format::Json => output::json(&reply.json)?,
        Format::Table => {
            let lines = receipt_text::lines(&reply.body, Colour::of_stdout());
            output::line(&lines.join("\n"))?;
        }
    }
    Ok(Exit::Done)
}

fn table(orders: &[Order]) -> Table {
    let mut table = Table::new(&[
        ("TYPE", Align::Left),
        ("ORDER", Align::Left),
        ("TOTAL", Align::Right),
        ("LINES", Align::Right),
        ("LINK", Align::Left),
        ("PAYMENT", Align::Left),
        ("NOTICE", Align::Left),
    ]);
    let dash = || "-".to_owned();
    for order in orders {
        let receipt = order.receipt.as_ref();
        table.row([
            order.payment_type.clone(),
            order.id.clone(),
            receipt.map_or_else(dash, receipt_text::total),
            receipt.map_or_else(dash, |receipt| receipt.lines.len().to_string()),
            order.link.as_ref().map_or_else(dash, |link| link.category.clone()),
            if order.orphan { "none" } else { "yes" }.to_owned(),
            receipt.and_then(|receipt| receipt.notice.clone()).unwrap_or_default(),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_says_whose_receipt_is_nobodys() {
        let orders = r#"[
            {"paymentType": "ECOM", "orderId": "ride-0001-1", "orphan": false, "page": "p",
             "link": {"category": "RECEIPT", "url": "https://taxi.example/r/1"}},
            {"paymentType": "ECOM", "orderId": "rdie-0002-1", "orphan": true, "page": "p",
             "receipt": {"currency": "NOK", "total": 34592, "discount": 0, "shipping": 0,
                         "returned": 0, "vat": [],
                         "lines": [{"name": "Ride", "kind": "sale", "amount": 34592}]}}
        ]"#;
        let orders: Vec<Order> = serde_json::from_str(orders).expect("valid");
        insta::assert_snapshot!(table(&orders).lines(Colour::Off).join("\n"), @r"
        TYPE  ORDER             TOTAL  LINES  LINK     PAYMENT  NOTICE
        ECOM  ride-0001-1           -      -  RECEIPT  yes
        ECOM  rdie-0002-1  NOK 345.92      1  -        none
        ");
    }
}
