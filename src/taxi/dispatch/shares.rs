//! Which payment pays how much of the fare.
//!
//! The fare fills the holds from the oldest to the newest. What is then still owed needs another
//! payment, and what is then still held is let go. So the money decisions are one sum:
//!
//! | case | what comes of it |
//! | --- | --- |
//! | fare below the hold | the fare of the first, the rest of it released |
//! | fare equal to the hold | all of the first, nothing to release |
//! | fare above the hold | all of the first, and an extra payment `-x1` |
//! | a second hold was made on the way | all of the first, a part of the second |
//! | more is owed than was captured, and it is still held | a second part |
//! | more is owed, and the rest is released | an extra payment |
//! | less is owed than was captured | the difference given back |
//! | nothing is owed, or below what can be charged | everything released |
//! | the hold is gone (6070, 6100, 6260) | what was captured counts, an extra payment for the rest |
//! | parts cannot be captured (6140) | by the setting: all of it and a refund, or a new payment |

use super::hold::{Hold, NO_PARTS};
use super::record::Ride;
use crate::taxi::fare::Fare;
use crate::taxi::money::{Amount, Currency};
use crate::taxi::reference::Attempt;

/// The smallest sum that can be charged, in minor units.
///
/// Source: ePayment API, error 6010.
pub(super) fn smallest_charge(currency: Currency) -> u64 {
    if currency == Currency::NOK { 100 } else { 1 }
}

/// What each payment of a ride pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shares {
    /// Of each payment that is known to have room: how much is to be kept of it.
    pub(super) of_each: Vec<(Attempt, Amount)>,
    /// What no payment has room for. A payment that may still be approved counts for nothing.
    pub(super) rest: Amount,
    /// Whether one may still be approved.
    pub(super) is_waiting: bool,
    /// The tip, if there is room for it with the fare.
    tip: Amount,
    fare: Fare,
}

impl Shares {
    /// The shares of a ride whose fare is known. None if the sums are beyond counting.
    pub(super) fn of(ride: &Ride) -> Option<Self> {
        let fare = ride.owed().cloned()?;
        // What is too little to be charged is not charged.
        let is_little = fare.total().value() < smallest_charge(fare.total().currency());
        let mut rest = if is_little { ride.zero() } else { fare.total() };
        let mut of_each = Vec::new();
        let mut is_waiting = false;
        for hold in ride.holds.iter().filter(|hold| !hold.alone) {
            is_waiting |= hold.is_waiting();
            let room = hold.room();
            let share = if room.value() < rest.value() { room } else { rest };
            // All or nothing: a part of it is not to be had.
            let is_whole = share == room;
            let share =
                if hold.refused == Some(NO_PARTS) && !is_whole { hold.kept() } else { share };
            let share = if share.value() > rest.value() { rest } else { share };
            rest = rest.checked_sub(share).ok()?;
            of_each.push((hold.attempt.clone(), share));
        }
        let mut shares =
            Self { of_each, rest, is_waiting, tip: Amount::new(rest.currency(), 0), fare };
        shares.add_tip(ride);
        Some(shares)
    }

    /// Puts the tip on top of the last share, if that payment has room for both.
    fn add_tip(&mut self, ride: &Ride) {
        let tip = self.fare.tip();
        if tip.is_zero() || !self.rest.is_zero() {
            return;
        }
        let last = self.of_each.iter_mut().rev().find(|(_, share)| !share.is_zero());
        let Some((attempt, share)) = last else { return };
        let room = ride.holds.of(attempt).map(Hold::room);
        if let (Some(room), Ok(both)) = (room, share.checked_add(tip))
            && both.value() <= room.value()
        {
            *share = both;
            self.tip = tip;
        }
    }

    /// The tip, if it is owed and no payment has room for it.
    pub(super) fn tip_apart(&self) -> Option<Amount> {
        let tip = self.fare.tip();
        (!tip.is_zero() && self.tip.is_zero() && self.rest.is_zero()).then_some(tip)
    }

    /// How much is to be kept of this payment. One that stands alone pays for itself.
    pub(super) fn of_hold(&self, attempt: &Attempt) -> Option<Amount> {
        self.of_each.iter().find(|(it, _)| it == attempt).map(|(_, share)| *share)
    }

