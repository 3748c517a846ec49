//! `vipps-mock clock`: the time in a sales unit, and what happens when it moves.

use clap::{Args, Subcommand};
use jiff::Timestamp;

use super::control::{Reply, UnitControl};
use super::duration::DurationText;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Format, Table};
use super::target::ClientArgs;
use super::wire::{Clock, Happening, Moved};
use crate::app::moments::{MOMENT_HINT, moment};

/// Flags of `vipps-mock clock`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock clock",
        "vipps-mock clock advance 10m",
        "vipps-mock clock freeze",
        "vipps-mock clock set 2030-01-31T12:00:00Z",
        "vipps-mock clock set 'tomorrow 08:00'",
    ],
    exit::CLIENT,
))]
pub(crate) struct ClockArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(subcommand)]
    command: Option<ClockCommand>,
}

#[derive(Debug, Subcommand)]
enum ClockCommand {
    /// Show the time and whether it runs (the default)
    Show,
    /// Move time on, doing everything that is due on the way
    Advance {
        /// How far: whole numbers with ms, s, m, h or d, such as 10m or 1h30m; 0s lets webhooks settle
        #[arg(value_name = "DURATION")]
        by: DurationText,
    },
    /// Stop time where it is
    Freeze,
    /// Move time on to a moment, doing everything that is due on the way
    Set {
        /// When: 2030-01-31T12:00:00Z, or in UTC '2030-01-31 12:00', 2030-01-31, 12:00 or 'tomorrow 12:00';
        /// never before the unit's time
        #[arg(value_name = "TIME", value_parser = a_moment)]
        to: String,
    },
    /// Let time run on from where it stands
    Resume,
}

/// Shows or moves the time.
pub(crate) async fn run(args: ClockArgs) -> Result<Exit, Failure> {
    let format = args.client.output.output;
    let unit = UnitControl::open(&args.client).await?;
    match args.command.unwrap_or(ClockCommand::Show) {
        ClockCommand::Show => print_clock(&unit.clock().await?, format),
        ClockCommand::Freeze => print_clock(&unit.freeze().await?, format),
        ClockCommand::Resume => print_clock(&unit.resume().await?, format),
        ClockCommand::Advance { by } => print_moved(&unit.advance(&by.to_string()).await?, format),
        ClockCommand::Set { to } => print_moved(&unit.set(&to).await?, format),
    }
}

/// The mock reads it, for it knows what time it is; whether it is a moment at all can be said here.
fn a_moment(text: &str) -> Result<String, String> {
    let is_one = moment(text, Timestamp::UNIX_EPOCH).is_some();
    if is_one { Ok(text.to_owned()) } else { Err(MOMENT_HINT.to_owned()) }
}

fn print_clock(reply: &Reply<Clock>, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => output::line(&now(&reply.body.now, &reply.body.mode))?,
    }
    Ok(Exit::Done)
}

fn print_moved(reply: &Reply<Moved>, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&reply.json)?,
        Format::Table => {
            let table = happenings_table(&reply.body.happened);
            output::table(&table, "nothing was due on the way")?;
            output::line(&now(&reply.body.now, &reply.body.mode))?;
        }
    }
    Ok(Exit::Done)
}

fn now(now: &str, mode: &str) -> String {
    format!("{now}  {mode}")
}

fn happenings_table(happened: &[Happening]) -> Table {
    let mut table =
        Table::new(&[("TIME", Align::Left), ("KIND", Align::Left), ("WHAT HAPPENED", Align::Left)]);
    for Happening { at, kind, text } in happened {
        table.row([at.clone(), kind.clone(), text.clone()]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::output::Colour;
    use super::*;

    #[test]
    fn what_happened_on_the_way_is_listed_in_order() {
        let moved: Moved = serde_json::from_str(
            r#"{"now": "2026-01-01T00:10:00.000Z", "mode": "frozen", "happened": [
                {"at": "2026-01-01T00:10:00.000Z", "kind": "payment",
                 "text": "payment ride-0001: EXPIRED NOK 345.92", "reference": "ride-0001"},
                {"at": "2026-01-01T00:10:00.000Z", "kind": "delivery",
                 "text": "delivery 2: 200"}]}"#,
        )
        .expect("valid");
        let lines = happenings_table(&moved.happened).lines(Colour::Off);
        insta::assert_snapshot!(lines.join("\n"), @r"
        TIME                      KIND      WHAT HAPPENED
        2026-01-01T00:10:00.000Z  payment   payment ride-0001: EXPIRED NOK 345.92
        2026-01-01T00:10:00.000Z  delivery  delivery 2: 200
        ");
    }
}
