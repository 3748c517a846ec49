//! What a tester asks to go wrong, read.

use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::wanted_effect::{EffectMembers, EffectSchema};
use crate::{
    app::{durations::duration, faults::Wish},
    domain::{
        Operation, Reference,
        fault::{Effect, Glob, HeaderMatcher, Matcher, Probability},
    },
    http::{
        control::{answer::Refusal, clock::DURATION_HINT},
        routes::ROUTES,
    },
};

/// What a tester asks for. `operation` and `reference` may stand beside the effect or in `match`, and
/// what the effect needs in it or, where the effect is just named, beside it.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(in crate::http::control) struct WantedFault {
    /// Which calls or webhooks are struck; any if left out.
    r#match: Option<WantedMatch>,
    /// What happens: an effect, or the name of one. `problem` if left out, which answers a call with
    /// `code`.
    #[schema(value_type = Option<EffectSchema>)]
    effect: Option<Value>,
    /// The same as in `match`.
    operation: Option<String>,
    /// The same as in `match`.
    reference: Option<String>,
    /// A published error code, such as 6280.
    code: Option<u16>,
    /// Which webhooks are spoiled: `CAPTURED`, or an event type in full.
    event: Option<String>,
    /// How much later an answer or a webhook is sent.
    #[schema(example = "10m")]
    by: Option<String>,
    /// Whether a call is carried out before its answer is replaced, as if that had been lost.
    commit: Option<bool>,
    /// How often it strikes: a number from 1, or `"always"`. Once if left out; always if there is a
    /// `probability` or an `expiresAfter`.
    #[schema(value_type = Option<TimesSchema>)]
    times: Option<Times>,
    /// After what time of the sales unit's clock it is over, however often it has struck.
    #[schema(example = "10m")]
    expires_after: Option<String>,
}

/// Which calls or webhooks a fault strikes: those that have all of what is named.
#[derive(Deserialize, ToSchema, Default)]
#[serde(deny_unknown_fields)]
struct WantedMatch {
    /// What the call asks for, as the journal calls it, such as `capture` or `token`.
    operation: Option<String>,
    /// The payment or order it is about, with `*` for anything: `ride-*`.
    reference: Option<String>,
    /// A header that the call carries.
    header: Option<WantedHeader>,
    /// From the how-manieth such call on: 1 is the first.
    nth: Option<u32>,
    /// How likely such a call is struck: more than 0, at most 1. The seed decides.
    probability: Option<f64>,
}

/// A header that a call carries.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WantedHeader {
    /// Its name, in any case.
    name: String,
    /// What it says, with `*` for anything; that does not matter if left out.
    value: Option<String>,
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

impl WantedFault {
    /// Finds out what is meant.
    ///
    /// # Errors
    ///
    /// A refusal that names what is wrong.
    pub(super) fn read(self) -> Result<Wish, Refusal> {
        let beside = EffectMembers {
            code: self.code,
            event: self.event,
            by: self.by,
            commit: self.commit,
            ..EffectMembers::default()
        };
        let effect = EffectMembers::of(self.effect, beside)?.read()?;
        let wanted = self.r#match.unwrap_or_default();
        let operation = one_of("operation", wanted.operation, self.operation)?;
        let reference = one_of("reference", wanted.reference, self.reference)?;
        let matcher = Matcher {
            operation: operation.map(|it| operation_for(effect, &it)).transpose()?,
            reference: reference.map(|it| reference_like(&it)).transpose()?,
            header: wanted.header.map(|it| header(effect, &it)).transpose()?,
            nth: wanted.nth.map_or(Ok(1), nth)?,
            probability: wanted.probability.map_or(Ok(Probability::CERTAIN), probability)?,
        };
        let expires_after = self.expires_after.map(|it| time("expiresAfter", &it)).transpose()?;
        let is_limited = wanted.probability.is_some() || expires_after.is_some();
        let Times(times) = self.times.unwrap_or(Times((!is_limited).then_some(1)));
        Ok(Wish { matcher, effect, times, expires_after })
    }
}

