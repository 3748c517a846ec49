//! Has a call answered and writes it into the journal of its sales unit.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::{DefaultBodyLimit, FromRequest as _, Request},
    http::{HeaderMap, StatusCode, request::Parts},
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use super::{
    CALL_TIMEOUT, Edge, IMAGE_BODY_MAX, Keeping,
    faults::{Encounter, Ending},
    gateway, landing, mark,
    near_miss::near_miss,
};
use crate::{
    app::{
        SalesUnit,
        clock::{machine_time, within},
        journal::{Draft, watched},
    },
    domain::Strictness,
};

/// What the journal has as the status of a call that gets no answer.
const NO_ANSWER: u16 = 0;

/// Whether a call is one of the APIs, to be written down even if it leads nowhere. Calls of the
/// control API are a tester's own, and pages are a customer's.
pub(super) fn concerns(path: &str) -> bool {
    let is_control = path.strip_prefix("/control").is_some_and(|it| it.starts_with('/'));
    !is_control && !landing::is_page(path)
}

/// The body of a request, read once: for the journal, and for whoever answers.
pub(super) struct Incoming {
    bytes: Bytes,
    /// What the handler reads it from, or the answer if it cannot be read.
    pub(super) body: Result<Body, Response>,
}

/// Has a call answered, and writes it down with its answer.
pub(super) async fn call(edge: &Edge, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let subscriber = gateway::subscriber(edge, &parts.headers);
    let incoming = Incoming::read(body).await;
    if edge.journal == Keeping::NotKept {
        return mark(gateway::pass(subscriber, parts, incoming.body, next, None).await);
    }
    let unit = subscriber.clone().ok().or_else(|| unit_of_token(edge, &parts.headers));
    let draft = begin(unit.as_deref(), &parts, &incoming.bytes);
    let encounter = Encounter::of(unit.as_ref(), &parts, &incoming.bytes);
    let answer = gateway::pass(subscriber, parts, incoming.body, next, encounter);
    let (mut response, came_of_it) = watched(answer).await;
    let ending = Ending::take(&mut response);
    let (parts, body) = mark(response).into_parts();
    // Whole already: no handler answers in pieces.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut call = match ending {
        Some(ending) if ending.is_silence() => draft.end(NO_ANSWER, &HeaderMap::new(), &[]),
        _ => draft.end(parts.status.as_u16(), &parts.headers, &bytes),
    };
    call.duration_us += ending.map_or(0, Ending::late_by_us);
    call.came_of_it = came_of_it;
    call.near_miss = near_miss(&edge.mock, &call);
    unit.as_deref().map_or(edge.mock.strays(), SalesUnit::journal).write(call);
    match ending {
        None => Response::from_parts(parts, Body::from(bytes)),
        Some(ending) => ending.send(parts, bytes).await,
    }
}

/// Some calls carry a token alone, and a call without a key can still be said to be somebody's.
fn unit_of_token(edge: &Edge, headers: &HeaderMap) -> Option<Arc<SalesUnit>> {
    edge.mock.unit_by_token(gateway::bearer(headers, Strictness::Lenient)?)
}

fn begin(unit: Option<&SalesUnit>, parts: &Parts, body: &[u8]) -> Draft {
    let at = unit.map_or_else(machine_time, |unit| unit.clock().now());
    let target = parts.uri.path_and_query().map_or("", |it| it.as_str());
    Draft::begin(at, parts.method.as_str(), target, &parts.headers, body)
}

impl Incoming {
    /// Reads whatever any route would read.
    async fn read(body: Body) -> Self {
        if body.is_end_stream() {
            return Self { bytes: Bytes::new(), body: Ok(body) };
        }
        let mut request = Request::new(body);
        DefaultBodyLimit::max(IMAGE_BODY_MAX).apply(&mut request);
        match within(CALL_TIMEOUT, Bytes::from_request(request, &())).await {
            Some(Ok(bytes)) => Self { bytes: bytes.clone(), body: Ok(Body::from(bytes)) },
            Some(Err(refusal)) => Self::unreadable(refusal.into_response()),
            None => Self::unreadable(StatusCode::GATEWAY_TIMEOUT.into_response()),
        }
    }

    fn unreadable(answer: Response) -> Self {
        Self { bytes: Bytes::new(), body: Err(answer) }
    }
}
