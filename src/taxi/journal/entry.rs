//! One line of a ride's journal.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::taxi::client::{Aggregate, Payment, PaymentState};
use crate::taxi::dispatch::RideState;
use crate::taxi::error::Error;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::reference::Attempt;
use crate::taxi::ride::RideOrder;

/// What happened, or is about to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Entry {
    /// The passenger ordered.
    Ordered(RideOrder),
    /// This payment is to be asked for. One that stands alone is no part of the fare.
    Planned {
        /// Under which name.
        attempt: Attempt,
        /// What is asked, and how.
        order: RideOrder,
        /// Whether it is owed besides the fare, such as a tip.
        alone: bool,
    },
    /// The passenger is in the car.
    Boarded,
    /// This is owed now, and what is held above it is released if the ride is over.
    Owed {
        /// The fare, or the fee.
        fare: Fare,
        /// Whether the passenger was not there.
        no_show: bool,
        /// Whether more may come: a stop on the way.
        more: bool,
    },
    /// There will be no ride, and nothing is owed.
    CalledOff,
    /// This call is about to be made.
    Intended {
        /// About which payment.
        attempt: Attempt,
        /// Which call.
        act: Act,
    },
    /// This call was answered with success.
    Done {
        /// About which payment.
        attempt: Attempt,
        /// Which call.
        act: Act,
        /// How the payment is then, if the answer said so.
        seen: Option<Seen>,
    },
    /// This is where the passenger is sent to pay: a page, the app, or the picture of a code.
    Leads {
        /// For which payment.
        attempt: Attempt,
        /// Where.
        url: String,
    },
    /// This call failed.
    Failed {
        /// About which payment.
        attempt: Attempt,
        /// Which call.
        act: Act,
        /// How, with all that support will ask for.
        failure: FailedCall,
    },
    /// The payment was read, and is not as it was.
    Saw {
        /// Which payment.
        attempt: Attempt,
        /// What it says.
        seen: Seen,
    },
    /// The passenger objects to what was charged.
    Disputed,
    /// The ride went from one state to the next.
    Became(RideState),
    /// A person must look at it, and no more calls are made.
    Flagged(String),
}

/// A call that changes something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Ask the passenger to pay.
    Ask,
    /// Withdraw the request while nobody has answered.
    Withdraw,
    /// Take money that is held.
    Capture {
        /// The ordinal of the capture, which its key is made of.
        part: u8,
        /// How much.
        amount: Amount,
        /// How much is captured then.
        in_all: Amount,
    },
    /// Release what is held and not captured.
    Release,
    /// Give money back.
    Refund {
        /// The ordinal of the decision, which its key is made of.
        decision: u8,
        /// How much.
        amount: Amount,
        /// How much is given back then.
        in_all: Amount,
    },
    /// Store the receipt.
    SendReceipt,
}

/// A payment as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// What the passenger, or nobody, did.
    pub state: PaymentState,
    /// Where the money is.
    pub money: Aggregate,
    /// Until when the bank keeps the hold, in the API's own words.
    pub guaranteed_until: Option<String>,
}

/// A call that failed, kept for whoever asks support about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedCall {
    /// The HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// The number of the error, if the API gave one.
    pub code: Option<u32>,
    /// What support looks a call up by.
    pub trace_id: Option<String>,
    /// The path that the answer names.
    pub instance: Option<String>,
    /// The failure in words, with the fields that were wrong.
    pub words: String,
    /// What to do about it, for the operator.
    pub advice: String,
    /// Whether the same call may still succeed, or has: nothing was refused for good.
    pub may_pass: bool,
}

impl From<&Payment> for Seen {
    fn from(payment: &Payment) -> Self {
        let guaranteed_until = payment.capture_guaranteed_until.clone();
        Self { state: payment.state.clone(), money: payment.aggregate, guaranteed_until }
    }
}

impl From<&Error> for FailedCall {
    fn from(error: &Error) -> Self {
        let problem = match error {
            Error::Problem(problem) => Some(problem),
            _ => None,
        };
        Self {
            status: error.status(),
            code: error.code(),
            trace_id: problem.and_then(|problem| problem.trace_id.clone()),
            instance: problem.and_then(|problem| problem.instance.clone()),
            words: error.to_string(),
            advice: error.advice().to_owned(),
            may_pass: error.may_pass() || error.leaves_outcome_open(),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ask => f.write_str("ask the passenger"),
            Self::Withdraw => f.write_str("withdraw the request"),
            Self::Capture { part, amount, .. } => write!(f, "capture {amount} as part {part}"),
            Self::Release => f.write_str("release the rest"),
            Self::Refund { decision, amount, .. } => {
                write!(f, "give {amount} back by decision {decision}")
            }
            Self::SendReceipt => f.write_str("store the receipt"),
        }
    }
}
