//! `POST /accesstoken/get`: keys for a token (Access Token API description, 2.0).

use std::sync::Arc;

use axum::{
    Router,
    extract::{OriginalUri, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Serialize;

use super::{
    Edge,
    error::explain,
    gateway::{Denial, MSN, subscriber, unknown_route},
};
use crate::{
    app::{SalesUnit, tokens::TOKEN_AUDIENCE},
    domain::token::token_expires_in_s,
};

pub(super) fn router() -> Router<Edge> {
    Router::new().route(PATH, post(get)).fallback(get_in_another_casing)
}

const PATH: &str = "/accesstoken/get";

/// Plugins write the path in several casings, and all of them work.
async fn get_in_another_casing(
    edge: State<Edge>,
    uri: OriginalUri,
    method: Method,
    headers: HeaderMap,
) -> Response {
    if method == Method::POST && uri.path().eq_ignore_ascii_case(PATH) {
        get(edge, headers).await
    } else {
        unknown_route(uri).await
    }
}

/// Every member is text, the numbers too.
#[derive(Serialize)]
struct TokenReply<'a> {
    token_type: &'static str,
    expires_in: String,
    ext_expires_in: String,
    expires_on: String,
    not_before: String,
    resource: &'static str,
    access_token: &'a str,
}

async fn get(State(edge): State<Edge>, headers: HeaderMap) -> Response {
    let unit = match subscriber(&edge, &headers) {
        Ok(unit) => unit,
        Err(denial) => return denial.into_response(),
    };
    let text = |name| headers.get(name).and_then(|it: &HeaderValue| it.to_str().ok());
    let client_id = text("client_id").unwrap_or_default();
    if let Some(refusal) = check_client(&unit, &edge, client_id, text("client_secret")) {
        return refusal;
    }
    if text(MSN).is_some_and(|number| number != unit.msn().as_str()) {
        return Denial::OtherUnit.into_response();
    }
    reply(&unit)
}

fn reply(unit: &SalesUnit) -> Response {
    let token = unit.issue_token();
    let lifetime = token_expires_in_s(unit.environment()).to_string();
    let body = TokenReply {
        token_type: "Bearer",
        expires_in: lifetime.clone(),
        ext_expires_in: lifetime,
        expires_on: token.expires_on.as_second().to_string(),
        not_before: token.not_before.as_second().to_string(),
        resource: TOKEN_AUDIENCE,
        access_token: &token.jwt,
    };
    let body = serde_json::to_string(&body).unwrap_or_default();
    ([(CONTENT_TYPE, "application/json;charset=UTF-8")], body).into_response()
}

fn check_client(
    unit: &Arc<SalesUnit>,
    edge: &Edge,
    client_id: &str,
    client_secret: Option<&str>,
) -> Option<Response> {
    let seed = unit.seed();
    if client_id == &*seed.client_id && client_secret == Some(&*seed.client_secret) {
        return None;
    }
    let is_known = edge.mock.units().iter().any(|it| &*it.seed().client_id == client_id);
    if is_known && client_id != &*seed.client_id {
        return Some(Denial::OtherClient.into_response());
    }
    let (refusal, why) = if is_known {
        (Refusal::wrong_secret(client_id), "The client_secret is wrong (Access Token API guide)")
    } else {
        (
            Refusal::unknown_client(client_id),
            "No sales unit has this client_id (Access Token API guide)",
        )
    };
    let mut response = refusal.print(unit);
    explain(&mut response, why);
    Some(response)
}

/// What the directory behind the endpoint says no with.
struct Refusal {
    status: StatusCode,
    error: &'static str,
    code: u32,
    description: String,
    uri: String,
}

#[derive(Serialize)]
struct RefusalBody<'a> {
    error: &'static str,
    error_description: String,
    error_codes: [u32; 1],
    timestamp: &'a str,
    trace_id: &'a str,
    correlation_id: &'a str,
    error_uri: &'a str,
}

impl Refusal {
    fn unknown_client(client_id: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: "unauthorized_client",
            code: 700_016,
            description: format!(
                "AADSTS700016: Application with identifier '{client_id}' was not found in the \
                 directory 'VIPPS-TEST'. This can happen if the application has not been \
                 installed by the administrator of the tenant or consented to by any user in the \
                 tenant. You may have sent your authentication request to the wrong tenant."
            ),
            uri: "https://login.windows.net/error?code=700016".to_owned(),
        }
    }

    fn wrong_secret(client_id: &str) -> Self {
        Self {
            status: StatusCode::UNAUTHORIZED,
            error: "invalid_client",
            code: 7_000_215,
            description: format!(
                "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in \
                 the request is the client secret value, not the client secret ID, for a secret \
                 added to app '{client_id}'."
            ),
            uri: "https://login.microsoftonline.com/error?code=7000215".to_owned(),
        }
    }

    fn print(&self, unit: &SalesUnit) -> Response {
        let timestamp = unit.clock().now().strftime("%Y-%m-%d %H:%M:%SZ").to_string();
        let (trace_id, correlation_id) = (unit.entropy().uuid(), unit.entropy().uuid());
        let body = RefusalBody {
            error: self.error,
            error_description: format!(
                "{}\r\nTrace ID: {trace_id}\r\nCorrelation ID: {correlation_id}\r\nTimestamp: \
                 {timestamp}",
                self.description
            ),
            error_codes: [self.code],
            timestamp: &timestamp,
            trace_id: &trace_id,
            correlation_id: &correlation_id,
            error_uri: &self.uri,
        };
        let body = serde_json::to_string(&body).unwrap_or_default();
        let media_type = "application/json;charset=UTF-8";
        (self.status, [(CONTENT_TYPE, media_type)], body).into_response()
    }
}
