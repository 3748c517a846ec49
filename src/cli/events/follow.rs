//! Follows the stream of events, and goes on where it was when the connection breaks.

use std::collections::VecDeque;

use jiff::SignedDuration;
use reqwest::Response;
use serde::Deserialize;

use super::sse::{Message, Parser};
use crate::app::clock::within;
use crate::cli::control::{Control, root_cause};
use crate::cli::failure::Failure;

/// The mock says every fifteen seconds that it is alive; when it is silent for this long, it is not.
const SILENCE_MAX: SignedDuration = SignedDuration::from_secs(40);

/// How long to wait before the next attempt to connect again.
const RETRY_AFTER: SignedDuration = SignedDuration::from_secs(1);

/// After how many attempts in a row the mock is given up: a minute of them.
const ATTEMPTS_MAX: usize = 60;

/// Which events, and from where on.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    /// Of which sales unit; of all of them if of none.
    pub(crate) msn: Option<String>,
    /// After which event, or from the `start`; from now on if there is none.
    pub(crate) after: Option<String>,
    /// Whether to wait for more when the latest event has come.
    pub(crate) waits: bool,
}

/// An event: as it came, for programs, and as it is understood.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) json: String,
    pub(crate) body: EventBody,
}

/// What an event says. What is about a gap in the stream has neither time nor sales unit.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct EventBody {
    #[serde(default)]
    pub(crate) at: Option<String>,
    #[serde(default)]
    pub(crate) msn: Option<String>,
    pub(crate) kind: String,
    /// Which payment or order.
    #[serde(default)]
    pub(crate) reference: Option<String>,
    /// Of a payment the name in its log, of a webhook its type.
    #[serde(default)]
    pub(crate) event: Option<String>,
    pub(crate) text: String,
}

/// What whoever follows is told.
#[derive(Debug)]
pub(crate) enum News {
    /// Something happened.
    Event(Event),
    /// The connection broke, for this reason. It is being made again.
    Lost(String),
    /// It is there again. Nothing was missed, or the next event says so.
    Back,
    /// The mock is there, but tells no more: that was the end, and this is why.
    Over(String),
}

impl News {
    /// What to tell people about the connection.
    pub(crate) fn note(&self) -> String {
        match self {
            Self::Event(event) => event.body.text.clone(),
            Self::Lost(cause) => format!("the connection broke: {cause}; trying to go on"),
            Self::Back => "connected again".to_owned(),
            Self::Over(why) => format!("the stream is over: {why}"),
        }
    }
}

/// A stream that is being followed.
#[derive(Debug)]
pub(crate) struct Following {
    control: Control,
    stream: Stream,
    parser: Parser,
    ready: VecDeque<Message>,
    connection: Connection,
}

#[derive(Debug)]
enum Connection {
    Open(Response),
    /// How often it has been tried in vain to make it again.
    Broken {
        attempts: usize,
    },
    /// The stream has come to its end.
    Ended,
}

impl Following {
    /// Begins to follow.
    ///
    /// # Errors
    ///
    /// [`Failure`] when the mock is not there or says no: only a connection that stood is made again.
    pub(crate) async fn open(control: Control, stream: Stream) -> Result<Self, Failure> {
        let after = stream.after.as_deref();
        let response = control.events(stream.msn.as_deref(), after, None, stream.waits).await?;
        let connection = Connection::Open(response);
        let (parser, ready) = (Parser::default(), VecDeque::new());
        Ok(Self { control, stream, parser, ready, connection })
    }

    /// The id to go on from, once there is one.
    pub(crate) fn last_id(&self) -> Option<&str> {
        Some(self.parser.last_id()).filter(|id| !id.is_empty())
    }

    /// What comes next; nothing once the stream has ended.
    ///
    /// # Errors
    ///
    /// [`Failure`] when the mock stays away, or what it sends is no event.
    pub(crate) async fn next(&mut self) -> Result<Option<News>, Failure> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return self.event(message).map(|event| Some(News::Event(event)));
            }
            let news = match &mut self.connection {
                Connection::Open(response) => {
                    let read = read(response).await;
                    self.take(read)?
                }
                Connection::Broken { .. } => self.connect_again().await?,
                Connection::Ended => return Ok(None),
            };
            if news.is_some() {
                return Ok(news);
            }
        }
    }

    fn take(&mut self, read: Read) -> Result<Option<News>, Failure> {
        match read {
            Read::Bytes(bytes) => {
                let messages = self.parser.feed(&bytes);
                let messages = messages.map_err(|error| self.control.unreadable(&error))?;
                self.ready.extend(messages);
                Ok(None)
            }
            Read::End if !self.stream.waits => {
                self.connection = Connection::Ended;
                Ok(None)
            }
            Read::End => Ok(Some(self.lose("the mock has ended the stream"))),
            Read::Broken(cause) => Ok(Some(self.lose(&cause))),
        }
    }

    fn lose(&mut self, cause: &str) -> News {
        self.connection = Connection::Broken { attempts: 0 };
        News::Lost(cause.to_owned())
    }

    /// Waits a moment, but not the first time, and tries.
    async fn connect_again(&mut self) -> Result<Option<News>, Failure> {
        let Connection::Broken { attempts } = &mut self.connection else { return Ok(None) };
        if 0 < *attempts {
            within(RETRY_AFTER, std::future::pending::<()>()).await;
        }
        *attempts += 1;
        let is_last = ATTEMPTS_MAX <= *attempts;
        let Stream { msn, after, waits } = &self.stream;
        let last_id = self.last_id();
        let tried = self.control.events(msn.as_deref(), after.as_deref(), last_id, *waits).await;
        match tried {
            Ok(response) => {
                // Half a message may have come, and comes whole again.
                self.parser = Parser::after(self.parser.last_id());
                self.connection = Connection::Open(response);
                Ok(Some(News::Back))
            }
            // The sales unit was dropped, for example.
            Err(Failure::Refused { detail, .. }) => {
                self.connection = Connection::Ended;
                Ok(Some(News::Over(detail)))
            }
            Err(failure) if is_last => Err(failure),
            Err(_) => Ok(None),
        }
    }

    fn event(&self, message: Message) -> Result<Event, Failure> {
        let body = serde_json::from_str(&message.data);
        let body = body.map_err(|error| self.control.unreadable(&error))?;
        Ok(Event { json: message.data, body })
    }
}

/// What reading a connection brings.
enum Read {
    Bytes(Vec<u8>),
    End,
    Broken(String),
}

async fn read(response: &mut Response) -> Read {
    match within(SILENCE_MAX, response.chunk()).await {
        Some(Ok(Some(bytes))) => Read::Bytes(bytes.into()),
        Some(Ok(None)) => Read::End,
        Some(Err(error)) => Read::Broken(root_cause(&error)),
        None => Read::Broken("the mock is silent".to_owned()),
    }
}
