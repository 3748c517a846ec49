//! The journal that survives: one file, written through to the disk.
//!
//! An entry is JSON, so that a person can read what the program of next year wrote today. It stands
//! under its ride and its place in it. The database commits all that is written at once, or nothing, so what is
//! found after a crash is what had been written before it.

use std::path::Path;

use redb::{
    Database, Durability, ReadableDatabase as _, ReadableTable as _, TableDefinition, TableError,
};

use super::{Entry, Journal, JournalError};
use crate::taxi::reference::RideKey;

/// Ride and place, counted from one, to the entry as JSON.
const ENTRIES: TableDefinition<'_, (&str, u64), &str> = TableDefinition::new("entries");

/// A journal in a file. One process at a time can have it open.
#[derive(Debug)]
pub struct FileJournal(Database);

impl FileJournal {
    /// Opens the journal in this file, and makes it if there is none.
    ///
    /// # Errors
    ///
    /// [`JournalError::Open`] when the file is something else, or another process has it open.
    pub fn open(path: &Path) -> Result<Self, JournalError> {
        let failed = |reason: &dyn std::fmt::Display| JournalError::Open {
            path: path.display().to_string(),
            reason: reason.to_string(),
        };
        let database = Database::create(path).map_err(|error| failed(&error))?;
        let journal = Self(database);
        // Makes the table, so that reading an empty journal is no special case.
        let made = journal.0.begin_write().map_err(|error| failed(&error))?;
        made.open_table(ENTRIES).map_err(|error| failed(&error))?;
        made.commit().map_err(|error| failed(&error))?;
        Ok(journal)
    }
}

fn failed(error: impl Into<redb::Error>) -> JournalError {
    JournalError::Store(error.into().to_string())
}

impl Journal for FileJournal {
    fn write(&self, ride: &RideKey, entries: &[Entry]) -> Result<(), JournalError> {
        let mut writing = self.0.begin_write().map_err(failed)?;
        // The point of it all: an intent is on the disk before its call is on the wire.
        writing.set_durability(Durability::Immediate).map_err(failed)?;
        {
            let mut table = writing.open_table(ENTRIES).map_err(failed)?;
            let (first, last) = ((ride.as_str(), 0), (ride.as_str(), u64::MAX));
            let newest = table.range(first..=last).map_err(failed)?.next_back();
            let newest = newest.transpose().map_err(failed)?.map_or(0, |(key, _)| key.value().1);
            for (place, entry) in (newest + 1..).zip(entries) {
                let text = serde_json::to_string(entry)
                    .map_err(|error| JournalError::Store(error.to_string()))?;
                table.insert((ride.as_str(), place), text.as_str()).map_err(failed)?;
            }
        }
        writing.commit().map_err(failed)
    }

    fn read(&self, ride: &RideKey) -> Result<Vec<Entry>, JournalError> {
        let reading = self.0.begin_read().map_err(failed)?;
        let table = reading.open_table(ENTRIES).map_err(failed)?;
        let (first, last) = ((ride.as_str(), 0), (ride.as_str(), u64::MAX));
        let mut entries = Vec::new();
        for found in table.range(first..=last).map_err(failed)? {
            let (_, text) = found.map_err(failed)?;
            let entry = serde_json::from_str(text.value()).map_err(|error| {
                let ride = ride.as_str().to_owned();
                JournalError::Unreadable { ride, reason: error.to_string() }
            })?;
            entries.push(entry);
        }
        Ok(entries)
    }

    fn rides(&self) -> Result<Vec<RideKey>, JournalError> {
        let reading = self.0.begin_read().map_err(failed)?;
        let table = match reading.open_table(ENTRIES) {
            Err(TableError::TableDoesNotExist(_)) => return Ok(Vec::new()),
            table => table.map_err(failed)?,
        };
        let mut rides: Vec<RideKey> = Vec::new();
        for found in table.iter().map_err(failed)? {
            let (key, _) = found.map_err(failed)?;
            let (name, _) = key.value();
            if rides.last().is_none_or(|last| last.as_str() != name) {
                let ride = name.parse().map_err(|error| JournalError::Unreadable {
                    ride: name.to_owned(),
                    reason: format!("{error}"),
                })?;
                rides.push(ride);
            }
        }
        Ok(rides)
    }
}
