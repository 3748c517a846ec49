//! Payments as the mock knows them, and what their customers do.

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    answer::{Filter, PathName, PathUnit, Refusal},
    asked::AskedBody,
    receipts::view::{Links, OrderView},
};
use crate::{
    app::{
        SalesUnit,
        details::{ShippingDetailsBody, UserDetailsBody},
        orders::OrderKey,
        payments::CommandError,
        webhooks::zulu_text,
    },
    domain::{
        Payment, PaymentState, Reference, Scope,
        card::DeclinedAttempt,
        payment::{Attention, Link},
    },
    http::{
        Edge,
        epayment::EventReply,
        fields::{AggregateBody, AmountBody},
        landing::{landing_url, redirect_url},
    },
};

/// A payment as the mock knows it. Lists leave out `request`, `events` and `app`.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentBody {
    reference: String,
    psp_reference: String,
    state: &'static str,
    amount: AmountBody,
    aggregate: AggregateBody,
    payment_method: MethodBody,
    user_flow: &'static str,
    customer_interaction: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    metadata: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    /// The link as the merchant was given it, while it can be followed.
    redirect_url: Option<String>,
    /// The same payment's page in a browser, whatever the link leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    landing_url: Option<String>,
    created_at: String,
    expires_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorized_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_deadline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_guaranteed_until: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_details: Option<UserDetailsBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_details: Option<ShippingDetailsBody>,
    /// What else the merchant asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<AskedBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Vec<EventReply>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    app: Option<AppView>,
}

/// What it is paid with.
#[derive(Serialize, ToSchema)]
struct MethodBody {
    r#type: &'static str,
}

/// What the customer sees in the app.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AppView {
    merchant: String,
    amount: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    order: Option<OrderView>,
    /// What the customer is asked to share before it can pay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    asks: Vec<&'static str>,
    /// What the customer has to accept before it can pay.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accepts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    declined: Vec<DeclinedBody>,
}

/// An attempt to pay that came to nothing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct DeclinedBody {
    at: String,
    phone_number: String,
    reason: String,
}

/// Which payments are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those in this state, such as `CREATED`.
    state: Option<String>,
}

/// The payments of a sales unit, oldest first
#[utoipa::path(
    get,
    path = "/payments",
    params(Wanted),
    responses((status = 200, body = Vec<PaymentBody>))
)]
pub(super) async fn list(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    Filter(filter): Filter<Wanted>,
) -> Result<Json<Vec<PaymentBody>>, Refusal> {
    let state = filter.state.map(|text| text.to_ascii_uppercase());
    if let Some(text) = state.as_ref().filter(|text| !PaymentState::NAMES.contains(&text.as_str()))
    {
        let detail = format!("state: {text} is none of {}", PaymentState::NAMES.join(", "));
        return Err(Refusal::bad_request(detail, None));
    }
    let wanted =
        |payment: &&Payment| state.as_ref().is_none_or(|state| state == payment.state().name());
    let summary = |payment: &Payment| PaymentBody::summary(payment, &edge);
    Ok(Json(unit.payments().iter().filter(wanted).map(summary).collect()))
}

/// One payment, with its log and what the customer's app shows
#[utoipa::path(get, path = "/payments/{reference}", responses((status = 200, body = PaymentBody)))]
pub(super) async fn show(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    whole(&edge, &unit, &reference(&text)?)
}

/// The customer says no
#[utoipa::path(
    post,
    path = "/payments/{reference}/reject",
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn reject(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    act(&edge, &unit, &text, SalesUnit::reject)
}

