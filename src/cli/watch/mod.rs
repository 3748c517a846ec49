//! `vipps-mock watch`: payments as they arrive, and the customer's answer with one key.

mod screen;
mod state;

use std::io::{self, IsTerminal as _};
use std::sync::Arc;

use clap::Args;
use tokio::sync::mpsc::{self, Receiver};
use tokio::task::JoinSet;

use self::screen::Screen;
use self::state::{HELP, Waiting, Watch, Wish};
use super::control::{Control, UnitControl};
use super::events::{Event, Following, News, Shown, Stream, line};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::Format;
use super::serve::StopSignal;
use super::target::ClientArgs;
use super::wire::Move;

/// Flags of `vipps-mock watch`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &["vipps-mock watch", "vipps-mock watch --msn 900002", "vipps-mock watch --output json"],
    &[Exit::Done, Exit::Usage, Exit::Unreachable, Exit::Refused, Exit::Stopped],
))]
pub(crate) struct WatchArgs {
    #[command(flatten)]
    client: ClientArgs,
}

/// How much news may wait until it is shown.
const NEWS_MAX: usize = 64;

/// Shows payments, and does what the keys say, until told to stop or until the stream ends.
pub(crate) async fn run(args: WatchArgs) -> Result<Exit, Failure> {
    let mut told_to_stop = StopSignal::new()?;
    let mut session = tokio::select! {
        () = told_to_stop.wait() => return Ok(Exit::Stopped),
        opened = Session::open(&args.client) => opened?,
    };
    loop {
        session.screen.prompt(&session.watch.prompt())?;
        tokio::select! {
            () = told_to_stop.wait() => return Ok(Exit::Stopped),
            key = session.screen.key() => match session.watch.press(key) {
                Wish::Nothing => {}
                Wish::Make(step, reference) => session.make(step, reference),
                Wish::Help => session.screen.note(HELP)?,
                Wish::Leave => return Ok(Exit::Done),
                Wish::Stop => return Ok(Exit::Stopped),
            },
            // What was made is told by the stream; only what was refused is not.
            Some(Ok(refused)) = session.acts.join_next() => session.refused(refused)?,
            news = session.news.recv() => match news {
                Some(news) => session.tell(news?).await?,
                None => return Ok(Exit::Done),
            },
        }
    }
}

/// What is watched, and where it is shown.
struct Session {
    unit: Arc<UnitControl>,
    format: Format,
    watch: Watch,
    news: Receiver<Result<News, Failure>>,
    /// Calls that have not been answered. An answer says what was refused.
    acts: JoinSet<Option<Failure>>,
    screen: Screen,
}

impl Session {
    async fn open(client: &ClientArgs) -> Result<Self, Failure> {
        let unit = UnitControl::open(client).await?;
        let stream = Stream { msn: Some(unit.msn().to_owned()), after: None, waits: true };
        // Before the payments are asked for, so that none arrives in between.
        let following = Following::open(Control::of(&client.mock)?, stream).await?;
        let waiting = waiting(&unit).await?;
        let format = client.output.output;
        let has_keys =
            format == Format::Table && io::stdin().is_terminal() && io::stdout().is_terminal();
        let mut session = Self {
            unit: Arc::new(unit),
            format,
            watch: Watch::new(waiting),
            news: forward(following),
            acts: JoinSet::new(),
            screen: if has_keys { Screen::terminal()? } else { Screen::Plain },
        };
        session.begin()?;
        Ok(session)
    }

    /// Says what is there already.
    fn begin(&mut self) -> Result<(), Failure> {
        let keys = self.screen.keys();
        self.screen.note(&format!("watching sales unit {}; {keys}", self.unit.msn()))?;
        if self.format == Format::Table {
            for line in self.watch.lines() {
                self.screen.line(&line)?;
            }
        }
        Ok(())
    }

    /// Does the customer's part, without anybody waiting for it.
    fn make(&mut self, step: Move, reference: String) {
        let unit = self.unit.clone();
        self.acts.spawn(async move { unit.make(step, &reference).await.err() });
    }

    fn refused(&mut self, refused: Option<Failure>) -> Result<(), Failure> {
        let Some(failure) = refused else { return Ok(()) };
        self.screen.note(&format!("error: {failure}"))?;
        failure.hint().map_or(Ok(()), |hint| self.screen.note(&format!("hint: {hint}")))
    }

    async fn tell(&mut self, news: News) -> Result<(), Failure> {
        match news {
            News::Event(event) => self.hear(&event).await,
            News::Back => {
                self.screen.note(&News::Back.note())?;
                self.watch.replace(waiting(&self.unit).await?);
                Ok(())
            }
            other => self.screen.note(&other.note()),
        }
    }

    async fn hear(&mut self, event: &Event) -> Result<(), Failure> {
        let is_arrival = state::is_arrival(&event.body);
        let who = match &event.body.reference {
            Some(reference) if is_arrival => self.arrived(reference).await,
            _ => String::new(),
        };
        if state::needs_a_look(&event.body) {
            self.watch.replace(waiting(&self.unit).await?);
        }
        self.watch.hear(&event.body);
        match self.format {
            _ if !state::is_shown(&event.body) => Ok(()),
            Format::Json => self.screen.line(&event.json),
            Format::Table => {
                self.screen.line(&format!("{}{who}", line(&event.body, Shown::OneUnit)))
            }
        }
    }

    /// Asks for whom a payment waits.
    async fn arrived(&mut self, reference: &str) -> String {
        // Gone by now, with its sales unit: then there is nothing to wait for.
        let Ok(reply) = self.unit.payment(reference).await else { return String::new() };
        let waiting = Waiting::from(&reply.body);
        let who = waiting.who();
        // It may have been answered meanwhile, which the stream is about to tell.
        if reply.body.state == state::CREATED {
            self.watch.arrive(waiting);
        }
        who
    }
}

/// Every payment that waits for its customer.
async fn waiting(unit: &UnitControl) -> Result<Vec<Waiting>, Failure> {
    let payments = unit.payments(Some(state::CREATED)).await?.body;
    Ok(payments.iter().map(Waiting::from).collect())
}

/// Follows in a task of its own, so that nothing is lost while a key is looked at.
fn forward(mut following: Following) -> Receiver<Result<News, Failure>> {
    let (sender, receiver) = mpsc::channel(NEWS_MAX);
    tokio::spawn(async move {
        while let Some(news) = following.next().await.transpose() {
            let is_last = news.is_err();
            if sender.send(news).await.is_err() || is_last {
                return;
            }
        }
    });
    receiver
}
