//! What a dispatch centre writes down before it acts, so that a crash loses and doubles nothing.
//!
//! A call that moves money is an intent first: it is written, and safe on disk, before it is sent.
//! Whoever starts again reads what was intended, asks the API what came of it, and goes on. The
//! calls themselves are harmless to repeat, because their keys are made from the ride as well.
//!
//! Read [`entry`] for what is written, `memory` for the journal of a test, and `file` for the one
//! that survives: an embedded database that is whole after any crash.

pub mod entry;
mod file;
mod memory;
#[cfg(test)]
mod tests;

use std::fmt;

pub use entry::{Act, Entry, FailedCall};
pub use file::FileJournal;
pub use memory::MemoryJournal;

use super::reference::RideKey;

/// A list of entries for each ride, which only ever grows.
///
/// It holds phone numbers, since a request may have to be sent again: guard it as the accounts.
pub trait Journal: Send + Sync + fmt::Debug {
    /// Adds entries to a ride, all or none, and returns when they cannot be lost any more.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when they are not written. Then nothing may be sent.
    fn write(&self, ride: &RideKey, entries: &[Entry]) -> Result<(), JournalError>;

    /// All entries of a ride, oldest first. None if there is no such ride.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when they cannot be read.
    fn read(&self, ride: &RideKey) -> Result<Vec<Entry>, JournalError>;

    /// All rides there are.
    ///
    /// # Errors
    ///
    /// [`JournalError`] when they cannot be read.
    fn rides(&self) -> Result<Vec<RideKey>, JournalError>;
}

/// Why the journal did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum JournalError {
    /// The file is no journal, or cannot be opened.
    #[error("{path} cannot be opened as a journal: {reason}")]
    Open {
        /// Which file.
        path: String,
        /// Why not.
        reason: String,
    },
    /// Writing or reading failed.
    #[error("the journal failed: {0}")]
    Store(String),
    /// What was read is not what was written.
    #[error("the journal has an entry of ride {ride} that cannot be read: {reason}")]
    Unreadable {
        /// Of which ride.
        ride: String,
        /// What is wrong with it.
        reason: String,
    },
}