/// Nobody answers in time: the payment expires now
#[utoipa::path(
    post,
    path = "/payments/{reference}/expire",
    responses((status = 200, body = PaymentBody))
)]
pub(super) async fn expire(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<Json<PaymentBody>, Refusal> {
    act(&edge, &unit, &text, SalesUnit::expire)
}

pub(super) fn act(
    edge: &Edge,
    unit: &SalesUnit,
    text: &str,
    action: impl FnOnce(&SalesUnit, &Reference) -> Result<(), CommandError>,
) -> Result<Json<PaymentBody>, Refusal> {
    let reference = reference(text)?;
    action(unit, &reference)?;
    whole(edge, unit, &reference)
}

/// A reference that breaks the pattern names no payment.
pub(super) fn reference(text: &str) -> Result<Reference, Refusal> {
    text.parse().map_err(|error| {
        let detail = format!("no payment has the reference {text}: {error}");
        Refusal::not_found(detail, "vipps-mock payments lists them")
    })
}

pub(super) fn whole(
    edge: &Edge,
    unit: &SalesUnit,
    reference: &Reference,
) -> Result<Json<PaymentBody>, Refusal> {
    let payment = unit.inspect(reference, Payment::clone)?;
    let events = payment.events().iter().map(|it| EventReply::of(reference.as_str(), it)).collect();
    let filed = unit.filed_order(&OrderKey::of_payment(reference));
    let links = Links::new(edge, unit);
    let order = filed.map(|filed| OrderView::of(&filed, Some(&payment), &links));
    let app = AppView::of(unit, &payment, order);
    let summary = PaymentBody::summary(&payment, edge);
    let request = Some(AskedBody::of(&payment));
    Ok(Json(PaymentBody { request, events: Some(events), app: Some(app), ..summary }))
}

impl PaymentBody {
    fn summary(payment: &Payment, edge: &Edge) -> Self {
        let request = payment.request();
        let held = payment.reservation();
        let approval = payment.approval();
        let shared = approval.and_then(|it| it.shared.as_ref());
        let is_open = payment.state() == PaymentState::Created;
        let link = payment.link().map(Link::address).filter(|_| is_open);
        let metadata = request.metadata.iter();
        let metadata = metadata.map(|(key, value)| (key.to_string(), (&**value).into()));
        Self {
            reference: payment.reference().to_string(),
            psp_reference: payment.psp_reference().to_owned(),
            state: payment.state().name(),
            amount: payment.amount().into(),
            aggregate: payment.totals().into(),
            payment_method: MethodBody { r#type: request.method.code() },
            user_flow: request.user_flow.code(),
            customer_interaction: request.customer_interaction.code(),
            phone_number: request.phone.as_ref().map(ToString::to_string),
            payment_description: request.description.as_ref().map(ToString::to_string),
            metadata: (!request.metadata.is_empty()).then(|| metadata.collect()),
            redirect_url: link.map(|link| redirect_url(edge, link)),
            landing_url: link.map(|link| landing_url(edge, &link.token)),
            created_at: zulu_text(payment.created_at()),
            expires_at: zulu_text(payment.expires_at()),
            authorized_at: held.map(|it| zulu_text(it.at)),
            capture_deadline: held.map(|it| zulu_text(it.capture_deadline)),
            capture_guaranteed_until: held.map(|it| zulu_text(it.guaranteed_until)),
            sub: shared.map(|it| it.sub.to_string()),
            user_details: shared.map(|it| (&it.details).into()),
            shipping_details: approval.and_then(|it| it.shipping.as_ref()).map(Into::into),
            request: None,
            events: None,
            app: None,
        }
    }
}

impl AppView {
    fn of(unit: &SalesUnit, payment: &Payment, order: Option<OrderView>) -> Self {
        let features = &payment.request().features;
        let is_open = payment.state() == PaymentState::Created;
        let asks = if is_open { unit.asks_to_share(payment) } else { Vec::new() };
        let links = features.legal_links.as_ref().filter(|_| is_open);
        let accepts = links.map(|it| vec![it.terms.to_string(), it.privacy.to_string()]);
        Self {
            merchant: unit.seed().name.to_string(),
            amount: payment.amount().to_string(),
            description: payment.request().description.as_ref().map(ToString::to_string),
            status: status(payment),
            order,
            asks: asks.into_iter().map(Scope::code).collect(),
            accepts: accepts.unwrap_or_default(),
            receipt_url: features.receipt_url.as_ref().map(ToString::to_string),
            declined: payment.declined().map(DeclinedBody::from).collect(),
        }
    }
}

impl From<&DeclinedAttempt> for DeclinedBody {
    fn from(attempt: &DeclinedAttempt) -> Self {
        Self {
            at: zulu_text(attempt.at),
            phone_number: attempt.phone.to_string(),
            reason: attempt.reason.to_string(),
        }
    }
}

/// What became of it, in the customer's words.
pub(super) fn status(payment: &Payment) -> String {
    let totals = payment.totals();
    match payment.state() {
        PaymentState::Created if payment.attention() == Attention::Confirming => {
            "open before you".to_owned()
        }
        PaymentState::Created if payment.attention() == Attention::Ignoring => {
            "waiting for you, who will not answer".to_owned()
        }
        PaymentState::Created => match payment.declined().last() {
            Some(attempt) => format!("waiting for you: {attempt}"),
            None => "waiting for you".to_owned(),
        },
        PaymentState::Processing => "being paid: the bank has not answered".to_owned(),
        PaymentState::Aborted => "you rejected it".to_owned(),
        PaymentState::Expired => "it expired".to_owned(),
        PaymentState::Terminated => "cancelled by the merchant".to_owned(),
        PaymentState::Authorized(_) if 0 < totals.refunded.minor() => {
            format!("paid {}, refunded {}", totals.captured, totals.refunded)
        }
        PaymentState::Authorized(_) if 0 < totals.captured.minor() => {
            format!("paid {}", totals.captured)
        }
        PaymentState::Authorized(_) if 0 < totals.cancelled.minor() => "released".to_owned(),
        PaymentState::Authorized(_) => format!("reserved {}", totals.authorized),
    }
}
