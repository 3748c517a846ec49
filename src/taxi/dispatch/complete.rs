//! The one way on: read, decide, write, do, write.

use super::calls::{Came, never_asked};
use super::hold::Hold;
use super::next::{Next, next};
use super::record::Ride;
use super::{Dispatch, DispatchError, RideState, Trigger};
use crate::taxi::client::Payment;
use crate::taxi::journal::entry::Seen;
use crate::taxi::journal::{Act, Entry};
use crate::taxi::reference::RideKey;
use crate::taxi::ride::{FoundBy, Step};

/// More steps than any ride needs at once. Beyond it something goes round in circles.
const STEPS_MAX: usize = 24;

impl Dispatch {
    /// Takes a ride as far as it can go now, and says where that is.
    ///
    /// It may be called at any time, any number of times, by anybody. What is done is not done
    /// again, and a ride that needs nothing costs no call.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Unknown`] and [`DispatchError::Journal`]. A call that fails is no error: it
    /// is in [`Ride::failures`], and the ride goes on at the next look.
    pub async fn complete(&self, ride: &RideKey, why: Trigger) -> Result<Ride, DispatchError> {
        let _alone = self.locks.of(ride).await;
        self.go_on(self.ride(ride)?, why).await
    }

    /// As [`Self::complete`], after an entry of this change. The lock is held over both.
    pub(super) async fn change(
        &self,
        ride: &RideKey,
        change: impl FnOnce(&Ride) -> Result<Vec<Entry>, DispatchError>,
    ) -> Result<Ride, DispatchError> {
        let _alone = self.locks.of(ride).await;
        let mut ride = self.ride(ride)?;
        let entries = change(&ride)?;
        self.note(&mut ride, &entries)?;
        self.go_on(ride, Trigger::Driver).await
    }

    pub(super) async fn go_on(&self, mut ride: Ride, why: Trigger) -> Result<Ride, DispatchError> {
        self.settle_state(&mut ride)?;
        if self.next(&ride, true) == Next::Nothing {
            return Ok(ride);
        }
        tracing::debug!(ride = %ride.key(), state = %ride.state, ?why, "ride looked at");
        if !self.look(&mut ride, why).await? {
            return Ok(ride);
        }
        self.settle_state(&mut ride)?;
        let mut receipts = true;
        for _ in 0..STEPS_MAX {
            let came = match self.next(&ride, receipts) {
                Next::Do(attempt, act) => self.perform(&mut ride, &attempt, act).await?,
                Next::Plan { attempt, order, alone } => {
                    self.note(&mut ride, &[Entry::Planned { attempt, order: *order, alone }])?;
                    Came::On
                }
                Next::Drop(attempt) => {
                    let failure = never_asked();
                    self.note(&mut ride, &[Entry::Failed { attempt, act: Act::Ask, failure }])?;
                    Came::On
                }
                Next::Flag(why) => {
                    self.flag(&mut ride, why)?;
                    Came::On
                }
                Next::Wait | Next::Drive | Next::Nothing => return Ok(ride),
            };
            self.settle_state(&mut ride)?;
            match came {
                Came::On => {}
                Came::Later => return Ok(ride),
                Came::ReceiptLater => receipts = false,
            }
        }
        self.flag(&mut ride, format!("{STEPS_MAX} steps at once come to no end"))?;
        self.settle_state(&mut ride)?;
        Ok(ride)
    }

    fn next(&self, ride: &Ride, receipts: bool) -> Next {
        next(ride, &self.settings, self.taxi.client().clock().now(), receipts)
    }

    /// Writes entries, all or none, and takes them in.
    pub(super) fn note(&self, ride: &mut Ride, entries: &[Entry]) -> Result<(), DispatchError> {
        if entries.is_empty() {
            return Ok(());
        }
        self.journal.write(ride.key(), entries)?;
        for entry in entries {
            ride.add(entry);
        }
        Ok(())
    }

    pub(super) fn flag(&self, ride: &mut Ride, why: String) -> Result<(), DispatchError> {
        tracing::error!(ride = %ride.key(), %why, "a person must look at the ride");
        self.taxi.say(Step::PersonNeeded { why: why.clone() });
        self.note(ride, &[Entry::Flagged(why)])
    }

    /// Writes down where the ride is, if that is somewhere else now.
    pub(super) fn settle_state(&self, ride: &mut Ride) -> Result<(), DispatchError> {
        let state = RideState::of(ride);
        if state == ride.state {
            return Ok(());
        }
        if !ride.state.may_become(state) {
            let why = format!("a ride that is {} cannot become {state}", ride.state);
            self.flag(ride, why)?;
        }
        let state = RideState::of(ride);
        self.note(ride, &[Entry::Became(state)])?;
        self.taxi.say(Step::Became { ride: ride.key().clone(), state });
        Ok(())
    }

    /// Reads each payment that may have changed. False if one could not be read: then nothing is
    /// decided.
    pub(super) async fn look(&self, ride: &mut Ride, why: Trigger) -> Result<bool, DispatchError> {
        let looked_at: Vec<_> =
            ride.holds.iter().filter(|hold| needs_look(hold)).cloned().collect();
        for hold in looked_at {
            match self.taxi.client().payment(&hold.attempt.reference()).await {
                Ok(payment) => self.saw(ride, &hold, &payment, why)?,
                // It never came to be: what was intended is still to be done.
                Err(error) if error.status() == Some(404) => {}
                Err(error) => {
                    self.taxi.say(Step::PollFailed { error });
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn saw(
        &self,
        ride: &mut Ride,
        before: &Hold,
        payment: &Payment,
        why: Trigger,
    ) -> Result<(), DispatchError> {
        let seen = Seen::from(payment);
        if before.seen.as_ref() == Some(&seen) && before.pending.is_none() {
            return Ok(());
        }
        let attempt = before.attempt.clone();
        if before.is_waiting() && before.pending == Some(Act::Ask) {
            self.taxi.say(Step::AlreadyRequested { reference: attempt.reference() });
        }
        let was_answered = !before.is_waiting();
        self.note(ride, &[Entry::Saw { attempt: attempt.clone(), seen: seen.clone() }])?;
        let has_answer = ride.holds.of(&attempt).is_some_and(|hold| !hold.is_waiting());
        if has_answer && !was_answered {
            let found_by = match why {
                Trigger::Webhook => FoundBy::Webhook,
                _ => FoundBy::Polling,
            };
            let authorized = seen.money.authorized_amount;
            self.taxi.say(Step::Answered { state: seen.state, authorized, found_by });
        }
        Ok(())
    }
}

/// Whether a payment may be other than it was read last.
fn needs_look(hold: &Hold) -> bool {
    if hold.could_not_ask() || (!hold.asked && hold.pending.is_none()) {
        return false;
    }
    let has_ended = hold.is_unpaid() || (hold.is_approved() && !hold.is_open());
    hold.pending.as_ref().is_some_and(|act| *act != Act::SendReceipt) || !has_ended
}
