//! `/order-management`: receipts, links and images (Order Management API description, 2.1).

mod categories;
mod deprecated;
mod headers;
mod images;
mod link_body;
mod receipts;

pub(super) mod receipt_body;
pub(super) mod receipt_reply;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    routing::{get, post, put},
};

use super::{
    Edge, IMAGE_BODY_MAX,
    error::ApiError,
    problem::Problem,
    schema::{Check, Failure, Rule},
};
use crate::{
    app::orders::{OrderKey, PaymentType},
    domain::reference::{ORDER_ID_PATTERN, OrderId},
};

pub(super) fn router() -> Router<Edge> {
    let image = || post(images::upload).layer(DefaultBodyLimit::max(IMAGE_BODY_MAX));
    Router::new()
        .route(
            "/order-management/v1/orders/{transactionId}",
            put(deprecated::put_link).get(deprecated::link),
        )
        .route("/order-management/v1/images", image())
        // A plugin with many users sends images so, and the platform takes them.
        .route("/order-management/v1/images/", image())
        .route(
            "/order-management/v1/receipts/{transactionId}",
            post(deprecated::post_receipt).get(deprecated::receipt),
        )
        .route("/order-management/v2/{paymentType}/receipts/{orderId}", post(receipts::post))
        .route("/order-management/v2/{paymentType}/categories/{orderId}", put(categories::put))
        .route("/order-management/v2/{paymentType}/{orderId}", get(receipts::order))
        .route("/order-management/v3/categories", post(categories::add).get(categories::list))
        .route(
            "/order-management/v3/categories/{categoryId}",
            get(categories::show).delete(categories::delete),
        )
}

/// The payment type in any case, and an order id that need not exist.
fn order_key(check: &mut Check, payment_type: &str, id: &str) -> Option<OrderKey> {
    let parsed: Option<PaymentType> = payment_type.parse().ok();
    if parsed.is_none() {
        let rule = Rule::Said(format!("The value '{payment_type}' is not valid."));
        check.fail("paymentType".to_owned(), rule);
    }
    let id = order_id(check, "orderId", id);
    Some(OrderKey { payment_type: parsed?, id: id? })
}

/// An order id under the name it has in the path or query.
fn order_id(check: &mut Check, name: &str, text: &str) -> Option<OrderId> {
    let id = text.parse().ok();
    if id.is_none() {
        check.fail(name.to_owned(), Rule::Pattern(ORDER_ID_PATTERN));
    }
    id
}

fn nothing_stored(what: &str, order: &OrderId) -> ApiError {
    let detail = format!("{what} is stored for the order {order}.");
    ApiError::Problem(Problem::NothingStored, detail)
}

/// An id in a body that names something else which must have been there before.
fn invalid(path: &str, text: String) -> ApiError {
    ApiError::Invalid(vec![Failure { path: path.to_owned(), rule: Rule::Said(text) }])
}
