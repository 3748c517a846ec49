//! What the use cases do to a sales unit's state, under its lock.

use super::{
    Approver, CommandError, CreateRequest, CreatedPayment, Modification, ModifiedPayment,
    ModifyRequest, Wish,
};
use crate::{
    app::{
        agenda::Due,
        facts::Fact,
        orders::{Order, OrderKey},
        unit::Change,
    },
    domain::{
        Behaviour, EventName, IdempotencyKey, Payment, PaymentError, PhoneNumber, Receipt,
        Reference,
        payment::{LinkKind, Move, Refusal, UserFlow},
        user::Answer,
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
        let seed = self.unit.seed();
        wanted.check(seed.market, seed.permissions, receipt.is_some(), self.now)?;
        let link = LinkKind::of(wanted.user_flow, qr_format).map(|kind| self.draw_link(kind));
        let psp_reference = self.unit.entropy().uuid();
        let payment = Payment::create(wanted, link.clone(), psp_reference, key, self.now);
        let reference = payment.reference().clone();
        if let Some(receipt) = receipt {
            self.store_first_receipt(&reference, receipt);
        }
        self.store(payment);
        Ok(CreatedPayment { reference, link })
    }

    /// A receipt sent for the order before the payment existed stays: it is immutable.
    fn store_first_receipt(&mut self, reference: &Reference, receipt: Receipt) {
        let order = self.state.orders.entry(OrderKey::of_payment(reference)).or_default();
        if order.receipt.is_none() {
            *order = Order { receipt: Some(receipt) };
            self.note(Fact::Receipt { order: reference.into() });
        }
    }

    fn store(&mut self, payment: Payment) {
        let reference = payment.reference().clone();
        self.plan(payment.expires_at(), Due::Expiry(reference.clone()));
        // By any other flow the customer hears of it from the landing page.
        if let (UserFlow::PushMessage, Some(phone)) =
            (payment.request().user_flow, &payment.request().phone)
        {
            self.ask(&payment, phone);
        }
        if let Some(link) = payment.link() {
            self.state.links.insert(link.address().token.clone(), reference.clone());
        }
        let created = payment.events().first().cloned();
        self.state.places.insert(reference.clone(), self.state.payments.len());
        self.state.payments.push(payment);
        if let Some(event) = created {
            self.publish(&reference, &event);
        }
    }

    /// The customer of this number is asked now, and may do by itself what the number says.
    pub(in crate::app) fn ask(&mut self, payment: &Payment, phone: &PhoneNumber) {
        let answer = Behaviour::of(phone).and_then(|it| it.answer(self.now, payment.expires_at()));
        match answer {
            Some(answer @ (Answer::ApproveAt(at) | Answer::RejectAt(at))) => {
                self.plan(at, Due::Customer(payment.reference().clone(), answer));
            }
            None => {}
        }
    }

    pub(super) fn modify_fresh(
        &mut self,
        request: &ModifyRequest,
    ) -> Result<ModifiedPayment, CommandError> {
        let permissions = self.unit.seed().permissions;
        let now = self.now;
        self.make(&request.reference, request.key.clone(), |payment| match request.modification {
            Modification::Capture(asked) => payment.capture(asked, permissions, now),
            Modification::Refund(asked) => payment.refund(asked, permissions, now),
            Modification::Cancel(mode) => payment.cancel(mode, now),
        })
    }

    pub(super) fn force_approve(
        &mut self,
        reference: &Reference,
        approver: &Approver,
    ) -> Result<(), CommandError> {
        let payment = self.find(reference)?;
        if payment.request().is_express() {
            let error = PaymentError::ExpressNotForced;
            return Err(CommandError::Payment { error, reference: reference.clone() });
        }
        let mut wish = Wish::default();
        match approver {
            Approver::Customer(identity) => {
                let phone = self.state.identify(identity, self.now)?;
                if !phone.is_of_a_known_market() {
                    return Err(Refusal::InvalidPhoneNumber(phone).into());
                }
                if let Some(Behaviour::Unknown) = Behaviour::of(&phone) {
                    return Err(Refusal::CustomerNotFound.into());
                }
                wish.customer = Some(phone);
            }
            Approver::Token(token) => {
                let link = payment.link().map(|it| &*it.address().token);
                if link != Some(token) {
                    return Err(CommandError::WrongToken);
                }
            }
            Approver::UnreadableQr => return Err(Refusal::InvalidPersonalQr.into()),
        }
        self.approve_offered(reference, &wish, None)
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

    /// The customer may have been too late, or the merchant quicker: then nothing happens.
    pub(in crate::app) fn customer_answers(&mut self, reference: &Reference, answer: Answer) {
        let _ = match answer {
            Answer::ApproveAt(_) => self.approve(reference),
            Answer::RejectAt(_) => self.make(reference, None, Payment::reject).map(|_| ()),
        };
    }

    /// Somebody may have answered: then nothing happens.
    pub(in crate::app) fn expire_if_open(&mut self, reference: &Reference) {
        let _ = self.make(reference, None, Payment::expire);
    }

    /// Everything may have been captured or released: then nothing happens.
    pub(in crate::app) fn release_at_deadline(&mut self, reference: &Reference) {
        let step = self.state.payment(reference).and_then(Payment::release_at_deadline);
        if let Some(step) = step {
            let _ = self.make(reference, None, |_| Ok(step));
        }
    }
}
