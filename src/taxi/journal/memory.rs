//! The journal of a test: as good as the file, while the process lives.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{Entry, Journal, JournalError};
use crate::taxi::reference::RideKey;

/// A journal in memory. Hand the same one to a second dispatch to play that the first has died.
#[derive(Debug, Default)]
pub struct MemoryJournal(Mutex<BTreeMap<RideKey, Vec<Entry>>>);

impl MemoryJournal {
    // The map is whole between any two statements, whatever panicked elsewhere.
    fn with<T>(&self, act: impl FnOnce(&mut BTreeMap<RideKey, Vec<Entry>>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Journal for MemoryJournal {
    fn write(&self, ride: &RideKey, entries: &[Entry]) -> Result<(), JournalError> {
        self.with(|rides| rides.entry(ride.clone()).or_default().extend_from_slice(entries));
        Ok(())
    }

    fn read(&self, ride: &RideKey) -> Result<Vec<Entry>, JournalError> {
        Ok(self.with(|rides| rides.get(ride).cloned().unwrap_or_default()))
    }

    fn rides(&self) -> Result<Vec<RideKey>, JournalError> {
        Ok(self.with(|rides| rides.keys().cloned().collect()))
    }
}
