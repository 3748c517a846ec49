//! A receiver of webhooks: it verifies before it parses, answers at once, and drops repeats.
//!
//! It does no work of its own. Whoever waits for a payment asks for its events here, and then
//! reads the payment; a delivery that comes before the create call's answer is found later.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use http::{HeaderMap, Method, StatusCode, Uri};
use jiff::SignedDuration;
use reqwest::Url;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use super::inbox::Counts;
use super::inbox::Inbox;
use super::verify::{Delivery, Freshness, VerifyError, verify};
use super::{Secret, WebhookEvent};
use crate::taxi::clock::Clock;
use crate::taxi::reference::Reference;

/// The largest delivery that is read. Real ones are below one kilobyte.
pub const DELIVERY_BYTES_MAX: usize = 64 * 1024;
/// The path of a receiver that chose its own address.
pub const PATH: &str = "/webhooks/vipps";

/// Whether the date of a delivery matters.
#[derive(Debug, Clone)]
pub enum DateCheck {
    /// It may be any date, as when the sender's clock is not ours.
    Off,
    /// It must be close to the time of this clock.
    Within {
        /// Whose time it is compared with.
        clock: Arc<dyn Clock>,
        /// How far it may be off; [`super::verify::SKEW_MAX`] is usual.
        skew_max: SignedDuration,
    },
}

/// A receiver that listens until it is dropped.
#[derive(Debug)]
pub struct Receiver {
    shared: Arc<Shared>,
    server: JoinHandle<()>,
    /// Held while registering, so that two rides do not register one address twice.
    pub(super) registering: tokio::sync::Mutex<()>,
}

/// The events of one payment, those that came before included.
#[derive(Debug)]
pub struct Subscription {
    shared: Arc<Shared>,
    reference: Reference,
    position: u64,
    changes: watch::Receiver<u64>,
}

#[derive(Debug)]
struct Shared {
    address: Address,
    date_check: DateCheck,
    inbox: Inbox,
}

/// The registered address, taken apart as it is signed.
#[derive(Debug)]
pub struct Address {
    /// The whole of it.
    pub url: Url,
    /// Its host, with the port unless that is the scheme's own.
    pub host: String,
    /// Its path and query; at least `/`.
    pub path_and_query: String,
}

