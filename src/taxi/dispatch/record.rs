//! A ride as its journal tells it: the entries, read from the first to the last.

use super::hold::Hold;
use super::state::RideState;
use crate::taxi::fare::Fare;
use crate::taxi::journal::{Entry, FailedCall};
use crate::taxi::money::Amount;
use crate::taxi::reference::{Attempt, Purpose, RideKey};
use crate::taxi::ride::RideOrder;

/// A ride, by what is written of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ride {
    /// What the passenger ordered.
    pub order: RideOrder,
    /// Whether the passenger is in the car.
    pub boarded: bool,
    /// How it ended, once it has.
    pub ending: Option<Ending>,
    /// The payments that were asked for, oldest first.
    pub holds: Holds,
    /// Calls that failed, with their trace ids, oldest first.
    pub failures: Vec<FailedCall>,
    /// Whether the passenger objects to what was charged.
    pub disputed: bool,
    /// Why a person must look at it.
    pub flag: Option<String>,
    /// Where it is.
    pub state: RideState,
}

/// How a ride ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// This is owed.
    Owed {
        /// The fare, or the fee of a passenger who was not there.
        fare: Fare,
        /// Whether the passenger was not there.
        no_show: bool,
        /// Whether more may come.
        more: bool,
    },
    /// Nothing is owed.
    CalledOff,
}

/// The payments of a ride, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holds(Vec<Hold>);

impl Ride {
    /// Reads a journal. None if it does not begin with an order.
    #[must_use]
    pub fn read(entries: &[Entry]) -> Option<Self> {
        let (first, rest) = entries.split_first()?;
        let Entry::Ordered(order) = first else { return None };
        let mut ride = Self {
            order: order.clone(),
            boarded: false,
            ending: None,
            holds: Holds::default(),
            failures: Vec::new(),
            disputed: false,
            flag: None,
            state: RideState::Quoted,
        };
        for entry in rest {
            ride.add(entry);
        }
        Some(ride)
    }

    /// The ride's key.
    #[must_use]
    pub fn key(&self) -> &RideKey {
        &self.order.ride
    }

    /// What is owed, once it is known.
    #[must_use]
    pub fn owed(&self) -> Option<&Fare> {
        match &self.ending {
            Some(Ending::Owed { fare, .. }) => Some(fare),
            _ => None,
        }
    }

    /// What is captured of all its payments and not given back.
    #[must_use]
    pub fn paid(&self) -> Amount {
        let kept = self.holds.iter().map(Hold::kept);
        kept.fold(self.zero(), |sum, kept| sum.checked_add(kept).unwrap_or(sum))
    }

    pub(super) fn zero(&self) -> Amount {
        Amount::new(self.order.fare.total().currency(), 0)
    }

    /// Adds an entry.
    pub(super) fn add(&mut self, entry: &Entry) {
        match entry {
            // The first order stands: whoever orders the same ride again has started anew.
            Entry::Ordered(_) => {}
            Entry::Planned { attempt, order, alone } => {
                self.holds.0.push(Hold::new(attempt.clone(), order.clone(), *alone));
            }
            Entry::Boarded => self.boarded = true,
            Entry::Owed { fare, no_show, more } => {
                let (no_show, more) = (*no_show, *more);
                self.ending = Some(Ending::Owed { fare: fare.clone(), no_show, more });
            }
            Entry::CalledOff => self.ending = Some(Ending::CalledOff),
            Entry::Intended { attempt, act } => {
                self.holds.change(attempt, |hold| hold.pending = Some(act.clone()));
            }
            Entry::Done { attempt, act, seen } => {
                self.holds.change(attempt, |hold| hold.done(act, seen.clone()));
            }
            Entry::Leads { attempt, url } => {
                self.holds.change(attempt, |hold| hold.leads_to = Some(url.clone()));
            }
            Entry::Failed { attempt, act, failure } => {
                self.failures.push(failure.clone());
                self.holds.change(attempt, |hold| hold.failed(act, failure));
            }
            Entry::Saw { attempt, seen } => {
                self.holds.change(attempt, |hold| hold.saw(seen.clone()));
            }
            Entry::Disputed => self.disputed = true,
            Entry::Became(state) => self.state = *state,
            Entry::Flagged(why) => self.flag = Some(why.clone()),
        }
    }
}

impl Holds {
    /// One after the other, oldest first.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Hold> {
        self.0.iter()
    }

    /// Whether nobody was asked yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The payment of this name.
    #[must_use]
    pub fn of(&self, attempt: &Attempt) -> Option<&Hold> {
        self.0.iter().find(|hold| hold.attempt == *attempt)
    }

    /// The last attempt to have the fare, or the estimate, approved.
    #[must_use]
    pub fn last_of_fare(&self) -> Option<&Hold> {
        self.0.iter().rev().find(|hold| hold.attempt.purpose() == Purpose::Fare)
    }

    /// The number for the next payment of this purpose.
    #[must_use]
    pub fn next_number(&self, purpose: Purpose) -> u8 {
        let numbers = self.0.iter().filter(|hold| hold.attempt.purpose() == purpose);
        numbers.map(|hold| hold.attempt.number()).max().unwrap_or(0).saturating_add(1)
    }

    fn change(&mut self, attempt: &Attempt, change: impl FnOnce(&mut Hold)) {
        if let Some(hold) = self.0.iter_mut().find(|hold| hold.attempt == *attempt) {
            change(hold);
        }
    }
}
