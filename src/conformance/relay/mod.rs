//! Something between two parties that passes requests on, but not always well, and writes down
//! what came by.

mod passed;
mod passing;

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(super) use self::passed::{Passed, shown};
use self::passing::spoil;
pub(super) use self::passing::{Change, FORGED_AUTHORIZATION, Passing};
use super::address::{Addresses, Port};
use super::failure::Failure;
use super::target::Target;

/// The longest body that is passed on.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// A relay on this machine.
#[derive(Debug)]
pub(super) struct Relay {
    /// The address for callers in this process, without a slash at its end.
    pub(super) from_here: String,
    /// The address for the mock, without a slash at its end.
    pub(super) from_mock: String,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    http: reqwest::Client,
    upstream: String,
    log: Mutex<Log>,
    answer: watch::Sender<Answer>,
}

#[derive(Debug, Default)]
struct Log {
    passing: Passing,
    passed: Vec<Passed>,
    /// How many requests have met what this relay does to some of them.
    met: usize,
    mended: bool,
}

/// The answer that is kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    NotThere,
    Kept,
    LetGo,
}

impl Relay {
    /// For calls of ours: passes on to the target.
    pub(super) async fn of_calls(target: &Target, passing: Passing) -> Result<Self, Failure> {
        let port = Addresses::Loopback.listen().await.map_err(|error| no_port(&error))?;
        Ok(Self::start(port, target, &target.base_url, passing))
    }

    /// For webhooks of the target: passes on to the server at `upstream`.
    pub(super) async fn of_webhooks(
        target: &Target,
        upstream: &str,
        passing: Passing,
    ) -> Result<Self, Failure> {
        let port = target.listen().await.map_err(|error| no_port(&error))?;
        Ok(Self::start(port, target, upstream, passing))
    }

    fn start(port: Port, target: &Target, upstream: &str, passing: Passing) -> Self {
        let Port { listener, from_here, from_mock } = port;
        let shared = Arc::new(Shared {
            http: target.http.clone(),
            upstream: upstream.to_owned(),
            log: Mutex::new(Log { passing, ..Log::default() }),
            answer: watch::Sender::new(Answer::NotThere),
        });
        let router = Router::new().fallback(pass_on).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Serving ends when the relay is dropped; there is nobody to tell of an error.
            let _ = axum::serve(listener, router).await;
        });
        Self { from_here, from_mock, shared, server }
    }

    /// From now on requests pass like this.
    pub(super) fn let_pass(&self, passing: Passing) {
        self.shared.with(|log| log.passing = passing);
    }

    /// From now on what was down is up again.
    pub(super) fn mend(&self) {
        self.shared.with(|log| log.mended = true);
    }

    /// What came by, oldest first.
    pub(super) fn passed(&self) -> Vec<Passed> {
        self.shared.with(|log| log.passed.clone())
    }

    /// Returns when an answer is kept back.
    pub(super) fn keeping(&self) -> impl Future<Output = ()> + use<> {
        let mut answer = self.shared.answer.subscribe();
        async move {
            // The sender lives as long as the scenario.
            let _ = answer.wait_for(|answer| *answer == Answer::Kept).await;
        }
    }

    /// Lets go of the answer that is kept back.
    pub(super) fn let_go(&self) {
        self.shared.answer.send_replace(Answer::LetGo);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn no_port(error: &std::io::Error) -> Failure {
    Failure::new(format!("no port for a relay: {error}"))
}

/// What the caller gets.
enum Reply {
    Answer(StatusCode, HeaderMap, Bytes),
    /// The connection breaks.
    Lost,
    /// Nothing, for as long as the caller cares to wait.
    Late,
}

async fn pass_on(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let key = parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok());
    let mut passed = Passed {
        method: parts.method.clone(),
        path: parts.uri.path().to_owned(),
        key: key.map(str::to_owned),
        body: body.clone(),
        status: None,
        answer: Bytes::new(),
    };
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let reply = shared.reply(&mut passed, Forwarded { path, headers: parts.headers, body }).await;
    if let Reply::Answer(status, ..) = &reply {
        passed.status = Some(status.as_u16());
    }
    shared.with(|log| log.passed.push(passed));
    match reply {
        Reply::Answer(status, headers, body) => (status, headers, body).into_response(),
        Reply::Lost => broken(),
        Reply::Late => std::future::pending().await,
    }
}

