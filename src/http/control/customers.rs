//! What a merchant may name a customer by, besides the phone number.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{PathName, PathUnit, Refusal, Typed};
use crate::{
    app::{customers::CustomerToken, webhooks::zulu_text},
    domain::PhoneNumber,
};

/// What names a customer in a create request, for fifteen minutes.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenBody {
    customer_token: String,
    expires_at: String,
}

/// A code to scan, which names a customer in a create request.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeBody {
    personal_qr: String,
    version: &'static str,
}

/// What a check-in hands to the merchant, without a webhook
#[utoipa::path(
    post,
    path = "/users/{phone}/customer-token",
    responses((status = 200, body = TokenBody))
)]
pub(super) async fn token(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<TokenBody>, Refusal> {
    Ok(Json(unit.issue_customer_token(&phone(&text)?).into()))
}

/// What is scanned.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ScannedCode {
    /// The id of the merchant's code; a sticker on a seat if nobody says.
    #[schema(example = "car-7-seat-2")]
    merchant_qr_id: Option<String>,
}

/// What a customer scans when nobody says what: a sticker on a seat.
const USUAL_CODE: &str = "seat-1";

/// The customer scans a code of the merchant's
///
/// Fires `user.checked-in.v1` to whoever has registered for it, and answers with the token in it.
#[utoipa::path(
    post,
    path = "/users/{phone}/check-in",
    request_body = ScannedCode,
    responses((status = 200, body = TokenBody))
)]
pub(super) async fn check_in(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
    Typed(scanned): Typed<ScannedCode>,
) -> Result<Json<TokenBody>, Refusal> {
    let code = scanned.merchant_qr_id.as_deref().unwrap_or(USUAL_CODE);
    Ok(Json(unit.check_in(code, &phone(&text)?).into()))
}

impl From<CustomerToken> for TokenBody {
    fn from(issued: CustomerToken) -> Self {
        let expires_at = zulu_text(issued.expires_at);
        Self { customer_token: issued.token.to_string(), expires_at }
    }
}

/// The code that the customer's app shows
#[utoipa::path(
    post,
    path = "/users/{phone}/personal-qr",
    responses((status = 200, body = CodeBody))
)]
pub(super) async fn code(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<CodeBody>, Refusal> {
    let code = unit.issue_personal_qr(&phone(&text)?);
    Ok(Json(CodeBody { personal_qr: code.content(), version: code.version() }))
}

/// A number as it stands in the path.
pub(super) fn phone(text: &str) -> Result<PhoneNumber, Refusal> {
    let hint = "digits with the country code, such as 4790000001";
    text.parse().map_err(|error| Refusal::bad_request(format!("{text}: {error}"), Some(hint)))
}
