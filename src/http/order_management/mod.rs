//! `/order-management`: receipts (Order Management API description, 2.1).

pub(super) mod receipt_body;

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use serde::Serialize;

use self::receipt_body::{ReceiptBody, receipt};
use super::{
    Edge,
    error::ApiError,
    gateway::{MSN, Unit},
    json::Json,
    path::PathText,
    problem::Problem,
    schema::{Check, Failure, Node, Rule},
};
use crate::{
    app::orders::{OrderKey, PaymentType},
    domain::reference::ORDER_ID_PATTERN,
};

pub(super) fn router() -> Router<Edge> {
    Router::new()
        .route("/order-management/v2/{paymentType}/receipts/{orderId}", post(post_receipt))
        .route("/order-management/v2/{paymentType}/{orderId}", get(order))
}

/// What is not stored is left out.
#[derive(Serialize)]
struct OrderReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptBody>,
}

/// Answers with an id of its own, as a bare JSON string.
async fn post_receipt(
    unit: Unit,
    PathText((payment_type, order_id)): PathText<(String, String)>,
    mut check: Check,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<String>), ApiError> {
    let key = order_key(&headers, &payment_type, &order_id)?;
    let json = check.json(&body);
    let wanted = json.as_ref().and_then(|json| receipt(&mut check, &Node::root(json)));
    let (receipt, _) = check.finish(wanted)?;
    let id = unit.post_receipt(key, receipt)?;
    Ok((StatusCode::CREATED, Json(id.to_string())))
}

async fn order(
    unit: Unit,
    PathText((payment_type, order_id)): PathText<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<OrderReply>, ApiError> {
    let key = order_key(&headers, &payment_type, &order_id)?;
    let order = unit.order(&key).ok_or_else(|| {
        let detail = format!("Nothing is stored for the order {order_id}.");
        ApiError::Problem(Problem::NothingStored, detail)
    })?;
    Ok(Json(OrderReply { receipt: order.receipt.as_ref().map(ReceiptBody::from) }))
}

/// The payment type in any case, and an order id that need not exist. This API insists on the
/// number of the sales unit.
fn order_key(
    headers: &HeaderMap,
    payment_type: &str,
    order_id: &str,
) -> Result<OrderKey, ApiError> {
    let mut failures = Vec::new();
    if !headers.contains_key(MSN) {
        let path = "Merchant-Serial-Number".to_owned();
        failures.push(Failure { path, rule: Rule::Required });
    }
    let payment_type = match payment_type.to_ascii_lowercase().as_str() {
        "ecom" => Some(PaymentType::Ecom),
        "recurring" => Some(PaymentType::Recurring),
        _ => {
            let rule = Rule::Said(format!("The value '{payment_type}' is not valid."));
            failures.push(Failure { path: "paymentType".to_owned(), rule });
            None
        }
    };
    let id = order_id.parse().ok();
    if id.is_none() {
        let rule = Rule::Pattern(ORDER_ID_PATTERN);
        failures.push(Failure { path: "orderId".to_owned(), rule });
    }
    match payment_type.zip(id) {
        Some((payment_type, id)) if failures.is_empty() => Ok(OrderKey { payment_type, id }),
        Some(_) | None => Err(ApiError::Invalid(failures)),
    }
}
