//! Webhooks: every delivery and every attempt, and sending one again.

use axum::Json;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use super::answer::{Filter, PathName, PathUnit, Refusal};
use crate::{
    app::{
        SalesUnit, clock::within, deliveries::ResendError, facts::Fact, history::Follower,
        webhooks::zulu_text,
    },
    domain::{
        Attempt, Delivery, DeliveryId, DeliveryStatus, Outcome, Reference,
        delivery::{Answer, Exchange},
        webhook_effect::WebhookEffect,
    },
};

/// An event on its way to one registration.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct DeliveryBody {
    id: String,
    registration_id: String,
    url: String,
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    status: StatusName,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_attempt_at: Option<String>,
    /// What is sent, byte by byte as it is signed.
    body: String,
    attempts: Vec<AttemptBody>,
}

/// One try to deliver it: answered with a status, or not at all.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AttemptBody {
    /// From one.
    number: usize,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    /// Milliseconds.
    duration_ms: u64,
    /// Left out of old attempts, like the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<RequestBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<ResponseBody>,
}

/// What went over the wire.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookRequest)]
#[serde(rename_all = "camelCase")]
struct RequestBody {
    method: &'static str,
    /// Path and query.
    target: String,
    /// In the order they were sent.
    #[schema(value_type = BTreeMap<String, String>)]
    headers: Map<String, Value>,
    string_to_sign: String,
    /// Where it is not the delivery's.
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// What was done to it on purpose.
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<&'static str>,
}

/// What came back.
#[derive(Serialize, ToSchema)]
#[schema(as = WebhookResponse)]
#[serde(rename_all = "camelCase")]
struct ResponseBody {
    status: u16,
    /// Names and values.
    #[schema(value_type = Vec<Vec<String>>)]
    headers: Vec<(String, String)>,
    /// Its first kilobyte.
    body: String,
    /// Whether there was more.
    is_cut: bool,
}

/// Which deliveries are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those about this payment.
    reference: Option<String>,
    /// Only those to this registration.
    registration_id: Option<String>,
    /// Only those that stand so.
    #[param(inline)]
    status: Option<StatusName>,
    /// How many of the latest; 1,000 if nobody says.
    limit: Option<usize>,
}

/// How a delivery stands.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DeliveryStatus)]
#[serde(rename_all = "lowercase")]
pub(super) enum StatusName {
    Waiting,
    Sending,
    Delivered,
    Dropped,
}

/// How many deliveries are listed when nothing else is asked for: the latest.
const LISTED: usize = 1_000;

/// How long an attempt is waited for in real time. Others to the same receiver may come before it.
const RESENT_WITHIN: SignedDuration = SignedDuration::from_secs(60);

/// The latest webhooks on their way or arrived, oldest first
#[utoipa::path(
    get,
    path = "/deliveries",
    params(Wanted),
    responses((status = 200, body = Vec<DeliveryBody>))
)]
pub(super) async fn list(
    PathUnit(unit): PathUnit,
    Filter(filter): Filter<Wanted>,
) -> Json<Vec<DeliveryBody>> {
    let found = unit.deliveries_where(filter.limit.unwrap_or(LISTED), |it| filter.admits(it));
    Json(found.iter().map(DeliveryBody::from).collect())
}

