//! The typed words of the steps: money, states, durations and the like.

use std::str::FromStr;

use cucumber::Parameter;
use jiff::SignedDuration;
use serde_json::Value;

use super::failure::Failure;
use crate::taxi::error::Error;
use crate::taxi::money::{Amount, MoneyError};
use crate::taxi::ride::Outcome;

/// A sum, `NOK 345.92`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "money", regex = r"[A-Z]{3} \d+\.\d\d")]
pub(super) struct Money(pub(super) Amount);

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        text.parse().map(Self)
    }
}

/// A time, `9 minutes 59 seconds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "duration",
    regex = r"\d+ (?:second|minute|hour|day)s?(?: \d+ (?:second|minute|hour|day)s?)*"
)]
pub(super) struct Duration(pub(super) SignedDuration);

impl FromStr for Duration {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::new(format!("{text} is no duration"));
        let mut seconds = 0;
        let mut words = text.split(' ');
        while let Some(count) = words.next() {
            let count: i64 = count.parse().map_err(|_| wrong())?;
            let unit = match words.next().map(|unit| unit.trim_end_matches('s')) {
                Some("second") => 1,
                Some("minute") => 60,
                Some("hour") => 60 * 60,
                Some("day") => 24 * 60 * 60,
                _ => return Err(wrong()),
            };
            seconds += count * unit;
        }
        Ok(Self(SignedDuration::from_secs(seconds)))
    }
}

/// What a request comes to, `accepted` or `refused with 6090 "Capture amount too high"`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "answer", regex = r#"accepted|refused with \d{4,5}(?: "[^"]+")?"#)]
pub(super) enum Answer {
    Accepted,
    Refused { code: u32, title: Option<String> },
}

impl FromStr for Answer {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text == "accepted" {
            return Ok(Self::Accepted);
        }
        let rest = text.trim_start_matches("refused with ");
        let (code, title) = rest.split_once(' ').unwrap_or((rest, ""));
        let code = code.parse().map_err(|_| Failure::new(format!("{text} has no code")))?;
        let title = (!title.is_empty()).then(|| title.trim_matches('"').to_owned());
        Ok(Self::Refused { code, title })
    }
}

/// An idempotency key, `the key "fare-1"`, `no key` or `a key of 51 letters`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "key", regex = r#"no key|a key of \d+ letters|the key "[^"]*""#)]
pub(super) struct Key(pub(super) Option<String>);

impl FromStr for Key {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text == "no key" {
            return Ok(Self(None));
        }
        if let Some(name) = text.strip_prefix("the key ") {
            return Ok(Self(Some(name.trim_matches('"').to_owned())));
        }
        let letters = text.split(' ').find_map(|word| word.parse().ok()).unwrap_or_default();
        Ok(Self(Some("k".repeat(letters))))
    }
}

/// A member of a request, `amount.value`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "field", regex = r"[A-Za-z-]+(?:\.[A-Za-z-]+)*")]
pub(super) struct Field(pub(super) String);

impl FromStr for Field {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Self(text.to_owned()))
    }
}

impl Field {
    /// Sets the member of `body` that this names, or takes it out.
    pub(super) fn set(&self, body: &mut Value, value: Option<Value>) {
        let (parents, last) = self.0.rsplit_once('.').unwrap_or(("", &self.0));
        let mut place = body;
        for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
            place = &mut place[parent];
        }
        match (value, place.as_object_mut()) {
            (Some(value), _) => place[last] = value,
            (None, Some(members)) => drop(members.remove(last)),
            (None, None) => {}
        }
    }
}

/// A value in JSON, or `nothing` for a member left out.
#[derive(Debug, Clone, PartialEq, Parameter)]
#[param(name = "json", regex = ".+")]
pub(super) struct Json(pub(super) Option<Value>);

impl FromStr for Json {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text == "nothing" {
            return Ok(Self(None));
        }
        serde_json::from_str(text)
            .map(|value| Self(Some(value)))
            .map_err(|error| Failure::new(format!("{text} is no JSON: {error}")))
    }
}

