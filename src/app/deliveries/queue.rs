//! The queues themselves: what is put in, what comes next, what is forgotten.

use super::{
    DELIVERIES_KEPT, Deliveries, EXCHANGES_KEPT, ON_THE_WIRE_MAX, Outlet, UNDELIVERED_MAX, lane,
};
use crate::domain::{Delivery, DeliveryId, DeliveryStatus, RegistrationId};

impl Deliveries {
    pub(in crate::app) fn next_id(&mut self) -> DeliveryId {
        self.latest += 1;
        DeliveryId(self.latest)
    }

    pub(in crate::app) fn open_outlet(&mut self, id: RegistrationId) {
        self.outlets.insert(id, Outlet::default());
    }

    /// Has every outlet looked at, and names what was on the wire when it was written down.
    pub(super) fn take_up(&mut self) -> Vec<DeliveryId> {
        self.stirred = self.outlets.keys().cloned().collect();
        let sending = self.log.values().filter(|it| it.status() == DeliveryStatus::Sending);
        sending.map(|it| it.id).collect()
    }

    /// Drops an event that has just been queued, as if it had been lost.
    pub(in crate::app) fn lose(&mut self, delivery: Delivery) {
        let id = delivery.id;
        self.undelivered += 1;
        self.log.insert(id, delivery);
        self.drop_one(id);
    }

    /// Notes that a delivery waits for one of another payment to overtake it.
    pub(in crate::app) fn let_overtake(&mut self, delivery: &Delivery) {
        if let Some(outlet) = self.outlets.get_mut(&delivery.registration) {
            outlet.to_be_overtaken.push(delivery.id);
        }
    }

    /// What waited for a delivery of another payment than its own to be done, as this one is.
    pub(super) fn overtaken_by(&mut self, done: DeliveryId) -> Vec<DeliveryId> {
        let Some(delivery) = self.log.get(&done) else { return Vec::new() };
        let Some(outlet) = self.outlets.get_mut(&delivery.registration) else { return Vec::new() };
        let of_same_payment =
            |id: &DeliveryId| self.log.get(id).is_some_and(|it| it.reference == delivery.reference);
        let waiting = std::mem::take(&mut outlet.to_be_overtaken);
        let (kept, freed): (Vec<_>, Vec<_>) = waiting.into_iter().partition(of_same_payment);
        outlet.to_be_overtaken = kept;
        let mut due = Vec::new();
        for id in freed {
            if let Some(it) = self.log.get_mut(&id) {
                it.held_until = None;
                // One that waits behind others of its payment is planned when they are through.
                if let DeliveryStatus::Due(_) = it.status() {
                    due.push(id);
                }
            }
        }
        due
    }

    /// Drops what a registration still waits for.
    pub(in crate::app) fn close_outlet(&mut self, id: &RegistrationId) {
        let Some(outlet) = self.outlets.remove(id) else { return };
        for id in outlet.lanes.into_values().flatten() {
            self.drop_one(id);
        }
    }

    /// Queues a delivery behind those of the same payment; says whether it is the first of them.
    pub(super) fn enqueue(&mut self, delivery: Delivery) -> bool {
        let id = delivery.id;
        let outlet = self.outlets.get_mut(&delivery.registration);
        let outlet = outlet.filter(|_| self.undelivered < UNDELIVERED_MAX);
        self.undelivered += 1;
        let Some(outlet) = outlet else {
            tracing::warn!(delivery = %id, "dropped: {UNDELIVERED_MAX} events wait already");
            self.log.insert(id, delivery);
            self.drop_one(id);
            return false;
        };
        let waiting = outlet.lanes.entry(lane(&delivery)).or_default();
        waiting.push_back(id);
        let is_first = waiting.len() == 1;
        self.log.insert(id, delivery);
        is_first
    }

    /// The next delivery of a registration that has a place on the wire, which it takes.
    pub(super) fn next_ready(&mut self, registration: &RegistrationId) -> Option<DeliveryId> {
        let outlet = self.outlets.get_mut(registration)?;
        if ON_THE_WIRE_MAX <= outlet.on_the_wire {
            return None;
        }
        let next = outlet.ready.pop_front()?;
        outlet.on_the_wire += 1;
        Some(next)
    }

    pub(super) fn free_place(&mut self, registration: &RegistrationId) {
        if let Some(outlet) = self.outlets.get_mut(registration) {
            outlet.on_the_wire = outlet.on_the_wire.saturating_sub(1);
            self.stirred.push(registration.clone());
        }
    }

    /// A delivery is done with: gives back the next one of its payment.
    pub(super) fn finish(&mut self, done: DeliveryId) -> Option<DeliveryId> {
        let delivery = self.log.get(&done)?;
        let (registration, lane) = (delivery.registration.clone(), lane(delivery));
        self.forget_after(done);
        let outlet = self.outlets.get_mut(&registration)?;
        let waiting = outlet.lanes.get_mut(&lane)?;
        waiting.pop_front_if(|first| *first == done);
        let next = waiting.front().copied();
        if next.is_none() {
            outlet.lanes.remove(&lane);
        }
        next
    }

    pub(super) fn drop_one(&mut self, id: DeliveryId) {
        if let Some(delivery) = self.log.get_mut(&id) {
            delivery.drop_it();
            self.forget_after(id);
        }
    }

    /// Counts a delivery as finished, and forgets the one that has been finished for longest.
    pub(super) fn forget_after(&mut self, id: DeliveryId) {
        self.undelivered = self.undelivered.saturating_sub(1);
        self.finished.push_back(id);
        if DELIVERIES_KEPT < self.finished.len()
            && let Some(oldest) = self.finished.pop_front()
        {
            self.log.remove(&oldest);
        }
    }

    /// Keeps what went over the wire in an attempt, and forgets that of the oldest.
    pub(super) fn describe(&mut self, id: DeliveryId, attempt: usize) {
        self.described.push_back((id, attempt));
        if EXCHANGES_KEPT < self.described.len()
            && let Some((id, attempt)) = self.described.pop_front()
            && let Some(delivery) = self.log.get_mut(&id)
        {
            delivery.forget_exchange(attempt);
        }
    }
}