/// One delivery with every attempt: request, text that was signed, answer, and when the next is made
#[utoipa::path(get, path = "/deliveries/{id}", responses((status = 200, body = DeliveryBody)))]
pub(super) async fn show(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<DeliveryBody>, Refusal> {
    let delivery = find(&unit, &text)?;
    Ok(Json((&delivery).into()))
}

/// Sends a webhook once more, now
///
/// Answers when the attempt has come back. 409 when it waits behind an earlier event of its payment, or
/// its registration is gone.
#[utoipa::path(
    post,
    path = "/deliveries/{id}/resend",
    responses((status = 200, body = DeliveryBody))
)]
pub(super) async fn resend(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<DeliveryBody>, Refusal> {
    let id = find(&unit, &text)?.id;
    let facts = unit.listen();
    unit.resend(id)?;
    // Whatever came of the waiting, looking is the answer.
    let _ = within(RESENT_WITHIN, attempted(facts, id)).await;
    show(PathUnit(unit), PathName(text)).await
}

/// Waits for an attempt of this delivery, or until it cannot be told any more whether there was one.
async fn attempted(mut facts: Follower, id: DeliveryId) {
    while let Some(dated) = facts.next_fact().await {
        match dated.fact {
            Fact::Attempted { delivery, .. } if delivery == id => return,
            _ => {}
        }
    }
}

fn find(unit: &SalesUnit, text: &str) -> Result<Delivery, Refusal> {
    let delivery = text.parse().ok().and_then(|id| unit.delivery(DeliveryId(id)));
    delivery.ok_or_else(|| {
        let hint = "GET /control/v1/sales-units/{msn}/deliveries lists them";
        Refusal::not_found(format!("there is no delivery {text}"), hint)
    })
}

impl From<ResendError> for Refusal {
    fn from(error: ResendError) -> Self {
        let hint = match error {
            ResendError::Behind(_) => Some("send that one again, and this one follows"),
            ResendError::NotRegistered(_) => Some("register the webhook anew for new events"),
            ResendError::Sending => Some("its outcome comes within ten seconds"),
            ResendError::Unknown(_) => None,
        };
        Self::conflict(error.to_string(), hint)
    }
}

impl Wanted {
    fn admits(&self, delivery: &Delivery) -> bool {
        let reference = delivery.reference.as_ref().map(Reference::as_str);
        self.reference.as_deref().is_none_or(|it| Some(it) == reference)
            && self.registration_id.as_deref().is_none_or(|it| it == &*delivery.registration.0)
            && self.status.is_none_or(|it| it == StatusName::of(delivery.status()))
    }
}

impl StatusName {
    pub(super) fn of(status: DeliveryStatus) -> Self {
        match status {
            DeliveryStatus::Waiting | DeliveryStatus::Due(_) => Self::Waiting,
            DeliveryStatus::Sending => Self::Sending,
            DeliveryStatus::Delivered => Self::Delivered,
            DeliveryStatus::Dropped => Self::Dropped,
        }
    }
}

impl From<&Delivery> for DeliveryBody {
    fn from(delivery: &Delivery) -> Self {
        let attempts = (1..).zip(delivery.attempts());
        Self {
            id: delivery.id.to_string(),
            registration_id: delivery.registration.to_string(),
            url: delivery.url.to_string(),
            event: delivery.event.name(),
            reference: delivery.reference.as_ref().map(ToString::to_string),
            status: StatusName::of(delivery.status()),
            next_attempt_at: match delivery.status() {
                DeliveryStatus::Due(at) => Some(zulu_text(at)),
                _ => None,
            },
            body: delivery.body.to_string(),
            attempts: attempts.map(|(number, it)| AttemptBody::of(delivery, number, it)).collect(),
        }
    }
}

impl AttemptBody {
    fn of(delivery: &Delivery, number: usize, attempt: &Attempt) -> Self {
        let (status, error) = match &attempt.outcome {
            Outcome::Answered(status) => (Some(*status), None),
            Outcome::Failed(reason) => (None, Some(reason.to_string())),
        };
        let exchange = attempt.exchange.as_deref();
        Self {
            number,
            at: zulu_text(attempt.at),
            status,
            error,
            duration_ms: attempt.duration_ms,
            request: exchange.map(|it| RequestBody::of(delivery, it)),
            response: exchange.and_then(|it| it.answer.as_ref()).map(ResponseBody::from),
        }
    }
}

impl RequestBody {
    fn of(delivery: &Delivery, exchange: &Exchange) -> Self {
        let headers = exchange.headers.iter();
        Self {
            method: "POST",
            target: exchange.target.clone(),
            headers: headers.map(|(name, it)| ((*name).to_owned(), it.as_str().into())).collect(),
            string_to_sign: exchange.string_to_sign.clone(),
            body: (exchange.body != delivery.body).then(|| exchange.body.to_string()),
            fault: exchange.fault.map(WebhookEffect::name),
        }
    }
}

impl From<&Answer> for ResponseBody {
    fn from(answer: &Answer) -> Self {
        let Answer { status, headers, body, is_cut } = answer.clone();
        Self { status, headers, body, is_cut }
    }
}