/// Names in a row, `amount, state, aggregate`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "names", regex = r"[A-Za-z_]+(?:, [A-Za-z_]+)*")]
pub(super) struct Names(pub(super) Vec<String>);

impl FromStr for Names {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Self(text.split(", ").map(str::to_owned).collect()))
    }
}

/// A word out of a few, given as text.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident, $name:literal, $regex:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Parameter)]
        #[param(name = $name, regex = $regex)]
        pub(super) struct $type(pub(super) String);

        impl FromStr for $type {
            type Err = Failure;

            fn from_str(text: &str) -> Result<Self, Failure> {
                Ok(Self(text.to_owned()))
            }
        }
    };
}

words!(
    /// A payment's state.
    State, "state", "CREATED|AUTHORIZED|ABORTED|EXPIRED|TERMINATED"
);
words!(
    /// An event's name.
    Event, "event", "CREATED|AUTHORIZED|ABORTED|EXPIRED|TERMINATED|CANCELLED|CAPTURED|REFUNDED"
);
words!(
    /// A user flow.
    Flow, "flow", "PUSH_MESSAGE|WEB_REDIRECT|NATIVE_REDIRECT|QR"
);

/// A market, by the name of its country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "market", regex = "Norway|Denmark|Finland")]
pub(super) struct Market(pub(super) &'static str);

impl FromStr for Market {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        match text {
            "Norway" => Ok(Self("NO")),
            "Denmark" => Ok(Self("DK")),
            "Finland" => Ok(Self("FI")),
            _ => Err(Failure::new(format!("{text} is no market"))),
        }
    }
}

/// What a test customer does by itself; the value is the end of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "habit",
    regex = "approves at once|approves after 30 seconds|rejects|never answers|approves in the last second|is unknown"
)]
pub(super) struct Habit(pub(super) &'static str);

impl FromStr for Habit {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        match text {
            "approves at once" => Ok(Self("01")),
            "approves after 30 seconds" => Ok(Self("02")),
            "rejects" => Ok(Self("03")),
            "never answers" => Ok(Self("04")),
            "approves in the last second" => Ok(Self("08")),
            "is unknown" => Ok(Self("10")),
            _ => Err(Failure::new(format!("nobody {text}"))),
        }
    }
}

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "situation",
    regex = "is waiting|is approved|is captured in part|is captured in full|is captured in part and otherwise released|is released in full|is refunded in full|was cancelled before approval|was rejected|has expired"
)]
pub(super) enum Situation {
    Waiting,
    Approved,
    CapturedInPart,
    CapturedInFull,
    CapturedInPartAndReleased,
    ReleasedInFull,
    RefundedInFull,
    CancelledBeforeApproval,
    Rejected,
    Expired,
}

impl FromStr for Situation {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "is waiting" => Self::Waiting,
            "is approved" => Self::Approved,
            "is captured in part" => Self::CapturedInPart,
            "is captured in full" => Self::CapturedInFull,
            "is captured in part and otherwise released" => Self::CapturedInPartAndReleased,
            "is released in full" => Self::ReleasedInFull,
            "is refunded in full" => Self::RefundedInFull,
            "was cancelled before approval" => Self::CancelledBeforeApproval,
            "was rejected" => Self::Rejected,
            "has expired" => Self::Expired,
            _ => return Err(Failure::new(format!("no payment {text}"))),
        })
    }
}

/// The events of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "events", regex = "all payment events|[A-Z]+(?: and [A-Z]+)*")]
pub(super) struct Events(pub(super) Vec<String>);

impl FromStr for Events {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        const ALL: &str = "CREATED and AUTHORIZED and ABORTED and EXPIRED and TERMINATED and \
                           CANCELLED and CAPTURED and REFUNDED";
        let text = if text == "all payment events" { ALL } else { text };
        let name = |word: &str| format!("epayments.payment.{}.v1", word.to_lowercase());
        Ok(Self(text.split(" and ").map(name).collect()))
    }
}

