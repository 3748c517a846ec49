//! The HTTP edge: parses, asks, prints. It decides nothing.
//!
//! Around every route lie, from the outside in: the stamp (`Vipps-Mock` on every answer), tracing,
//! the limit on bodies, and for the APIs a timeout and the gateway. The stamp is outermost so
//! that no answer lacks it; the gateway is innermost because it needs to know the route's API.

mod access_token;
mod control;
mod epayment;
mod error;
mod fields;
mod gateway;
mod json;
mod landing;
mod order_management;
mod path;
mod problem;
mod schema;
mod shapes;
mod unit;
mod userinfo;
mod webhooks;

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use axum::{
    BoxError, Router,
    body::{Bytes, HttpBody},
    extract::FromRef,
    http::{HeaderName, HeaderValue, StatusCode},
    middleware,
    response::{IntoResponse as _, Response},
};
use tower_http::{limit::RequestBodyLimitLayer, timeout::TimeoutLayer, trace::TraceLayer};

use crate::{
    app::Mock,
    domain::{Profile, Strictness},
};
use error::Api;

/// The largest body the mock reads, in bytes. The platform's own limit is not published.
pub const BODY_MAX: usize = 256 * 1024;

/// How long an API call may take. None waits for anything, so none should come near.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// What the routes need to know.
#[derive(Debug, Clone)]
pub struct Edge {
    mock: Mock,
    public_url: Arc<RwLock<String>>,
    strictness: Strictness,
    profile: Profile,
}

impl Edge {
    /// An edge whose links begin with this address.
    #[must_use]
    pub fn new(mock: Mock, public_url: String) -> Self {
        let public_url = Arc::new(RwLock::new(public_url));
        Self { mock, public_url, strictness: Strictness::default(), profile: Profile::default() }
    }

    /// The same, with sales units that are opened without a profile in this one.
    #[must_use]
    pub fn with_profile(self, profile: Profile) -> Self {
        Self { profile, ..self }
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
}

impl FromRef<Edge> for Mock {
    fn from_ref(edge: &Edge) -> Self {
        edge.mock.clone()
    }
}

/// Every route of the mock; those of the control API only if asked for.
pub fn router(edge: Edge, with_control: bool) -> Router {
    let apis = Router::new()
        .merge(access_token::router())
        .merge(userinfo::router())
        .nest("/epayment", gateway::behind(epayment::router(), &edge, Api::Epayment))
        .nest("/webhooks", gateway::behind(webhooks::router(), &edge, Api::Webhooks))
        .nest(
            "/order-management",
            gateway::behind(order_management::router(), &edge, Api::OrderManagement),
        )
        .method_not_allowed_fallback(gateway::unknown_route)
        .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, CALL_TIMEOUT));
    let control = if with_control { control::router() } else { Router::new() };
    let pages = landing::router(&edge);
    apis.merge(pages)
        .merge(control)
        .with_state(edge)
        // Together and not one by one, because each call of `layer` puts every route in a box
        // of its own, which every request copies.
        .layer((
            middleware::map_response(stamp),
            TraceLayer::new_for_http(),
            RequestBodyLimitLayer::new(BODY_MAX),
        ))
}

/// Marks every answer as the mock's, and words the refusals of the layers below.
async fn stamp<B>(response: Response<B>) -> Response
where
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    static NAME: HeaderName = HeaderName::from_static("vipps-mock");
    const VERSION: HeaderValue = HeaderValue::from_static(env!("CARGO_PKG_VERSION"));
    let mut response = if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        gateway::too_large()
    } else {
        response.into_response()
    };
    response.headers_mut().insert(NAME.clone(), VERSION);
    response
}
