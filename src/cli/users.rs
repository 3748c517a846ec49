//! `vipps-mock users`: the phone numbers whose owners act without being told.

use clap::{Args, Subcommand};

use super::control::UnitControl;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::target::ClientArgs;
use super::wire::TestUser;

/// Flags of `vipps-mock users`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(&["vipps-mock users list"], exit::CLIENT))]
pub(crate) struct UsersArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(subcommand)]
    command: Option<UsersCommand>,
}

#[derive(Debug, Subcommand)]
enum UsersCommand {
    /// List the numbers that act by themselves; every other one waits for `approve` (the default)
    List,
}

/// Lists the numbers.
pub(crate) async fn run(args: UsersArgs) -> Result<Exit, Failure> {
    let UsersCommand::List = args.command.unwrap_or(UsersCommand::List);
    let reply = UnitControl::open(&args.client).await?.users().await?;
    match args.client.output.output {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::table(&users_table(&reply.body), "no number acts by itself")?,
    }
    Ok(Exit::Done)
}

fn users_table(users: &[TestUser]) -> Table {
    let mut table =
        Table::new(&[("PHONE", Align::Left), ("MARKET", Align::Left), ("BEHAVIOUR", Align::Left)]);
    for TestUser { phone, market, behaviour } in users {
        table.row([phone.clone(), market.clone(), behaviour.clone()]);
    }
    table
}
