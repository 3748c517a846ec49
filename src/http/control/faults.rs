//! Things that are to go wrong.

use axum::{Json, http::StatusCode};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    answer::{PathName, PathUnit, Refusal, Typed},
    clock::DURATION_HINT,
};
use crate::{
    app::{SalesUnit, durations::duration},
    domain::{
        EventName, EventType, Operation, Reference,
        fault::{Commit, Effect, Fault, FaultId, Matcher},
        webhook_effect::WebhookEffect,
    },
    http::problem::Problem,
};

/// A fault that can still strike.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct FaultBody {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    commit: bool,
    /// How often it still strikes; absent if every time.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<u32>,
}

/// What a tester asks for. Which members an effect needs depends on the effect.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WantedFault {
    /// The call that is to fail: `create`, `get`, `events`, `cancel`, `capture`, `refund` or `approve`;
    /// any if left out.
    operation: Option<String>,
    /// The payment it is about; any if left out.
    reference: Option<String>,
    /// `problem` (the default), which answers a call with `code`, or what is to happen to a webhook,
    /// such as `corrupt-signature`.
    effect: Option<String>,
    /// A published error code, such as 6280.
    code: Option<u16>,
    /// Which webhooks are spoiled: `CAPTURED`, or an event type in full.
    event: Option<String>,
    /// How much later a webhook with the effect `delay` is sent.
    #[schema(example = "10m")]
    by: Option<String>,
    /// Whether a call is carried out before its answer is replaced, as if that had been lost.
    #[serde(default)]
    commit: bool,
    /// How often it strikes: a number from 1 (the default), or `"always"`.
    #[schema(value_type = Option<TimesSchema>)]
    times: Option<Times>,
}

/// How often: a number from 1, or `"always"`.
#[derive(Deserialize)]
#[serde(try_from = "serde_json::Value")]
struct Times(Option<u32>);

/// How often something strikes: a number from 1, or `"always"`.
#[derive(ToSchema)]
#[schema(as = Times)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes the JSON")]
enum TimesSchema {
    /// So often.
    Number(u32),
    /// `"always"`.
    Always(String),
}

/// What is to go wrong, in the order in which it strikes
#[utoipa::path(get, path = "/faults", responses((status = 200, body = Vec<FaultBody>)))]
pub(super) async fn list(PathUnit(unit): PathUnit) -> Json<Vec<FaultBody>> {
    Json(unit.faults().iter().map(FaultBody::from).collect())
}

/// Lets something go wrong
///
/// An API call is answered with a published error, or a webhook is spoiled. Of several faults that match,
/// the oldest strikes.
#[utoipa::path(
    post,
    path = "/faults",
    request_body = WantedFault,
    responses((status = 201, body = FaultBody))
)]
pub(super) async fn add(
    PathUnit(unit): PathUnit,
    Typed(wanted): Typed<WantedFault>,
) -> Result<(StatusCode, Json<FaultBody>), Refusal> {
    let fault = added(&unit, wanted)?;
    Ok((StatusCode::CREATED, Json(FaultBody::from(&fault))))
}

fn added(unit: &SalesUnit, wanted: WantedFault) -> Result<Fault, Refusal> {
    let effect = effect(&wanted)?;
    let operation = wanted.operation.map(|text| {
        text.parse::<Operation>()
            .map_err(|error| Refusal::bad_request(format!("operation: {text}: {error}"), None))
    });
    let reference = wanted.reference.map(|text| {
        text.parse::<Reference>()
            .map_err(|error| Refusal::bad_request(format!("reference: {text}: {error}"), None))
    });
    let matcher = Matcher { operation: operation.transpose()?, reference: reference.transpose()? };
    let Times(times) = wanted.times.unwrap_or(Times(Some(1)));
    unit.add_fault(matcher, effect, times).map_err(|error| {
        let hint = "vipps-mock faults clear takes them away";
        Refusal::conflict(error.to_string(), Some(hint))
    })
}

/// A published error code in place of the answer.
const PROBLEM: &str = "problem";

fn effect(wanted: &WantedFault) -> Result<Effect, Refusal> {
    match wanted.effect.as_deref() {
        None | Some(PROBLEM) => problem(wanted),
        Some(name) => webhook(wanted, name),
    }
}

