//! A journal whose dispatch dies at a moment that the scenario has chosen.

use std::sync::{Arc, Mutex, PoisonError};

use super::failure::Failure;
use crate::taxi::journal::{Act, Entry, Journal, JournalError, MemoryJournal};
use crate::taxi::reference::RideKey;

/// When the dispatch dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Death {
    /// The intent to do this is written, and the call is never made.
    Before(&'static str),
    /// The call is made, and what came of it is never written.
    After(&'static str),
}

/// The journal: what is kept, and when nothing more gets in.
#[derive(Debug, Clone, Default)]
pub(super) struct Mortal {
    /// What survives.
    pub(super) kept: Arc<MemoryJournal>,
    fate: Arc<Mutex<Fate>>,
}

#[derive(Debug, Default)]
struct Fate {
    death: Option<Death>,
    has_died: bool,
}

impl Mortal {
    // One flag is whole between any two statements, whatever panicked elsewhere.
    fn with<T>(&self, act: impl FnOnce(&mut Fate) -> T) -> T {
        act(&mut self.fate.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The dispatch is going to die.
    pub(super) fn dies(&self, death: Death) {
        self.with(|fate| fate.death = Some(death));
    }

    /// Whether it has.
    pub(super) fn has_died(&self) -> bool {
        self.with(|fate| fate.has_died)
    }

    /// The next one lives.
    pub(super) fn revive(&self) {
        self.with(|fate| *fate = Fate::default());
    }

    /// What is written of a ride.
    pub(super) fn entries(&self, ride: &RideKey) -> Result<Vec<Entry>, Failure> {
        self.kept.read(ride).map_err(|error| Failure::new(error.to_string()))
    }
}

impl Journal for Mortal {
    fn write(&self, ride: &RideKey, entries: &[Entry]) -> Result<(), JournalError> {
        let died = || Err(JournalError::Store("the dispatch has died".to_owned()));
        if self.has_died() {
            return died();
        }
        let death = self.with(|fate| fate.death);
        let is_it = |entry: &Entry| match (entry, death) {
            (Entry::Intended { act, .. }, Some(Death::Before(name)))
            | (Entry::Done { act, .. }, Some(Death::After(name))) => name == name_of(act),
            _ => false,
        };
        if !entries.iter().any(is_it) {
            return self.kept.write(ride, entries);
        }
        self.with(|fate| fate.has_died = true);
        if let Some(Death::Before(_)) = death {
            self.kept.write(ride, entries)?;
        }
        died()
    }

    fn read(&self, ride: &RideKey) -> Result<Vec<Entry>, JournalError> {
        self.kept.read(ride)
    }

    fn rides(&self) -> Result<Vec<RideKey>, JournalError> {
        self.kept.rides()
    }
}

/// As the features call it.
fn name_of(act: &Act) -> &'static str {
    match act {
        Act::Ask => "ask",
        Act::Withdraw => "withdraw",
        Act::Capture { .. } => "capture",
        Act::Release => "release",
        Act::Refund { .. } => "give back",
        Act::SendReceipt => "send the receipt",
    }
}
