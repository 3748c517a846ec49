//! The one way on: read, decide, write, do, write.

use std::sync::atomic::Ordering;

use super::next::{NO_PUSH, Next, next};
use super::record::{Hold, Ride, has_a_way};
use super::shares::Shares;
use super::{Dispatch, DispatchError, RideState, Trigger};
use crate::taxi::client::{CreatedPayment, Payment};
use crate::taxi::error::Error;
use crate::taxi::journal::entry::Seen;
use crate::taxi::journal::{Act, Entry, FailedCall};
use crate::taxi::money::Amount;
use crate::taxi::reference::{Attempt, RideKey};
use crate::taxi::ride::{Asked, FoundBy, NotAsked, ReceiptStatus, Step};

/// More steps than any ride needs at once. Beyond it something goes round in circles.
const STEPS_MAX: usize = 24;

/// What came of a step.
enum Came {
    /// Go on.
    On,
    /// Not now: a later look goes on from here.
    Later,
    /// The receipt is for later, and the money goes on.
    ReceiptLater,
}

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
        for entry in change(&ride)? {
            self.note(&mut ride, &entry)?;
        }
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
                    self.note(&mut ride, &Entry::Planned { attempt, order: *order, alone })?;
                    Came::On
                }
                Next::Drop(attempt) => {
                    let failure = never_asked();
                    self.note(&mut ride, &Entry::Failed { attempt, act: Act::Ask, failure })?;
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

    /// Writes an entry, and takes it in.
    pub(super) fn note(&self, ride: &mut Ride, entry: &Entry) -> Result<(), DispatchError> {
        self.journal.write(ride.key(), entry)?;
        ride.add(entry);
        Ok(())
    }

    fn flag(&self, ride: &mut Ride, why: String) -> Result<(), DispatchError> {
        tracing::error!(ride = %ride.key(), %why, "a person must look at the ride");
        self.taxi.say(Step::PersonNeeded { why: why.clone() });
        self.note(ride, &Entry::Flagged(why))
    }

    /// Writes down where the ride is, if that is somewhere else now.
    fn settle_state(&self, ride: &mut Ride) -> Result<(), DispatchError> {
        let state = RideState::of(ride);
        if state == ride.state {
            return Ok(());
        }
        if !ride.state.may_become(state) {
            let why = format!("a ride that is {} cannot become {state}", ride.state);
            self.flag(ride, why)?;
        }
        let state = RideState::of(ride);
        self.note(ride, &Entry::Became(state))?;
        self.taxi.say(Step::Became { ride: ride.key().clone(), state });
        Ok(())
    }

    /// Reads each payment that may have changed. False if one could not be read: then nothing is
    /// decided.
    async fn look(&self, ride: &mut Ride, why: Trigger) -> Result<bool, DispatchError> {
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
        self.note(ride, &Entry::Saw { attempt: attempt.clone(), seen: seen.clone() })?;
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

    /// Makes a call: the intent first, the result afterwards.
    async fn perform(
        &self,
        ride: &mut Ride,
        attempt: &Attempt,
        act: Act,
    ) -> Result<Came, DispatchError> {
        let Some(hold) = ride.holds.of(attempt).cloned() else { return Ok(Came::Later) };
        let was_begun = hold.pending.is_some();
        if !was_begun {
            self.note(ride, &Entry::Intended { attempt: attempt.clone(), act: act.clone() })?;
            self.settle_state(ride)?;
        }
        let called = match &act {
            Act::Ask => return self.ask(ride, &hold).await,
            Act::SendReceipt => return self.send_receipt(ride, &hold, was_begun).await,
            Act::Withdraw => {
                let withdrawn = self.taxi.withdraw(attempt).await;
                withdrawn.inspect(|_| self.taxi.say(Step::RequestWithdrawn))
            }
            Act::Capture { part, amount, in_all } => {
                self.taxi.capture_part(attempt, *part, *amount, *in_all).await
            }
            Act::Release => {
                let rest = hold.held().unwrap_or(hold.zero());
                self.taxi.release_rest(attempt, rest).await
            }
            Act::Refund { decision, amount, .. } => {
                self.give_back(attempt, *decision, *amount).await
            }
        };
        match called {
            Ok(payment) => {
                let seen = Some(Seen::from(&payment));
                self.note(ride, &Entry::Done { attempt: attempt.clone(), act, seen })?;
                Ok(Came::On)
            }
            Err(error) => self.failed(ride, attempt, act, &error).await,
        }
    }

    async fn give_back(
        &self,
        attempt: &Attempt,
        decision: u8,
        amount: Amount,
    ) -> Result<Payment, Error> {
        let (reference, key) = (attempt.reference(), attempt.refund_key(decision));
        let refunded = self.taxi.client().refund(&reference, amount, &key).await;
        refunded.inspect(|_| self.taxi.say(Step::GaveBack { amount }))
    }

    /// Writes down a failure. What was refused for good is looked at once more: somebody else may
    /// have been at the payment.
    async fn failed(
        &self,
        ride: &mut Ride,
        attempt: &Attempt,
        act: Act,
        error: &Error,
    ) -> Result<Came, DispatchError> {
        let failure = FailedCall::from(error);
        let (may_pass, code) = (failure.may_pass, failure.code);
        tracing::warn!(
            ride = %ride.key(), reference = %attempt.reference(), code, status = failure.status,
            trace_id = failure.trace_id, "could not {act}"
        );
        self.taxi.say(Step::CallFailed { act: act.clone(), error: error.clone() });
        let entry = Entry::Failed { attempt: attempt.clone(), act: act.clone(), failure };
        self.note(ride, &entry)?;
        if may_pass {
            return Ok(Came::Later);
        }
        if !has_a_way(&act, code) {
            self.flag(ride, format!("could not {act}: {error}"))?;
            return Ok(Came::On);
        }
        let looked = self.look(ride, Trigger::Driver).await?;
        Ok(if looked { Came::On } else { Came::Later })
    }

    async fn ask(&self, ride: &mut Ride, hold: &Hold) -> Result<Came, DispatchError> {
        let attempt = hold.attempt.clone();
        match self.taxi.ask(&hold.order, &attempt).await {
            Ok(asked @ (Asked::Anew(_) | Asked::Before)) => {
                if let Asked::Anew(CreatedPayment { redirect_url: Some(url), .. }) = asked {
                    self.note(ride, &Entry::Leads { attempt: attempt.clone(), url })?;
                }
                self.note(ride, &Entry::Done { attempt, act: Act::Ask, seen: None })?;
                self.taxi.say(Step::Waiting { phone: hold.order.phone.clone() });
                Ok(Came::On)
            }
            Ok(Asked::Taken) => {
                let failure = taken(&attempt);
                let (order, alone) = (hold.order.clone(), hold.alone);
                let next = attempt.next();
                self.note(ride, &Entry::Failed { attempt, act: Act::Ask, failure })?;
                self.note(ride, &Entry::Planned { attempt: next, order, alone })?;
                Ok(Came::On)
            }
            Err(NotAsked { error, .. }) => {
                if error.code() == Some(NO_PUSH) {
                    self.no_push.store(true, Ordering::Relaxed);
                }
                self.failed(ride, &attempt, Act::Ask, &error).await
            }
        }
    }

    /// Stores the receipt of a payment. One that was begun may be there: it is looked for first.
    async fn send_receipt(
        &self,
        ride: &mut Ride,
        hold: &Hold,
        was_begun: bool,
    ) -> Result<Came, DispatchError> {
        let (attempt, act) = (hold.attempt.clone(), Act::SendReceipt);
        let fare = if hold.alone {
            Some(hold.order.fare.clone())
        } else {
            Shares::of(ride).and_then(|shares| shares.receipt_of(&attempt))
        };
        let Some(fare) = fare else {
            self.flag(ride, format!("no receipt can be made of {}", attempt.reference()))?;
            return Ok(Came::On);
        };
        let (receipt, reference) = (ride.order.receipt(&fare), attempt.reference());
        let there =
            if was_begun { self.taxi.receipt_there(&receipt, &reference).await } else { Ok(None) };
        let status = match there {
            Ok(Some(status)) => status,
            Ok(None) => self.taxi.send_receipt(&receipt, &reference).await,
            Err(error) => ReceiptStatus::NotStored(error),
        };
        let failure = match status {
            ReceiptStatus::Stored | ReceiptStatus::AlreadyStored | ReceiptStatus::NotSent => {
                self.note(ride, &Entry::Done { attempt, act, seen: None })?;
                return Ok(Came::On);
            }
            ReceiptStatus::Differs => another_receipt(&attempt),
            ReceiptStatus::NotStored(error) => FailedCall::from(&error),
        };
        let came = if failure.may_pass { Came::ReceiptLater } else { Came::On };
        self.note(ride, &Entry::Failed { attempt, act, failure })?;
        Ok(came)
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

fn by_us(words: String, advice: &str) -> FailedCall {
    FailedCall {
        status: None,
        code: None,
        trace_id: None,
        instance: None,
        words,
        advice: advice.to_owned(),
        may_pass: false,
    }
}

fn never_asked() -> FailedCall {
    by_us("the ride was called off before anybody was asked".to_owned(), "nothing")
}

fn taken(attempt: &Attempt) -> FailedCall {
    let words = format!("{} belongs to something else", attempt.reference());
    by_us(words, "check why one ride id is used for several payments")
}

fn another_receipt(attempt: &Attempt) -> FailedCall {
    let words = format!("another receipt is stored for {}", attempt.reference());
    by_us(words, "compare the two: a stored receipt cannot be changed")
}
