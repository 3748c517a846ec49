//! What a customer does with one payment besides approving and rejecting it.

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{
    answer::{PathName, PathUnit, Refusal, Typed},
    payments::{PaymentBody, act, reference, whole},
};
use crate::{app::SalesUnit, domain::user::Outcome, http::Edge};

/// What comes of the customer's attempt to pay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FailBody {
    /// In the words of behaviours, with spaces or hyphens: `card refused`, `insufficient-funds`,
    /// `payment limit exceeded`, `expired card` …
    #[schema(example = "insufficient-funds")]
    outcome: String,
}

/// The customer tries to pay, in vain
///
/// The payment stays `CREATED` and waits on, and `app.declined` tells of the attempt. 409 when the payment
/// does not wait for its customer.
#[utoipa::path(
    post,
    path = "/payments/{reference}/fail",
    request_body = FailBody,
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn fail(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
    Typed(body): Typed<FailBody>,
) -> Result<Json<PaymentBody>, Refusal> {
    let reference = reference(&text)?;
    let outcome = body.outcome.parse::<Outcome>().map_err(|error| {
        let hint = "such as: insufficient funds; card refused; payment limit exceeded";
        Refusal::bad_request(format!("outcome: {error}"), Some(hint))
    })?;
    unit.fail(&reference, outcome).await?;
    whole(&edge, &unit, &reference)
}

/// The customer will not answer: the payment leaves its inbox, and expires in its own time
///
/// What the customer would have done by itself it does not do either. 409 when the payment does not wait
/// for its customer.
#[utoipa::path(
    post,
    path = "/payments/{reference}/ignore",
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn ignore(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    act(&edge, &unit, &text, SalesUnit::ignore)
}

/// The customer opens the app and is about to confirm
///
/// Until it has answered, the merchant's cancel is refused with 6250. Where nobody was asked yet, the
/// customer whom the merchant has named is asked now, as if it had followed the link. 409 when the payment
/// does not wait for its customer, or is not paid in the app.
#[utoipa::path(
    post,
    path = "/payments/{reference}/open-app",
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn open_app(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    act(&edge, &unit, &text, SalesUnit::open_app)
}

/// The customer's browser never comes back to the merchant
///
/// The link leads nowhere from now on, and nobody is sent to `returnUrl`; in the app the customer may still
/// answer. 409 when the payment has no link, or its browser has come to the end already.
#[utoipa::path(
    post,
    path = "/payments/{reference}/close-browser",
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn close_browser(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    act(&edge, &unit, &text, SalesUnit::close_browser)
}
