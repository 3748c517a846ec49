//! `GET /epayment/v1/payments/{reference}` and its `/events` (ePayment API description,
//! `getPayment` and `getPaymentEventLog`).

use axum::extract::State;
use serde::{Serialize, Serializer, ser::SerializeMap as _};
use utoipa::ToSchema;

use super::reference;
use crate::{
    app::{
        details::{ShippingDetailsBody, UserDetailsBody},
        webhooks::{offset_text, zulu_text},
    },
    domain::{
        Operation, Payment, PaymentEvent, PaymentState,
        payment::{Link, Payer},
    },
    http::{
        Edge,
        error::ApiError,
        fields::{AggregateBody, AmountBody},
        gateway::Unit,
        json::Json,
        landing::redirect_url,
        path::PathText,
    },
};

pub(super) async fn payment(
    State(edge): State<Edge>,
    unit: Unit,
    PathText(text): PathText<String>,
) -> Result<Json<PaymentReply>, ApiError> {
    unit.admit(Operation::Get, &text)?;
    let reference = reference(&text)?;
    let read = |payment: &Payment| PaymentReply::of(payment, &edge);
    Ok(Json(unit.read(Operation::Get, &reference, read)?))
}

pub(super) async fn events(
    unit: Unit,
    PathText(text): PathText<String>,
) -> Result<Json<Vec<EventReply>>, ApiError> {
    unit.admit(Operation::Events, &text)?;
    let reference = reference(&text)?;
    let events = unit.read(Operation::Events, &reference, |payment| payment.events().to_vec())?;
    Ok(Json(events.iter().map(|event| EventReply::of(&text, event)).collect()))
}

/// A payment, its members in the order of the platform's samples.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentReply {
    aggregate: AggregateBody,
    amount: AmountBody,
    state: &'static str,
    payment_method: PaymentMethodBody,
    profile: Profile,
    psp_reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    reference: String,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    metadata: Metadata,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_details: Option<ShippingDetailsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_details: Option<UserDetailsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_guaranteed_until: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentMethodBody {
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_bin: Option<String>,
}

/// Empty unless something was asked about the customer, and it has approved.
#[derive(Serialize)]
struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
}

/// Pairs in the order sent.
struct Metadata(Vec<(std::sync::Arc<str>, std::sync::Arc<str>)>);

/// The first six digits of the card that every simulated customer pays with: a published test
/// number's.
const CARD_BIN: &str = "411111";

/// Of the card that was typed, where one was.
fn card_bin(payment: &Payment) -> String {
    match payment.link().and_then(Link::payer) {
        Some(Payer::Card { bin }) => bin.to_string(),
        Some(Payer::Phone(_)) | None => CARD_BIN.into(),
    }
}

impl PaymentReply {
    fn of(payment: &Payment, edge: &Edge) -> Self {
        let held = payment.reservation();
        let approval = payment.approval();
        let shared = approval.and_then(|it| it.shared.as_ref());
        let link = payment.link().filter(|_| payment.state() == PaymentState::Created);
        Self {
            aggregate: payment.totals().into(),
            amount: payment.amount().into(),
            state: payment.state().name(),
            payment_method: PaymentMethodBody {
                r#type: payment.request().method.code(),
                card_bin: held.map(|_| card_bin(payment)),
            },
            profile: Profile { sub: shared.map(|it| it.sub.to_string()) },
            psp_reference: payment.psp_reference().to_owned(),
            redirect_url: link.map(|link| redirect_url(edge, link.address())),
            reference: payment.reference().to_string(),
            metadata: Metadata(payment.request().metadata.clone()),
            shipping_details: approval.and_then(|it| it.shipping.as_ref()).map(Into::into),
            user_details: shared.map(|it| (&it.details).into()),
            capture_guaranteed_until: held.map(|held| offset_text(held.guaranteed_until)),
        }
    }
}

impl Metadata {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Metadata {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(&**key, &**value)?;
        }
        map.end()
    }
}

/// A line of the log. A key that nobody sent is left out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct EventReply {
    reference: String,
    psp_reference: String,
    name: &'static str,
    amount: AmountBody,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
    success: bool,
}

impl EventReply {
    pub(in crate::http) fn of(reference: &str, event: &PaymentEvent) -> Self {
        Self {
            reference: reference.to_owned(),
            psp_reference: event.psp_reference.to_string(),
            name: event.name.api(),
            amount: event.amount.into(),
            timestamp: zulu_text(event.at),
            idempotency_key: event.idempotency_key.as_ref().map(ToString::to_string),
            success: event.success,
        }
    }
}
