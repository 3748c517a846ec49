//! `vipps-mock users`: what customers do without being told, and what they are to do.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};

use super::control::{Reply, UnitControl};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::target::ClientArgs;
use super::wire::TestUser;

/// Flags of `vipps-mock users`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock users",
        "vipps-mock users set 4790000099 approve after 5s",
        "vipps-mock users set 4790000001 'once: reject, then approve'",
        "vipps-mock users clear 4790000001",
    ],
    exit::CLIENT,
))]
pub(crate) struct UsersArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(subcommand)]
    command: Option<UsersCommand>,
}

#[derive(Debug, Subcommand)]
enum UsersCommand {
    /// List the customers who act by themselves; every other one waits for `approve` (the default)
    List,
    /// Choose what a customer does, from the next payment on
    #[command(after_help = WORDS)]
    Set {
        #[command(flatten)]
        phone: PhoneArg,
        /// What it does, in the words below; quotes are optional
        #[arg(value_name = "BEHAVIOUR", required = true, num_args = 1..)]
        behaviour: Vec<String>,
    },
    /// Let a customer do what its number says again
    Clear(PhoneArg),
}

#[derive(Debug, Args)]
struct PhoneArg {
    /// The customer's number, with its country code
    #[arg(value_name = "PHONE", value_parser = NonEmptyStringValueParser::new())]
    phone: String,
}

/// How behaviours are written. What is not understood is answered with the whole list.
const WORDS: &str = "\
Behaviours:
  approve · reject · ignore · wait        ignore never answers, wait leaves it to you
  approve after 5s · slow 8m              how long after being asked
  approve at the last second              one second before the request expires
  insufficient funds · card refused · expired card · no card · payment limit exceeded · …
                                          presses Pay in vain; the payment waits on
  card refused then approve               one thing after another, ten seconds apart
  no card then reject after 1m            or as long as you say
  once: reject, then approve              the first payment, then all that follow
  unknown · not identified                who the customer is
  under age 16 and approve                both";

/// Lists, sets or clears.
pub(crate) async fn run(args: UsersArgs) -> Result<Exit, Failure> {
    let unit = UnitControl::open(&args.client).await?;
    let format = args.client.output.output;
    match args.command.unwrap_or(UsersCommand::List) {
        UsersCommand::List => print(&unit.users().await?, format),
        UsersCommand::Set { phone, behaviour } => {
            let reply = unit.set_user(&phone.phone, &behaviour.join(" ")).await?;
            print(&Reply { json: reply.json, body: vec![reply.body] }, format)
        }
        UsersCommand::Clear(phone) => {
            unit.clear_user(&phone.phone).await?;
            Ok(Exit::Done)
        }
    }
}

fn print(reply: &Reply<Vec<TestUser>>, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::table(&users_table(&reply.body), "no customer acts by itself")?,
    }
    Ok(Exit::Done)
}

fn users_table(users: &[TestUser]) -> Table {
    let mut table = Table::new(&[
        ("PHONE", Align::Left),
        ("MARKET", Align::Left),
        ("BEHAVIOUR", Align::Left),
        ("NEXT", Align::Left),
    ]);
    for user in users {
        let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        table.row([
            user.phone.clone(),
            or_none(&user.market),
            or_none(&user.behaviour),
            next(user),
        ]);
    }
    table
}

/// What it does next: with a payment that waits for it, or else with the one that comes.
fn next(user: &TestUser) -> String {
    match (user.planned.first(), &user.next) {
        (Some(planned), _) => {
            format!("{}: {} at {}", planned.reference, planned.act, planned.at)
        }
        (None, next) => next.clone().unwrap_or_else(|| "wait".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::output::Colour;
    use super::*;

    #[test]
    fn customers_are_listed_with_what_they_do_next() {
        let users: Vec<TestUser> = serde_json::from_str(
            r#"[{"phone": "4790000001", "market": "NO", "behaviour": "once: reject, then approve",
                 "next": "approve", "chosen": true, "planned": []},
                {"phone": "4790000002", "market": "NO", "behaviour": "approve after 30s",
                 "next": "approve after 30s", "chosen": false, "planned": [
                    {"reference": "ride-0001", "at": "2026-01-01T00:00:30.000Z", "act": "approve"}]},
                {"phone": "46700000000", "chosen": false, "planned": []}]"#,
        )
        .expect("valid");
        let lines = users_table(&users).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        PHONE        MARKET  BEHAVIOUR                   NEXT
        4790000001   NO      once: reject, then approve  approve
        4790000002   NO      approve after 30s           ride-0001: approve at 2026-01-01T00:00:30.000Z
        46700000000  -       -                           wait
        ");
    }
}
