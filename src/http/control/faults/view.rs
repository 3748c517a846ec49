//! A fault as the control API shows it.

use jiff::SignedDuration;
use serde::Serialize;
use utoipa::ToSchema;

use super::wanted_effect::PROBLEM;
use crate::{
    app::webhooks::zulu_text,
    domain::{
        EventType,
        durations::DurationText,
        fault::{Commit, Effect, Fault, FaultState, Glob, HeaderMatcher, Probability, WireEffect},
        webhook_effect::WebhookEffect,
    },
};

/// A fault. Which members describe its effect depends on the effect.
#[derive(Serialize, ToSchema, Default)]
#[schema(as = Fault)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::control) struct FaultBody {
    id: u64,
    /// Which calls it strikes; absent if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    /// Which payments or orders, with `*` for anything; absent if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Which header a call has to carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<HeaderBody>,
    /// From the how-manieth such call on; absent if from the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    nth: Option<u32>,
    /// How likely such a call is struck; absent if it always is.
    #[serde(skip_serializing_if = "Option::is_none")]
    probability: Option<f64>,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'static str>,
    /// How late an answer or a webhook is.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    /// The same, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    /// The same, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after: Option<String>,
    /// Whether a call is carried out before its answer is replaced.
    commit: bool,
    /// How often it has struck.
    hits: u32,
    /// How often it still strikes; absent if every time.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<u32>,
    /// When it is over, by the clock of the sales unit; absent if it does not end by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<String>,
    /// `waiting`, `spent` or `expired`.
    state: &'static str,
}

/// A header that a call carries.
#[derive(Serialize, ToSchema)]
#[schema(as = FaultHeader)]
struct HeaderBody {
    name: String,
    /// What it says, with `*` for anything; absent if that does not matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl FaultBody {
    pub(super) fn of(fault: &Fault, state: FaultState) -> Self {
        let matcher = &fault.matcher;
        let header = |HeaderMatcher { name, value }: &HeaderMatcher| HeaderBody {
            name: name.to_string(),
            value: value.as_ref().map(Glob::to_string),
        };
        let probability = matcher.probability;
        Self {
            id: fault.id.0,
            operation: matcher.operation,
            reference: matcher.reference.as_ref().map(ToString::to_string),
            header: matcher.header.as_ref().map(header),
            nth: (1 < matcher.nth).then_some(matcher.nth),
            probability: (probability != Probability::CERTAIN).then(|| probability.share()),
            hits: fault.hits,
            left: fault.left,
            expires_at: fault.until.map(zulu_text),
            state: state.name(),
            ..Self::of_effect(fault.effect)
        }
    }

    fn of_effect(effect: Effect) -> Self {
        let body = Self::default();
        let text = |it: SignedDuration| Some(DurationText(it).to_string());
        let body = match effect {
            Effect::Refuse { code, .. } => Self { effect: PROBLEM, code: Some(code), ..body },
            Effect::Latency { from, to } if from == to => {
                Self { effect: "latency", by: text(from), ..body }
            }
            Effect::Latency { from, to } => {
                Self { effect: "latency", from: text(from), to: text(to), ..body }
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
            Effect::Wire(effect) => {
                let body = Self { effect: effect.name(), ..body };
                match effect {
                    WireEffect::Gateway { status, .. }
                    | WireEffect::Status { status, .. }
                    | WireEffect::Html { status, .. } => Self { status: Some(status), ..body },
                    WireEffect::RateLimit { retry_after_s } => Self {
                        retry_after: text(SignedDuration::from_secs(retry_after_s.into())),
                        ..body
                    },
                    WireEffect::Truncate { bytes } => Self { bytes, ..body },
                    WireEffect::Hang | WireEffect::Close | WireEffect::DropReply => body,
                }
            }
        };
        Self { commit: effect.commit() == Commit::First, ..body }
    }
}
