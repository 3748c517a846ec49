//! Use cases of the Webhooks API, and the queue of deliveries.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::{
    agenda::{Due, Posting},
    facts::Fact,
    unit::{Change, Deliveries, SalesUnit},
};
use crate::domain::{
    Amount, Attempt, Delivery, DeliveryId, DeliveryStatus, EventType, Payment, PaymentEvent,
    Reference, Registration, RegistrationId,
};

/// How many registrations a sales unit may have for one event type (Webhooks API guide, limits).
pub const REGISTRATIONS_PER_EVENT_MAX: usize = 25;

/// How many finished deliveries are kept for looking at.
pub const DELIVERIES_KEPT: usize = 10_000;

/// Why a webhook was not registered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// There are enough for this event type.
    #[error("there are already {REGISTRATIONS_PER_EVENT_MAX} registrations for {0}")]
    TooMany(&'static str),
}

impl SalesUnit {
    /// Registers a webhook. Never the same as an earlier one: each gets its own id and secret.
    ///
    /// # Errors
    ///
    /// [`RegistrationError`] when there are too many.
    pub fn register(
        &self,
        url: Arc<str>,
        events: Vec<EventType>,
    ) -> Result<Registration, RegistrationError> {
        self.change(|change| {
            for event in &events {
                let others = change.state.registrations.iter();
                let count = others.filter(|it| it.events.contains(event)).count();
                if REGISTRATIONS_PER_EVENT_MAX <= count {
                    return Err(RegistrationError::TooMany(event.name()));
                }
            }
            let entropy = change.unit.entropy();
            let id = RegistrationId(entropy.uuid());
            let registration = Registration { id, url, events, secret: entropy.webhook_secret() };
            change.state.registrations.push(registration.clone());
            let (id, url) = (registration.id.clone(), registration.url.clone());
            change.note(Fact::Registered { id, url });
            Ok(registration)
        })
    }

    /// Every registration, oldest first.
    #[must_use]
    pub fn registrations(&self) -> Vec<Registration> {
        self.look(|state, _| state.registrations.clone())
    }

    /// Deletes a registration, and what it still waits for. Says whether there was one.
    #[must_use]
    pub fn unregister(&self, id: &str) -> bool {
        self.change(|change| {
            let registrations = &mut change.state.registrations;
            let Some(place) = registrations.iter().position(|it| &*it.id.0 == id) else {
                return false;
            };
            let id = registrations.remove(place).id;
            change.state.deliveries.drop_those_of(&id);
            change.note(Fact::Unregistered { id });
            true
        })
    }

    /// Every delivery that waits, and the latest of those that are finished; oldest first.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.look(|state, _| state.deliveries.log.values().cloned().collect())
    }

    /// One delivery.
    #[must_use]
    pub fn delivery(&self, id: DeliveryId) -> Option<Delivery> {
        self.look(|state, _| state.deliveries.log.get(&id).cloned())
    }

    /// Notes how an attempt went, and plans what follows from it.
    pub(super) fn record(&self, id: DeliveryId, attempt: Attempt) {
        self.change(|change| change.record(id, attempt));
    }
}

impl Change<'_> {
    /// Notes an event of a payment, and queues it for every registration that wants it.
    pub(super) fn publish(&mut self, reference: &Reference, event: &PaymentEvent) {
        self.note(Fact::Payment {
            reference: reference.clone(),
            event: event.name,
            amount: event.amount,
        });
        let interested: Vec<_> = self
            .state
            .registrations
            .iter()
            .filter(|it| it.wants(event.name))
            .map(|it| (it.id.clone(), it.url.clone()))
            .collect();
        if interested.is_empty() {
            return;
        }
        let Some(payment) = self.state.payment(reference) else { return };
        let body: Arc<str> = body(self.unit.msn().as_str(), payment, event).into();
        for (registration, url) in interested {
            let id = self.state.deliveries.next_id();
            let delivery =
                Delivery::new(id, registration, url, reference.clone(), event.name, body.clone());
            if self.state.deliveries.enqueue(delivery) {
                self.plan_attempt(id, self.now);
            }
        }
    }

    fn plan_attempt(&mut self, id: DeliveryId, at: Timestamp) {
        if let Some(delivery) = self.state.deliveries.log.get_mut(&id) {
            delivery.plan(at);
            self.plan(at, Due::Attempt(id));
        }
    }

    /// Takes a delivery to the wire, unless it has been dropped meanwhile.
    pub(super) fn take_off(&mut self, id: DeliveryId) -> Option<Posting> {
        let at = self.now;
        let delivery = self.state.deliveries.log.get_mut(&id)?;
        match delivery.status() {
            DeliveryStatus::Due(due) if due <= at => {}
            DeliveryStatus::Due(_)
            | DeliveryStatus::Waiting
            | DeliveryStatus::Delivered
            | DeliveryStatus::Dropped => return None,
        }
        delivery.take_off();
        let (registration, url) = (delivery.registration.clone(), delivery.url.clone());
        let body = delivery.body.clone();
        let secret =
            self.state.registrations.iter().find(|it| it.id == registration)?.secret.clone();
        Some(Posting { delivery: id, registration, secret, url, body, at })
    }

    fn record(&mut self, id: DeliveryId, attempt: Attempt) {
        let now = self.now;
        let Some(delivery) = self.state.deliveries.log.get_mut(&id) else { return };
        // Its registration was deleted while it was on the wire: it is not tried again.
        let is_dropped = delivery.status() == DeliveryStatus::Dropped;
        let outcome = attempt.outcome.clone();
        let mut status = delivery.record(attempt, now);
        if is_dropped && status != DeliveryStatus::Delivered {
            delivery.drop_it();
            status = DeliveryStatus::Dropped;
        }
        let fact = Fact::Attempted {
            delivery: id,
            reference: delivery.reference.clone(),
            event: delivery.event,
            number: delivery.attempts().len(),
            outcome,
            next_at: match status {
                DeliveryStatus::Due(at) => Some(at),
                DeliveryStatus::Waiting | DeliveryStatus::Delivered | DeliveryStatus::Dropped => {
                    None
                }
            },
        };
        self.note(fact);
        match status {
            DeliveryStatus::Due(at) => self.plan_attempt(id, at),
            DeliveryStatus::Waiting => {}
            DeliveryStatus::Delivered | DeliveryStatus::Dropped => {
                // One that was dropped while on the wire has been counted already.
                let next = if is_dropped { None } else { self.state.deliveries.finish(id) };
                if let Some(next) = next {
                    self.plan_attempt(next, now);
                }
            }
        }
    }
}

