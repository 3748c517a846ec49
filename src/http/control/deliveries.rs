//! Webhooks: every delivery and every attempt.

use axum::Json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::{Filter, PathName, PathUnit, Refusal};
use crate::{
    app::webhooks::zulu_text,
    domain::{Attempt, Delivery, DeliveryId, DeliveryStatus, Outcome},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryBody {
    id: String,
    registration_id: String,
    url: String,
    event: &'static str,
    reference: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<String>,
    body: String,
    attempts: Vec<AttemptBody>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AttemptBody {
    number: usize,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    duration_ms: u64,
    headers: Map<String, Value>,
    string_to_sign: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    reference: Option<String>,
}

pub(super) async fn list(
    PathUnit(unit): PathUnit,
    Filter(filter): Filter<Wanted>,
) -> Json<Vec<DeliveryBody>> {
    let wanted = |delivery: &&Delivery| {
        filter.reference.as_ref().is_none_or(|it| it == delivery.reference.as_str())
    };
    Json(unit.deliveries().iter().filter(wanted).map(DeliveryBody::from).collect())
}

pub(super) async fn show(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<DeliveryBody>, Refusal> {
    let id = text.parse().ok().map(DeliveryId);
    let delivery = id.and_then(|id| unit.delivery(id));
    delivery.as_ref().map(|it| Json(it.into())).ok_or_else(|| {
        let hint = "GET /control/v1/sales-units/{msn}/deliveries lists them";
        Refusal::not_found(format!("there is no delivery {text}"), hint)
    })
}

impl From<&Delivery> for DeliveryBody {
    fn from(delivery: &Delivery) -> Self {
        let (status, next) = match delivery.status() {
            DeliveryStatus::Waiting => ("waiting", None),
            DeliveryStatus::Due(at) => ("waiting", Some(zulu_text(at))),
            DeliveryStatus::Delivered => ("delivered", None),
            DeliveryStatus::Dropped => ("dropped", None),
        };
        let attempts = (1..).zip(delivery.attempts());
        Self {
            id: delivery.id.to_string(),
            registration_id: delivery.registration.to_string(),
            url: delivery.url.to_string(),
            event: delivery.event.webhook(),
            reference: delivery.reference.to_string(),
            status,
            next_attempt_at: next,
            body: delivery.body.to_string(),
            attempts: attempts.map(|(number, it)| AttemptBody::of(number, it)).collect(),
        }
    }
}

impl AttemptBody {
    fn of(number: usize, attempt: &Attempt) -> Self {
        let (status, error) = match &attempt.outcome {
            Outcome::Answered(status) => (Some(*status), None),
            Outcome::Failed(reason) => (None, Some(reason.to_string())),
        };
        let headers = attempt.headers.iter();
        Self {
            number,
            at: zulu_text(attempt.at),
            status,
            error,
            duration_ms: attempt.duration_ms,
            headers: headers.map(|(name, it)| ((*name).to_owned(), it.as_str().into())).collect(),
            string_to_sign: attempt.string_to_sign.clone(),
        }
    }
}
