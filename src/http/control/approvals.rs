//! What a customer does in the app: approves, with its own choices or a tester's; or refuses to
//! share its profile. And how the merchant is asked for its shipping options.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};

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
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ApproveBody {
    phone_number: Option<String>,
    address: Option<AddressBody>,
    shipping_option_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddressBody {
    address_line1: String,
    address_line2: Option<String>,
    city: String,
    post_code: String,
    country: String,
}

/// Answers when the merchant has said how it ships, if it has to be asked.
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

/// The customer does not share its profile, which ends the payment.
pub(super) async fn refuse_consent(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    act(&edge, &unit, &text, SalesUnit::refuse_consent)
}

/// How the body of the shipping callback is written.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CallbackBody {
    casing: String,
}

const CASINGS: [(&str, CallbackCasing); 2] =
    [("camelCase", CallbackCasing::Camel), ("PascalCase", CallbackCasing::Pascal)];

pub(super) async fn callback(PathUnit(unit): PathUnit) -> Json<CallbackBody> {
    let casing = unit.callback_casing();
    let word = CASINGS.into_iter().find(|(_, it)| *it == casing).map_or("", |(word, _)| word);
    Json(CallbackBody { casing: word.to_owned() })
}

pub(super) async fn write_callback(
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