impl Receiver {
    /// Listens on a free port of this machine, under an address only this machine can reach.
    ///
    /// # Errors
    ///
    /// [`io::Error`] when there is no port to listen on.
    pub async fn bind(date_check: DateCheck) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        Self::serve(listener, &format!("http://localhost:{port}{PATH}"), date_check)
    }

    /// Receives on a given listener what is sent to `url`, the address that will be registered.
    ///
    /// # Errors
    ///
    /// [`io::Error`] when `url` is none.
    pub fn serve(listener: TcpListener, url: &str, date_check: DateCheck) -> io::Result<Self> {
        let address = Address::parse(url)?;
        let shared = Arc::new(Shared { address, date_check, inbox: Inbox::new() });
        // Every path comes here: a path of the user's may have signs that a router reads as its own.
        let router = Router::new()
            .fallback(receive)
            .layer(DefaultBodyLimit::max(DELIVERY_BYTES_MAX))
            .with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "webhook receiver stopped");
            }
        });
        Ok(Self { shared, server, registering: tokio::sync::Mutex::default() })
    }

    /// The address to register.
    #[must_use]
    pub fn url(&self) -> &str {
        self.shared.address.url.as_str()
    }

    /// Believes deliveries of this registration if they are signed with this secret.
    pub fn trust(&self, registration: &str, secret: Secret) {
        self.shared.inbox.add_secret(registration, secret);
    }

    /// Whether deliveries of this registration can be verified.
    #[must_use]
    pub fn trusts(&self, registration: &str) -> bool {
        self.shared.inbox.secret(registration).is_some()
    }

    /// Believes deliveries of this registration no longer.
    pub fn distrust(&self, registration: &str) {
        self.shared.inbox.remove_secret(registration);
    }

    /// The events of this payment, from the first one received.
    #[must_use]
    pub fn subscribe(&self, reference: &Reference) -> Subscription {
        Subscription {
            shared: Arc::clone(&self.shared),
            reference: reference.clone(),
            position: 0,
            changes: self.shared.inbox.changes(),
        }
    }

    /// Takes an event as if it had been delivered.
    #[cfg(test)]
    pub(in crate::taxi) fn take(&self, event: WebhookEvent) {
        self.shared.inbox.accept(event);
    }

    /// How many deliveries came, by what became of them.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.shared.inbox.counts()
    }

    /// Why the last deliveries were rejected, oldest first.
    #[must_use]
    pub fn rejections(&self) -> Vec<String> {
        self.shared.inbox.rejections()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Subscription {
    /// The next event of the payment. It may be dropped while waiting; nothing gets lost.
    pub async fn next(&mut self) -> WebhookEvent {
        loop {
            // Marks what is there as seen before looking, so that nothing slips in between.
            self.changes.borrow_and_update();
            if let Some(event) = self.received() {
                return event;
            }
            if self.changes.changed().await.is_err() {
                // The receiver is gone, and with it all that could come.
                std::future::pending::<()>().await;
            }
        }
    }

    /// The next event of the payment, if it is here already.
    pub fn received(&mut self) -> Option<WebhookEvent> {
        let (event, position) = self.shared.inbox.next(self.reference.as_str(), self.position)?;
        self.position = position;
        Some(event)
    }
}

/// The sender waits ten seconds for the answer and ignores what it says, so the answer comes first
/// and the work is somebody else's. 401 makes the sender try again, which is right: the secret may
/// be known by then.
async fn receive(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> StatusCode {
    if uri.path() != shared.address.url.path() {
        return StatusCode::NOT_FOUND;
    }
    if method != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED;
    }
    if let Err(reason) = shared.verify(&headers, &body) {
        tracing::warn!(%reason, "webhook delivery rejected");
        shared.inbox.reject(reason.to_string());
        return StatusCode::UNAUTHORIZED;
    }
    match serde_json::from_slice(&body) {
        Ok(event) => shared.inbox.accept(event),
        // Signed, so it is meant for us: refused, it would come again for a week.
        Err(error) => {
            tracing::info!(%error, "webhook delivery is no payment event");
            shared.inbox.ignore();
        }
    }
    StatusCode::OK
}

/// Why a delivery was rejected.
#[derive(Debug, thiserror::Error)]
enum Rejection {
    #[error("the registration {0} is not one of ours, or its secret is not known yet")]
    UnknownRegistration(String),
    #[error(transparent)]
    NotVerified(#[from] VerifyError),
}

impl Shared {
    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Rejection> {
        let registration = headers
            .get("webhook-id")
            .and_then(|id| id.to_str().ok())
            .ok_or(VerifyError::MissingHeader("webhook-id"))?;
        let secret = self
            .inbox
            .secret(registration)
            .ok_or_else(|| Rejection::UnknownRegistration(registration.to_owned()))?;
        let delivery = Delivery {
            path_and_query: &self.address.path_and_query,
            host: &self.address.host,
            headers,
            body,
        };
        let freshness = match &self.date_check {
            DateCheck::Off => None,
            DateCheck::Within { clock, skew_max } => {
                Some(Freshness { now: clock.now(), skew_max: *skew_max })
            }
        };
        Ok(verify(&secret, &delivery, freshness)?)
    }
}

impl Address {
    /// Takes an address apart.
    ///
    /// # Errors
    ///
    /// [`io::Error`] when it is none.
    pub fn parse(text: &str) -> io::Result<Self> {
        let invalid = |reason: String| io::Error::new(io::ErrorKind::InvalidInput, reason);
        let url = Url::parse(text).map_err(|error| invalid(format!("{text}: {error}")))?;
        let host = url.host_str().ok_or_else(|| invalid(format!("{text} has no host")))?;
        // The scheme's own port is never written, neither here nor in what is signed.
        let host = match url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let path_and_query = match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        };
        Ok(Self { url, host, path_and_query })
    }
}
