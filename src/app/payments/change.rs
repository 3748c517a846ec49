//! What the use cases do to a sales unit's state, under its lock.

use super::{
    CommandError, CreateRequest, CreatedPayment, Modification, ModifiedPayment, ModifyRequest, Wish,
};
use crate::{
    app::{
        agenda::Due,
        facts::{Deadline, Fact},
        unit::{Change, SalesUnitSeed},
    },
    domain::{
        EventName, IdempotencyKey, Payment, PaymentError, Reference,
        card::refused_refund,
        payment::{LinkKind, Move, PaymentRequest, Refusal, UserFlow},
    },
};

impl Change<'_> {
    pub(super) fn create_fresh(
        &mut self,
        request: CreateRequest,
    ) -> Result<CreatedPayment, CommandError> {
        let CreateRequest {
            payment: mut wanted, customer, qr_format, receipt, key, defect, ..
        } = request;
        if self.state.places.contains_key(&wanted.reference) {
            return Err(CommandError::ReferenceTaken(wanted.reference));
        }
        if let Some(defect) = defect {
            return Err(defect.into());
        }
        wanted.phone = customer.map(|it| self.state.identify(&it, self.now)).transpose()?;
        self.check_wanted(&wanted, receipt.is_some())?;
        if let Some(receipt) = &receipt {
            self.room_for_first_receipt(&wanted.reference, receipt)?;
        }
        let link = LinkKind::of(wanted.user_flow, qr_format, self.unit.environment());
        let link = link.map(|kind| self.draw_link(kind));
        let psp_reference = self.unit.entropy().uuid();
        let payment = Payment::create(wanted, link.clone(), psp_reference, key, self.now);
        let reference = payment.reference().clone();
        if let Some(receipt) = receipt {
            self.file_first_receipt(&reference, receipt);
        }
        self.store(payment);
        Ok(CreatedPayment { reference, link })
    }

    fn check_wanted(&mut self, wanted: &PaymentRequest, has_receipt: bool) -> Result<(), Refusal> {
        let SalesUnitSeed { market, permissions, profile, .. } = *self.unit.seed();
        let phone = wanted.phone.as_ref();
        let standing = phone.map(|it| self.state.users.standing(it)).unwrap_or_default();
        let checked = wanted.check(market, permissions, profile, has_receipt, standing, self.now);
        // Whoever is somebody else the next time has now been met as who it was.
        if let (Err(Refusal::CustomerNotFound), Some(phone)) = (&checked, phone) {
            self.state.users.meet(phone);
        }
        checked
    }

    fn store(&mut self, payment: Payment) {
        let reference = payment.reference().clone();
        self.plan(payment.expires_at(), Due::Expiry(reference.clone()));
        // By any other flow the customer hears of it from the landing page.
        let request = payment.request();
        let is_pushed = request.user_flow == UserFlow::PushMessage;
        let asked = request.phone.clone().filter(|_| is_pushed);
        if let Some(link) = payment.link() {
            self.state.links.insert(link.address().token.clone(), reference.clone());
        }
        let created = payment.events().first().cloned();
        self.state.places.insert(reference.clone(), self.state.payments.len());
        self.state.payments.push(payment);
        if let Some(phone) = asked {
            self.ask(&reference, &phone);
        }
        if let Some(event) = created {
            self.publish(&reference, &event);
        }
    }

    pub(super) fn modify_fresh(
        &mut self,
        request: &ModifyRequest,
    ) -> Result<ModifiedPayment, CommandError> {
        let (permissions, profile) = (self.unit.seed().permissions, self.unit.environment());
        let now = self.now;
        self.make(&request.reference, request.key.clone(), |payment| match request.modification {
            Modification::Capture(asked) => payment.capture(asked, permissions, now),
            Modification::Refund(asked) => {
                let step = payment.refund(asked, permissions, now)?;
                refused_refund(step.amount, profile).map_or(Ok(step), Err)
            }
            Modification::Cancel(mode) => payment.cancel(mode, now),
        })
    }

    /// The customer approves as it usually would.
    pub(in crate::app) fn approve(&mut self, reference: &Reference) -> Result<(), CommandError> {
        self.begin_approval(reference, Wish::default(), None).map(|_| ())
    }

    /// Computes a move, takes it up, and tells the world.
    pub(in crate::app) fn make(
        &mut self,
        reference: &Reference,
        key: Option<IdempotencyKey>,
        compute: impl FnOnce(&Payment) -> Result<Move, PaymentError>,
    ) -> Result<ModifiedPayment, CommandError> {
        let now = self.now;
        let step = compute(self.find(reference)?)
            .map_err(|error| CommandError::Payment { error, reference: reference.clone() })?;
        let psp_reference = self.unit.entropy().uuid();
        let Some(payment) = self.state.payment_mut(reference) else {
            return Err(self.unit.unknown(reference));
        };
        // A request that is taken back leaves no key in the log, whoever took it back.
        let key = key.filter(|_| step.event != EventName::Terminated);
        let event = payment.apply(&step, psp_reference, key, now);
        let modified = ModifiedPayment::of(payment);
        self.publish(reference, &event);
        Ok(modified)
    }

    pub(in crate::app) fn find(&self, reference: &Reference) -> Result<&Payment, CommandError> {
        self.state.payment(reference).ok_or_else(|| self.unit.unknown(reference))
    }

    /// Somebody may have answered: then nothing happens.
    pub(in crate::app) fn expire_if_open(&mut self, reference: &Reference) {
        let _ = self.make(reference, None, Payment::expire);
    }

    /// The merchant loses nothing by it: what can be captured can be captured until the deadline,
    /// which comes next.
    pub(in crate::app) fn end_guarantee(&mut self, reference: &Reference) {
        let Some(held) = self.state.payment(reference).and_then(Payment::reservation) else {
            return;
        };
        self.plan(held.capture_deadline, Due::CaptureDeadline(reference.clone()));
        self.note_deadline(reference, Deadline::Guarantee);
    }

    /// Everything may have been captured or released: then nothing happens.
    pub(in crate::app) fn release_at_deadline(&mut self, reference: &Reference) {
        self.note_deadline(reference, Deadline::Capture);
        let step = self.state.payment(reference).and_then(Payment::release_at_deadline);
        if let Some(step) = step {
            let _ = self.make(reference, None, |_| Ok(step));
        }
    }

    /// Of interest only where there is money that it is about.
    fn note_deadline(&mut self, reference: &Reference, deadline: Deadline) {
        let step = self.state.payment(reference).and_then(Payment::release_at_deadline);
        if let Some(Move { amount: left, .. }) = step {
            self.note(Fact::Deadline { reference: reference.clone(), deadline, left });
        }
    }
}
