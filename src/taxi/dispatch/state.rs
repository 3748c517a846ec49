//! The states of a ride, and which may follow which.
//!
//! ```text
//! QUOTED > RESERVING > RESERVED > ON_TRIP > FARE_FINAL > CAPTURING > CAPTURED > RELEASING
//!        > SETTLED > RECEIPTED
//! ```
//!
//! That is the good way; the rest are ways out of it. A ride whose fare is known when it is asked
//! for waits in RESERVING and then goes straight to CAPTURING.
//!
//! The state is not kept apart from what it says: it is worked out anew from the journal, so the two
//! cannot disagree. That a change is in the table is checked before it is written, and a ride that
//! would leave the table becomes MANUAL: nothing more is called until a person has looked.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::hold::Hold;
use super::next::another_way_to_ask;
use super::record::{Ending, Ride};
use super::shares::Shares;
use crate::taxi::client::PaymentState;
use crate::taxi::journal::Act;
use crate::taxi::money::Amount;

/// Where a ride is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RideState {
    /// Ordered; nobody was asked to pay yet.
    Quoted,
    /// The passenger is asked, and has not answered.
    Reserving,
    /// The passenger has approved, and is to be picked up.
    Reserved,
    /// The passenger is in the car.
    OnTrip,
    /// The fare is known, and not captured yet.
    FareFinal,
    /// A capture was sent, and nobody knows yet what came of it.
    Capturing,
    /// The fare is captured, and something else is still held.
    Captured,
    /// A release was sent, and nobody knows yet what came of it.
    Releasing,
    /// The fare is captured, and nothing else is held.
    Settled,
    /// That, and the passenger has the receipt.
    Receipted,
    /// The passenger declined, or could not be asked.
    PayAborted,
    /// The passenger did not answer in time.
    PayExpired,
    /// We withdrew the request.
    PayTerminated,
    /// The ride was called off, and nothing is held.
    CancelledBeforePickup,
    /// The passenger was not there, and nothing is held but the fee that was captured.
    NoShow,
    /// A part is captured; the rest is asked for, or still to be paid.
    PartPaid,
    /// The passenger has objected; a person decides.
    Disputed,
    /// Something was given back.
    Refunded,
    /// A person must look at it.
    Manual,
}

impl RideState {
    /// Every state.
    pub const ALL: [Self; 19] = [
        Self::Quoted,
        Self::Reserving,
        Self::Reserved,
        Self::OnTrip,
        Self::FareFinal,
        Self::Capturing,
        Self::Captured,
        Self::Releasing,
        Self::Settled,
        Self::Receipted,
        Self::PayAborted,
        Self::PayExpired,
        Self::PayTerminated,
        Self::CancelledBeforePickup,
        Self::NoShow,
        Self::PartPaid,
        Self::Disputed,
        Self::Refunded,
        Self::Manual,
    ];

    /// The table: whether a ride in this state may come to that one.
    #[must_use]
    pub fn may_become(self, next: Self) -> bool {
        use RideState as S;
        // What follows once the fare, or the fee, is known and approved.
        let is_settling = matches!(
            next,
            S::FareFinal
                | S::Capturing
                | S::Captured
                | S::Releasing
                | S::Settled
                | S::Receipted
                | S::PartPaid
                | S::NoShow
        );
        let is_unpaid = matches!(next, S::PayAborted | S::PayExpired | S::PayTerminated);
        match self {
            _ if next == S::Manual => true,
            // Only a person lets a ride out of the first, and nothing comes after the second.
            S::Manual | S::CancelledBeforePickup => false,
            S::Quoted => matches!(next, S::Reserving | S::CancelledBeforePickup) || is_unpaid,
            S::Reserving => {
                matches!(next, S::Reserved | S::OnTrip | S::CancelledBeforePickup)
                    || is_unpaid
                    || is_settling
            }
            S::Reserved => {
                matches!(next, S::OnTrip | S::CancelledBeforePickup)
                    || (is_settling && next != S::PartPaid)
            }
            S::OnTrip => is_settling || next == S::CancelledBeforePickup,
            S::FareFinal | S::Capturing | S::Captured | S::Releasing | S::PartPaid => {
                is_settling
                    || is_unpaid
                    || matches!(next, S::Reserving | S::Refunded | S::CancelledBeforePickup)
            }
            S::Settled | S::Receipted | S::NoShow | S::Refunded => {
                matches!(
                    next,
                    S::Settled | S::Receipted | S::PartPaid | S::Disputed | S::Refunded | S::NoShow
                ) || next == S::Capturing
            }
            S::Disputed => matches!(next, S::Refunded | S::Receipted | S::Settled),
            // A new attempt under the next name.
            S::PayAborted | S::PayExpired | S::PayTerminated => {
                matches!(next, S::Reserving | S::CancelledBeforePickup) || is_unpaid || is_settling
            }
        }
    }

