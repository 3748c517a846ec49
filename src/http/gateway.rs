//! What stands in front of the real APIs: Azure API Management. It checks the
//! subscription key, then the token, and answers in its own shapes.

use std::{
    pin::{Pin, pin},
    sync::Arc,
};

use axum::{
    body::Body,
    extract::{OriginalUri, Request},
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{
    BODY_MAX, CALL_TIMEOUT, Edge, IMAGE_BODY_MAX,
    error::{Api, ApiError, explain},
    faults::Encounter,
    shapes::Place,
};
use crate::{
    app::{SalesUnit, clock::within, limits::TooManyCalls},
    domain::Strictness,
};

pub(super) use super::unit::Unit;

/// The gateway's own bodies, with the spacing they have on the wire.
const MISSING_KEY: &str = "{ \"statusCode\": 401, \"message\": \"Access denied due to missing \
     subscription key. Make sure to include subscription key when making requests to an API.\" }";
const INVALID_KEY: &str = "{ \"statusCode\": 401, \"message\": \"Access denied due to invalid \
     subscription key. Make sure to provide a valid key for an active subscription.\" }";

/// Lets a call through to an API's routes if its keys and its token are right. Keys are looked at
/// first, and only then whether there is such a route.
///
/// `body` is what there is to read, or the answer to a call whose body cannot be read; `encounter` is
/// the call's with faults, where there are any.
pub(super) async fn pass(
    subscriber: Result<Arc<SalesUnit>, Denial>,
    parts: Parts,
    body: Result<Body, Response>,
    next: Next,
    encounter: Option<Encounter>,
) -> Response {
    let uri = parts.uri.clone();
    let Some((api, instance)) = Api::of(uri.path()) else {
        // What is not behind the gateway reads no body.
        let answer = pin!(next.run(Request::from_parts(parts, body.unwrap_or_default())));
        return meet(encounter, None, answer).await;
    };
    let unit = match admit(api, subscriber, &parts.headers) {
        Ok(unit) => unit,
        Err(denial) => return denial.into_response(),
    };
    // The APIs have no such method, though the router would answer it like GET.
    if parts.method == Method::HEAD {
        return unknown_route(OriginalUri(uri)).await;
    }
    let mut request = match body {
        Ok(body) => Request::from_parts(parts, body),
        Err(answer) => return answer,
    };
    request.extensions_mut().insert(unit.clone());
    let place = Place { api, instance, entropy: unit.entropy() };
    let answer = pin!(async {
        let Some(mut response) = within(CALL_TIMEOUT, next.run(request)).await else {
            return StatusCode::GATEWAY_TIMEOUT.into_response();
        };
        match response.extensions_mut().remove::<ApiError>() {
            Some(error) => error.print(place),
            None => response,
        }
    });
    meet(encounter, Some(place), answer).await
}

/// The answer to a call that is let through, where a fault may be waiting for it. It is large while it
/// is being made, and stays where it is.
async fn meet(
    encounter: Option<Encounter>,
    place: Option<Place<'_>>,
    answer: Pin<&mut impl Future<Output = Response>>,
) -> Response {
    match encounter {
        Some(encounter) => encounter.answer(place, answer).await,
        None => answer.await,
    }
}

fn admit(
    api: Api,
    subscriber: Result<Arc<SalesUnit>, Denial>,
    headers: &HeaderMap,
) -> Result<Arc<SalesUnit>, Denial> {
    let unit = subscriber?;
    let token = bearer(headers, unit.strictness()).ok_or(Denial::NoBearer)?;
    if !unit.accepts_token(token) {
        return Err(Denial::BadToken);
    }
    match headers.get(MSN).map(HeaderValue::as_bytes) {
        Some(msn) if msn != unit.msn().as_str().as_bytes() => Err(match api {
            Api::Epayment | Api::OrderManagement | Api::Qr => Denial::OtherUnit,
            Api::Webhooks => Denial::OtherUnitForbidden,
        }),
        // A sales unit's own keys say which one it is.
        Some(_) | None => Ok(unit),
    }
}

/// The sales unit of the subscription key.
pub(super) fn subscriber(edge: &Edge, headers: &HeaderMap) -> Result<Arc<SalesUnit>, Denial> {
    let key = headers.get(SUBSCRIPTION_KEY).ok_or(Denial::NoSubscriptionKey)?;
    let unit = key.to_str().ok().and_then(|key| edge.mock.unit_by_subscription_key(key));
    unit.ok_or(Denial::UnknownSubscriptionKey)
}

const SUBSCRIPTION_KEY: &str = "ocp-apim-subscription-key";
pub(super) const MSN: &str = "merchant-serial-number";

/// The token of an `Authorization: Bearer ...` header, the word in any case unless the sales unit
/// is strict: an older page said that the case matters.
pub(super) fn bearer(headers: &HeaderMap, strictness: Strictness) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_bearer = match strictness {
        Strictness::Lenient => scheme.eq_ignore_ascii_case("bearer"),
        Strictness::Strict => scheme == "Bearer",
    };
    is_bearer.then(|| token.trim())
}

