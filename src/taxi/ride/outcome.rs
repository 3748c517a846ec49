//! How a ride can end.

use std::fmt;

use crate::taxi::client::Aggregate;
use crate::taxi::error::Error;
use crate::taxi::fare::FareError;
use crate::taxi::money::{Amount, MoneyError};
use crate::taxi::reference::{Reference, RideKey};

/// How a ride ended. Printed, it is one line for a terminal.
#[derive(Debug)]
pub enum Outcome {
    /// The fare is captured, nothing else is held, and the API confirms it.
    Paid(Settlement),
    /// The passenger declined. The next attempt needs the next attempt number.
    Declined {
        /// The payment.
        reference: Reference,
    },
    /// The passenger did not answer in time.
    Expired {
        /// The payment.
        reference: Reference,
    },
    /// We withdrew the request before it was answered.
    Cancelled {
        /// The payment.
        reference: Reference,
    },
    /// The fare is above what may be captured, so nothing was.
    FareAboveReservation {
        /// What the ride costs.
        fare: Amount,
        /// What is reserved, or would have been.
        reserved: Amount,
        /// The payment that holds it. The hold is left as it is: it is part of the fare, and what
        /// to do about the rest is for the caller to say. None if nobody was asked yet.
        held_by: Option<Reference>,
    },
    /// Something went wrong.
    Failed(RideError),
}

/// Where the money of a paid ride is.
#[derive(Debug)]
pub struct Settlement {
    /// The payment.
    pub reference: Reference,
    /// What the passenger approved.
    pub authorized: Amount,
    /// What was taken: the fare.
    pub captured: Amount,
    /// What was released: the rest.
    pub released: Amount,
    /// What became of the receipt, without which a ride is paid all the same.
    pub receipt: ReceiptStatus,
    /// What became of the tip, without which a ride is paid all the same.
    pub tip: TipStatus,
}

/// What became of a tip.
#[derive(Debug)]
pub enum TipStatus {
    /// There was none.
    NotGiven,
    /// It was captured together with the fare.
    WithFare(Amount),
    /// The hold had no room for it, so the passenger was asked once more.
    Apart {
        /// How much was asked for.
        tip: Amount,
        /// What became of that.
        outcome: Box<Outcome>,
    },
}

/// What became of a receipt.
#[derive(Debug)]
pub enum ReceiptStatus {
    /// It is stored.
    Stored,
    /// The same one was stored before.
    AlreadyStored,
    /// Another one was stored before, for good.
    Differs,
    /// It is not stored.
    NotStored(Error),
    /// None was sent, because nothing was charged.
    NotSent,
}

/// Why a ride failed.
#[derive(Debug, thiserror::Error)]
pub enum RideError {
    /// A call failed for good.
    #[error("could not {doing}: {error}")]
    Call {
        /// What was to be done.
        doing: &'static str,
        /// What happened instead.
        error: Error,
    },
    /// The amounts of the order do not go together.
    #[error("fare and reservation do not go together: {0}")]
    Order(#[from] MoneyError),
    /// All references of the ride belong to something else.
    #[error("no reference of ride {0} is free")]
    NoFreeReference(RideKey),
    /// The sums cannot be put on a receipt.
    #[error(transparent)]
    Fare(#[from] FareError),
    /// The payment is neither answered nor withdrawn.
    #[error("{0} is neither answered nor withdrawn")]
    Undecided(Reference),
    /// The money is not where it should be.
    #[error(
        "{reference} should have {fare} captured, but has {} authorized, {} captured, \
         {} released, {} refunded",
        .found.authorized_amount, .found.captured_amount,
        .found.cancelled_amount, .found.refunded_amount
    )]
    WrongMoney {
        /// The payment.
        reference: Reference,
        /// What should be captured.
        fare: Amount,
        /// Where the money is instead.
        found: Aggregate,
    },
}

impl Outcome {
    /// Whether the fare is captured and nothing else is held.
    #[must_use]
    pub fn is_paid(&self) -> bool {
        matches!(self, Self::Paid(_))
    }
}

impl RideError {
    /// Whether the same ride may still come to its end: nothing was refused for good, or nobody
    /// knows what became of a call.
    pub(super) fn may_pass(&self) -> bool {
        match self {
            Self::Call { error, .. } => error.may_pass() || error.leaves_outcome_open(),
            Self::Order(_)
            | Self::Fare(_)
            | Self::NoFreeReference(_)
            | Self::Undecided(_)
            | Self::WrongMoney { .. } => false,
        }
    }

    /// One line for the operator: what to do now.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Call { error, .. } => error.advice(),
            Self::Fare(_) => "check the sums of the ride",
            Self::Order(_) => "reserve in the currency of the fare",
            Self::NoFreeReference(_) => "check why one ride id is used for many payments",
            Self::Undecided(_) => "read the payment again later, and ask for no other meanwhile",
            Self::WrongMoney { .. } => "compare the payment's events with the ride before acting",
        }
    }

    pub(super) fn call(doing: &'static str) -> impl Fn(Error) -> Self {
        move |error| Self::Call { doing, error }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Paid(settlement) => {
                write!(f, "paid: {} as {}", settlement.captured, settlement.reference)
            }
            Self::Declined { reference } => write!(f, "not paid: {reference} was declined"),
            Self::Expired { reference } => write!(f, "not paid: {reference} was not answered"),
            Self::Cancelled { reference } => write!(f, "not paid: {reference} was withdrawn"),
            Self::FareAboveReservation { fare, reserved, held_by } => {
                write!(f, "not paid: the fare of {fare} is above the reservation of {reserved}")?;
                match held_by {
                    Some(reference) => write!(f, "; {reserved} still held as {reference}"),
                    None => f.write_str("; nobody was asked"),
                }
            }
            Self::Failed(error) => write!(f, "failed: {error}"),
        }
    }
}
