//! One step of a scenario: what it is called, what it needs, and which call of the control API it is.

use http::Method;
use jiff::SignedDuration;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value, json};

/// The words that stand for what is known only when a scenario runs.
pub(super) const PAYMENT: &str = "{payment}";
pub(super) const PHONE: &str = "{phone}";

/// What a step may `do`.
pub(super) const KINDS: [&str; 18] = [
    "payment",
    "wait",
    "approve",
    "reject",
    "expire",
    "fail",
    "ignore",
    "open-app",
    "close-browser",
    "fault",
    "user",
    "clear-user",
    "check-in",
    "freeze",
    "resume",
    "set",
    "advance",
    "advance-to-expiry",
];

/// As wide as the longest of them, in characters.
pub(crate) const KIND_WIDTH: usize = "advance-to-expiry".len();

/// A step, as a recipe has it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Step {
    /// From here on `{payment}` is a payment: the one that was asked for, or else the newest that waits
    /// for its customer, or else the next that is made. If it must be `new`, only the next.
    Payment {
        #[serde(default)]
        new: bool,
    },
    /// Goes on when something has happened since the scenario began.
    Wait(Wanted),
    Approve {},
    Reject {},
    Expire {},
    Fail {
        outcome: String,
    },
    Ignore {},
    OpenApp {},
    CloseBrowser {},
    /// The body of `POST …/faults`, as it stands.
    Fault(Map<String, Value>),
    User {
        #[serde(default = "the_phone")]
        phone: String,
        behaviour: String,
    },
    ClearUser {
        #[serde(default = "the_phone")]
        phone: String,
    },
    CheckIn {
        #[serde(default = "the_phone")]
        phone: String,
        code: String,
    },
    Freeze {},
    Resume {},
    Set {
        to: String,
    },
    Advance {
        by: String,
    },
    /// Moves the time on to this long before the payment expires.
    AdvanceToExpiry {
        #[serde(default, deserialize_with = "duration")]
        less: SignedDuration,
    },
}

/// What is waited for: all that is said must hold for one event.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Its kind, such as `delivery`; `payment` if an event is named.
    #[serde(default)]
    pub(super) kind: Option<String>,
    /// Of the payment the name in its log, such as CAPTURED.
    #[serde(default)]
    pub(super) event: Option<String>,
    /// What its text has somewhere.
    #[serde(default)]
    pub(super) text: Option<String>,
    /// How long, in real time.
    #[serde(default = "patience", deserialize_with = "duration")]
    pub(super) within: SignedDuration,
    /// What to tell whoever waited in vain.
    #[serde(default)]
    pub(super) otherwise: Option<String>,
}

/// A call of the control API, beneath the sales unit.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// Segments that are not encoded yet.
    pub(crate) path: Vec<String>,
    pub(crate) body: Option<Value>,
}

impl Step {
    /// Whether it can be made only when it is known which payment is meant.
    pub(super) fn needs_payment(&self) -> bool {
        match self {
            Self::Approve {}
            | Self::Reject {}
            | Self::Expire {}
            | Self::Fail { .. }
            | Self::Ignore {}
            | Self::OpenApp {}
            | Self::CloseBrowser {}
            | Self::AdvanceToExpiry { .. } => true,
            Self::Wait(wanted) => wanted.event.is_some() || names(wanted.text.as_ref(), PAYMENT),
            Self::Fault(body) => body.values().any(|value| value_names(value, PAYMENT)),
            Self::Payment { .. }
            | Self::User { .. }
            | Self::ClearUser { .. }
            | Self::CheckIn { .. }
            | Self::Freeze {}
            | Self::Resume {}
            | Self::Set { .. }
            | Self::Advance { .. } => false,
        }
    }

    /// Whether it names the customer.
    pub(super) fn needs_phone(&self) -> bool {
        match self {
            Self::User { phone, .. } | Self::ClearUser { phone } | Self::CheckIn { phone, .. } => {
                phone.contains(PHONE)
            }
            _ => false,
        }
    }

    /// The call that it is, with words that stand for others replaced. None for what is more than one.
    pub(super) fn call(&self, fill: impl Fn(&str) -> String) -> Option<Call> {
        let payment = |act: &str| Some(post(&["payments", &fill(PAYMENT), act], None));
        match self {
            Self::Payment { .. } | Self::Wait(_) | Self::AdvanceToExpiry { .. } => None,
            Self::Approve {} => payment("approve"),
            Self::Reject {} => payment("reject"),
            Self::Expire {} => payment("expire"),
            Self::Ignore {} => payment("ignore"),
            Self::OpenApp {} => payment("open-app"),
            Self::CloseBrowser {} => payment("close-browser"),
            Self::Fail { outcome } => {
                let body = json!({ "outcome": fill(outcome) });
                Some(post(&["payments", &fill(PAYMENT), "fail"], Some(body)))
            }
            Self::Fault(body) => {
                let body = filled(&Value::Object(body.clone()), &fill);
                Some(post(&["faults"], Some(body)))
            }
            Self::User { phone, behaviour } => Some(Call {
                method: Method::PUT,
                ..post(&["users", &fill(phone)], Some(json!({ "behaviour": fill(behaviour) })))
            }),
            Self::ClearUser { phone } => {
                Some(Call { method: Method::DELETE, ..post(&["users", &fill(phone)], None) })
            }
            Self::CheckIn { phone, code } => {
                let body = json!({ "merchantQrId": fill(code) });
                Some(post(&["users", &fill(phone), "check-in"], Some(body)))
            }
            Self::Freeze {} => Some(post(&["clock", "freeze"], None)),
            Self::Resume {} => Some(post(&["clock", "resume"], None)),
            Self::Set { to } => Some(set(&fill(to))),
            Self::Advance { by } => {
                Some(post(&["clock", "advance"], Some(json!({ "by": fill(by) }))))
            }
        }
    }
}

/// Moves the time on to this moment.
pub(super) fn set(to: &str) -> Call {
    post(&["clock", "set"], Some(json!({ "to": to })))
}

pub(super) fn get(path: &[&str]) -> Call {
    Call { method: Method::GET, ..post(path, None) }
}

fn post(path: &[&str], body: Option<Value>) -> Call {
    let path = path.iter().map(|it| (*it).to_owned()).collect();
    Call { method: Method::POST, path, body }
}

/// The same with every text in it filled in.
fn filled(value: &Value, fill: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => fill(text).into(),
        Value::Array(items) => items.iter().map(|item| filled(item, fill)).collect(),
        Value::Object(members) => {
            let members = members.iter();
            members.map(|(name, value)| (name.clone(), filled(value, fill))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

/// Whether a word stands anywhere in it.
fn value_names(value: &Value, word: &str) -> bool {
    match value {
        Value::String(text) => text.contains(word),
        Value::Array(items) => items.iter().any(|item| value_names(item, word)),
        Value::Object(members) => members.values().any(|value| value_names(value, word)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn names(text: Option<&String>, word: &str) -> bool {
    text.is_some_and(|text| text.contains(word))
}

fn the_phone() -> String {
    PHONE.to_owned()
}

/// How long a step waits that does not say so.
const fn patience() -> SignedDuration {
    SignedDuration::from_mins(5)
}

/// `90s`, `1h30m`.
fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SignedDuration, D::Error> {
    let text = String::deserialize(deserializer)?;
    let duration: Option<SignedDuration> = text.parse().ok();
    duration
        .filter(|it| !it.is_negative())
        .ok_or_else(|| de::Error::custom(format_args!("{text} is no duration; write 90s or 1h30m")))
}
