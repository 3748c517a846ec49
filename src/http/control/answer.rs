//! Errors of the control API, and what its handlers begin with.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, OriginalUri, Path, Query, RawPathParams, Request,
        rejection::BytesRejection,
    },
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_TYPE, WWW_AUTHENTICATE},
        request::Parts,
    },
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};
use utoipa::ToSchema;

use crate::{
    app::{SalesUnit, agenda::StepError, payments::CommandError},
    http::{Edge, error::explain, guard::Stranger},
};

/// A refusal, with what to do about it.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    detail: String,
    hint: Option<&'static str>,
}

/// Why a call was refused, and what to do about it.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct Body<'a> {
    /// Always `about:blank`: the status says what kind of problem it is.
    r#type: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What was wrong with this call.
    detail: &'a str,
    /// What to do about it, where there is something.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'static str>,
}

impl Refusal {
    pub(super) fn not_found(detail: String, hint: &'static str) -> Self {
        Self { status: StatusCode::NOT_FOUND, detail, hint: Some(hint) }
    }

    /// There is a token, and the call has none.
    pub(super) fn no_token() -> Self {
        let detail = "this control API is used with a token, and the call has none".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, detail, hint: Some(TOKEN_HINT) }
    }

    /// There is a token, and the call has another.
    pub(super) fn wrong_token() -> Self {
        let detail = "the control API has another token than this call".to_owned();
        Self { status: StatusCode::UNAUTHORIZED, detail, hint: Some(TOKEN_HINT) }
    }

    pub(super) fn conflict(detail: String, hint: Option<&'static str>) -> Self {
        Self { status: StatusCode::CONFLICT, detail, hint }
    }

    pub(super) fn bad_request(detail: String, hint: Option<&'static str>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, detail, hint }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = Body {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or_default(),
            status: self.status.as_u16(),
            detail: &self.detail,
            hint: self.hint,
        };
        let json = serde_json::to_string(&body).unwrap_or_default();
        let headers = [(CONTENT_TYPE, "application/problem+json")];
        let mut response = (self.status, headers, json).into_response();
        explain(&mut response, &format!("{} (control API)", self.detail));
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl From<Stranger> for Refusal {
    fn from(stranger: Stranger) -> Self {
        let hint = match stranger {
            Stranger::Name(_) => {
                "call it by an address, localhost or a private name, or tell it its name with \
                 serve --public-url"
            }
            Stranger::Page(_) => {
                "call the control API from a program, such as the test itself; of pages, only the \
                 mock's own may"
            }
        };
        Self { status: StatusCode::FORBIDDEN, detail: stranger.to_string(), hint: Some(hint) }
    }
}

impl From<CommandError> for Refusal {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::UnknownPayment { .. } => {
                Self::not_found(error.to_string(), "vipps-mock payments lists them")
            }
            CommandError::Declined { .. } => {
                let hint = "the payment waits on; its amount or its phone number makes this happen";
                Self::conflict(error.to_string(), Some(hint))
            }
            _ => Self::conflict(error.to_string(), Some("vipps-mock payments show REF tells more")),
        }
    }
}

impl From<StepError> for Refusal {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Backwards { .. } => {
                Self::conflict(error.to_string(), Some("reset puts the clock back to real time"))
            }
            StepError::Reset => Self::conflict(error.to_string(), None),
            StepError::TooFar => Self::bad_request(error.to_string(), None),
            StepError::Gone => Self::not_found(error.to_string(), UNITS_HINT),
        }
    }
}

const TOKEN_HINT: &str = "send Authorization: Bearer TOKEN with what serve --control-token was given; \
                          commands take --control-token or VIPPS_MOCK_CONTROL_TOKEN";

const UNITS_HINT: &str = "GET /control/v1/sales-units lists them";

pub(super) async fn unknown_route(OriginalUri(uri): OriginalUri) -> Refusal {
    let detail = format!("the control API has no such method at {}", uri.path());
    Refusal::not_found(detail, "docs/control-api.md lists its paths")
}

/// The sales unit named in the path.
pub(super) struct PathUnit(pub(super) Arc<SalesUnit>);

impl FromRequestParts<Edge> for PathUnit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Refusal> {
        let unreadable = |_| Refusal::bad_request("the path cannot be read".to_owned(), None);
        let params = RawPathParams::from_request_parts(parts, edge).await.map_err(unreadable)?;
        let msn = params.iter().find(|(name, _)| *name == "msn").map_or("", |(_, msn)| msn);
        let unit = edge.mock.unit(msn);
        unit.map(Self).ok_or_else(|| {
            Refusal::not_found(format!("no sales unit has the number {msn}"), UNITS_HINT)
        })
    }
}

/// What stands in the path after the sales unit.
pub(super) struct PathName(pub(super) String);

impl FromRequestParts<Edge> for PathName {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Refusal> {
        let unreadable = |_| Refusal::bad_request("the path cannot be read".to_owned(), None);
        let path = Path::<(String, String)>::from_request_parts(parts, edge).await;
        path.map(|Path((_, name))| Self(name)).map_err(unreadable)
    }
}

/// What stands in a path that names one thing only.
pub(super) struct StrayName(pub(super) String);

impl FromRequestParts<Edge> for StrayName {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Refusal> {
        let unreadable = |_| Refusal::bad_request("the path cannot be read".to_owned(), None);
        let path = Path::<String>::from_request_parts(parts, edge).await;
        path.map(|Path(name)| Self(name)).map_err(unreadable)
    }
}

/// What stands in the query.
pub(super) struct Filter<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequestParts<Edge> for Filter<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Refusal> {
        let query = Query::<T>::from_request_parts(parts, edge).await;
        query
            .map(|Query(filter)| Self(filter))
            .map_err(|error| Refusal::bad_request(error.body_text(), None))
    }
}

/// A typed body. An empty one counts as an empty object.
pub(super) struct Typed<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<Edge> for Typed<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, edge: &Edge) -> Result<Self, Refusal> {
        // The only reason not to read it is its size; that is worded where every answer passes.
        let unreadable = |refusal: BytesRejection| Refusal {
            status: refusal.status(),
            detail: refusal.body_text(),
            hint: None,
        };
        let bytes = Bytes::from_request(request, edge).await.map_err(unreadable)?;
        let bytes = if bytes.is_empty() { b"{}".as_slice() } else { &bytes };
        let mut json = serde_json::Deserializer::from_slice(bytes);
        let body = serde_path_to_error::deserialize(&mut json).map_err(|error| {
            Refusal::bad_request(format!("{}: {}", error.path(), error.inner()), None)
        })?;
        let trailing = |error| Refusal::bad_request(format!("after the body: {error}"), None);
        json.end().map_err(trailing)?;
        Ok(Self(body))
    }
}
