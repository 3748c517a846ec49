//! The words of payments: states, events, situations, and what a request comes to.

use std::str::FromStr;

use cucumber::Parameter;

use crate::conformance::failure::Failure;

/// What a request comes to, `accepted` or `refused with 6090 "Capture amount too high"`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "answer", regex = r#"accepted|refused with \d{4,5}(?: "[^"]+")?"#)]
pub(in crate::conformance) enum Answer {
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

/// A word out of a few, given as text.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident, $name:literal, $regex:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Parameter)]
        #[param(name = $name, regex = $regex)]
        pub(in crate::conformance) struct $type(pub(in crate::conformance) String);

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

/// In which way a merchant knows a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "identity",
    regex = "number|the code with the number in clear text|the code that the app shows|a check-in"
)]
pub(in crate::conformance) enum Identity {
    Number,
    ClearCode,
    Code,
    CheckIn,
}

impl FromStr for Identity {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        match text {
            "number" => Ok(Self::Number),
            "the code with the number in clear text" => Ok(Self::ClearCode),
            "the code that the app shows" => Ok(Self::Code),
            "a check-in" => Ok(Self::CheckIn),
            _ => Err(Failure::new(format!("nobody is known by {text}"))),
        }
    }
}

/// A market, by the name of its country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "market", regex = "Norway|Denmark|Finland")]
pub(in crate::conformance) struct Market(pub(in crate::conformance) &'static str);

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

/// A call that a fault can strike; the value is its name in the control API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "operation",
    regex = "look|look at the events|new payment|forced approval|capture|refund|cancel"
)]
pub(in crate::conformance) struct Operation(pub(in crate::conformance) &'static str);

impl FromStr for Operation {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Self(match text {
            "look" => "get",
            "look at the events" => "events",
            "new payment" => "create",
            "forced approval" => "approve",
            "capture" => "capture",
            "refund" => "refund",
            "cancel" => "cancel",
            _ => return Err(Failure::new(format!("no merchant comes with a {text}"))),
        }))
    }
}

/// What a merchant may do, or may not; the value is its name in the control API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "permission",
    regex = "push|capture in parts|capture late|choose when payments expire|ask who customers are|ask for identity numbers|give money back|use Express"
)]
pub(in crate::conformance) struct Permission(pub(in crate::conformance) &'static str);

impl FromStr for Permission {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Self(match text {
            "push" => "pushMessage",
            "capture in parts" => "partialCapture",
            "capture late" => "lateCapture",
            "choose when payments expire" => "longLiving",
            "ask who customers are" => "profileSharing",
            "ask for identity numbers" => "nin",
            "give money back" => "refund",
            "use Express" => "express",
            _ => return Err(Failure::new(format!("no merchant may {text}"))),
        }))
    }
}

/// How far a payment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "situation",
    regex = "is waiting|is approved|is captured in part|is captured in full|is captured in part and otherwise released|is refunded in part|is being paid|is released in full|is refunded in full|was cancelled before approval|was rejected|has expired"
)]
pub(in crate::conformance) enum Situation {
    Waiting,
    Approved,
    CapturedInPart,
    CapturedInFull,
    CapturedInPartAndReleased,
    ReleasedInFull,
    RefundedInPart,
    RefundedInFull,
    BeingPaid,
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
            "is refunded in part" => Self::RefundedInPart,
            "is being paid" => Self::BeingPaid,
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
#[param(name = "events", regex = "all payment events|check-ins|[A-Z]+(?: and [A-Z]+)*")]
pub(in crate::conformance) struct Events(pub(in crate::conformance) Vec<String>);

impl FromStr for Events {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        const ALL: &str = "CREATED and AUTHORIZED and ABORTED and EXPIRED and TERMINATED and \
                           CANCELLED and CAPTURED and REFUNDED";
        if text == "check-ins" {
            return Ok(Self(vec!["user.checked-in.v1".to_owned()]));
        }
        let text = if text == "all payment events" { ALL } else { text };
        let name = |word: &str| format!("epayments.payment.{}.v1", word.to_lowercase());
        Ok(Self(text.split(" and ").map(name).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
