//! `vipps-mock tail`: everything that happens, as it happens.

use clap::Args;
use clap::builder::NonEmptyStringValueParser;

use super::control::{Control, UnitControl};
use super::events::{Following, News, Shown, Stream, line};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Format};
use super::serve::StopSignal;
use super::target::ClientArgs;

/// Flags of `vipps-mock tail`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock tail",
        "vipps-mock tail --all",
        "vipps-mock tail --from start --no-follow --output json",
        "vipps-mock tail --from 1c9f3a52-17",
    ],
    &[Exit::Done, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Stopped],
))]
pub(crate) struct TailArgs {
    /// Tell of all sales units, not of one
    #[arg(long, conflicts_with = "msn")]
    all: bool,

    /// Begin after the event with this id, or with the `start` of what is remembered [default: now]
    #[arg(long, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    from: Option<String>,

    /// End with the latest event, instead of waiting for more
    #[arg(long)]
    no_follow: bool,

    #[command(flatten)]
    client: ClientArgs,
}

/// Prints events until told to stop, or until the stream ends.
pub(crate) async fn run(args: TailArgs) -> Result<Exit, Failure> {
    let mut told_to_stop = StopSignal::new()?;
    let printer = Printer {
        format: args.client.output.output,
        shown: if args.all { Shown::AllUnits } else { Shown::OneUnit },
    };
    let opening = open(&args);
    let mut following = tokio::select! {
        () = told_to_stop.wait() => return Ok(Exit::Stopped),
        opened = opening => opened?,
    };
    loop {
        let news = tokio::select! {
            () = told_to_stop.wait() => break,
            news = following.next() => news?,
        };
        match news {
            Some(news) => printer.print(&news)?,
            None => return Ok(Exit::Done),
        }
    }
    if let (Format::Table, Some(id)) = (printer.format, following.last_id()) {
        output::note(&format!("to go on after the last event: --from {id}"));
    }
    Ok(Exit::Stopped)
}

async fn open(args: &TailArgs) -> Result<Following, Failure> {
    let (control, msn) = if args.all {
        (Control::of(&args.client.mock)?, None)
    } else {
        let unit = UnitControl::open(&args.client).await?;
        let msn = unit.msn().to_owned();
        (unit.into_control(), Some(msn))
    };
    let whose = msn
        .as_ref()
        .map_or_else(|| "all sales units".to_owned(), |msn| format!("sales unit {msn}"));
    let stream = Stream { msn, after: args.from.clone(), waits: !args.no_follow };
    let following = Following::open(control, stream).await?;
    if !args.no_follow {
        output::note(&format!("following {whose}; Ctrl-C ends it"));
    }
    Ok(following)
}

struct Printer {
    format: Format,
    shown: Shown,
}

impl Printer {
    fn print(&self, news: &News) -> Result<(), Failure> {
        match news {
            News::Event(event) => match self.format {
                Format::Json => output::line(&event.json),
                Format::Table => output::line(&line(&event.body, self.shown)),
            },
            other => {
                output::note(&other.note());
                Ok(())
            }
        }
    }
}
