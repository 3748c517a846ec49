//! Receipts, and what is stored for an order as a whole.

use axum::{body::Bytes, http::StatusCode};
use serde::Serialize;

use super::{
    headers::Begun, link_body::LinkReply, nothing_stored, order_key, receipt_body::receipt,
    receipt_reply::ReceiptBody,
};
use crate::http::{error::ApiError, json::Json, path::PathText, schema::Node, unit::Unit};

/// What is not stored is left out.
#[derive(Serialize)]
pub(super) struct OrderReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<LinkReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptBody>,
}

/// Answers with an id of its own, as a bare JSON string.
pub(super) async fn post(
    unit: Unit,
    Begun(mut check): Begun,
    PathText((payment_type, order_id)): PathText<(String, String)>,
    body: Bytes,
) -> Result<(StatusCode, Json<String>), ApiError> {
    let key = order_key(&mut check, &payment_type, &order_id);
    let json = check.json(&body);
    let receipt = json.as_ref().and_then(|json| receipt(&mut check, &Node::root(json)));
    let ((key, receipt), _) = check.finish(key.zip(receipt))?;
    let id = unit.post_receipt(key, receipt)?;
    Ok((StatusCode::CREATED, Json(id.to_string())))
}

pub(super) async fn order(
    unit: Unit,
    Begun(mut check): Begun,
    PathText((payment_type, order_id)): PathText<(String, String)>,
) -> Result<Json<OrderReply>, ApiError> {
    let key = order_key(&mut check, &payment_type, &order_id);
    let (key, _) = check.finish(key)?;
    let order = unit.order(&key).ok_or_else(|| nothing_stored("Nothing", &key.id))?;
    Ok(Json(OrderReply {
        category: order.category().map(|category| LinkReply::from(&category.link)),
        receipt: order.receipt.as_ref().map(|stored| ReceiptBody::from(&stored.receipt)),
    }))
}
