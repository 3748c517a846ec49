//! What a merchant may name a customer by, besides the phone number.

use axum::Json;
use serde::Serialize;

use super::answer::{PathName, PathUnit, Refusal};
use crate::{app::webhooks::zulu_text, domain::PhoneNumber};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TokenBody {
    customer_token: String,
    expires_at: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CodeBody {
    personal_qr: String,
    version: &'static str,
}

/// A token as a check-in hands it to the merchant.
pub(super) async fn token(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<TokenBody>, Refusal> {
    let issued = unit.issue_customer_token(&phone(&text)?);
    let expires_at = zulu_text(issued.expires_at);
    Ok(Json(TokenBody { customer_token: issued.token.to_string(), expires_at }))
}

/// The code that the customer's app shows.
pub(super) async fn code(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<CodeBody>, Refusal> {
    let code = unit.issue_personal_qr(&phone(&text)?);
    Ok(Json(CodeBody { personal_qr: code.content(), version: code.version() }))
}

fn phone(text: &str) -> Result<PhoneNumber, Refusal> {
    let hint = "digits with the country code, such as 4790000001";
    text.parse().map_err(|error| Refusal::bad_request(format!("{text}: {error}"), Some(hint)))
}
