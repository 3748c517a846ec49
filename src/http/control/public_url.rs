//! The address that links begin with, which may change while the mock runs: a tunnel has its name
//! only once it is open.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{Refusal, Typed};
use crate::http::{Edge, base_url};

/// Where links lead.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublicUrlBody {
    /// What links begin with: `http://` or `https://`, a host, and a path if there is one.
    url: String,
}

/// The address that links begin with
#[utoipa::path(get, path = "/public-url", responses((status = 200, body = PublicUrlBody)))]
pub(super) async fn show(State(edge): State<Edge>) -> Json<PublicUrlBody> {
    Json(PublicUrlBody { url: edge.public_url() })
}

/// Changes the address that links begin with
///
/// It holds for links made from now on, in every sales unit, and stays through resets. Its host is then a
/// name by which the control API may be called.
#[utoipa::path(
    put,
    path = "/public-url",
    request_body = PublicUrlBody,
    responses((status = 200, body = PublicUrlBody))
)]
pub(super) async fn change(
    State(edge): State<Edge>,
    Typed(body): Typed<PublicUrlBody>,
) -> Result<Json<PublicUrlBody>, Refusal> {
    let url =
        base_url(&body.url).map_err(|error| Refusal::bad_request(format!("url: {error}"), None))?;
    edge.set_public_url(&url);
    Ok(show(State(edge)).await)
}
