//! What stands in front of the real APIs: Azure API Management. It checks the
//! subscription key, then the token, and answers in its own shapes.

use std::sync::Arc;

use axum::{
    Extension,
    body::Body,
    extract::{OriginalUri, Request, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    Edge,
    error::{Api, ApiError, Place, explain},
};
use crate::app::SalesUnit;

/// The sales unit a call is for.
pub(super) type Unit = Extension<Arc<SalesUnit>>;

/// The gateway's own bodies, with the spacing they have on the wire.
const MISSING_KEY: &str = "{ \"statusCode\": 401, \"message\": \"Access denied due to missing \
     subscription key. Make sure to include subscription key when making requests to an API.\" }";
const INVALID_KEY: &str = "{ \"statusCode\": 401, \"message\": \"Access denied due to invalid \
     subscription key. Make sure to provide a valid key for an active subscription.\" }";

/// Lets a call through to the API's routes if its keys and its token are right.
pub(super) async fn guard(
    State((edge, api)): State<(Edge, Api)>,
    mut request: Request,
    next: Next,
) -> Response {
    let unit = match admit(&edge, api, request.headers()) {
        Ok(unit) => unit,
        Err(refusal) => return refusal,
    };
    request.extensions_mut().insert(unit.clone());
    let path = request.uri().clone();
    let mut response = next.run(request).await;
    match response.extensions_mut().remove::<ApiError>() {
        Some(error) => {
            let place = Place { api, instance: path.path(), entropy: unit.entropy() };
            error.print(place)
        }
        None => response,
    }
}

fn admit(edge: &Edge, api: Api, headers: &HeaderMap) -> Result<Arc<SalesUnit>, Response> {
    let unit = subscriber(edge, headers)?;
    let token = bearer(headers).ok_or_else(|| {
        unauthorized("The Authorization header is not 'Bearer', a space and a token (HTTP headers)")
    })?;
    if !unit.accepts_token(token) {
        return Err(unauthorized(
            "The token is unknown, expired, or of another sales unit than the subscription key \
             (Access Token API guide)",
        ));
    }
    match headers.get(MSN).map(HeaderValue::as_bytes) {
        Some(msn) if msn != unit.msn().as_str().as_bytes() => Err(wrong_msn(api)),
        // A sales unit's own keys say which one it is.
        Some(_) | None => Ok(unit),
    }
}

/// The sales unit of the subscription key.
pub(super) fn subscriber(edge: &Edge, headers: &HeaderMap) -> Result<Arc<SalesUnit>, Response> {
    let refuse = |body, why| Err(denied(body, why));
    let Some(key) = headers.get(SUBSCRIPTION_KEY) else {
        return refuse(MISSING_KEY, "There is no Ocp-Apim-Subscription-Key header (HTTP headers)");
    };
    match key.to_str().ok().and_then(|key| edge.mock.unit_by_subscription_key(key)) {
        Some(unit) => Ok(unit),
        None => refuse(INVALID_KEY, "No sales unit has this subscription key (HTTP headers)"),
    }
}

const SUBSCRIPTION_KEY: &str = "ocp-apim-subscription-key";
const MSN: &str = "merchant-serial-number";

/// The token of an `Authorization: Bearer ...` header, the word in any case.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

pub(super) fn denied(body: &'static str, why: &str) -> Response {
    let challenge = "AzureApiManagementKey realm=\"https://apitest.vipps.no\",\
                     name=\"Ocp-Apim-Subscription-Key\",type=\"header\"";
    let headers = [(CONTENT_TYPE, JSON), (WWW_AUTHENTICATE, challenge)];
    let mut response = (StatusCode::UNAUTHORIZED, headers, body).into_response();
    explain(&mut response, why);
    response
}

fn wrong_msn(api: Api) -> Response {
    let why = "The Merchant-Serial-Number is not that of the keys (HTTP headers)";
    match api {
        Api::Epayment | Api::OrderManagement => unauthorized(why),
        Api::Webhooks => generic(StatusCode::FORBIDDEN, why),
    }
}

/// The answer to a bad token, and to keys of one sales unit with the number of another.
pub(super) fn unauthorized(why: &str) -> Response {
    generic(StatusCode::UNAUTHORIZED, why)
}

/// The shape the gateway has for everything else that it refuses.
fn generic(status: StatusCode, why: &str) -> Response {
    let text = "Something went wrong, please try again later.";
    let body = format!(
        "{{\"responseInfo\":{{\"responseCode\":{},\"responseMessage\":\"{text}\"}},\
         \"result\":{{\"message\":\"{text}\"}}}}",
        status.as_u16()
    );
    let mut response = (status, [(CONTENT_TYPE, JSON)], body).into_response();
    explain(&mut response, why);
    response
}

const JSON: &str = "application/json";

/// No API has this path and method.
pub(super) async fn unknown_route(OriginalUri(uri): OriginalUri) -> Response {
    let why = format!("No API of the mock has this method at {} (API descriptions)", uri.path());
    generic(StatusCode::NOT_FOUND, &why)
}

/// The body is larger than the mock reads.
pub(super) fn too_large(_: Response<Body>) -> Response {
    let why = format!("The body is larger than {} bytes (a limit of the mock)", super::BODY_MAX);
    let body = "{ \"statusCode\": 413, \"message\": \"Request body too large.\" }";
    let headers = [(CONTENT_TYPE, JSON)];
    let mut response = (StatusCode::PAYLOAD_TOO_LARGE, headers, body).into_response();
    explain(&mut response, &why);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_as_long_as_on_the_wire() {
        assert_eq!(MISSING_KEY.len(), 152);
        assert_eq!(INVALID_KEY.len(), 143);
    }
}