/// How a ride ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "ending", regex = "paid|declined|not answered in time|withdrawn|above the hold|failed")]
pub(super) enum Ending {
    Paid,
    Declined,
    NotAnsweredInTime,
    Withdrawn,
    AboveTheHold,
    Failed,
}

impl FromStr for Ending {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "paid" => Self::Paid,
            "declined" => Self::Declined,
            "not answered in time" => Self::NotAnsweredInTime,
            "withdrawn" => Self::Withdrawn,
            "above the hold" => Self::AboveTheHold,
            "failed" => Self::Failed,
            _ => return Err(Failure::new(format!("no ride ends {text}"))),
        })
    }
}

impl Ending {
    /// How this outcome is called here.
    pub(super) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Paid(_) => Self::Paid,
            Outcome::Declined { .. } => Self::Declined,
            Outcome::Expired { .. } => Self::NotAnsweredInTime,
            Outcome::Cancelled { .. } => Self::Withdrawn,
            Outcome::FareAboveReservation { .. } => Self::AboveTheHold,
            Outcome::Failed(_) => Self::Failed,
        }
    }
}

/// What the platform objects to, in a driver's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "objection",
    regex = "the passenger has not approved|it is more than was reserved|it is released already|everything is captured already|the key was used for another amount|the passenger approved first|parts cannot be captured|there is a receipt already"
)]
pub(super) enum Objection {
    NotApproved,
    MoreThanReserved,
    ReleasedAlready,
    CapturedAlready,
    KeyUsed,
    ApprovedFirst,
    NoParts,
    ReceiptExists,
}

impl FromStr for Objection {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "the passenger has not approved" => Self::NotApproved,
            "it is more than was reserved" => Self::MoreThanReserved,
            "it is released already" => Self::ReleasedAlready,
            "everything is captured already" => Self::CapturedAlready,
            "the key was used for another amount" => Self::KeyUsed,
            "the passenger approved first" => Self::ApprovedFirst,
            "parts cannot be captured" => Self::NoParts,
            "there is a receipt already" => Self::ReceiptExists,
            _ => return Err(Failure::new(format!("nobody objects that {text}"))),
        })
    }
}

impl Objection {
    /// What an error of the client says, if it is one of these.
    pub(super) fn of(error: &Error) -> Option<Self> {
        match (error.code(), error.status()) {
            (Some(6080), _) => Some(Self::NotApproved),
            (Some(6090), _) => Some(Self::MoreThanReserved),
            (Some(6070), _) => Some(Self::ReleasedAlready),
            (Some(6040), _) => Some(Self::CapturedAlready),
            (Some(4010), _) => Some(Self::KeyUsed),
            (Some(6060), _) => Some(Self::ApprovedFirst),
            (Some(6140), _) => Some(Self::NoParts),
            (None, Some(409)) => Some(Self::ReceiptExists),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn durations_add_up() {
        let cases = [("0 seconds", 0), ("9 minutes 59 seconds", 599), ("2 days", 172_800)];
        for (text, seconds) in cases {
            let Duration(actual) = text.parse().unwrap();
            assert_eq!(actual.as_secs(), seconds, "{text}");
        }
    }

    #[test]
    fn a_field_is_set_or_taken_out_in_place() {
        let mut body = json!({ "amount": { "currency": "NOK", "value": 1 } });
        Field("amount.value".into()).set(&mut body, Some(json!("1")));
        Field("amount.currency".into()).set(&mut body, None);
        Field("customer.phoneNumber".into()).set(&mut body, Some(json!("47")));
        assert_eq!(
            body,
            json!({ "amount": { "value": "1" }, "customer": { "phoneNumber": "47" } })
        );
    }

    #[test]
    fn answers_name_a_code_and_perhaps_a_title() {
        let cases = [
            ("accepted", Answer::Accepted),
            ("refused with 4150", Answer::Refused { code: 4150, title: None }),
            (
                "refused with 6010 \"Amount too small\"",
                Answer::Refused { code: 6010, title: Some("Amount too small".into()) },
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Answer>().unwrap(), expected, "{text}");
        }
    }
}
