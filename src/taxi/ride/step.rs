//! What a ride tells while it happens.

use std::fmt;

use jiff::Timestamp;

use crate::taxi::client::{Aggregate, PaymentState};
use crate::taxi::dispatch::RideState;
use crate::taxi::error::Error;
use crate::taxi::journal::Act;
use crate::taxi::money::Amount;
use crate::taxi::phone::Phone;
use crate::taxi::reference::{Reference, RideKey};
use crate::taxi::webhook::WebhookEvent;

/// One thing that happened. Printed, it is one line for a terminal.
#[derive(Debug, Clone)]
pub enum Step {
    /// The passenger ordered in the taxi app.
    Ordered {
        /// The ride.
        ride: RideKey,
        /// The passenger's number; it prints masked.
        phone: Phone,
        /// What the ride costs.
        fare: Amount,
    },
    /// Webhooks come to this address.
    WebhooksReady {
        /// The registered address.
        url: String,
    },
    /// No webhooks come, so the answer is found by asking alone.
    NoWebhooks {
        /// Why not, if they were wanted.
        reason: Option<Error>,
    },
    /// The passenger was asked to pay.
    Requested {
        /// The payment.
        reference: Reference,
        /// What is to be approved.
        amount: Amount,
    },
    /// The passenger was asked already, before we crashed or lost the answer.
    AlreadyRequested {
        /// The payment.
        reference: Reference,
    },
    /// The reference belongs to something else, so the next one is tried.
    ReferenceTaken {
        /// The reference.
        reference: Reference,
    },
    /// Now it is for the passenger to answer.
    Waiting {
        /// Whom we wait for; it prints masked.
        phone: Phone,
    },
    /// A webhook says that there is an answer.
    Hint {
        /// What it says.
        event: WebhookEvent,
    },
    /// Asking failed; it is asked again.
    PollFailed {
        /// How.
        error: Error,
    },
    /// The payment was read, and there is an answer.
    Answered {
        /// The answer.
        state: PaymentState,
        /// What the passenger approved.
        authorized: Amount,
        /// What made us look.
        found_by: FoundBy,
    },
    /// Nobody answered in all that time, so the request is withdrawn.
    GaveUpWaiting,
    /// The receipt was stored.
    ReceiptStored {
        /// How many lines.
        lines: usize,
        /// Their sum.
        total: Amount,
    },
    /// The same receipt was stored already.
    ReceiptAlreadyStored,
    /// Another receipt was stored already. A person must look at it.
    ReceiptDiffers,
    /// The receipt could not be stored. The payment goes on.
    ReceiptNotStored {
        /// Why not.
        error: Error,
    },
    /// The hold has no room for the tip, so the passenger is asked for it alone.
    TipWantsRoom {
        /// How much it is.
        tip: Amount,
    },
    /// The fare was taken.
    Captured {
        /// How much is captured in all.
        amount: Amount,
    },
    /// What was not needed was released.
    Released {
        /// How much.
        amount: Amount,
    },
    /// The payment was read once more, and the money is where it should be.
    Checked {
        /// Where the money is.
        aggregate: Aggregate,
    },
    /// The ride failed, and the passenger's money was let go.
    HoldReleased {
        /// How much.
        amount: Amount,
    },
    /// The ride failed for now, and the passenger's money stays held: it is still to be captured.
    HoldKept {
        /// The payment that holds it.
        reference: Reference,
    },
    /// The ride failed, and the request was withdrawn.
    RequestWithdrawn,
    /// The ride failed, and the passenger's money may still be held. A person must look at it.
    HoldNotReleased {
        /// Why not.
        error: Error,
    },
    /// A ride of the dispatch has come to another state.
    Became {
        /// Which ride.
        ride: RideKey,
        /// Where it is.
        state: RideState,
    },
    /// A call of the dispatch failed. The ride goes another way, or on later.
    CallFailed {
        /// What was to be done.
        act: Act,
        /// How it failed.
        error: Error,
    },
    /// Something was given back.
    GaveBack {
        /// How much.
        amount: Amount,
    },
    /// The bank may soon let go of a hold that is still needed.
    GuaranteeEnds {
        /// The payment.
        reference: Reference,
        /// Until when it keeps it.
        until: Timestamp,
    },
    /// A webhook told of a payment that the journal knows nothing of.
    Orphan {
        /// The payment, as the webhook names it.
        reference: String,
    },
    /// A person must look at the ride.
    PersonNeeded {
        /// Why.
        why: String,
    },
}