/// Why the gateway did not let a call through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Denial {
    /// No subscription key.
    NoSubscriptionKey,
    /// A subscription key nobody has.
    UnknownSubscriptionKey,
    /// No token, or not said to be one.
    NoBearer,
    /// A token that is not, or no more, one of this sales unit.
    BadToken,
    /// Keys of one sales unit, and the client id of another.
    OtherClient,
    /// Keys of one sales unit, and the number of another.
    OtherUnit,
    /// The same, where the API behind says so itself.
    OtherUnitForbidden,
}

impl Denial {
    /// Which rule decided, and where it is written.
    const fn why(self) -> &'static str {
        match self {
            Self::NoSubscriptionKey => {
                "There is no Ocp-Apim-Subscription-Key header (HTTP headers page)"
            }
            Self::UnknownSubscriptionKey => {
                "No sales unit has this subscription key (HTTP headers page)"
            }
            Self::NoBearer => {
                "The Authorization header is not the word Bearer and a token (HTTP headers page)"
            }
            Self::BadToken => {
                "The token is unknown, expired, or of another sales unit than the subscription \
                 key (Access Token API guide)"
            }
            Self::OtherClient => {
                "The client_id and the subscription key are of two sales units (Access Token API \
                 guide)"
            }
            Self::OtherUnit | Self::OtherUnitForbidden => {
                "The Merchant-Serial-Number is not that of the keys (HTTP headers page)"
            }
        }
    }
}

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        match self {
            Self::NoSubscriptionKey => denied(MISSING_KEY, self.why()),
            Self::UnknownSubscriptionKey => denied(INVALID_KEY, self.why()),
            Self::NoBearer | Self::BadToken | Self::OtherClient | Self::OtherUnit => {
                generic(StatusCode::UNAUTHORIZED, self.why())
            }
            Self::OtherUnitForbidden => generic(StatusCode::FORBIDDEN, self.why()),
        }
    }
}

fn denied(body: &'static str, why: &str) -> Response {
    let challenge = "AzureApiManagementKey realm=\"https://apitest.vipps.no\",\
                     name=\"Ocp-Apim-Subscription-Key\",type=\"header\"";
    let headers = [(CONTENT_TYPE, JSON), (WWW_AUTHENTICATE, challenge)];
    let mut response = (StatusCode::UNAUTHORIZED, headers, body).into_response();
    explain(&mut response, why);
    response
}

/// The shape the gateway has for everything but subscription keys.
pub(super) fn generic(status: StatusCode, why: &str) -> Response {
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

/// Too many calls about one payment.
pub(super) fn too_many(refusal: TooManyCalls) -> Response {
    let seconds = refusal.retry_after_s;
    let body = format!(
        "{{ \"statusCode\": 429, \"message\": \"Rate limit is exceeded. Try again in {seconds} \
         seconds.\" }}"
    );
    let headers = [(CONTENT_TYPE, JSON), (RETRY_AFTER, &seconds.to_string())];
    let mut response = (StatusCode::TOO_MANY_REQUESTS, headers, body).into_response();
    let why = "There have been too many such calls about this payment within a minute (ePayment \
               API guide, rate limits)";
    explain(&mut response, why);
    response
}

/// The body is larger than the mock reads.
pub(super) fn too_large() -> Response {
    let why = format!(
        "The body is larger than {BODY_MAX} bytes, or {IMAGE_BODY_MAX} with an image (limits of \
         the mock)"
    );
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
