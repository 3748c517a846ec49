//! The dispatch centre: many rides, each of which may be interrupted anywhere and loses no money.
//!
//! [`crate::taxi::ride`] tells one ride from beginning to end. Here the same steps are taken one at
//! a time, and it does not matter who asks for the next: a webhook, a poll, a passenger who comes
//! back from the app, a start after a crash, or the sweep that looks at everything now and then.
//! They all enter [`Dispatch::complete`], which holds the ride's lock, reads the payments, decides,
//! writes down what it is about to do, does it, and writes down what came of it. A ride that is
//! already past is left alone.
//!
//! # In which order to read
//!
//! 1. [`state`]: where a ride can be, and what may follow what.
//! 2. [`crate::taxi::journal`]: what is written, and when.
//! 3. `record` and `hold`: a ride and each of its payments, as the journal tells them.
//! 4. `shares`: which payment pays what. All decisions about money are in it.
//! 5. `next`: what to do now. All decisions about crashes are in it.
//! 6. `complete`: the one way on, and `calls`: what it does there.
//! 7. `verbs`: what drivers, passengers and meters say; `wait` and `sweep`: what makes us look.
//!
//! # What each order of receipt and capture risks
//!
//! See [`settings::ReceiptOrder`]. The default is the documented one, receipt first.

mod calls;
mod complete;
mod hold;
mod locks;
mod next;
mod record;
pub mod settings;
mod shares;
pub mod state;
mod sweep;
#[cfg(test)]
mod tests;
mod verbs;
mod wait;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use hold::{Hold, ReceiptState};
pub use record::{Ending, Holds, Ride};
pub use settings::{ReceiptOrder, Settings, WithoutParts};
pub use state::RideState;
pub use sweep::Heard;

use self::locks::Locks;
use super::fare::FareError;
use super::journal::{Journal, JournalError, MemoryJournal};
use super::reference::RideKey;
use super::ride::Taxi;

/// A dispatch centre. Copies share journal and locks.
#[derive(Clone)]
pub struct Dispatch {
    taxi: Taxi,
    journal: Arc<dyn Journal>,
    settings: Settings,
    locks: Arc<Locks>,
    /// Whether this sales unit was found to be one that may not push.
    no_push: Arc<AtomicBool>,
}

/// What made us look at a ride.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// The driver, the meter, or the taxi company.
    Driver,
    /// A webhook.
    Webhook,
    /// The time to ask again.
    Poll,
    /// The passenger came back to our page or app. That alone says nothing.
    ReturnUrl,
    /// The start of the program.
    StartUp,
    /// The look at everything, now and then.
    Sweep,
}

/// Why a dispatch did not do what it was asked. A payment that fails is none of these: the ride
/// says so, and goes on later.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// Nothing is written of it.
    #[error("no ride {0} is in the journal")]
    Unknown(RideKey),
    /// The journal failed, so nothing was sent.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The sums cannot be put on a receipt.
    #[error(transparent)]
    Fare(#[from] FareError),
    /// It is too early or too late for that.
    #[error("ride {ride} is {state}: {why}")]
    NotNow {
        /// Which ride.
        ride: RideKey,
        /// Where it is.
        state: RideState,
        /// What stands against it.
        why: &'static str,
    },
}

impl Dispatch {
    /// A dispatch that writes into this journal, and takes its steps as this taxi does.
    #[must_use]
    pub fn new(taxi: Taxi, journal: Arc<dyn Journal>) -> Self {
        let settings = Settings::default();
        Self { taxi, journal, settings, locks: Arc::default(), no_push: Arc::default() }
    }

    /// A dispatch that forgets everything when it ends.
    #[must_use]
    pub fn forgetful(taxi: Taxi) -> Self {
        Self::new(taxi, Arc::new(MemoryJournal::default()))
    }

    /// The same dispatch with other settings.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> Self {
        Self { settings, ..self }
    }

    /// The taxi whose steps it takes.
    #[must_use]
    pub fn taxi(&self) -> &Taxi {
        &self.taxi
    }

    /// Its journal.
    #[must_use]
    pub fn journal(&self) -> &Arc<dyn Journal> {
        &self.journal
    }

    /// A ride, as it is written. Nothing is called.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Unknown`] and [`DispatchError::Journal`].
    pub fn ride(&self, ride: &RideKey) -> Result<Ride, DispatchError> {
        let entries = self.journal.read(ride)?;
        Ride::read(&entries).ok_or_else(|| DispatchError::Unknown(ride.clone()))
    }

    /// Whether requests are pushed, by what was answered so far.
    #[must_use]
    pub fn may_push(&self) -> bool {
        !self.no_push.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dispatch")
            .field("taxi", &self.taxi)
            .field("journal", &self.journal)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
