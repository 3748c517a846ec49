//! `/qr/v1`: whose code was scanned (QR API guide). The codes of merchants are not there.

use axum::{Router, body::Bytes, routing::post};
use serde::Serialize;

use super::{
    Edge,
    error::ApiError,
    gateway::Unit,
    json::Json,
    schema::{Check, Failure, Node, Rule},
};
use crate::domain::customer::{CustomerIdentity, PersonalQr};

pub(super) fn router() -> Router<Edge> {
    Router::new().route("/qr/v1/exchange", post(exchange))
}

/// The number behind a code. When the code was made is left out: what `timestamp` means is not
/// published, and it is optional.
#[derive(Serialize)]
struct ExchangeReply {
    msisdn: String,
    version: &'static str,
}

/// Takes what was scanned, of either version.
async fn exchange(
    unit: Unit,
    mut check: Check,
    body: Bytes,
) -> Result<Json<ExchangeReply>, ApiError> {
    let json = check.json(&body);
    let text = json.as_ref().and_then(|json| {
        let root = Node::root(json);
        check.members(&root, "ExchangeRequest", &["qrCode"])?;
        let node = check.required(&root, "qrCode")?;
        check.string(node).map(str::to_owned)
    });
    let (text, _) = check.finish(text)?;
    let code = text.parse::<PersonalQr>().ok();
    let read = code.and_then(|code| {
        let version = code.version();
        let phone = unit.identify(&CustomerIdentity::PersonalQr(code)).ok()?;
        Some(ExchangeReply { msisdn: phone.to_string(), version })
    });
    read.map(Json).ok_or_else(|| {
        let rule = Rule::Said("It is not what a customer's own code says.".to_owned());
        ApiError::Invalid(vec![Failure { path: "qrCode".to_owned(), rule }])
    })
}
