//! What is due when. Time moves from one due moment to the next, never past.

use std::{collections::BTreeMap, future::Future, sync::Arc};

use futures::{StreamExt as _, stream::FuturesUnordered};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use super::{facts::DatedFact, unit::SalesUnit};
use crate::domain::{Attempt, DeliveryId, Reference, RegistrationId, user::Answer};

/// One ordered set of what is due; of two things due at once, the one planned first comes first.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    items: BTreeMap<(Timestamp, u64), Due>,
    planned: u64,
}

/// Something that is due. It is done only if it still makes sense then.
#[derive(Debug, Clone)]
pub(super) enum Due {
    /// The customer does what its number says.
    Customer(Reference, Answer),
    /// Nobody has answered.
    Expiry(Reference),
    /// What is left of the reservation is released.
    CaptureDeadline(Reference),
    /// A webhook is sent.
    Attempt(DeliveryId),
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
}

/// Puts a webhook on the wire.
pub trait Sender: Send + Sync {
    /// Sends once, and says how it went. Ends by itself, whatever the receiver does.
    fn send(&self, posting: Posting) -> impl Future<Output = Attempt> + Send;
}

/// What the driver of a sales unit is asked for.
#[derive(Debug)]
pub(super) enum Command {
    /// Step to a later time.
    Step(Target, oneshot::Sender<Result<StepReport, StepError>>),
    /// The sales unit is no more.
    Stop,
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
        if !self.command(Command::Step(target, reply)) {
            return Err(StepError::Gone);
        }
        answer.await.unwrap_or(Err(StepError::Gone))
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.look(|state, _| state.agenda.first())
    }

    /// Does everything that is due, and gives back the webhooks to send.
    fn do_what_is_due(&self) -> Vec<Posting> {
        self.change(|change| {
            let mut postings = Vec::new();
            while let Some(due) = change.state.agenda.take_due(change.now) {
                match due {
                    Due::Customer(reference, answer) => change.customer_answers(&reference, answer),
                    Due::Expiry(reference) => change.expire_if_open(&reference),
                    Due::CaptureDeadline(reference) => change.release_at_deadline(&reference),
                    Due::Attempt(delivery) => postings.extend(change.take_off(delivery)),
                }
            }
            postings
        })
    }
}

/// Runs a sales unit's agenda for as long as the unit lives.
///
/// One task a unit: it alone does what is due, so nothing is ever done twice.
pub async fn drive(unit: Arc<SalesUnit>, sender: impl Sender) {
    let Some(mut commands) = unit.take_inbox() else { return };
    let mut on_the_wire = FuturesUnordered::new();
    let send = async |posting: Posting| (posting.delivery, sender.send(posting).await);
    loop {
        on_the_wire.extend(unit.do_what_is_due().into_iter().map(send));
        tokio::select! {
            Some((delivery, attempt)) = on_the_wire.next() => unit.record(delivery, attempt),
            () = unit.clock().sleep_until(unit.next_due()) => {}
            () = unit.agenda_changed.notified() => {}
            command = commands.recv() => match command {
                None | Some(Command::Stop) => return,
                Some(Command::Step(target, reply)) => {
                    while let Some((delivery, attempt)) = on_the_wire.next().await {
                        unit.record(delivery, attempt);
                    }
                    // Whoever asked may have hung up; the step is made all the same.
                    let _ = reply.send(step(&unit, &sender, target).await);
                }
            }
        }
    }
}

/// A jump straight to the target would make every retry at once, all with the
/// same time. Stepping gives each one the time it was due.
async fn step(
    unit: &SalesUnit,
    sender: &impl Sender,
    target: Target,
) -> Result<StepReport, StepError> {
    let held = unit.clock().hold();
    let target = match resolve(target, held.at) {
        Ok(target) => target,
        Err(error) => {
            unit.clock().release(held);
            return Err(error);
        }
    };
    // What is due already belongs to the present, and is not reported as on the way: else it
    // would depend on who is quicker whether an attempt just planned is part of the report.
    do_all_until(unit, sender, held.at).await;
    unit.begin_report();
    do_all_until(unit, sender, target).await;
    unit.clock().hold_at(target);
    unit.clock().release(held);
    Ok(StepReport { now: unit.clock().now(), happened: unit.end_report() })
}

async fn do_all_until(unit: &SalesUnit, sender: &impl Sender, target: Timestamp) {
    while let Some(at) = unit.next_due().filter(|at| *at <= target) {
        unit.clock().hold_at(at);
        let mut on_the_wire: FuturesUnordered<_> = unit
            .do_what_is_due()
            .into_iter()
            .map(async |posting| (posting.delivery, sender.send(posting).await))
            .collect();
        while let Some((delivery, attempt)) = on_the_wire.next().await {
            unit.record(delivery, attempt);
        }
    }
}

fn resolve(target: Target, now: Timestamp) -> Result<Timestamp, StepError> {
    match target {
        Target::By(by) if by < SignedDuration::ZERO => Err(StepError::Backwards { now }),
        Target::By(by) => now.checked_add(by).map_err(|_| StepError::TooFar),
        Target::At(at) if at < now => Err(StepError::Backwards { now }),
        Target::At(at) => Ok(at),
    }
}
