//! The queue of webhook deliveries: which waits for which, which is on the wire, what is kept.
//!
//! Each registration has an outlet of its own with a limited number of places on the wire. A
//! receiver that is slow or dead fills its own outlet and nobody else's, and what waits for it
//! costs the memory of its queue, not that of as many connections.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    agenda::{Due, Posting},
    facts::Fact,
    journal::note_delivery,
    snapshot::pairs,
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Attempt, Delivery, DeliveryId, DeliveryStatus, Reference, RegistrationId, fault::Stage,
};

/// How many deliveries of one registration are on the wire at a time.
pub const ON_THE_WIRE_MAX: usize = 32;

/// How many undelivered events a sales unit holds. Beyond that a new one is dropped at once.
pub const UNDELIVERED_MAX: usize = 250_000;

/// How many finished deliveries are kept for looking at.
pub const DELIVERIES_KEPT: usize = 10_000;

/// Of how many attempts, the latest, it is kept what went over the wire.
pub const EXCHANGES_KEPT: usize = 2_000;

/// How long a receiver may fail without a single success before its registration is removed
/// (Webhooks API guide, changelog of March 2026).
pub const UNRESPONSIVE_FOR: SignedDuration = SignedDuration::from_hours(14 * 24);

mod queue;

/// Every delivery, and which of them wait for which.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Deliveries {
    #[serde(with = "pairs")]
    log: BTreeMap<DeliveryId, Delivery>,
    /// Those that nothing more becomes of, in the order in which they ended.
    finished: VecDeque<DeliveryId>,
    latest: u64,
    undelivered: usize,
    outlets: HashMap<RegistrationId, Outlet>,
    /// Outlets that something has happened in since they were last served.
    #[serde(skip)]
    stirred: Vec<RegistrationId>,
    /// Attempts whose exchange is kept, oldest first.
    described: VecDeque<(DeliveryId, usize)>,
}

/// What goes to one registration.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Outlet {
    /// Undelivered events in order; only the first of a lane is tried.
    #[serde(with = "pairs")]
    lanes: HashMap<Lane, VecDeque<DeliveryId>>,
    /// What is due and waits for a place on the wire.
    ready: VecDeque<DeliveryId>,
    #[serde(skip)]
    on_the_wire: usize,
    /// What a fault holds back until an event of another payment is through.
    to_be_overtaken: Vec<DeliveryId>,
    /// Since when there has been no success, though there were attempts.
    failing_since: Option<Timestamp>,
    /// Whether the agenda has its removal.
    removal_planned: bool,
}

/// What an event may have to wait in line with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
enum Lane {
    /// The other events of the payment.
    Payment(Reference),
    /// Nothing.
    Alone(DeliveryId),
}

/// How a registration fares.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Health {
    /// How many of its events are not delivered yet.
    pub undelivered: usize,
    /// Since when it has failed without a single success.
    pub failing_since: Option<Timestamp>,
}

/// Why a delivery is not sent again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResendError {
    /// There is none of this number.
    #[error("there is no delivery {0}")]
    Unknown(DeliveryId),
    /// Nobody knows what to sign it with.
    #[error("the registration {0} is gone, and with it the secret to sign with")]
    NotRegistered(RegistrationId),
    /// The receiver must hear of something else first.
    #[error("it waits behind delivery {0}, an earlier event of the same payment")]
    Behind(DeliveryId),
    /// It is under way.
    #[error("it is on the wire")]
    Sending,
}

