//! The words of taxis: what passengers do, how rides end, and what is objected.

use std::str::FromStr;

use cucumber::Parameter;

use crate::conformance::failure::Failure;
use crate::conformance::relay::Change;
use crate::taxi::error::Error;
use crate::taxi::ride::{Outcome, ReceiptStatus, RideError};

/// What a test customer does by itself; the value is the end of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "habit",
    regex = "approves at once|approves after 30 seconds|rejects|never answers|approves in the last second|is unknown|has a second card|has no money|is refused by the bank|is under age|has no card|is not identified|is over the limit|has an expired card|has a commercial card|waits for the tester"
)]
pub(in crate::conformance) struct Habit(pub(in crate::conformance) &'static str);

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
            "has a second card" => Ok(Self("05")),
            "has no money" => Ok(Self("06")),
            "is refused by the bank" => Ok(Self("07")),
            "is under age" => Ok(Self("11")),
            "has no card" => Ok(Self("12")),
            "is not identified" => Ok(Self("13")),
            "is over the limit" => Ok(Self("14")),
            "has an expired card" => Ok(Self("15")),
            "has a commercial card" => Ok(Self("16")),
            "waits for the tester" => Ok(Self("99")),
            _ => Err(Failure::new(format!("nobody {text}"))),
        }
    }
}

/// How a driver types a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "typing",
    regex = "as digits|with spaces and a plus sign|with zeros before it|with dashes|without its country|with a letter"
)]
pub(in crate::conformance) enum Typing {
    Digits,
    SpacesAndPlus,
    Zeros,
    Dashes,
    WithoutCountry,
    Letter,
}

impl FromStr for Typing {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "as digits" => Self::Digits,
            "with spaces and a plus sign" => Self::SpacesAndPlus,
            "with zeros before it" => Self::Zeros,
            "with dashes" => Self::Dashes,
            "without its country" => Self::WithoutCountry,
            "with a letter" => Self::Letter,
            _ => return Err(Failure::new(format!("nobody types a number {text}"))),
        })
    }
}

impl Typing {
    /// A number typed like this.
    pub(in crate::conformance) fn of(self, digits: &str) -> String {
        let (country, number) = digits.split_at(2.min(digits.len()));
        let parted = |by: &str| {
            let pairs: Vec<&str> = (0..number.len())
                .step_by(2)
                .filter_map(|at| number.get(at..number.len().min(at + 2)))
                .collect();
            pairs.join(by)
        };
        match self {
            Self::Digits => digits.to_owned(),
            Self::SpacesAndPlus => format!("+{country} {}", parted(" ")),
            Self::Zeros => format!("00{digits}"),
            Self::Dashes => format!("{country}-{}", parted("-")),
            Self::WithoutCountry => number.to_owned(),
            Self::Letter => format!("{country}{}O", &number[..number.len() - 1]),
        }
    }
}

/// What a proxy in front of the taxi does to webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "proxy",
    regex = "changes nothing|is called by another host|takes the query away|takes Authorization away|takes both copies away|takes the date away|prints the body anew|dates the request anew"
)]
pub(in crate::conformance) struct Proxy(pub(in crate::conformance) Change);

impl FromStr for Proxy {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        const AUTHORIZATION: &str = "authorization";
        Ok(Self(match text {
            "changes nothing" => Change::Nothing,
            "is called by another host" => Change::Forwarded,
            "takes the query away" => Change::Query,
            "takes Authorization away" => Change::Without(&[AUTHORIZATION]),
            "takes both copies away" => Change::Without(&[AUTHORIZATION, "x-vipps-authorization"]),
            "takes the date away" => Change::Without(&["x-ms-date"]),
            "prints the body anew" => Change::Body,
            "dates the request anew" => Change::Date,
            _ => return Err(Failure::new(format!("no proxy {text}"))),
        }))
    }
}

/// How a ride ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "ending",
    regex = "paid|undecided|declined|not answered in time|withdrawn|above the hold|failed"
)]
pub(in crate::conformance) enum Ending {
    Paid,
    Undecided,
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
            "undecided" => Self::Undecided,
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
    pub(in crate::conformance) fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Paid(_) => Self::Paid,
            Outcome::Declined { .. } => Self::Declined,
            Outcome::Expired { .. } => Self::NotAnsweredInTime,
            Outcome::Cancelled { .. } => Self::Withdrawn,
            Outcome::FareAboveReservation { .. } => Self::AboveTheHold,
            Outcome::Failed(RideError::Undecided(_)) => Self::Undecided,
            Outcome::Failed(_) => Self::Failed,
        }
    }
}

