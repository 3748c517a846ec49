//! The effect that a tester asks for, read.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::wanted::time;
use crate::{
    domain::{
        EventName, EventType, Operation,
        fault::{Commit, Effect, RETRY_AFTER_S, WireEffect},
        webhook_effect::WebhookEffect,
    },
    http::{control::answer::Refusal, problem::Problem},
};

/// A published error code in place of the answer.
pub(super) const PROBLEM: &str = "problem";
const LATENCY: &str = "latency";
const LOCKED: &str = "locked";

/// The code of a payment that is locked by another operation, answered with 423.
const LOCKED_CODE: u16 = 6160;

/// What happens to a call or a webhook. Which members there are depends on the kind.
#[derive(Deserialize, Serialize, ToSchema, Default)]
#[schema(as = WantedEffect)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct EffectMembers {
    /// Of calls `problem`, `locked`, `status`, `gateway`, `html`, `rate-limit`, `latency`, `hang`,
    /// `close`, `drop-reply` or `truncate`; or what is to happen to a webhook, such as
    /// `corrupt-signature`.
    pub(super) kind: Option<String>,
    /// `problem`: the published error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<u16>,
    /// `status`, `gateway`, `html`: the status, 400 to 599; of `html` also 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
    /// `latency`, `delay`: how late the answer or the webhook is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<String>,
    /// `latency`: the shortest time, in place of `by`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<String>,
    /// `latency`: the longest time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<String>,
    /// `truncate`: how many bytes of the body arrive; half of them if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) bytes: Option<u32>,
    /// `rate-limit`: how long to wait, in whole seconds; a minute if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) retry_after: Option<String>,
    /// Which webhooks are spoiled: `CAPTURED`, or an event type in full; any if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) event: Option<String>,
    /// `problem`, `status`, `gateway`, `html`: whether the call is carried out before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) commit: Option<bool>,
}

/// An effect, or the name of one.
#[derive(ToSchema)]
#[schema(as = EffectOrName)]
#[serde(untagged)]
#[expect(dead_code, reason = "it only describes the JSON")]
pub(super) enum EffectSchema {
    /// Its name, where nothing more has to be said.
    Name(String),
    /// With what it needs.
    Effect(EffectMembers),
}

/// What an effect may be told, beside its kind.
const MEMBERS: [(&str, &[&str]); 11] = [
    (PROBLEM, &["code", "commit"]),
    (LOCKED, &[]),
    ("status", &["status", "commit"]),
    ("gateway", &["status", "commit"]),
    ("html", &["status", "commit"]),
    ("rate-limit", &["retryAfter"]),
    (LATENCY, &["by", "from", "to"]),
    ("hang", &[]),
    ("close", &[]),
    ("drop-reply", &[]),
    ("truncate", &["bytes"]),
];

/// The longest delay of a webhook: longer than any event is tried for.
const DELAY_MAX: SignedDuration = SignedDuration::from_hours(365 * 24);

/// The longest time that an answer is kept back: longer than any client waits.
const LATENCY_MAX: SignedDuration = SignedDuration::from_mins(10);

/// The status of a page where none is said: what a balancer shows when nobody is behind it.
const PAGE_STATUS: u16 = 502;

impl EffectMembers {
    /// The effect as it was sent: with its members, or just its name and the members `beside` it.
    ///
    /// # Errors
    ///
    /// A refusal that names what is wrong.
    pub(super) fn of(sent: Option<Value>, beside: Self) -> Result<Self, Refusal> {
        let kind = match sent {
            None | Some(Value::Null) => PROBLEM.to_owned(),
            Some(Value::String(name)) => name,
            Some(object) => {
                if let Some((name, _)) = beside.given().first() {
                    let detail = format!("{name}: it belongs into the effect");
                    return Err(Refusal::bad_request(detail, None));
                }
                return serde_path_to_error::deserialize(object).map_err(|error| {
                    Refusal::bad_request(
                        format!("effect.{}: {}", error.path(), error.inner()),
                        None,
                    )
                });
            }
        };
        Ok(Self { kind: Some(kind), ..beside })
    }

    /// The members that are there, but for the kind.
    fn given(&self) -> Vec<(String, Value)> {
        let all = serde_json::to_value(self).unwrap_or_default();
        let members = all.as_object().cloned().unwrap_or_default().into_iter();
        members.filter(|(name, _)| name != "kind").collect()
    }

    /// Finds out what is meant.
    ///
    /// # Errors
    ///
    /// A refusal that names what is wrong.
    pub(super) fn read(self) -> Result<Effect, Refusal> {
        let Some(kind) = self.kind.clone() else {
            return Err(Refusal::bad_request("effect: it has no kind".to_owned(), None));
        };
        self.only_what_belongs(&kind)?;
        let commit = if self.commit == Some(true) { Commit::First } else { Commit::Never };
        let wire = |effect| Ok(Effect::Wire(effect));
        match kind.as_str() {
            PROBLEM => Ok(Effect::Refuse { code: self.code()?, commit }),
            LOCKED => Ok(Effect::Refuse { code: LOCKED_CODE, commit: Commit::Never }),
            LATENCY => self.latency(),
            "status" => wire(WireEffect::Status { status: self.status(&kind)?, commit }),
            "gateway" => wire(WireEffect::Gateway { status: self.status(&kind)?, commit }),
            "html" => wire(WireEffect::Html { status: self.page_status()?, commit }),
            "rate-limit" => wire(WireEffect::RateLimit { retry_after_s: self.retry_after_s()? }),
            "hang" => wire(WireEffect::Hang),
            "close" => wire(WireEffect::Close),
            "drop-reply" => wire(WireEffect::DropReply),
            "truncate" => wire(WireEffect::Truncate { bytes: self.bytes }),
            name => self.webhook(name),
        }
    }

