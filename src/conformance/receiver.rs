//! A merchant's webhook address that writes down what comes and answers as a scenario wants.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{HeaderMap, StatusCode};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::task::JoinHandle;

use super::address::Port;
use super::failure::{Failure, Held, same};
use super::target::Target;

/// The longest webhook body that is read.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// How a receiver answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The same to every attempt.
    Always(u16),
    /// Nothing, and the connection stays open.
    Never,
    /// This status to the first attempts, success to the others.
    First {
        /// How many attempts are refused.
        attempts: usize,
        /// What they are answered.
        status: u16,
    },
    /// This status to whatever concerns the payment that is heard of first.
    FirstPayment(u16),
    /// As a shop that ships to the door, for this many minor units of Norwegian money.
    Ships {
        /// The minor units.
        cost: u64,
    },
}

/// A webhook as it came, and how it was answered.
#[derive(Debug, Clone)]
pub(super) struct Received {
    /// The path and query.
    pub(super) path: String,
    /// The headers.
    pub(super) headers: HeaderMap,
    /// The body, byte for byte.
    pub(super) body: String,
    /// The status it was answered with.
    pub(super) answered: u16,
}

/// An address on this machine, registered with a sales unit.
#[derive(Debug)]
pub(super) struct Receiver {
    /// The id of its registration.
    pub(super) id: String,
    /// The secret of its registration.
    pub(super) secret: String,
    /// The registered address.
    pub(super) url: String,
    /// The mark of the references it is told of; others, in a shared sales unit, are not its own.
    pub(super) only: String,
    /// What the path of the address begins with, before the part that was asked for.
    pub(super) base_path: String,
    host: String,
    log: Arc<Log>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Log {
    manner: Manner,
    received: Mutex<Vec<Received>>,
}

impl Log {
    // The list is whole between any two statements, whatever panicked elsewhere.
    fn with<T>(&self, act: impl FnOnce(&mut Vec<Received>) -> T) -> T {
        act(&mut self.received.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Receiver {
    /// Listens at a free port, under a path; the registration is filled in by whoever makes it.
    pub(super) async fn listen(
        target: &Target,
        path: &str,
        manner: Manner,
    ) -> Result<Self, Failure> {
        let Port { listener, from_mock, .. } =
            target.listen().await.map_err(|error| no_port(&error))?;
        let address = from_mock.split_once("://").map_or(from_mock.as_str(), |(_, rest)| rest);
        let (host, base_path) = address.split_once('/').unwrap_or((address, ""));
        let host = host.to_owned();
        let base_path = if base_path.is_empty() { String::new() } else { format!("/{base_path}") };
        let log = Arc::new(Log { manner, received: Mutex::default() });
        let router = Router::new().fallback(receive).with_state(Arc::clone(&log));
        let server = tokio::spawn(async move {
            // Serving ends when the receiver is dropped; there is nobody to tell of an error.
            let _ = axum::serve(listener, router).await;
        });
        let url = format!("{from_mock}{path}");
        let (id, secret, only) = (String::new(), String::new(), String::new());
        Ok(Self { id, secret, url, only, base_path, host, log, server })
    }

    /// Everything that came, oldest first.
    pub(super) fn received(&self) -> Vec<Received> {
        let mut received = self.log.with(|received| received.clone());
        received.retain(|webhook| webhook.body.contains(&self.only));
        received
    }

    /// What was answered with success, oldest first.
    pub(super) fn accepted(&self) -> Vec<Received> {
        let mut received = self.received();
        received.retain(|webhook| (200..300).contains(&webhook.answered));
        received
    }

    /// Holds when a webhook names this registration and is signed with its secret.
    pub(super) fn verify(&self, webhook: &Received) -> Held {
        same("webhook-id", &webhook.header("webhook-id"), &self.id.as_str(), webhook)?;
        let hash = BASE64_STANDARD.encode(Sha256::digest(webhook.body.as_bytes()));
        same(
            "x-ms-content-sha256",
            &webhook.header("x-ms-content-sha256"),
            &hash.as_str(),
            webhook,
        )?;
        let date = webhook.header("x-ms-date");
        let signed = format!("POST\n{}\n{date};{};{hash}", webhook.path, self.host);
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes())
            .map_err(|error| Failure::new(error.to_string()))?;
        mac.update(signed.as_bytes());
        let signature = BASE64_STANDARD.encode(mac.finalize().into_bytes());
        let expected = format!(
            "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}"
        );
        for name in ["authorization", "x-vipps-authorization"] {
            same(name, &webhook.header(name), &expected.as_str(), webhook)?;
        }
        Ok(())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Received {
    /// A header, empty when it is not there.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON, null when it is none.
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

impl fmt::Display for Received {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "  webhook: POST {}", self.path)?;
        for (name, value) in &self.headers {
            writeln!(formatter, "           {name}: {}", value.to_str().unwrap_or("?"))?;
        }
        write!(formatter, "           {}\n  answer:  {}", self.body, self.answered)
    }
}

async fn receive(
    State(log): State<Arc<Log>>,
    request: Request<Body>,
) -> Result<String, StatusCode> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, BODY_BYTES_MAX).await else {
        return Err(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let path = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    if log.manner == Manner::Never {
        return std::future::pending().await;
    }
    let answered = log.with(|received| {
        let answered = answer(log.manner, received, &body);
        received.push(Received { path, headers: parts.headers, body, answered });
        answered
    });
    match (log.manner, answered) {
        (Manner::Ships { cost }, _) => Ok(offer(cost)),
        (_, 200) => Ok(String::new()),
        (_, status) => {
            Err(StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
        }
    }
}

/// One way to the door.
fn offer(cost: u64) -> String {
    let amount = serde_json::json!({ "currency": "NOK", "value": cost });
    let option = serde_json::json!({ "id": "door", "name": "To the door", "amount": amount });
    let group = serde_json::json!({
        "type": "HOME_DELIVERY",
        "brand": "POSTEN",
        "options": [option],
    });
    serde_json::json!({ "groups": [group] }).to_string()
}

fn answer(manner: Manner, received: &[Received], body: &str) -> u16 {
    let reference =
        |body: &str| serde_json::from_str(body).unwrap_or(Value::Null)["reference"].clone();
    match manner {
        Manner::Always(status) => status,
        Manner::First { attempts, status } if received.len() < attempts => status,
        Manner::FirstPayment(status) => {
            let first = received.first().map_or(body, |webhook| &webhook.body);
            if reference(first) == reference(body) { status } else { 200 }
        }
        Manner::First { .. } | Manner::Never | Manner::Ships { .. } => 200,
    }
}

/// The names of all headers of a webhook.
pub(super) fn header_names(webhook: &Received) -> BTreeSet<String> {
    webhook.headers.keys().map(ToString::to_string).collect()
}

fn no_port(error: &std::io::Error) -> Failure {
    Failure::new(format!("no port for a webhook receiver: {error}"))
}
