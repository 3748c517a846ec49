//! What a ride needs next: one decision, made from what is written and read, and from nothing else.
//!
//! The same function decides after a webhook, a poll, a crash and a sweep, which is why none of them
//! can do a thing twice. Its left column is the journal, its right one the payment:
//!
//! | journal | payment | next |
//! | --- | --- | --- |
//! | asking was intended | there is none | ask, under the same key |
//! | asking was intended | CREATED | wait: the clock is the payment's, not ours |
//! | the ride has not ended | AUTHORIZED | nothing: the hold is for the fare |
//! | a capture was intended | not captured | the same capture, under the same key |
//! | a capture was intended | captured | go on to the release |
//! | a release was intended | something is held | release |
//! | a release was intended | nothing is held | the ride is settled |
//! | a receipt was intended | none is stored | store it |
//! | a receipt was intended | one is stored | compare |
//! | the ride was called off | AUTHORIZED | release everything |

use jiff::Timestamp;

use super::hold::{Hold, NO_PARTS, ReceiptState};
use super::record::{Ending, Ride};
use super::settings::{ReceiptOrder, Settings, WithoutParts};
use super::shares::{Shares, smallest_charge};
use crate::taxi::fare::Fare;
use crate::taxi::journal::Act;
use crate::taxi::money::Amount;
use crate::taxi::reference::{Attempt, Purpose};
use crate::taxi::ride::{Reach, RideOrder};

/// The sales unit may not push requests to phones.
pub(super) const NO_PUSH: u32 = 5080;
/// Something else has the reference.
pub(super) const TAKEN: u32 = 4150;

/// What a ride needs next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Next {
    /// Make this call.
    Do(Attempt, Act),
    /// Plan this payment.
    Plan { attempt: Attempt, order: Box<RideOrder>, alone: bool },
    /// Nobody was asked under this name, and nobody is to be.
    Drop(Attempt),
    /// Have a person look at it.
    Flag(String),
    /// The passenger is to answer.
    Wait,
    /// The ride is to go on, or to begin.
    Drive,
    /// Nothing, unless somebody decides otherwise.
    Nothing,
}

/// Decides. A receipt that failed for now is not tried again in the same pass.
pub(super) fn next(ride: &Ride, settings: &Settings, now: Timestamp, receipts: bool) -> Next {
    if ride.flag.is_some() {
        return Next::Nothing;
    }
    let is_off = ride.ending == Some(Ending::CalledOff);
    if ride.holds.is_empty() {
        return match ride.order.pick_up {
            _ if is_off => Next::Nothing,
            // A hold ages: the bank lets go of it after days. So it is made when it is needed.
            Some(pick_up) if now < pick_up - settings.reserve_ahead => Next::Drive,
            _ => Next::Plan {
                attempt: ride.order.attempt(ride.order.attempt),
                order: Box::new(ride.order.clone()),
                alone: false,
            },
        };
    }
    if let Some(begun) = finish_what_was_begun(ride, is_off, receipts) {
        return begun;
    }
    if let Some(another) = another_way_to_ask(ride, is_off) {
        return another;
    }
    match &ride.ending {
        None if ride.holds.iter().any(Hold::is_waiting) => Next::Wait,
        None => Next::Drive,
        Some(Ending::CalledOff) => let_go_of_all(ride),
        Some(Ending::Owed { more, .. }) => collect(ride, settings, *more, receipts),
    }
}

fn finish_what_was_begun(ride: &Ride, is_off: bool, receipts: bool) -> Option<Next> {
    ride.holds.iter().find_map(|hold| {
        let act = match &hold.pending {
            Some(Act::SendReceipt) if !receipts => return None,
            Some(act) => act.clone(),
            None if hold.asked || hold.could_not_ask() => return None,
            None => Act::Ask,
        };
        let attempt = hold.attempt.clone();
        Some(if act == Act::Ask && is_off { Next::Drop(attempt) } else { Next::Do(attempt, act) })
    })
}

/// A sales unit that may not push can still show a code, and a name that something else has leaves
/// the next one. Either way it is a new payment.
pub(super) fn another_way_to_ask(ride: &Ride, is_off: bool) -> Option<Next> {
    let last = ride.holds.iter().next_back().filter(|_| !is_off)?;
    let reach = match last.not_asked.as_ref()?.code? {
        NO_PUSH if last.order.reach == Reach::Push => Reach::Qr,
        TAKEN => last.order.reach.clone(),
        _ => return None,
    };
    let order = RideOrder { reach, ..last.order.clone() };
    Some(Next::Plan { attempt: last.attempt.next(), order: Box::new(order), alone: last.alone })
}