    /// Whether all that is owed of these payments is captured.
    pub(super) fn is_captured(&self, ride: &Ride) -> bool {
        self.rest.is_zero()
            && self.of_each.iter().all(|(attempt, share)| {
                ride.holds.of(attempt).is_some_and(|hold| hold.kept().value() >= share.value())
            })
    }

    /// What stands on the receipt of this payment: its part of the fare.
    pub(super) fn receipt_of(&self, attempt: &Attempt) -> Option<Fare> {
        let paying: Vec<_> = self.of_each.iter().filter(|(_, share)| !share.is_zero()).collect();
        let place = paying.iter().position(|(it, _)| it == attempt)?;
        let mut sums: Vec<_> = paying.iter().map(|(_, share)| *share).collect();
        // The tip is no line.
        if let Some(last) = sums.last_mut() {
            *last = last.checked_sub(self.tip).ok()?;
        }
        let fare = if self.tip.is_zero() { self.fare.without_tip() } else { self.fare.clone() };
        fare.split_into(&sums).ok()?.into_iter().nth(place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::taxi::client::{Aggregate, PaymentState};
    use crate::taxi::journal::Entry;
    use crate::taxi::journal::entry::Seen;
    use crate::taxi::ride::RideOrder;

    /// How many random rides the law is held against.
    const CASES: u32 = 1_000;

    /// A ride that owes this, on holds of which so much is approved and so much released.
    fn ride(owed: &Fare, holds: &[(u64, u64)]) -> Ride {
        let phone = "4790000001".parse().unwrap();
        let order = RideOrder::new("ride-0001".parse().unwrap(), phone, owed.clone());
        let mut entries = vec![Entry::Ordered(order.clone())];
        for (number, &(approved, released)) in (1..).zip(holds) {
            let attempt = order.ride.extra(number);
            let money = Aggregate {
                authorized_amount: Amount::nok(approved),
                cancelled_amount: Amount::nok(released),
                captured_amount: Amount::nok(0),
                refunded_amount: Amount::nok(0),
            };
            let state = PaymentState::Authorized;
            let seen = Seen { state, money, guaranteed_until: None };
            let order = order.clone();
            entries.push(Entry::Planned { attempt: attempt.clone(), order, alone: false });
            entries.push(Entry::Saw { attempt, seen });
        }
        entries.push(Entry::Owed { fare: owed.clone(), no_show: false, more: false });
        Ride::read(&entries).unwrap()
    }

    fn shares(owed: u64, holds: &[(u64, u64)]) -> (Vec<u64>, u64) {
        let fare = Fare::taxi_ride(Amount::nok(owed)).unwrap();
        let shares = Shares::of(&ride(&fare, holds)).unwrap();
        let of_each = shares.of_each.iter().map(|(_, share)| share.value()).collect();
        (of_each, shares.rest.value())
    }

    #[test]
    fn the_oldest_hold_pays_first() {
        assert_eq!(shares(34592, &[(50000, 0)]), (vec![34592], 0));
        assert_eq!(shares(31400, &[(31400, 0)]), (vec![31400], 0));
        assert_eq!(shares(38950, &[(31400, 0)]), (vec![31400], 7550));
        assert_eq!(shares(38950, &[(31400, 0), (20000, 0)]), (vec![31400, 7550], 0));
        assert_eq!(shares(34592, &[(50000, 50000)]), (vec![0], 34592));
        assert_eq!(shares(99, &[(31400, 0)]), (vec![0], 0));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: CASES, ..ProptestConfig::default() })]

        #[test]
        fn shares_and_rest_are_the_fare_and_no_hold_pays_more_than_it_has(
            owed in 100..65_000_000_u64,
            holds in prop::collection::vec((0..65_000_000_u64, 0..65_000_000_u64), 0..6),
        ) {
            let holds: Vec<_> =
                holds.into_iter().map(|(approved, released)| (approved, released.min(approved))).collect();
            let (of_each, rest) = shares(owed, &holds);
            prop_assert_eq!(of_each.iter().sum::<u64>() + rest, owed);
            for (share, (approved, released)) in of_each.iter().zip(&holds) {
                prop_assert!(*share <= approved - released);
            }
            let room: u64 = holds.iter().map(|(approved, released)| approved - released).sum();
            prop_assert_eq!(rest, owed.saturating_sub(room));
        }
    }
}
