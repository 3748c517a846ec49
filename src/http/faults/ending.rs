//! How an answer leaves: late, in part, or not at all.
//!
//! A connection is broken off by a body that fails: the server has not sent the head of an answer
//! before it has asked the body for its first bytes, and gives the connection up when there is an error
//! in their place. So nothing has to be known of the connection, and a server over TLS does the same.

use std::io;

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header::CONTENT_LENGTH, response::Parts},
    response::Response,
};
use futures::stream;
use jiff::SignedDuration;

use crate::app::clock::pause;

/// What is still to happen to an answer once it has been written down.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Ending {
    pub(super) late_by: Option<SignedDuration>,
    pub(super) broken: Option<Broken>,
}

/// How an answer is broken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Broken {
    /// There is none, and the connection stays open.
    Hangs,
    /// There is none, and the connection is closed.
    Closes,
    /// There is one, and the connection is closed before it.
    IsDropped,
    /// The connection is closed after so many bytes of its body.
    EndsAfter(u64),
}

/// How long a call that is never answered is kept, in real time: longer than clients wait.
const HANG_MAX: SignedDuration = SignedDuration::from_mins(5);

impl Ending {
    /// Fastens it to an answer, so that it gets to whoever lets the answer go.
    pub(super) fn of(self, mut response: Response) -> Response {
        if self.late_by.is_some() || self.broken.is_some() {
            response.extensions_mut().insert(self);
        }
        response
    }

    /// Takes it off an answer, if there is one.
    pub(in crate::http) fn take(response: &mut Response) -> Option<Self> {
        response.extensions_mut().remove()
    }

    /// Whether there is no answer, not even one that gets lost.
    pub(in crate::http) fn is_silence(self) -> bool {
        matches!(self.broken, Some(Broken::Hangs | Broken::Closes))
    }

    /// How much longer the caller waits than the answer took, in microseconds.
    pub(in crate::http) fn late_by_us(self) -> u64 {
        let late_by = self.late_by.unwrap_or_default();
        u64::try_from(late_by.as_micros()).unwrap_or_default()
    }

    /// Lets the answer go.
    pub(in crate::http) async fn send(self, parts: Parts, body: Bytes) -> Response {
        if let Some(late_by) = self.late_by {
            pause(late_by).await;
        }
        match self.broken {
            None => Response::from_parts(parts, Body::from(body)),
            Some(Broken::Hangs) => {
                pause(HANG_MAX).await;
                nothing()
            }
            Some(Broken::Closes | Broken::IsDropped) => nothing(),
            // Of what has no body, nothing is left.
            Some(Broken::EndsAfter(_)) if body.is_empty() => nothing(),
            Some(Broken::EndsAfter(kept)) => part(parts, body, kept),
        }
    }
}

/// No byte of an answer.
fn nothing() -> Response {
    Response::new(Body::from_stream(stream::once(async { Err::<Bytes, _>(broken_off()) })))
}

/// The head, which promises all of the body, and so many bytes of that; all but one at most.
fn part(mut parts: Parts, mut body: Bytes, kept: u64) -> Response {
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    let kept = usize::try_from(kept).unwrap_or(usize::MAX);
    body.truncate(kept.min(body.len().saturating_sub(1)));
    let pieces = stream::unfold(Some(body), |left| async {
        if let Some(piece) = left {
            return Some((Ok(piece), None));
        }
        // What there was has to be on its way before the connection goes.
        tokio::task::yield_now().await;
        Some((Err(broken_off()), None))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

fn broken_off() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "a fault was waiting for this call")
}
