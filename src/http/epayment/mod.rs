//! `/epayment/v1`: the ePayment API.

mod approve;
mod create;
mod get;
mod modify;

use axum::{
    Router,
    routing::{get, post},
};

pub(super) use get::EventReply;

use super::{
    Edge,
    error::ApiError,
    schema::{Failure, Rule},
};
use crate::domain::{Reference, reference::REFERENCE_PATTERN};

pub(super) fn router() -> Router<Edge> {
    Router::new()
        .route("/epayment/v1/payments", post(create::create))
        .route("/epayment/v1/payments/{reference}", get(get::payment))
        .route("/epayment/v1/payments/{reference}/events", get(get::events))
        .route("/epayment/v1/payments/{reference}/capture", post(modify::capture))
        .route("/epayment/v1/payments/{reference}/refund", post(modify::refund))
        .route("/epayment/v1/payments/{reference}/cancel", post(modify::cancel))
        .route("/epayment/v1/test/payments/{reference}/approve", post(approve::approve))
}

/// The reference in a path. One that breaks the pattern cannot exist, but is told why.
fn reference(text: &str) -> Result<Reference, ApiError> {
    text.parse().map_err(|_| {
        let rule = Rule::Pattern(REFERENCE_PATTERN);
        ApiError::Invalid(vec![Failure { path: "reference".to_owned(), rule }])
    })
}
