//! `vipps-mock inbox`: what waits in customers' apps.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::control::UnitControl;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::target::ClientArgs;
use super::wire::InboxItem;

/// Flags of `vipps-mock inbox`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock inbox", "vipps-mock inbox 4790000099"],
    exit::CLIENT,
))]
pub(crate) struct InboxArgs {
    /// The customer's number, with its country code; everybody's if left out
    #[arg(value_name = "PHONE", value_parser = NonEmptyStringValueParser::new())]
    phone: Option<String>,

    #[command(flatten)]
    client: ClientArgs,
}

/// Prints what waits, the longest wait first.
pub(crate) async fn run(args: InboxArgs) -> Result<Exit, Failure> {
    let unit = UnitControl::open(&args.client).await?;
    let reply = unit.inbox(args.phone.as_deref()).await?;
    match args.client.output.output {
        Format::Json => output::json(&reply.json)?,
        Format::Table => {
            let whom = args.phone.as_deref().unwrap_or("anybody");
            let when_empty = format!("nothing waits for {whom} in sales unit {}", unit.msn());
            output::table(&table(&reply.body), &when_empty)?;
        }
    }
    Ok(Exit::Done)
}

fn table(items: &[InboxItem]) -> Table {
    let mut table = Table::new(&[
        ("PHONE", Align::Left),
        ("REFERENCE", Align::Left),
        ("AMOUNT", Align::Right),
        ("MERCHANT", Align::Left),
        ("DESCRIPTION", Align::Left),
        ("SINCE", Align::Left),
        ("EXPIRES", Align::Left),
        ("SO FAR", Align::Left),
    ]);
    for item in items {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        table.row([
            item.phone.clone(),
            item.reference.clone(),
            item.amount.to_string(),
            item.merchant.clone(),
            or_none(&item.description),
            item.since.clone(),
            item.expires_at.clone(),
            so_far(item),
        ]);
    }
    table
}

/// What the customer has done about it.
fn so_far(item: &InboxItem) -> String {
    let tried = item.declined.as_ref().map(|reason| format!("tried: {reason}"));
    let open = item.open.then(|| "open in the app".to_owned());
    let done: Vec<_> = tried.into_iter().chain(open).collect();
    if done.is_empty() { "-".to_owned() } else { done.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::super::output::Colour;
    use super::*;

    #[test]
    fn what_waits_is_listed_as_the_app_shows_it() {
        let items: Vec<InboxItem> = serde_json::from_str(
            r#"[{"phone": "4790000099", "reference": "ride-0001",
                 "amount": {"currency": "NOK", "value": 34592}, "merchant": "Fjord Taxi",
                 "description": "A ride across town", "since": "2030-01-01T12:00:00.000Z",
                 "expiresAt": "2030-01-01T12:10:00.000Z", "open": false},
                {"phone": "4790000006", "reference": "ride-0002",
                 "amount": {"currency": "NOK", "value": 500}, "merchant": "Fjord Taxi",
                 "since": "2030-01-01T12:01:00.000Z", "expiresAt": "2030-01-01T12:11:00.000Z",
                 "declined": "insufficient funds", "open": true}]"#,
        )
        .expect("valid");
        insta::assert_snapshot!(table(&items).lines(Colour::Off).join("\n"), @r"
        PHONE       REFERENCE      AMOUNT  MERCHANT    DESCRIPTION         SINCE                     EXPIRES                   SO FAR
        4790000099  ride-0001  NOK 345.92  Fjord Taxi  A ride across town  2030-01-01T12:00:00.000Z  2030-01-01T12:10:00.000Z  -
        4790000006  ride-0002    NOK 5.00  Fjord Taxi  -                   2030-01-01T12:01:00.000Z  2030-01-01T12:11:00.000Z  tried: insufficient funds, open in the app
        ");
    }
}
