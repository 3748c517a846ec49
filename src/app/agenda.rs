//! What is due when. Time moves from one due moment to the next, never past.

use std::{
    collections::BTreeMap,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
};

use futures::{StreamExt as _, stream::FuturesUnordered};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::{
    facts::{DatedFact, Fact},
    shipping::{CallbackAnswer, CallbackRequest, ShippingCall},
    snapshot::pairs,
    unit::SalesUnit,
};
use crate::domain::{
    Attempt, DeliveryId, PhoneNumber, Reference, RegistrationId, fault::FaultId, payment::Approval,
    user::Act, webhook_effect::WebhookEffect,
};

/// How much is done under one hold of the unit's lock: calls wait for it meanwhile.
const DUE_AT_ONCE: usize = 64;

/// One ordered set of what is due; of two things due at once, the one planned first comes first.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Agenda {
    #[serde(with = "pairs")]
    items: BTreeMap<(Timestamp, u64), Due>,
    planned: u64,
}

/// Something that is due. It is done only if it still makes sense then.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Due {
    /// The customer of this number does something.
    Customer(Reference, PhoneNumber, Act),
    /// The bank answers at last.
    Settlement(Reference, PhoneNumber, Arc<Approval>),
    /// Nobody has answered.
    Expiry(Reference),
    /// A capture is no longer sure to succeed.
    GuaranteeEnd(Reference),
    /// What is left of the reservation is released.
    CaptureDeadline(Reference),
    /// A webhook is sent.
    Attempt(DeliveryId),
    /// A registration is removed if its receiver has not answered for too long.
    Removal(RegistrationId),
    /// A fault is over that nobody has taken away.
    FaultExpiry(FaultId),
}

/// A webhook that is to be sent now.
#[derive(Debug, Clone)]
pub struct Posting {
    /// Which delivery.
    pub delivery: DeliveryId,
    /// Whose.
    pub registration: RegistrationId,
    /// The signing key.
    pub secret: Arc<str>,
    /// Where to.
    pub url: Arc<str>,
    /// The exact bytes.
    pub body: Arc<str>,
    /// The unit's time.
    pub at: Timestamp,
    /// What goes wrong with it on purpose.
    pub fault: Option<WebhookEffect>,
}

/// Speaks to merchants: puts webhooks and questions on the wire.
pub trait Sender: Send + Sync {
    /// Sends once, and says how it went. Ends by itself, whatever the receiver does.
    fn send(&self, posting: &Posting) -> impl Future<Output = Attempt> + Send;

    /// Asks once, and gives back the answer. Ends by itself, whatever the merchant does.
    fn ask(&self, question: &CallbackRequest) -> impl Future<Output = CallbackAnswer> + Send;
}

/// What the driver of a sales unit is asked for.
#[derive(Debug)]
pub(super) enum Command {
    /// Step to a later time, asked for after so many resets.
    Step(Target, u64, oneshot::Sender<Result<StepReport, StepError>>),
}

/// Where to step to.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// This much later.
    By(SignedDuration),
    /// This very time.
    At(Timestamp),
}

/// What happened on the way, in order.
#[derive(Debug, Clone)]
pub struct StepReport {
    /// What the clock reads now.
    pub now: Timestamp,
    /// Everything that changed.
    pub happened: Vec<DatedFact>,
}

/// Why the clock was not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The target lies behind.
    #[error("time never goes back: the clock reads {now}")]
    Backwards {
        /// What the clock reads.
        now: Timestamp,
    },
    /// The target is beyond what a timestamp can say.
    #[error("the clock cannot go that far")]
    TooFar,
    /// The sales unit was reset meanwhile.
    #[error("the sales unit was reset meanwhile")]
    Reset,
    /// The sales unit has been dropped.
    #[error("the sales unit is gone")]
    Gone,
}

impl Agenda {
    /// Plans something, and says whether it is now the first.
    pub(super) fn insert(&mut self, at: Timestamp, due: Due) -> bool {
        self.planned += 1;
        let is_first = self.items.keys().next().is_none_or(|(first, _)| at < *first);
        self.items.insert((at, self.planned), due);
        is_first
    }

    /// What customers will do by themselves, in order.
    pub(super) fn acts(&self) -> impl Iterator<Item = (Timestamp, &Reference, &PhoneNumber, Act)> {
        self.items.iter().filter_map(|((at, _), due)| {
            let Due::Customer(reference, phone, act) = due else { return None };
            Some((*at, reference, phone, *act))
        })
    }

