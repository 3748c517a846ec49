//! Version 1 of the API, which the description still has and calls no longer available.
//!
//! It named orders by the platform's own transaction id. Nothing tells what that is for a payment
//! of today, so here it is the order id of version 2.

use axum::{body::Bytes, http::StatusCode};

use super::{
    headers::Begun,
    link_body::{LinkReply, V2, link as read_link},
    nothing_stored, order_id,
    receipt_body::receipt as read_receipt,
    receipt_reply::ReceiptBody,
};
use crate::{
    app::orders::{OrderKey, PaymentType},
    http::{
        error::ApiError,
        json::Json,
        path::PathText,
        schema::{Check, Node},
        unit::Unit,
    },
};

pub(super) async fn put_link(
    unit: Unit,
    Begun(mut check): Begun,
    PathText(id): PathText<String>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let key = transaction(&mut check, &id);
    let json = check.json(&body);
    let link = json.as_ref().and_then(|json| read_link(&mut check, &Node::root(json), V2));
    let ((key, link), _) = check.finish(key.zip(link))?;
    unit.put_category(key, link)?;
    Ok(StatusCode::OK)
}

pub(super) async fn link(
    unit: Unit,
    Begun(check): Begun,
    PathText(id): PathText<String>,
) -> Result<Json<LinkReply>, ApiError> {
    let key = asked_for(check, &id)?;
    let order = unit.order(&key);
    let link = order.as_ref().and_then(|order| Some(LinkReply::from(&order.category()?.link)));
    link.map(Json).ok_or_else(|| nothing_stored("No category", &key.id))
}

pub(super) async fn post_receipt(
    unit: Unit,
    Begun(mut check): Begun,
    PathText(id): PathText<String>,
    body: Bytes,
) -> Result<StatusCode, ApiError> {
    let key = transaction(&mut check, &id);
    let json = check.json(&body);
    let receipt = json.as_ref().and_then(|json| read_receipt(&mut check, &Node::root(json)));
    let ((key, receipt), _) = check.finish(key.zip(receipt))?;
    unit.post_receipt(key, receipt)?;
    Ok(StatusCode::OK)
}

pub(super) async fn receipt(
    unit: Unit,
    Begun(check): Begun,
    PathText(id): PathText<String>,
) -> Result<Json<ReceiptBody>, ApiError> {
    let key = asked_for(check, &id)?;
    let stored = unit.order(&key).and_then(|order| order.receipt);
    let stored = stored.ok_or_else(|| nothing_stored("No receipt", &key.id))?;
    Ok(Json(ReceiptBody::from(&stored.receipt)))
}

fn asked_for(mut check: Check, id: &str) -> Result<OrderKey, ApiError> {
    let key = transaction(&mut check, id);
    check.finish(key).map(|(key, _)| key)
}

fn transaction(check: &mut Check, id: &str) -> Option<OrderKey> {
    let id = order_id(check, "transactionId", id)?;
    Some(OrderKey { payment_type: PaymentType::Ecom, id })
}
