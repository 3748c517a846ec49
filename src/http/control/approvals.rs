//! What a customer does in the app: approves, with its own choices or a tester's; or refuses to
//! share its profile. And how the merchant is asked for its shipping options.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{PathName, PathUnit, Refusal, Typed},
    payments::{PaymentBody, act, reference, whole},
};
use crate::{
    app::{SalesUnit, payments::Wish, shipping::CallbackCasing},
    domain::Address,
    http::Edge,
};

/// The customer's choices. What is left out, the customer chooses as usual.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ApproveBody {
    /// Who pays, where the payment does not say: digits with the country code.
    #[schema(example = "4790000001")]
    phone_number: Option<String>,
    /// Where the goods are sent.
    address: Option<AddressBody>,
    /// One of the options that the merchant offers.
    shipping_option_id: Option<String>,
}

/// An address that the customer chooses.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChosenAddress)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddressBody {
    /// Street and number.
    address_line1: String,
    /// What does not fit into the first line.
    address_line2: Option<String>,
    /// City.
    city: String,
    /// Postal code.
    post_code: String,
    /// Two letters, such as `NO`.
    country: String,
}

/// The customer pays
///
/// What the body leaves out, the customer does as usual: it sends the goods home, by the option that is
/// selected when it first looks. Answers when the merchant's shipping callback has answered, where there
/// is one. 409 when the payment does not wait for its customer, when the card is refused (`app.declined`
/// of the payment tells), or when the goods cannot be shipped.
#[utoipa::path(
    post,
    path = "/payments/{reference}/approve",
    request_body = ApproveBody,
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn approve(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
    Typed(body): Typed<ApproveBody>,
) -> Result<Json<PaymentBody>, Refusal> {
    let reference = reference(&text)?;
    unit.approve_as(&reference, wish(body)?).await?;
    whole(&edge, &unit, &reference)
}

fn wish(body: ApproveBody) -> Result<Wish, Refusal> {
    let customer = body.phone_number.map(|text| {
        let hint = "digits with the country code, such as 4790000001";
        text.parse().map_err(|error| {
            Refusal::bad_request(format!("phoneNumber: {text}: {error}"), Some(hint))
        })
    });
    let address = body.address.map(|it| Address {
        line1: it.address_line1.into(),
        line2: it.address_line2.map(Arc::from),
        city: it.city.into(),
        post_code: it.post_code.into(),
        country: it.country.into(),
    });
    let option = body.shipping_option_id.map(Arc::from);
    Ok(Wish { customer: customer.transpose()?, address, option, ..Wish::default() })
}

/// The customer does not share its profile, which ends the payment
///
/// 409 when it is not asked to share anything.
#[utoipa::path(
    post,
    path = "/payments/{reference}/refuse-consent",
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn refuse_consent(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    act(&edge, &unit, &text, SalesUnit::refuse_consent)
}

/// How the body of the shipping callback is written.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackBody {
    /// `camelCase` (as it starts) or `PascalCase`.
    casing: String,
}

const CASINGS: [(&str, CallbackCasing); 2] =
    [("camelCase", CallbackCasing::Camel), ("PascalCase", CallbackCasing::Pascal)];

/// How the members of the Express shipping callback are written
#[utoipa::path(get, path = "/shipping-callback", responses((status = 200, body = CallbackBody)))]
pub(super) async fn casing(PathUnit(unit): PathUnit) -> Json<CallbackBody> {
    let casing = unit.callback_casing();
    let word = CASINGS.into_iter().find(|(_, it)| *it == casing).map_or("", |(word, _)| word);
    Json(CallbackBody { casing: word.to_owned() })
}

/// Chooses how the members of the Express shipping callback are written
#[utoipa::path(
    put,
    path = "/shipping-callback",
    request_body = CallbackBody,
    responses((status = 200, body = CallbackBody))
)]
pub(super) async fn write_casing(
    PathUnit(unit): PathUnit,
    Typed(body): Typed<CallbackBody>,
) -> Result<Json<CallbackBody>, Refusal> {
    let Some((_, casing)) = CASINGS.into_iter().find(|(word, _)| *word == body.casing) else {
        let detail = format!("casing: {} is neither camelCase nor PascalCase", body.casing);
        return Err(Refusal::bad_request(detail, None));
    };
    unit.write_callbacks(casing);
    Ok(Json(body))
}