fn problem(wanted: &WantedFault) -> Result<Effect, Refusal> {
    let hint = Some("the error codes are those of the ePayment API guide, such as 6280");
    let Some(code) = wanted.code else {
        return Err(Refusal::bad_request(format!("code: the effect {PROBLEM} needs one"), hint));
    };
    if Problem::of_code(code, Operation::Create).is_none() {
        return Err(Refusal::bad_request(format!("code: there is no error {code}"), hint));
    }
    let commit = if wanted.commit { Commit::First } else { Commit::Never };
    Ok(Effect::Refuse { code, commit })
}

fn webhook(wanted: &WantedFault, name: &str) -> Result<Effect, Refusal> {
    let unknown = |_| {
        let names = WebhookEffect::ALL.map(WebhookEffect::name).join(", ");
        let detail = format!("effect: there is no {name}; there are {PROBLEM}, {names}");
        Refusal::bad_request(detail, None)
    };
    let mut effect: WebhookEffect = name.parse().map_err(unknown)?;
    if let Some(text) = &wanted.by {
        let WebhookEffect::Delay(by) = &mut effect else {
            let detail = format!("by: {name} takes no time; delay does");
            return Err(Refusal::bad_request(detail, None));
        };
        let wrong =
            || Refusal::bad_request(format!("by: {text} is no duration"), Some(DURATION_HINT));
        *by = duration(text).ok_or_else(wrong)?.min(DELAY_MAX);
    }
    let event = wanted.event.as_deref().map(event_type).transpose()?;
    Ok(Effect::Webhook { event, effect })
}

/// The longest delay: longer than any event is tried for.
const DELAY_MAX: SignedDuration = SignedDuration::from_hours(365 * 24);

/// `CAPTURED`, as in the event log, or the event type in full.
fn event_type(text: &str) -> Result<EventType, Refusal> {
    let of_payment = EventName::ALL.into_iter().find(|it| it.api() == text);
    of_payment.map(EventType::Payment).map_or_else(|| text.parse(), Ok).map_err(|_| {
        let hint = "write CAPTURED, or the event type in full: user.checked-in.v1";
        Refusal::bad_request(format!("event: {text} is no event"), Some(hint))
    })
}

/// Takes one fault away
#[utoipa::path(delete, path = "/faults/{id}", responses((status = 204)))]
pub(super) async fn remove(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<StatusCode, Refusal> {
    let id = text.parse().ok().map(FaultId);
    if id.is_some_and(|id| unit.remove_fault(id)) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let hint = "vipps-mock faults lists those that can still strike";
    Err(Refusal::not_found(format!("there is no fault {text}"), hint))
}

/// Takes all faults away
#[utoipa::path(delete, path = "/faults", responses((status = 204)))]
pub(super) async fn clear(PathUnit(unit): PathUnit) -> StatusCode {
    unit.clear_faults();
    StatusCode::NO_CONTENT
}

impl From<&Fault> for FaultBody {
    fn from(fault: &Fault) -> Self {
        let body = Self {
            id: fault.id.0,
            operation: fault.matcher.operation.map(Operation::name),
            reference: fault.matcher.reference.as_ref().map(ToString::to_string),
            effect: PROBLEM,
            code: None,
            event: None,
            by: None,
            commit: false,
            left: fault.left,
        };
        match fault.effect {
            Effect::Refuse { code, commit } => {
                Self { code: Some(code), commit: commit == Commit::First, ..body }
            }
            Effect::Webhook { event, effect } => Self {
                effect: effect.name(),
                event: event.map(EventType::name),
                by: match effect {
                    WebhookEffect::Delay(by) => Some(format!("{}ms", by.as_millis())),
                    _ => None,
                },
                ..body
            },
        }
    }
}

impl TryFrom<serde_json::Value> for Times {
    type Error = &'static str;

    fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
        const WRONG: &str = "expected a number from 1, or \"always\"";
        if value.as_str() == Some("always") {
            return Ok(Self(None));
        }
        let times = value.as_u64().and_then(|it| u32::try_from(it).ok()).filter(|it| 0 < *it);
        times.map(|it| Self(Some(it))).ok_or(WRONG)
    }
}