/// What stands in one of two places.
fn one_of(
    name: &str,
    inside: Option<String>,
    beside: Option<String>,
) -> Result<Option<String>, Refusal> {
    if inside.is_some() && beside.is_some() {
        return Err(Refusal::bad_request(format!("{name}: it stands in match already"), None));
    }
    Ok(inside.or(beside))
}

/// The operation of this name, if the effect can strike it.
fn operation_for(effect: Effect, text: &str) -> Result<&'static str, Refusal> {
    let refusal = |detail, hint| Err(Refusal::bad_request(format!("operation: {detail}"), hint));
    match effect {
        Effect::Wire(_) | Effect::Latency { .. } => {
            let Some(route) = ROUTES.iter().find(|it| it.operation == text) else {
                let hint = "vipps-mock requests list shows what calls are called, such as capture";
                return refusal(format!("{text}: there is no such call"), Some(hint));
            };
            Ok(route.operation)
        }
        Effect::Refuse { .. } => match text.parse::<Operation>() {
            Ok(operation) => Ok(operation.name()),
            Err(error) => {
                let hint = "status, gateway and what befalls a call on its way can strike any call";
                refusal(format!("{text}: for an error code {error}"), Some(hint))
            }
        },
        // It says nothing about a webhook, and never did.
        Effect::Webhook { .. } => match text.parse::<Operation>() {
            Ok(operation) => Ok(operation.name()),
            Err(error) => refusal(format!("{text}: {error}"), None),
        },
    }
}

/// What a reference with `*` in it may be made of: what an order id may be made of.
fn reference_like(text: &str) -> Result<Glob, Refusal> {
    let allowed = |it: u8| it.is_ascii_alphanumeric() || b"-_.*".contains(&it);
    let is_glob = text.contains('*') && text.bytes().all(allowed);
    if is_glob {
        return Ok(Glob::new(text));
    }
    match text.parse::<Reference>() {
        Ok(reference) => Ok(Glob::new(reference.as_str())),
        Err(error) => {
            let hint = "write * for what may differ: ride-*";
            Err(Refusal::bad_request(format!("reference: {text}: {error}"), Some(hint)))
        }
    }
}

fn header(effect: Effect, wanted: &WantedHeader) -> Result<HeaderMatcher, Refusal> {
    let refusal = |detail: &str| Err(Refusal::bad_request(format!("header: {detail}"), None));
    if matches!(effect, Effect::Webhook { .. }) {
        return refusal("a webhook is sent by the mock; no call is looked at");
    }
    match wanted.name.parse::<axum::http::HeaderName>() {
        Ok(name) => Ok(HeaderMatcher {
            name: name.as_str().into(),
            value: wanted.value.as_deref().map(Glob::new),
        }),
        Err(_) => refusal(&format!("{:?} is no name of a header", wanted.name)),
    }
}

fn nth(nth: u32) -> Result<u32, Refusal> {
    if nth == 0 {
        return Err(Refusal::bad_request("nth: the first call is 1".to_owned(), None));
    }
    Ok(nth)
}

fn probability(share: f64) -> Result<Probability, Refusal> {
    Probability::of_share(share).ok_or_else(|| {
        let detail = format!("probability: {share} is not more than 0 and at most 1");
        Refusal::bad_request(detail, Some("0.3 strikes three calls in ten"))
    })
}

/// A length of time.
pub(super) fn time(name: &str, text: &str) -> Result<SignedDuration, Refusal> {
    duration(text).ok_or_else(|| {
        Refusal::bad_request(format!("{name}: {text} is no duration"), Some(DURATION_HINT))
    })
}

impl TryFrom<Value> for Times {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        const WRONG: &str = "expected a number from 1, or \"always\"";
        if value.as_str() == Some("always") {
            return Ok(Self(None));
        }
        let times = value.as_u64().and_then(|it| u32::try_from(it).ok()).filter(|it| 0 < *it);
        times.map(|it| Self(Some(it))).ok_or(WRONG)
    }
}