/// An answer that breaks off before it has said anything.
fn broken() -> Response {
    let end = std::io::Error::from(std::io::ErrorKind::ConnectionAborted);
    Body::from_stream(futures::stream::iter([Err::<Bytes, _>(end)])).into_response()
}

/// A request as it goes on.
struct Forwarded {
    path: String,
    headers: HeaderMap,
    body: Bytes,
}

impl Shared {
    // The log is whole between any two statements, whatever panicked elsewhere.
    fn with<T>(&self, act: impl FnOnce(&mut Log) -> T) -> T {
        act(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether this request is one of the first that something is done to.
    fn is_among_first(&self, times: usize, concerns: bool) -> bool {
        concerns
            && self.with(|log| {
                log.met += 1;
                log.met <= times
            })
    }

    fn is_mended(&self) -> bool {
        self.with(|log| log.mended)
    }

    async fn reply(&self, passed: &mut Passed, mut request: Forwarded) -> Reply {
        let passing = self.with(|log| log.passing);
        let says = |words: &str| String::from_utf8_lossy(&passed.body).contains(words);
        match passing {
            Passing::Nothing if !self.is_mended() => return answer(StatusCode::BAD_GATEWAY),
            Passing::IsDown(part) if passed.path.contains(part) && !self.is_mended() => {
                return answer(StatusCode::SERVICE_UNAVAILABLE);
            }
            Passing::Refuses(words, times) if self.is_among_first(times, says(words)) => {
                return answer(StatusCode::INTERNAL_SERVER_ERROR);
            }
            Passing::WrongSignature => spoil(&mut request.headers),
            Passing::Changing(change) => request.change(change),
            _ => {}
        }
        let is_late = match passing {
            Passing::AnswersTooLate(words) => self.is_among_first(1, says(words)),
            _ => false,
        };
        let times = if let Passing::Times(times) = passing { times } else { 1 };
        let mut reply = Reply::Lost;
        for _ in 0..times {
            reply = self.send(&passed.method, &request).await;
        }
        if let Reply::Answer(_, _, body) = &reply {
            passed.answer = body.clone();
        }
        match passing {
            Passing::LosesFirstAnswer(part)
                if self.is_among_first(1, passed.path.contains(part)) =>
            {
                reply = Reply::Lost;
            }
            Passing::KeepsFirstAnswer(part)
                if self.is_among_first(1, passed.path.contains(part)) =>
            {
                let mut answer = self.answer.subscribe();
                self.answer.send_replace(Answer::Kept);
                // The sender is our own.
                let _ = answer.wait_for(|answer| *answer == Answer::LetGo).await;
            }
            _ => {}
        }
        if is_late { Reply::Late } else { reply }
    }

    async fn send(&self, method: &Method, request: &Forwarded) -> Reply {
        let mut headers = request.headers.clone();
        // The client of the next leg writes these itself.
        for name in [header::HOST, header::CONTENT_LENGTH, header::ACCEPT_ENCODING] {
            headers.remove(name);
        }
        let sent = self
            .http
            .request(method.clone(), format!("{}{}", self.upstream, request.path))
            .headers(headers)
            .body(request.body.clone())
            .send()
            .await;
        let Ok(reply) = sent else { return Reply::Lost };
        let (status, headers) = (reply.status(), reply.headers().clone());
        match reply.bytes().await {
            Ok(body) => Reply::Answer(status, headers, body),
            Err(_) => Reply::Lost,
        }
    }
}

impl Forwarded {
    fn change(&mut self, change: Change) {
        match change {
            Change::Query => {
                let end = self.path.find('?').unwrap_or(self.path.len());
                self.path.truncate(end);
            }
            Change::Body => {
                if let Ok(body) = serde_json::from_slice::<serde_json::Value>(&self.body) {
                    self.body = format!("{body:#}").into();
                }
            }
            change => change.apply(&mut self.headers),
        }
    }
}

fn answer(status: StatusCode) -> Reply {
    Reply::Answer(status, HeaderMap::new(), Bytes::new())
}