impl Deliveries {
    fn next_id(&mut self) -> DeliveryId {
        self.latest += 1;
        DeliveryId(self.latest)
    }

    /// Queues a delivery behind those of the same payment; says whether it is the first of them.
    fn enqueue(&mut self, delivery: Delivery) -> bool {
        let lane = (delivery.registration.clone(), delivery.reference.clone());
        let waiting = self.lanes.entry(lane).or_default();
        waiting.push_back(delivery.id);
        let is_first = waiting.len() == 1;
        self.log.insert(delivery.id, delivery);
        is_first
    }

    /// A delivery is done with: gives back the next one of its payment.
    fn finish(&mut self, done: DeliveryId) -> Option<DeliveryId> {
        let delivery = self.log.get(&done)?;
        let lane = (delivery.registration.clone(), delivery.reference.clone());
        self.forget_after(done);
        let waiting = self.lanes.get_mut(&lane)?;
        waiting.pop_front_if(|first| *first == done);
        let next = waiting.front().copied();
        if next.is_none() {
            self.lanes.remove(&lane);
        }
        next
    }

    fn drop_those_of(&mut self, id: &RegistrationId) {
        self.lanes.retain(|(registration, _), _| registration != id);
        let of_registration = self.log.values_mut().filter(|it| it.registration == *id);
        let mut dropped = Vec::new();
        for delivery in of_registration.filter(|it| !it.is_finished()) {
            delivery.drop_it();
            dropped.push(delivery.id);
        }
        for id in dropped {
            self.forget_after(id);
        }
    }

    /// Counts a delivery as finished, and forgets the one that has been finished for longest.
    fn forget_after(&mut self, id: DeliveryId) {
        self.finished.push_back(id);
        if DELIVERIES_KEPT < self.finished.len()
            && let Some(oldest) = self.finished.pop_front()
        {
            self.log.remove(&oldest);
        }
    }
}

/// The JSON of an event, in the order in which the platform writes it: compact, the absent left
/// out (Webhooks API guide, ePayment events).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EventBody<'a> {
    msn: &'a str,
    reference: &'a str,
    psp_reference: &'a str,
    name: &'static str,
    amount: AmountBody,
    timestamp: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<&'a str>,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    capture_guaranteed_until: Option<String>,
}

/// A sum as JSON: currency first.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct AmountBody {
    currency: &'static str,
    /// Minor units.
    value: u64,
}

impl From<Amount> for AmountBody {
    fn from(amount: Amount) -> Self {
        Self { currency: amount.currency().code(), value: amount.minor() }
    }
}

fn body(msn: &str, payment: &Payment, event: &PaymentEvent) -> String {
    let capture_guaranteed_until = payment
        .reservation()
        .filter(|_| event.name.is_approval())
        .map(|held| offset_text(held.guaranteed_until));
    let body = EventBody {
        msn,
        reference: payment.reference().as_str(),
        psp_reference: &event.psp_reference,
        name: event.name.api(),
        amount: event.amount.into(),
        timestamp: zulu_text(event.at),
        idempotency_key: event
            .idempotency_key
            .as_ref()
            .map(super::super::domain::idempotency::IdempotencyKey::as_str),
        success: event.success,
        capture_guaranteed_until,
    };
    // Strings, numbers and booleans always serialise.
    serde_json::to_string(&body).unwrap_or_default()
}

/// A time as the platform prints most of them: UTC, three digits, `Z`.
#[must_use]
pub fn zulu_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// A time as the platform prints `captureGuaranteedUntil`: UTC, three digits, `+00:00`.
#[must_use]
pub fn offset_text(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3f+00:00").to_string()
}
