//! Something between two parties that passes requests on, but not always well.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use tokio::task::JoinHandle;

use super::address::Port;
use super::failure::Failure;
use super::target::Target;

/// The longest body that is passed on.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// An authorization in every respect like a real one, but signed without the secret: 32 bytes, all
/// of them zero. Whoever refuses it has computed the signature.
pub(super) const FORGED_AUTHORIZATION: &str = concat!(
    "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
);

/// How a relay passes requests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passing {
    /// Each request twice; the second answer counts.
    Twice,
    /// No request at all.
    Nothing,
    /// Each request as it came, but signed by somebody without the secret.
    WrongSignature,
    /// Each request, changed like this.
    Changing(Change),
    /// Each request, but the answer to the first one with this in its path gets lost.
    LosesFirstAnswer(&'static str),
    /// Each request, but those with this in their path are answered with 503, until it is mended.
    IsDown(&'static str),
}

/// What a proxy in front of a receiver changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::conformance) enum Change {
    /// Nothing but what every relay does: it calls the receiver by the receiver's own address.
    Nothing,
    /// It says so in the headers that proxies have for it.
    Forwarded,
    /// The query is gone.
    Query,
    /// These headers are gone.
    Without(&'static [&'static str]),
    /// The body is parsed and printed again.
    Body,
    /// The date is another.
    Date,
}

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
    passing: Passing,
    lost: AtomicUsize,
    mended: AtomicBool,
}

impl Relay {
    /// Passes on to the server at `upstream`.
    pub(super) async fn start(
        target: &Target,
        upstream: &str,
        passing: Passing,
    ) -> Result<Self, Failure> {
        let failed = |error: std::io::Error| Failure::new(format!("no port for a relay: {error}"));
        let Port { listener, from_here, from_mock } = target.listen().await.map_err(failed)?;
        let shared = Arc::new(Shared {
            http: target.http.clone(),
            upstream: upstream.to_owned(),
            passing,
            lost: AtomicUsize::new(0),
            mended: AtomicBool::new(false),
        });
        let router = Router::new().fallback(pass_on).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            // Serving ends when the relay is dropped; there is nobody to tell of an error.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { from_here, from_mock, shared, server })
    }

    /// From now on what was down is up again.
    pub(super) fn mend(&self) {
        self.shared.mended.store(true, Ordering::Relaxed);
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn pass_on(State(shared): State<Arc<Shared>>, request: Request<Body>) -> Response {
    try_to_pass_on(&shared, request)
        .await
        .unwrap_or_else(|| StatusCode::BAD_GATEWAY.into_response())
}

/// The answer, or nothing when it got lost.
async fn try_to_pass_on(shared: &Shared, request: Request<Body>) -> Option<Response> {
    let (mut parts, body) = request.into_parts();
    let mut body = to_bytes(body, BODY_BYTES_MAX).await.ok()?;
    let mut path = parts.uri.path_and_query()?.as_str();
    // The client of the next leg writes these itself.
    for name in [header::HOST, header::CONTENT_LENGTH, header::ACCEPT_ENCODING] {
        parts.headers.remove(name);
    }
    match shared.passing {
        Passing::Nothing => return None,
        Passing::WrongSignature => spoil(&mut parts.headers),
        Passing::IsDown(part) if path.contains(part) && !shared.mended.load(Ordering::Relaxed) => {
            return Some(StatusCode::SERVICE_UNAVAILABLE.into_response());
        }
        Passing::Changing(Change::Query) => path = parts.uri.path(),
        Passing::Changing(Change::Body) => {
            body = format!("{:#}", serde_json::from_slice::<serde_json::Value>(&body).ok()?).into();
        }
        Passing::Changing(change) => change.apply(&mut parts.headers),
        Passing::Twice | Passing::LosesFirstAnswer(_) | Passing::IsDown(_) => {}
    }
    let send = || {
        shared
            .http
            .request(parts.method.clone(), format!("{}{path}", shared.upstream))
            .headers(parts.headers.clone())
            .body(body.clone())
            .send()
    };
    if shared.passing == Passing::Twice {
        send().await.ok()?;
    }
    let reply = send().await.ok()?;
    if let Passing::LosesFirstAnswer(part) = shared.passing
        && parts.uri.path().contains(part)
        && shared.lost.fetch_add(1, Ordering::Relaxed) == 0
    {
        return None;
    }
    let (status, headers) = (reply.status(), reply.headers().clone());
    Some((status, headers, reply.bytes().await.ok()?).into_response())
}

fn spoil(headers: &mut HeaderMap) {
    for name in ["authorization", "x-vipps-authorization"] {
        headers.insert(name, HeaderValue::from_static(FORGED_AUTHORIZATION));
    }
}

impl Change {
    fn apply(self, headers: &mut HeaderMap) {
        match self {
            Self::Forwarded => {
                for name in ["x-forwarded-host", "x-original-host"] {
                    headers.insert(name, HeaderValue::from_static("taxi.example"));
                }
            }
            Self::Without(names) => names.iter().for_each(|name| drop(headers.remove(*name))),
            Self::Date => {
                let date = HeaderValue::from_static("Thu, 01 Jan 2026 00:00:00 GMT");
                headers.insert("x-ms-date", date);
            }
            Self::Nothing | Self::Query | Self::Body => {}
        }
    }
}