fn let_go_of_all(ride: &Ride) -> Next {
    let open = ride.holds.iter().find(|hold| hold.is_open());
    match open {
        Some(hold) if hold.is_waiting() => Next::Do(hold.attempt.clone(), Act::Withdraw),
        Some(hold) => Next::Do(hold.attempt.clone(), Act::Release),
        None => Next::Nothing,
    }
}

/// The money of a ride whose fare is known.
fn collect(ride: &Ride, settings: &Settings, more: bool, receipts: bool) -> Next {
    let Some(shares) = Shares::of(ride) else {
        return Next::Flag("the sums of the ride are beyond counting".to_owned());
    };
    let mut is_waiting = false;
    for hold in ride.holds.iter() {
        let own = || hold.order.fare.to_pay();
        let share = shares.of_hold(&hold.attempt).unwrap_or_else(own);
        if hold.is_waiting() {
            if !hold.alone && shares.rest.is_zero() {
                return Next::Do(hold.attempt.clone(), Act::Withdraw);
            }
            is_waiting = true;
        } else if let Some(act) = of_approved(hold, share, &shares, settings, more, receipts) {
            return Next::Do(hold.attempt.clone(), act);
        }
    }
    if is_waiting {
        return Next::Wait;
    }
    if let Some(plan) = what_is_still_owed(ride, &shares) {
        return plan;
    }
    if more { Next::Drive } else { Next::Nothing }
}

/// What a payment needs that is approved, or was never.
fn of_approved(
    hold: &Hold,
    share: Amount,
    shares: &Shares,
    settings: &Settings,
    more: bool,
    receipts: bool,
) -> Option<Act> {
    let seen = hold.seen.as_ref().filter(|_| hold.is_approved())?;
    let (kept, left) = (hold.kept(), seen.money.held());
    let owes_receipt = receipts && !more && hold.receipt == ReceiptState::Missing;
    // All of it is the only part that can be had: what is too much of it is given back below.
    let takes_all = hold.refused == Some(NO_PARTS)
        && settings.without_parts == WithoutParts::CaptureAllAndRefund
        && !shares.rest.is_zero();
    let wanted = if takes_all { left } else { share.checked_sub(kept).unwrap_or(hold.zero()) };
    if !wanted.is_zero() && hold.is_open() {
        if owes_receipt && settings.receipts == ReceiptOrder::BeforeCapture && !takes_all {
            return Some(Act::SendReceipt);
        }
        let in_all = seen.money.captured_amount.checked_add(wanted).ok()?;
        return Some(Act::Capture {
            part: hold.captures.saturating_add(1),
            amount: wanted,
            in_all,
        });
    }
    if let Ok(back) = kept.checked_sub(share)
        && !back.is_zero()
    {
        let in_all = seen.money.refunded_amount.checked_add(back).ok()?;
        return Some(Act::Refund {
            decision: hold.refunds.saturating_add(1),
            amount: back,
            in_all,
        });
    }
    if !more && hold.is_open() {
        return Some(Act::Release);
    }
    (owes_receipt && !kept.is_zero()).then_some(Act::SendReceipt)
}

/// The payment that is to be asked for besides: the rest of the fare, or the tip. A passenger who
/// has declined is not asked again unless the driver says so.
fn what_is_still_owed(ride: &Ride, shares: &Shares) -> Option<Next> {
    let reach = match &ride.order.reach {
        Reach::Qr => Reach::Qr,
        // By now the passenger sits in the car, or is reached by phone.
        Reach::Push | Reach::Redirect(_) => Reach::Push,
    };
    let of_fare = ride.holds.iter().rfind(|hold| !hold.alone);
    if shares.rest.value() >= smallest_charge(shares.rest.currency()) {
        if of_fare.is_some_and(Hold::is_unpaid) {
            return None;
        }
        let fare = Fare::taxi_ride(shares.rest).ok()?;
        return Some(plan(ride, Purpose::Extra, fare, reach, false));
    }
    let tip = shares.tip_apart()?;
    if ride.holds.iter().any(|hold| hold.attempt.purpose() == Purpose::Tip) {
        return None;
    }
    Some(plan(ride, Purpose::Tip, Fare::tip_alone(tip).ok()?, reach, true))
}

/// A further payment of the ride.
pub(super) fn plan(ride: &Ride, purpose: Purpose, fare: Fare, reach: Reach, alone: bool) -> Next {
    let order = ride.order.also(purpose, fare, reach);
    let attempt = order.attempt(ride.holds.next_number(purpose));
    Next::Plan { attempt, order: Box::new(order), alone }
}