    /// Where a ride is, by all that is written of it.
    pub(super) fn of(ride: &Ride) -> Self {
        if ride.flag.is_some() {
            return Self::Manual;
        }
        let Some(main) = ride.holds.last_of_fare() else {
            return match ride.ending {
                Some(Ending::CalledOff) => Self::CancelledBeforePickup,
                _ => Self::Quoted,
            };
        };
        match &ride.ending {
            None => Self::before_the_end(ride, main),
            Some(Ending::CalledOff) => Self::called_off(ride, main),
            Some(Ending::Owed { no_show, .. }) => Self::settling(ride, main, *no_show),
        }
    }

    fn before_the_end(ride: &Ride, main: &Hold) -> Self {
        match unpaid(ride, main) {
            Some(state) => state,
            None if !main.is_approved() => {
                if ride.holds.iter().all(Hold::is_untouched) {
                    Self::Quoted
                } else {
                    Self::Reserving
                }
            }
            None if ride.boarded => Self::OnTrip,
            None => Self::Reserved,
        }
    }

    fn called_off(ride: &Ride, main: &Hold) -> Self {
        if ride.holds.iter().any(|hold| !hold.held().is_some_and(Amount::is_zero)) {
            if main.is_approved() { Self::Releasing } else { Self::Reserving }
        } else {
            Self::CancelledBeforePickup
        }
    }

    fn settling(ride: &Ride, main: &Hold, no_show: bool) -> Self {
        let Some(shares) = Shares::of(ride) else { return Self::Manual };
        let captured = ride.holds.iter().any(Hold::has_captured);
        let has_refunded = ride.holds.iter().any(Hold::has_refunded);
        let is_capturing =
            ride.holds.iter().any(|hold| matches!(hold.pending, Some(Act::Capture { .. })));
        if is_capturing {
            return Self::Capturing;
        }
        if !shares.rest.is_zero() && !captured {
            return match unpaid(ride, main) {
                Some(state) => state,
                None if main.is_approved() => Self::FareFinal,
                None => Self::Reserving,
            };
        }
        if !shares.rest.is_zero() {
            return Self::PartPaid;
        }
        if !shares.is_captured(ride) {
            return if captured { Self::PartPaid } else { Self::FareFinal };
        }
        let holds_more = ride.holds.iter().any(|hold| !hold.alone && hold.is_open());
        let is_releasing = ride
            .holds
            .iter()
            .any(|hold| matches!(hold.pending, Some(Act::Release | Act::Withdraw)));
        match (holds_more, is_releasing) {
            (true, true) => Self::Releasing,
            (true, false) => Self::Captured,
            (false, _) if has_refunded => Self::Refunded,
            (false, _) if ride.disputed => Self::Disputed,
            (false, _) if no_show => Self::NoShow,
            (false, _) if captured && ride.holds.iter().all(Hold::is_receipted) => Self::Receipted,
            (false, _) => Self::Settled,
        }
    }
}

/// How a payment ended that nobody approved.
fn unpaid(ride: &Ride, hold: &Hold) -> Option<RideState> {
    if hold.could_not_ask() {
        return another_way_to_ask(ride, false).is_none().then_some(RideState::PayAborted);
    }
    match hold.seen.as_ref()?.state {
        PaymentState::Aborted => Some(RideState::PayAborted),
        PaymentState::Expired => Some(RideState::PayExpired),
        PaymentState::Terminated => Some(RideState::PayTerminated),
        PaymentState::Created | PaymentState::Authorized | PaymentState::Unknown(_) => None,
    }
}

impl fmt::Display for RideState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Quoted => "QUOTED",
            Self::Reserving => "RESERVING",
            Self::Reserved => "RESERVED",
            Self::OnTrip => "ON_TRIP",
            Self::FareFinal => "FARE_FINAL",
            Self::Capturing => "CAPTURING",
            Self::Captured => "CAPTURED",
            Self::Releasing => "RELEASING",
            Self::Settled => "SETTLED",
            Self::Receipted => "RECEIPTED",
            Self::PayAborted => "PAY_ABORTED",
            Self::PayExpired => "PAY_EXPIRED",
            Self::PayTerminated => "PAY_TERMINATED",
            Self::CancelledBeforePickup => "CANCELLED_BEFORE_PICKUP",
            Self::NoShow => "NO_SHOW",
            Self::PartPaid => "PART_PAID",
            Self::Disputed => "DISPUTED",
            Self::Refunded => "REFUNDED",
            Self::Manual => "MANUAL",
        })
    }
}