impl SalesUnit {
    /// Every delivery that waits, and the latest of those that are finished; oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.deliveries_where(usize::MAX, |_| true)
    }

    /// The latest deliveries of which this is true, so many at most; oldest first. `wanted` must
    /// be quick: the unit waits for it.
    #[must_use]
    pub fn deliveries_where(
        &self,
        limit: usize,
        wanted: impl Fn(&Delivery) -> bool,
    ) -> Vec<Delivery> {
        let mut found: Vec<_> = self.look(|state, _| {
            let latest_first = state.deliveries.log.values().rev();
            latest_first.filter(|it| wanted(it)).take(limit).cloned().collect()
        });
        found.reverse();
        found
    }

    /// One delivery.
    #[must_use]
    pub fn delivery(&self, id: DeliveryId) -> Option<Delivery> {
        self.look(|state, _| state.deliveries.log.get(&id).cloned())
    }

    /// How a registration fares.
    #[must_use]
    pub fn health(&self, registration: &RegistrationId) -> Health {
        self.look(|state, _| {
            let outlet = state.deliveries.outlets.get(registration);
            outlet.map_or_else(Health::default, |outlet| Health {
                undelivered: outlet.lanes.values().map(VecDeque::len).sum(),
                failing_since: outlet.failing_since,
            })
        })
    }

    /// Sends a delivery once more, now: the next attempt of one that waits for it, and one more of
    /// one that has ended. The attempt is signed anew, its body is the same.
    ///
    /// # Errors
    ///
    /// [`ResendError`]; then nothing has changed.
    pub fn resend(&self, id: DeliveryId) -> Result<(), ResendError> {
        self.change(|change| {
            let now = change.now;
            let deliveries = &mut change.state.deliveries;
            let delivery = deliveries.log.get_mut(&id).ok_or(ResendError::Unknown(id))?;
            let Some(outlet) = deliveries.outlets.get(&delivery.registration) else {
                return Err(ResendError::NotRegistered(delivery.registration.clone()));
            };
            match delivery.status() {
                DeliveryStatus::Sending => return Err(ResendError::Sending),
                DeliveryStatus::Waiting => {
                    let first = outlet.lanes.get(&lane(delivery)).and_then(VecDeque::front);
                    return Err(ResendError::Behind(first.copied().unwrap_or(id)));
                }
                DeliveryStatus::Due(_) => delivery.plan(now),
                DeliveryStatus::Delivered | DeliveryStatus::Dropped => delivery.plan_again(now),
            }
            change.plan(now, Due::Attempt(id));
            Ok(())
        })
    }

    /// Notes how an attempt went, and plans what follows from it.
    pub(super) fn record(&self, posting: &Posting, attempt: Attempt) {
        self.change(|change| change.record(posting, attempt));
    }
}

