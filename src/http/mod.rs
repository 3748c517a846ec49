//! The HTTP edge: parses, asks, prints. It decides nothing.
//!
//! Around all routes lie, from the outside in: tracing, for the APIs the journal, the stamp
//! (`Vipps-Mock` on every answer), again for the APIs the gateway and a timeout, and the limit on
//! bodies. The stamp is outside the gateway so that no answer lacks it.

mod access_token;
mod control;
mod epayment;
mod error;
mod faults;
mod fields;
mod gateway;
mod guard;
mod json;
mod landing;
mod near_miss;
mod order_management;
mod path;
mod problem;
mod qr;
mod record;
mod routes;
mod schema;
mod shapes;
mod unit;
mod userinfo;
mod webhooks;

use std::sync::{Arc, PoisonError, RwLock};

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request, State},
    http::{HeaderName, HeaderValue, StatusCode},
    middleware::{self, Next},
    response::Response,
};
pub use control::{ControlToken, NotAToken};
use jiff::SignedDuration;
use tower::ServiceBuilder;
use tower_http::trace::TraceLayer;
use url::Url;

use crate::{
    app::Mock,
    domain::{Profile, Strictness},
};

/// The largest body the mock reads, in bytes. The platform's own limit is not published.
pub const BODY_MAX: usize = 256 * 1024;

/// The largest body with an image in it: 2 MB take a third more as base64 text.
pub const IMAGE_BODY_MAX: usize = 3 * 1024 * 1024;

/// How long an API call may take. None waits for anything, so none should come near.
const CALL_TIMEOUT: SignedDuration = SignedDuration::from_secs(30);

/// Whether calls are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    Kept,
    /// Nobody could look at it.
    NotKept,
}

/// What the routes need to know.
#[derive(Debug, Clone)]
pub struct Edge {
    mock: Mock,
    public_url: Arc<RwLock<String>>,
    strictness: Strictness,
    profile: Profile,
    control_token: Option<ControlToken>,
    journal: Keeping,
}

impl Edge {
    /// An edge whose links begin with this address.
    #[must_use]
    pub fn new(mock: Mock, public_url: String) -> Self {
        let public_url = Arc::new(RwLock::new(public_url));
        Self {
            mock,
            public_url,
            strictness: Strictness::default(),
            profile: Profile::default(),
            control_token: None,
            journal: Keeping::NotKept,
        }
    }

    /// The same, with sales units that are opened without a profile in this one.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
    }

    /// The same, with a control API for those who know this token.
    #[must_use]
    pub fn with_control_token(self, token: ControlToken) -> Self {
        Self { control_token: Some(token), ..self }
    }

    /// The profile of sales units that are opened without one.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }

    /// The same, with this strictness for sales units that are opened without one.
    #[must_use]
    pub fn with_strictness(self, strictness: Strictness) -> Self {
        Self { strictness, ..self }
    }

    /// How the calls of a sales unit are read that is opened without saying so.
    #[must_use]
    pub fn strictness(&self) -> Strictness {
        self.strictness
    }

    /// The address that links begin with, without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> String {
        let url = self.public_url.read().unwrap_or_else(PoisonError::into_inner);
        url.trim_end_matches('/').to_owned()
    }

    /// From now on links begin with this address.
    fn set_public_url(&self, url: &Url) {
        // A text is whole or not there, whatever panicked elsewhere.
        *self.public_url.write().unwrap_or_else(PoisonError::into_inner) = url.to_string();
    }
}

impl FromRef<Edge> for Mock {
    fn from_ref(edge: &Edge) -> Self {
        edge.mock.clone()
    }
}

/// Every route of the mock; those of the control API, which is what shows the journal, only if asked
/// for.
pub fn router(edge: Edge, with_control: bool) -> Router {
    let (control, journal) = if with_control {
        (control::router(&edge), Keeping::Kept)
    } else {
        (Router::new(), Keeping::NotKept)
    };
    let edge = Edge { journal, ..edge };
    let routes = Router::new()
        .merge(access_token::router())
        .merge(userinfo::router())
        .merge(epayment::router())
        .merge(webhooks::router())
        .merge(order_management::router())
        .merge(qr::router())
        .method_not_allowed_fallback(gateway::unknown_route)
        .merge(landing::router(&edge))
        .merge(control)
        .with_state(edge.clone());
    // Around all routes at once: a layer on a router goes around each of them, in a box that every
    // request copies. For the same reason the routes have full paths, and are not nested.
    let layers = ServiceBuilder::new()
        .layer(TraceLayer::new_for_http())
        .layer(middleware::from_fn_with_state(edge, answer))
        .layer(DefaultBodyLimit::max(BODY_MAX));
    Router::new().fallback_service(layers.service(routes))
}

/// An address to which paths can be added.
///
/// # Errors
///
/// What is expected instead, for a person to read.
pub fn base_url(text: &str) -> Result<Url, String> {
    const SUCH_AS: &str = "such as http://127.0.0.1:8080";
    let url =
        Url::parse(text).map_err(|error| format!("{error}; expected an address {SUCH_AS}"))?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err(format!("expected http:// or https://, {SUCH_AS}"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(format!("expected an address without ? and #, {SUCH_AS}"));
    }
    Ok(url)
}

/// Has a call answered: one of the APIs by way of the gateway and the journal.
async fn answer(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    if record::concerns(request.uri().path()) {
        record::call(&edge, request, next).await
    } else {
        mark(next.run(request).await)
    }
}

/// Marks an answer as the mock's.
fn mark(mut response: Response) -> Response {
    static NAME: HeaderName = HeaderName::from_static("vipps-mock");
    const VERSION: HeaderValue = HeaderValue::from_static(env!("CARGO_PKG_VERSION"));
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        // What read the body said so in words of its own.
        response = gateway::too_large();
    }
    response.headers_mut().insert(NAME.clone(), VERSION);
    response
}