/// What made us look at the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundBy {
    /// A webhook.
    Webhook,
    /// The time to ask again.
    Polling,
}

/// Hears of each step as it happens. Any closure over a [`Step`] will do.
pub trait Report: Send + Sync {
    /// Called once for each step, in order.
    fn step(&self, step: &Step);
}

impl<F: Fn(&Step) + Send + Sync> Report for F {
    fn step(&self, step: &Step) {
        self(step);
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ordered { ride, phone, fare } => {
                write!(f, "ride {ride} ordered in the taxi app by {phone}, fare {fare}")
            }
            Self::WebhooksReady { url } => write!(f, "webhooks come to {url}"),
            Self::NoWebhooks { reason: None } => f.write_str("no webhooks: asking only"),
            Self::NoWebhooks { reason: Some(error) } => {
                write!(f, "no webhooks, asking only: {error}")
            }
            Self::Requested { reference, amount } => {
                write!(f, "{amount} requested as {reference}")
            }
            Self::AlreadyRequested { reference } => {
                write!(f, "{reference} was requested before: taken over")
            }
            Self::ReferenceTaken { reference } => {
                write!(f, "{reference} is taken: trying the next one")
            }
            Self::Waiting { phone } => write!(f, "waiting for {phone} to answer in the app"),
            Self::Hint { event } => write!(f, "webhook: {} {}", event.name, event.amount),
            Self::PollFailed { error } => write!(f, "could not ask, trying again: {error}"),
            Self::Answered { state, authorized, found_by } => {
                write_answer(f, state, *authorized, *found_by)
            }
            Self::GaveUpWaiting => f.write_str("no answer in time: withdrawing the request"),
            Self::ReceiptStored { lines: 1, total } => write!(f, "receipt of {total} stored"),
            Self::ReceiptStored { lines, total } => {
                write!(f, "receipt of {total} stored, {lines} lines")
            }
            Self::ReceiptAlreadyStored => f.write_str("receipt was stored before, and is the same"),
            Self::ReceiptDiffers => {
                f.write_str("another receipt was stored before: have somebody look at it")
            }
            Self::ReceiptNotStored { error } => write!(f, "receipt not stored: {error}"),
            Self::TipWantsRoom { tip } => {
                write!(f, "no room in the hold for the tip of {tip}: asking for it alone")
            }
            Self::Captured { amount } => write!(f, "{amount} captured"),
            Self::Released { amount } => write!(f, "{amount} released"),
            Self::Checked { aggregate } => write!(
                f,
                "checked: {} authorized, {} captured, {} released",
                aggregate.authorized_amount, aggregate.captured_amount, aggregate.cancelled_amount
            ),
            Self::HoldReleased { amount } => write!(f, "{amount} released, nothing was captured"),
            Self::HoldKept { reference } => {
                write!(f, "still held as {reference}: take the same ride once more to capture it")
            }
            Self::RequestWithdrawn => f.write_str("request withdrawn"),
            Self::HoldNotReleased { error } => {
                write!(f, "the hold may still be there, have somebody look at it: {error}")
            }
            Self::Became { ride, state } => write!(f, "ride {ride} is {state}"),
            Self::CallFailed { act, error } => write!(f, "could not {act}: {error}"),
            Self::GaveBack { amount } => write!(f, "{amount} given back"),
            Self::GuaranteeEnds { reference, until } => {
                write!(f, "the bank keeps the hold of {reference} until {until} only: capture it")
            }
            Self::Orphan { reference } => {
                write!(f, "{reference} is no ride of ours: have somebody find out whose it is")
            }
            Self::PersonNeeded { why } => write!(f, "have somebody look at the ride: {why}"),
        }
    }
}

fn write_answer(
    f: &mut fmt::Formatter<'_>,
    state: &PaymentState,
    authorized: Amount,
    found_by: FoundBy,
) -> fmt::Result {
    let found_by = match found_by {
        FoundBy::Webhook => "told by webhook",
        FoundBy::Polling => "found by asking",
    };
    match state {
        PaymentState::Authorized => write!(f, "passenger approved {authorized} ({found_by})"),
        PaymentState::Aborted => write!(f, "passenger declined ({found_by})"),
        PaymentState::Expired => write!(f, "passenger did not answer in time ({found_by})"),
        PaymentState::Terminated => write!(f, "request was withdrawn ({found_by})"),
        PaymentState::Created | PaymentState::Unknown(_) => {
            write!(f, "payment is {state} ({found_by})")
        }
    }
}