    /// Takes off what the customer of this payment would do by itself.
    pub(super) fn forget_acts(&mut self, payment: &Reference) {
        self.items
            .retain(|_, due| !matches!(due, Due::Customer(reference, ..) if reference == payment));
    }

    fn first(&self) -> Option<Timestamp> {
        self.items.keys().next().map(|(at, _)| *at)
    }

    fn take_due(&mut self, now: Timestamp) -> Option<Due> {
        if self.first()? <= now { self.items.pop_first().map(|(_, due)| due) } else { None }
    }
}

impl SalesUnit {
    /// Steps the clock forward, doing on the way whatever is due, webhooks
    /// included. Returns when all of that has settled.
    ///
    /// The clock keeps its mode. A receiver that hangs costs at most the ten
    /// real seconds of an attempt, those of several registrations in parallel.
    ///
    /// # Errors
    ///
    /// [`StepError`] when the target lies behind or too far ahead.
    pub async fn step(&self, target: Target) -> Result<StepReport, StepError> {
        let (reply, answer) = oneshot::channel();
        if !self.command(Command::Step(target, self.generation(), reply)) {
            return Err(StepError::Gone);
        }
        answer.await.unwrap_or(Err(StepError::Gone))
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.look(|state, _| state.agenda.first())
    }

    /// Whether the last turn has left something undone.
    fn is_more_due(&self) -> bool {
        self.next_due().is_some_and(|at| at <= self.clock().now())
    }

    /// Returns when there is something to do by the clock.
    async fn something_is_due(&self) {
        self.clock().sleep_until(self.next_due()).await;
        // Whatever there is to do, others have something to do as well.
        tokio::task::yield_now().await;
    }

    /// Does a good deal of what is due, and gives back the webhooks to send and the merchants to
    /// ask. What is left is due still.
    fn do_what_is_due(&self) -> (Vec<Posting>, Vec<ShippingCall>) {
        self.change(|change| {
            for _ in 0..DUE_AT_ONCE {
                let Some(due) = change.state.agenda.take_due(change.now) else { break };
                match due {
                    Due::Customer(reference, phone, act) => {
                        change.customer_acts(&reference, &phone, act);
                    }
                    Due::Settlement(reference, phone, approval) => {
                        change.settle(&reference, &phone, &approval);
                    }
                    Due::Expiry(reference) => change.expire_if_open(&reference),
                    Due::GuaranteeEnd(reference) => change.end_guarantee(&reference),
                    Due::CaptureDeadline(reference) => change.release_at_deadline(&reference),
                    Due::Attempt(delivery) => change.queue_attempt(delivery),
                    Due::Removal(registration) => change.remove_if_unresponsive(&registration),
                    Due::FaultExpiry(fault) => change.expire_fault(fault),
                }
            }
            (change.take_ready(), change.take_questions())
        })
    }

    /// Something that was on the wire has come back.
    fn take_back(&self, returned: Returned) {
        match returned {
            Returned::Webhook(posting, attempt) => self.record(&posting, attempt),
            Returned::Offer(call, answer) => self.take_offer(call, &answer),
        }
    }
}

/// Runs a sales unit's agenda for as long as the unit lives.
///
/// One task a unit: it alone does what is due, so nothing is ever done twice.
pub async fn drive(unit: Arc<SalesUnit>, sender: impl Sender) {
    let Some(mut commands) = unit.take_inbox() else { return };
    let generation = unit.generation();
    let mut driver = Driver { unit: &unit, sender: &sender, generation, wire: Wire::new() };
    while !unit.is_closed() {
        driver.forget_what_a_reset_has_undone();
        driver.do_what_is_due();
        tokio::select! {
            Some(returned) = driver.wire.next() => driver.take_back(returned),
            () = unit.something_is_due() => {}
            () = unit.agenda_changed.notified() => {}
            command = commands.recv() => match command {
                None => return,
                // Whoever asked may have hung up; the step is made all the same.
                Some(Command::Step(target, asked_in, reply)) => {
                    let _ = reply.send(driver.step(target, asked_in).await);
                }
            }
        }
    }
}

/// The webhooks that are being sent, and the merchants that are being asked.
type Wire<'a> = FuturesUnordered<Pin<Box<dyn Future<Output = Returned> + Send + 'a>>>;

/// What was on the wire, and what became of it.
enum Returned {
    Webhook(Posting, Attempt),
    Offer(ShippingCall, CallbackAnswer),
}

