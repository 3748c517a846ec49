//! The calls that change something: the intent is written first, and what came of it afterwards.

use std::sync::atomic::Ordering;

use super::hold::{Hold, has_a_way};
use super::next::{NO_PUSH, TAKEN};
use super::record::Ride;
use super::shares::Shares;
use super::{Dispatch, DispatchError, Trigger};
use crate::taxi::client::{CreatedPayment, Payment};
use crate::taxi::error::Error;
use crate::taxi::journal::entry::Seen;
use crate::taxi::journal::{Act, Entry, FailedCall};
use crate::taxi::money::Amount;
use crate::taxi::reference::Attempt;
use crate::taxi::ride::{Asked, NotAsked, ReceiptStatus, Step};

/// What came of a step.
pub(super) enum Came {
    /// Go on.
    On,
    /// Not now: a later look goes on from here.
    Later,
    /// The receipt is for later, and the money goes on.
    ReceiptLater,
}

impl Dispatch {
    /// Makes a call: the intent first, the result afterwards.
    pub(super) async fn perform(
        &self,
        ride: &mut Ride,
        attempt: &Attempt,
        act: Act,
    ) -> Result<Came, DispatchError> {
        let Some(hold) = ride.holds.of(attempt).cloned() else { return Ok(Came::Later) };
        let was_begun = hold.pending.is_some();
        if !was_begun {
            self.note(ride, &[Entry::Intended { attempt: attempt.clone(), act: act.clone() }])?;
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
                self.note(ride, &[Entry::Done { attempt: attempt.clone(), act, seen }])?;
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
        self.note(ride, &[entry])?;
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
                let mut entries = Vec::new();
                if let Asked::Anew(CreatedPayment { redirect_url: Some(url), .. }) = asked {
                    entries.push(Entry::Leads { attempt: attempt.clone(), url });
                }
                entries.push(Entry::Done { attempt, act: Act::Ask, seen: None });
                self.note(ride, &entries)?;
                self.taxi.say(Step::Waiting { phone: hold.order.phone.clone() });
                Ok(Came::On)
            }
            Ok(Asked::Taken) => {
                let failure = taken(&attempt);
                self.note(ride, &[Entry::Failed { attempt, act: Act::Ask, failure }])?;
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
                self.note(ride, &[Entry::Done { attempt, act, seen: None }])?;
                return Ok(Came::On);
            }
            ReceiptStatus::Differs => another_receipt(&attempt),
            ReceiptStatus::NotStored(error) => FailedCall::from(&error),
        };
        let came = if failure.may_pass { Came::ReceiptLater } else { Came::On };
        self.note(ride, &[Entry::Failed { attempt, act, failure }])?;
        Ok(came)
    }
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

pub(super) fn never_asked() -> FailedCall {
    by_us("the ride was called off before anybody was asked".to_owned(), "nothing")
}

fn taken(attempt: &Attempt) -> FailedCall {
    let words = format!("{} belongs to something else", attempt.reference());
    let failure = by_us(words, "check why one ride id is used for several payments");
    FailedCall { code: Some(TAKEN), ..failure }
}

fn another_receipt(attempt: &Attempt) -> FailedCall {
    let words = format!("another receipt is stored for {}", attempt.reference());
    by_us(words, "compare the two: a stored receipt cannot be changed")
}