    fn only_what_belongs(&self, kind: &str) -> Result<(), Refusal> {
        let of_call = MEMBERS.iter().find(|(name, _)| *name == kind).map(|(_, members)| *members);
        let Some(allowed) =
            of_call.or_else(|| kind.parse::<WebhookEffect>().is_ok().then_some(&["event", "by"]))
        else {
            // There is no such effect, which is said elsewhere.
            return Ok(());
        };
        // Before there were effects with a commit, it could be given with any, as false.
        let matters = |(name, value): &(String, Value)| name != "commit" || value == true;
        let mut given = self.given().into_iter().filter(matters);
        match given.find(|(name, _)| !allowed.contains(&name.as_str())) {
            Some((name, _)) => {
                Err(Refusal::bad_request(format!("{name}: the effect {kind} takes none"), None))
            }
            None => Ok(()),
        }
    }

    fn code(&self) -> Result<u16, Refusal> {
        let hint = Some("the error codes are those of the ePayment API guide, such as 6280");
        let Some(code) = self.code else {
            return Err(Refusal::bad_request(
                format!("code: the effect {PROBLEM} needs one"),
                hint,
            ));
        };
        if Problem::of_code(code, Operation::Create).is_none() {
            return Err(Refusal::bad_request(format!("code: there is no error {code}"), hint));
        }
        Ok(code)
    }

    fn status(&self, kind: &str) -> Result<u16, Refusal> {
        let status = self.status.filter(|it| (400..600).contains(it));
        status.ok_or_else(|| {
            let detail = match self.status {
                None => format!("status: the effect {kind} needs one"),
                Some(status) => format!("status: {status} is not one of an error, 400 to 599"),
            };
            Refusal::bad_request(detail, None)
        })
    }

    fn page_status(&self) -> Result<u16, Refusal> {
        match self.status {
            None => Ok(PAGE_STATUS),
            Some(200) => Ok(200),
            Some(_) => self.status("html"),
        }
    }

    fn latency(&self) -> Result<Effect, Refusal> {
        let refusal = |detail: &str, hint| Err(Refusal::bad_request(detail.to_owned(), hint));
        let (from, to) = match (&self.by, &self.from, &self.to) {
            (Some(by), None, None) => (time("by", by)?, time("by", by)?),
            (None, Some(from), Some(to)) => (time("from", from)?, time("to", to)?),
            _ => {
                let hint = Some("\"by\": \"2s\", or \"from\": \"1s\" and \"to\": \"3s\"");
                return refusal("effect: latency is by a time, or from one to another", hint);
            }
        };
        if to < from {
            return refusal("to: the longest time is shorter than the shortest", None);
        }
        if LATENCY_MAX < to {
            let hint = Some("hang never answers at all");
            return refusal("effect: an answer is kept back for 10 minutes at most", hint);
        }
        Ok(Effect::Latency { from, to })
    }

    fn retry_after_s(&self) -> Result<u32, Refusal> {
        let Some(text) = &self.retry_after else { return Ok(RETRY_AFTER_S) };
        let whole = time("retryAfter", text)?;
        let seconds = u32::try_from(whole.as_secs()).ok().filter(|it| 0 < *it);
        seconds.filter(|_| whole.subsec_nanos() == 0).ok_or_else(|| {
            let detail = format!("retryAfter: {text} is not a number of whole seconds");
            Refusal::bad_request(detail, Some("1m is 60 seconds"))
        })
    }

    fn webhook(&self, name: &str) -> Result<Effect, Refusal> {
        let unknown = |_| {
            let of_calls = MEMBERS.map(|(name, _)| name).join(", ");
            let of_webhooks = WebhookEffect::ALL.map(WebhookEffect::name).join(", ");
            let detail = format!("effect: there is no {name}; there are {of_calls}, {of_webhooks}");
            Refusal::bad_request(detail, Some("vipps-mock faults add --help says what each does"))
        };
        let mut effect: WebhookEffect = name.parse().map_err(unknown)?;
        if let Some(text) = &self.by {
            let WebhookEffect::Delay(by) = &mut effect else {
                let detail = format!("by: {name} takes no time; delay does");
                return Err(Refusal::bad_request(detail, None));
            };
            *by = time("by", text)?.min(DELAY_MAX);
        }
        let event = self.event.as_deref().map(event_type).transpose()?;
        Ok(Effect::Webhook { event, effect })
    }
}

/// `CAPTURED`, as in the event log, or the event type in full.
fn event_type(text: &str) -> Result<EventType, Refusal> {
    let of_payment = EventName::ALL.into_iter().find(|it| it.api() == text);
    of_payment.map(EventType::Payment).map_or_else(|| text.parse(), Ok).map_err(|_| {
        let hint = "write CAPTURED, or the event type in full: user.checked-in.v1";
        Refusal::bad_request(format!("event: {text} is no event"), Some(hint))
    })
}