struct Driver<'a, S> {
    unit: &'a SalesUnit,
    sender: &'a S,
    /// How often the unit had been reset when the wire was last looked at.
    generation: u64,
    wire: Wire<'a>,
}

impl<S: Sender> Driver<'_, S> {
    /// What was on the wire then is nobody's any more. Says whether there was a reset.
    fn forget_what_a_reset_has_undone(&mut self) -> bool {
        let generation = self.unit.generation();
        let was_reset = generation != self.generation;
        if was_reset {
            self.generation = generation;
            self.wire = Wire::new();
        }
        was_reset
    }

    fn do_what_is_due(&mut self) {
        let sender = self.sender;
        let work = self.attempt(SalesUnit::do_what_is_due);
        let (postings, questions) = work.unwrap_or_default();
        for posting in postings {
            self.wire.push(Box::pin(async move {
                let attempt = sender.send(&posting).await;
                Returned::Webhook(posting, attempt)
            }));
        }
        for call in questions {
            self.wire.push(Box::pin(async move {
                let answer = sender.ask(&call.request).await;
                Returned::Offer(call, answer)
            }));
        }
    }

    fn take_back(&self, returned: Returned) {
        self.attempt(|unit| unit.take_back(returned));
    }

    /// An error of ours in one thing that is due must not end all others for good, unseen. It
    /// cannot leave anything half done: a move is computed first and taken up last.
    fn attempt<T>(&self, act: impl FnOnce(&SalesUnit) -> T) -> Option<T> {
        let done = catch_unwind(AssertUnwindSafe(|| act(self.unit)));
        if done.is_err() {
            tracing::error!(msn = %self.unit.msn(), "an error of the mock: something due was left undone");
        }
        done.ok()
    }

    /// A jump straight to the target would make every retry at once, all with the same time.
    /// Stepping gives each one the time it was due.
    async fn step(&mut self, target: Target, asked_in: u64) -> Result<StepReport, StepError> {
        // A reset before the step was asked for is no interruption of it; one since then is.
        self.forget_what_a_reset_has_undone();
        if self.generation != asked_in {
            return Err(StepError::Reset);
        }
        let clock = self.unit.clock();
        let now = clock.hold();
        let target = match resolve(target, now) {
            Ok(target) => target,
            Err(error) => {
                clock.release();
                return Err(error);
            }
        };
        // What is due already belongs to the present, and is not reported as on the way: else it
        // would depend on who is quicker whether an attempt just planned is part of the report.
        self.do_all_until(now).await?;
        self.unit.begin_report();
        let result = self.do_all_until(target).await;
        let happened = self.unit.end_report();
        result?;
        clock.release();
        self.unit.change(|change| change.note(Fact::Clock { what: "the clock was moved on" }));
        Ok(StepReport { now: target, happened })
    }

    /// Takes the held clock to `target` by way of everything that is due before, and goes on only
    /// when all of one moment has come back.
    async fn do_all_until(&mut self, target: Timestamp) -> Result<(), StepError> {
        loop {
            if self.unit.is_closed() {
                return Err(StepError::Gone);
            }
            if self.forget_what_a_reset_has_undone() {
                return Err(StepError::Reset);
            }
            self.do_what_is_due();
            if !self.wire.is_empty() {
                // Customers act and others receive while one receiver keeps us waiting.
                tokio::select! {
                    Some(returned) = self.wire.next() => self.take_back(returned),
                    () = self.unit.something_is_due(), if self.unit.is_more_due() => {}
                    () = self.unit.agenda_changed.notified() => {}
                }
                continue;
            }
            let next = self.unit.next_due().filter(|at| *at <= target);
            if !self.unit.clock().hold_at(next.unwrap_or(target)) {
                return Err(StepError::Reset);
            }
            if next.is_none() {
                return Ok(());
            }
        }
    }
}

fn resolve(target: Target, now: Timestamp) -> Result<Timestamp, StepError> {
    let target = match target {
        Target::By(by) => now.checked_add(by).map_err(|_| StepError::TooFar)?,
        Target::At(at) => at,
    };
    if target < now {
        Err(StepError::Backwards { now })
    } else if latest_time() < target {
        Err(StepError::TooFar)
    } else {
        Ok(target)
    }
}

/// No clock goes beyond the year 9000: whatever is planned from there still has room.
fn latest_time() -> Timestamp {
    Timestamp::constant(221_845_392_000, 0)
}