impl Change<'_> {
    /// Queues a new delivery; its first attempt is made at `at`, or when those before it are done.
    pub(super) fn enqueue(&mut self, delivery: Delivery, at: Timestamp) {
        let id = delivery.id;
        note_delivery(id);
        if self.state.deliveries.enqueue(delivery) {
            self.plan_attempt(id, at);
        }
    }

    fn plan_attempt(&mut self, id: DeliveryId, at: Timestamp) {
        if let Some(delivery) = self.state.deliveries.log.get_mut(&id) {
            let at = delivery.not_before(at);
            delivery.plan(at);
            self.plan(at, Due::Attempt(id));
        }
    }

    /// Hands out what is due and has a place on the wire.
    pub(super) fn take_ready(&mut self) -> Vec<Posting> {
        let mut postings = Vec::new();
        while let Some(registration) = self.state.deliveries.stirred.pop() {
            while let Some(id) = self.state.deliveries.next_ready(&registration) {
                match self.take_off(id) {
                    Some(posting) => postings.push(posting),
                    None => self.state.deliveries.free_place(&registration),
                }
            }
        }
        postings
    }

    /// Takes a delivery to the wire, unless it has been dropped meanwhile.
    fn take_off(&mut self, id: DeliveryId) -> Option<Posting> {
        let at = self.now;
        let delivery = self.state.deliveries.log.get_mut(&id)?;
        if !is_due(delivery.status(), at) {
            return None;
        }
        let registration = delivery.registration.clone();
        let registered = self.state.registrations.iter().find(|it| it.id == registration)?;
        delivery.take_off();
        let (secret, url) = (registered.secret.clone(), delivery.url.clone());
        let (body, event) = (delivery.body.clone(), delivery.event);
        let reference = delivery.reference.clone();
        let fault = self.strike_webhook(Stage::Attempt, event, reference.as_ref());
        Some(Posting { delivery: id, registration, secret, url, body, at, fault })
    }

    fn record(&mut self, posting: &Posting, attempt: Attempt) {
        let Posting { delivery: id, registration, .. } = posting;
        let (id, now) = (*id, self.now);
        self.state.deliveries.free_place(registration);
        self.note_health(registration, &attempt);
        let Some(delivery) = self.state.deliveries.log.get_mut(&id) else { return };
        let had_ended = delivery.is_finished();
        // Its registration was deleted while it was on the wire: it is not tried again.
        let was_dropped = delivery.status() == DeliveryStatus::Dropped;
        let outcome = attempt.outcome.clone();
        let is_described = attempt.exchange.is_some();
        let mut status = delivery.record(attempt, now);
        if was_dropped && status != DeliveryStatus::Delivered {
            delivery.drop_it();
            status = DeliveryStatus::Dropped;
        }
        let number = delivery.attempts().len();
        let fact = Fact::Attempted {
            delivery: id,
            reference: delivery.reference.clone(),
            event: delivery.event,
            number,
            outcome,
            next_at: next_attempt(status),
        };
        if is_described {
            self.state.deliveries.describe(id, number - 1);
        }
        self.note(fact);
        match status {
            DeliveryStatus::Due(at) => self.plan_attempt(id, at),
            DeliveryStatus::Waiting | DeliveryStatus::Sending => {}
            DeliveryStatus::Delivered | DeliveryStatus::Dropped if had_ended => {}
            DeliveryStatus::Delivered | DeliveryStatus::Dropped => {
                for overtaken in self.state.deliveries.overtaken_by(id) {
                    self.plan_attempt(overtaken, now);
                }
                if let Some(next) = self.state.deliveries.finish(id) {
                    self.plan_attempt(next, now);
                }
            }
        }
    }

    /// One success is enough to be responsive; the first failure after it begins the two weeks.
    fn note_health(&mut self, registration: &RegistrationId, attempt: &Attempt) {
        let Some(outlet) = self.state.deliveries.outlets.get_mut(registration) else { return };
        if attempt.outcome.is_success() {
            outlet.failing_since = None;
            return;
        }
        let since = *outlet.failing_since.get_or_insert(attempt.at);
        if !outlet.removal_planned {
            outlet.removal_planned = true;
            self.plan(since + UNRESPONSIVE_FOR, Due::Removal(registration.clone()));
        }
    }

    /// Removes a registration that has not had a success for too long; looks again later at one
    /// that has.
    pub(super) fn remove_if_unresponsive(&mut self, id: &RegistrationId) {
        let Some(outlet) = self.state.deliveries.outlets.get_mut(id) else { return };
        outlet.removal_planned = false;
        let Some(since) = outlet.failing_since else { return };
        if self.now < since + UNRESPONSIVE_FOR {
            outlet.removal_planned = true;
            self.plan(since + UNRESPONSIVE_FOR, Due::Removal(id.clone()));
            return;
        }
        self.state.registrations.retain(|it| it.id != *id);
        self.state.deliveries.close_outlet(id);
        self.note(Fact::Removed { id: id.clone(), failing_since: since });
    }

    /// After a restore: what was on the wire is sent again, and what had its turn keeps it.
    pub(super) fn take_up_deliveries(&mut self) {
        let now = self.now;
        for id in self.state.deliveries.take_up() {
            self.plan_attempt(id, now);
        }
    }

    /// Something is due to be sent: it goes as soon as there is a place on the wire.
    pub(super) fn queue_attempt(&mut self, id: DeliveryId) {
        let now = self.now;
        let deliveries = &mut self.state.deliveries;
        let Some(delivery) = deliveries.log.get_mut(&id) else { return };
        if !is_due(delivery.status(), now) {
            return;
        }
        match deliveries.outlets.get_mut(&delivery.registration) {
            Some(outlet) => {
                outlet.ready.push_back(id);
                deliveries.stirred.push(delivery.registration.clone());
            }
            // Only one that was to be sent again can be left without its registration.
            None => delivery.end_as_before(),
        }
    }
}

fn is_due(status: DeliveryStatus, now: Timestamp) -> bool {
    next_attempt(status).is_some_and(|at| at <= now)
}

fn next_attempt(status: DeliveryStatus) -> Option<Timestamp> {
    match status {
        DeliveryStatus::Due(at) => Some(at),
        DeliveryStatus::Waiting
        | DeliveryStatus::Sending
        | DeliveryStatus::Delivered
        | DeliveryStatus::Dropped => None,
    }
}

fn lane(delivery: &Delivery) -> Lane {
    let payment = delivery.reference.clone().map(Lane::Payment);
    payment.unwrap_or(Lane::Alone(delivery.id))
}
