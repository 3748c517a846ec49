//! What waits in customers' apps until a tester says what they do.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{PathName, PathUnit, Refusal},
    customers::phone,
};
use crate::{
    app::{SalesUnit, inbox::InboxItem, webhooks::zulu_text},
    domain::PhoneNumber,
    http::fields::AmountBody,
};

/// A payment that nobody will answer unless a tester does.
#[derive(Serialize, ToSchema)]
#[schema(as = InboxItem)]
#[serde(rename_all = "camelCase")]
pub(super) struct ItemBody {
    /// Whose answer it waits for.
    phone: String,
    reference: String,
    amount: AmountBody,
    /// What the customer knows the merchant as.
    merchant: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// Since when the customer has it before it.
    since: String,
    expires_at: String,
    /// Whether the customer has opened the app and is confirming it.
    open: bool,
    /// What came of the latest attempt to pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "insufficient funds")]
    declined: Option<String>,
}

/// What waits for a customer, the longest wait first
///
/// Payments that it has been asked for, by push or on the landing page, and does nothing about by itself
/// any more.
#[utoipa::path(
    get,
    path = "/users/{phone}/inbox",
    responses((status = 200, body = Vec<ItemBody>))
)]
pub(super) async fn of_customer(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<Vec<ItemBody>>, Refusal> {
    Ok(items(&unit, Some(&phone(&text)?)))
}

/// What waits for any customer, the longest wait first
#[utoipa::path(get, path = "/inbox", responses((status = 200, body = Vec<ItemBody>)))]
pub(super) async fn of_all(PathUnit(unit): PathUnit) -> Json<Vec<ItemBody>> {
    items(&unit, None)
}

fn items(unit: &SalesUnit, phone: Option<&PhoneNumber>) -> Json<Vec<ItemBody>> {
    let merchant = &unit.seed().name;
    Json(unit.inbox(phone).into_iter().map(|item| ItemBody::new(item, merchant)).collect())
}

impl ItemBody {
    fn new(item: InboxItem, merchant: &str) -> Self {
        Self {
            phone: item.phone.to_string(),
            reference: item.reference.to_string(),
            amount: item.amount.into(),
            merchant: merchant.to_owned(),
            description: item.description,
            since: zulu_text(item.since),
            expires_at: zulu_text(item.expires_at),
            open: item.is_open,
            declined: item.declined.map(|it| it.to_string()),
        }
    }
}
