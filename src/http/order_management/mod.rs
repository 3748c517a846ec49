//! `/order-management`: receipts (Order Management API description, 2.1).

pub(super) mod receipt_body;

use axum::{
    Json, Router,
    body::Bytes,
    extract::Path,
    http::StatusCode,
    middleware,
    routing::{get, post},
};
use serde::Serialize;

use self::receipt_body::{ReceiptBody, receipt};
use super::{
    Edge,
    error::{Api, ApiError},
    gateway::{Unit, guard},
    problem::Problem,
    schema::{Check, Failure, Node, Rule},
};
use crate::{
    app::orders::{OrderKey, PaymentType},
    domain::reference::ORDER_ID_PATTERN,
};

pub(super) fn router(edge: &Edge) -> Router<Edge> {
    Router::new()
        .route("/order-management/v2/{payment_type}/receipts/{order_id}", post(post_receipt))
        .route("/order-management/v2/{payment_type}/{order_id}", get(order))
        .route_layer(middleware::from_fn_with_state((edge.clone(), Api::OrderManagement), guard))
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
    Path((payment_type, order_id)): Path<(String, String)>,
    body: Bytes,
) -> Result<(StatusCode, Json<String>), ApiError> {
    let key = order_key(&payment_type, &order_id)?;
    let mut check = Check::default();
    let json = check.json(&body);
    let wanted = json.as_ref().and_then(|json| receipt(&mut check, &Node::root(json)));
    let (receipt, _) = check.finish(wanted)?;
    let id = unit.post_receipt(key, receipt)?;
    Ok((StatusCode::CREATED, Json(id.to_string())))
}

async fn order(
    unit: Unit,
    Path((payment_type, order_id)): Path<(String, String)>,
) -> Result<Json<OrderReply>, ApiError> {
    let key = order_key(&payment_type, &order_id)?;
    let order = unit.order(&key).ok_or_else(|| {
        let detail = format!("Nothing is stored for the order {order_id}.");
        ApiError::Problem(Problem::NothingStored, detail)
    })?;
    Ok(Json(OrderReply { receipt: order.receipt.as_ref().map(ReceiptBody::from) }))
}

/// The payment type in any case, and an order id that need not exist.
fn order_key(payment_type: &str, order_id: &str) -> Result<OrderKey, ApiError> {
    let mut failures = Vec::new();
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
        Some((payment_type, id)) => Ok(OrderKey { payment_type, id }),
        None => Err(ApiError::Invalid(failures)),
    }
}