/// What the platform objects to, in a driver's words; the value is the status and the code of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "objection",
    regex = "the passenger has not approved|it is more than was reserved|it is released already|everything is captured already|nothing is held any more|nothing can be cancelled|nothing can be captured|the key was used for another capture|the key was used for another request|the key was used for another refund|the passenger approved first|the passenger is paying just now|parts cannot be captured|nothing is captured yet|it is more than was captured|it was captured too long ago|the time to capture is over|the time to cancel is over|it cannot be refunded|the funds are gone|another works on it|it is not the currency of the unit|it is too little|the way back is not safe|the reference is taken|the passenger cannot be asked|requests may not be pushed|there is a receipt already"
)]
pub(in crate::conformance) struct Objection(
    pub(in crate::conformance) u16,
    pub(in crate::conformance) Option<u32>,
);

impl FromStr for Objection {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let (status, code) = match text {
            "the passenger has not approved" => (400, 6080),
            "it is more than was reserved" => (400, 6090),
            "it is released already" => (400, 6070),
            "everything is captured already" => (400, 6040),
            "nothing is held any more" => (400, 6050),
            "nothing can be cancelled" => (400, 6190),
            "nothing can be captured" => (400, 6200),
            "the key was used for another capture" => (409, 4010),
            "the key was used for another request" => (409, 4020),
            "the key was used for another refund" | "the reference is taken" => (409, 4150),
            "the passenger approved first" => (400, 6060),
            "the passenger is paying just now" => (400, 6250),
            "parts cannot be captured" => (400, 6140),
            "nothing is captured yet" => (400, 6020),
            "it is more than was captured" => (400, 6150),
            "it was captured too long ago" => (400, 6220),
            "it cannot be refunded" => (400, 6210),
            "the time to capture is over" => (400, 6100),
            "the time to cancel is over" => (400, 6030),
            "the funds are gone" => (400, 6260),
            "another works on it" => (423, 6160),
            "it is not the currency of the unit" => (400, 5040),
            "it is too little" => (400, 6010),
            "the way back is not safe" => (400, 4090),
            "the passenger cannot be asked" => (400, 7010),
            "requests may not be pushed" => (400, 5080),
            "there is a receipt already" => return Ok(Self(409, None)),
            _ => return Err(Failure::new(format!("nobody objects that {text}"))),
        };
        Ok(Self(status, Some(code)))
    }
}

impl Objection {
    /// What an error of the client says, if it came as an answer.
    pub(in crate::conformance) fn of(error: &Error) -> Option<Self> {
        error.status().map(|status| Self(status, error.code()))
    }
}

/// What a call, made once or repeated, was answered with, `nothing, 200`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "statuses", regex = r"(?:\d{3}|nothing)(?:, (?:\d{3}|nothing))*")]
pub(in crate::conformance) struct Statuses(pub(in crate::conformance) Vec<Option<u16>>);

impl FromStr for Statuses {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let one = |word: &str| match word {
            "nothing" => Ok(None),
            _ => word.parse().map(Some).map_err(|_| Failure::new(format!("no status is {word}"))),
        };
        text.split(", ").map(one).collect::<Result<_, _>>().map(Self)
    }
}

/// A call that a dispatch makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "act",
    regex = "ask|withdraw|capture|release|give back|send the receipt|request|receipt"
)]
pub(in crate::conformance) struct Act(pub(in crate::conformance) &'static str);

impl FromStr for Act {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Self(match text {
            "ask" | "request" => "ask",
            "withdraw" => "withdraw",
            "capture" => "capture",
            "release" => "release",
            "give back" => "give back",
            "send the receipt" | "receipt" => "send the receipt",
            _ => return Err(Failure::new(format!("no dispatch can {text}"))),
        }))
    }
}

/// What became of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "fate", regex = "stored|stored already|another one|not stored")]
pub(in crate::conformance) enum ReceiptFate {
    Stored,
    StoredAlready,
    AnotherOne,
    NotStored,
}

impl FromStr for ReceiptFate {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(match text {
            "stored" => Self::Stored,
            "stored already" => Self::StoredAlready,
            "another one" => Self::AnotherOne,
            "not stored" => Self::NotStored,
            _ => return Err(Failure::new(format!("no receipt is {text}"))),
        })
    }
}

impl ReceiptFate {
    /// How this status is called here.
    pub(in crate::conformance) fn of(status: &ReceiptStatus) -> Self {
        match status {
            ReceiptStatus::Stored => Self::Stored,
            ReceiptStatus::AlreadyStored => Self::StoredAlready,
            ReceiptStatus::Differs => Self::AnotherOne,
            ReceiptStatus::NotStored(_) | ReceiptStatus::NotSent => Self::NotStored,
        }
    }
}
