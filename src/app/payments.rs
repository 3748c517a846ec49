//! Use cases of the ePayment API, and what customers do.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;

use super::{
    agenda::Due,
    entropy::hex,
    facts::Fact,
    orders::{Order, OrderKey},
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Amount, Behaviour, Fingerprint, IdempotencyKey, Msn, Payment, PaymentError, PaymentState,
    PhoneNumber, Receipt, Reference, Totals,
    idempotency::{Recall, Remembered},
    payment::{CancelMode, Move, PaymentRequest, Refusal, UserFlow},
    user::Answer,
};

/// What a merchant asks for when it creates a payment.
#[derive(Debug, Clone)]
pub struct CreateRequest {
    /// The payment.
    pub payment: PaymentRequest,
    /// Stored with it, or not at all.
    pub receipt: Option<Receipt>,
    /// Its key.
    pub key: IdempotencyKey,
    /// What the request says.
    pub fingerprint: Fingerprint,
    /// What is wrong with it that its types cannot say. It is refused for that, but not before
    /// its key has been looked at.
    pub defect: Option<Refusal>,
}

/// What a create is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreatedPayment {
    /// The merchant's name for it.
    pub reference: Reference,
    /// The token of the landing page, where the user flow has one.
    pub redirect_token: Option<Arc<str>>,
}

/// A capture, refund or cancel.
#[derive(Debug, Clone)]
pub struct ModifyRequest {
    /// Which payment.
    pub reference: Reference,
    /// What to do with it.
    pub modification: Modification,
    /// Its key. A cancel may do without.
    pub key: Option<IdempotencyKey>,
    /// What the request says.
    pub fingerprint: Fingerprint,
    /// What is wrong with it that its types cannot say.
    pub defect: Option<Refusal>,
}

/// What to do with a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modification {
    /// Take this much.
    Capture(Amount),
    /// Give this much back.
    Refund(Amount),
    /// Take the request back, or release what is left.
    Cancel(CancelMode),
}

/// Which of the operations of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Create payment.
    Create,
    /// Capture.
    Capture,
    /// Refund.
    Refund,
    /// Cancel.
    Cancel,
}

/// What a modification is answered with: the payment as it stands after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModifiedPayment {
    /// The merchant's name for it.
    pub reference: Reference,
    /// The platform's name for it.
    pub psp_reference: Arc<str>,
    /// What was asked for at the start.
    pub amount: Amount,
    /// Where it stands.
    pub state: PaymentState,
    /// The four totals.
    pub totals: Totals,
}

/// Whom a forced approval acts for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Approver {
    /// The owner of this number.
    Phone(PhoneNumber),
    /// Whoever holds the token of the landing page.
    Token(Arc<str>),
    /// The holder of a check-in token. None has been issued.
    CustomerToken,
    /// Whoever showed this code, and the code is none.
    UnreadableQr,
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// No payment of this sales unit has this reference.
    #[error("the reference {reference} does not exist for MSN {msn}")]
    UnknownPayment {
        /// What was asked for.
        reference: Reference,
        /// Whose payments were searched.
        msn: Msn,
    },
    /// The reference has been used before.
    #[error("the reference {0} is already used by this sales unit")]
    ReferenceTaken(Reference),
    /// The key was used for another request.
    #[error("the idempotency key {key} was used before with another request")]
    KeyReused {
        /// For what.
        operation: Operation,
        /// Which key.
        key: IdempotencyKey,
    },
    /// The payment may not be created.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The payment does not allow the move.
    #[error("payment {reference}: {error}")]
    Payment {
        /// What was to be done.
        error: PaymentError,
        /// Which payment.
        reference: Reference,
    },
    /// The token is not that of the payment's landing page.
    #[error("the token does not belong to this payment")]
    WrongToken,
}

/// What every key of this sales unit was answered with.
#[derive(Debug, Default)]
pub(super) struct Memory {
    created: HashMap<IdempotencyKey, Remembered<Result<CreatedPayment, CommandError>>>,
    modified: HashMap<ModifyScope, Remembered<Result<ModifiedPayment, CommandError>>>,
}

/// A key of a modification counts within its operation and payment.
type ModifyScope = (Operation, Reference, IdempotencyKey);

impl SalesUnit {
    /// Creates a payment, with its receipt if there is one.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when it is refused; then nothing has changed but what the key remembers.
    pub fn create(&self, request: CreateRequest) -> Result<CreatedPayment, CommandError> {
        self.change(|change| {
            let seen = change.state.memory.created.get(&request.key);
            match Remembered::recall(seen, request.fingerprint) {
                Recall::Replay(answer) => return answer.clone(),
                Recall::Conflict => {
                    let (operation, key) = (Operation::Create, request.key);
                    return Err(CommandError::KeyReused { operation, key });
                }
                Recall::Fresh => {}
            }
            let (key, fingerprint) = (request.key.clone(), request.fingerprint);
            let answer = change.create_fresh(request);
            let remembered = Remembered { fingerprint, answer: answer.clone() };
            change.state.memory.created.insert(key, remembered);
            answer
        })
    }

    /// Captures, refunds or cancels.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when it is refused; then nothing has changed but what the key remembers.
    pub fn modify(&self, request: &ModifyRequest) -> Result<ModifiedPayment, CommandError> {
        self.change(|change| {
            let operation = request.modification.operation();
            let Some(key) = request.key.clone() else { return change.modify_fresh(request) };
            let scope = (operation, request.reference.clone(), key);
            let seen = change.state.memory.modified.get(&scope);
            match Remembered::recall(seen, request.fingerprint) {
                Recall::Replay(answer) => return answer.clone(),
                Recall::Conflict => {
                    return Err(CommandError::KeyReused { operation, key: scope.2 });
                }
                Recall::Fresh => {}
            }
            let answer = change.modify_fresh(request);
            let remembered =
                Remembered { fingerprint: request.fingerprint, answer: answer.clone() };
            change.state.memory.modified.insert(scope, remembered);
            answer
        })
    }

    /// Approves as the test endpoint does: at once, whoever was asked before.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, it does not wait for its
    /// customer, or this is not its customer.
    pub fn force_approve(
        &self,
        reference: &Reference,
        approver: &Approver,
    ) -> Result<(), CommandError> {
        self.change(|change| {
            let payment = change.find(reference)?;
            match approver {
                Approver::Phone(phone) if !phone.is_of_a_known_market() => {
                    return Err(Refusal::InvalidPhoneNumber(phone.clone()).into());
                }
                Approver::Phone(phone) => {
                    if let Some(Behaviour::Unknown) = Behaviour::of(phone) {
                        return Err(Refusal::CustomerNotFound.into());
                    }
                }
                Approver::Token(token) if payment.redirect_token() != Some(token) => {
                    return Err(CommandError::WrongToken);
                }
                Approver::Token(_) => {}
                Approver::CustomerToken => return Err(Refusal::InvalidCustomerToken.into()),
                Approver::UnreadableQr => return Err(Refusal::InvalidPersonalQr.into()),
            }
            change.approve(reference)
        })
    }

    /// The customer approves.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment or it does not wait for its customer.
    pub fn approve(&self, reference: &Reference) -> Result<(), CommandError> {
        self.change(|change| change.approve(reference))
    }

    /// The customer rejects.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment or it does not wait for its customer.
    pub fn reject(&self, reference: &Reference) -> Result<(), CommandError> {
        self.change(|change| change.make(reference, None, Payment::reject).map(|_| ()))
    }

    /// Nobody answers in time, though the clock does not say so yet.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment or it does not wait for its customer.
    pub fn expire(&self, reference: &Reference) -> Result<(), CommandError> {
        self.change(|change| change.make(reference, None, Payment::expire).map(|_| ()))
    }

    /// Looks at a payment. `read` must be quick: the unit waits for it.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownPayment`].
    pub fn inspect<T>(
        &self,
        reference: &Reference,
        read: impl FnOnce(&Payment) -> T,
    ) -> Result<T, CommandError> {
        self.look(|state, _| state.payment(reference).map(read))
            .ok_or_else(|| self.unknown(reference))
    }

    /// Every payment, oldest first.
    #[must_use]
    pub fn payments(&self) -> Vec<Payment> {
        self.look(|state, _| state.payments.clone())
    }

    fn unknown(&self, reference: &Reference) -> CommandError {
        CommandError::UnknownPayment { reference: reference.clone(), msn: self.msn().clone() }
    }
}

impl Change<'_> {
    fn create_fresh(&mut self, request: CreateRequest) -> Result<CreatedPayment, CommandError> {
        let CreateRequest { payment: wanted, receipt, key, defect, .. } = request;
        if self.state.places.contains_key(&wanted.reference) {
            return Err(CommandError::ReferenceTaken(wanted.reference));
        }
        if let Some(defect) = defect {
            return Err(defect.into());
        }
        let seed = self.unit.seed();
        wanted.check(seed.market, seed.permissions, receipt.is_some(), self.now)?;
        let redirect_token: Option<Arc<str>> = match wanted.user_flow {
            UserFlow::PushMessage => None,
            UserFlow::NativeRedirect | UserFlow::WebRedirect | UserFlow::Qr => {
                Some(hex(&self.unit.entropy().bytes::<24>()).into())
            }
        };
        let psp_reference = self.unit.entropy().uuid();
        let payment = Payment::create(wanted, redirect_token.clone(), psp_reference, key, self.now);
        let reference = payment.reference().clone();
        if let Some(receipt) = receipt {
            self.store_first_receipt(&reference, receipt);
        }
        self.store(payment);
        Ok(CreatedPayment { reference, redirect_token })
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
        let behaviour = payment.request().phone.as_ref().and_then(Behaviour::of);
        match behaviour.and_then(|it| it.answer(payment.created_at(), payment.expires_at())) {
            Some(answer @ (Answer::ApproveAt(at) | Answer::RejectAt(at))) => {
                self.plan(at, Due::Customer(reference.clone(), answer));
            }
            None => {}
        }
        let created = payment.events().first().cloned();
        self.state.places.insert(reference.clone(), self.state.payments.len());
        self.state.payments.push(payment);
        if let Some(event) = created {
            self.publish(&reference, &event);
        }
    }

    fn modify_fresh(&mut self, request: &ModifyRequest) -> Result<ModifiedPayment, CommandError> {
        let permissions = self.unit.seed().permissions;
        let now = self.now;
        self.find(&request.reference)?;
        if let Some(defect) = request.defect.clone() {
            return Err(defect.into());
        }
        self.make(&request.reference, request.key.clone(), |payment| match request.modification {
            Modification::Capture(amount) => payment.capture(amount, permissions, now),
            Modification::Refund(amount) => payment.refund(amount, now),
            Modification::Cancel(mode) => payment.cancel(mode, now),
        })
    }

    fn approve(&mut self, reference: &Reference) -> Result<(), CommandError> {
        let seed = self.unit.seed();
        let (market, permissions, now) = (seed.market, seed.permissions, self.now);
        // The approval goes back to the request that created the payment, and carries its key.
        let key = self.find(reference)?.create_key().cloned();
        self.make(reference, key, |payment| payment.approve(market, permissions, now))?;
        let deadline = now + market.capture_window(permissions);
        self.plan(deadline, Due::CaptureDeadline(reference.clone()));
        Ok(())
    }

    /// Computes a move, takes it up, and tells the world.
    fn make(
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
        let event = payment.apply(&step, psp_reference, key, now);
        let modified = ModifiedPayment::of(payment);
        self.publish(reference, &event);
        Ok(modified)
    }

    fn find(&self, reference: &Reference) -> Result<&Payment, CommandError> {
        self.state.payment(reference).ok_or_else(|| self.unit.unknown(reference))
    }

    /// The customer may have been too late, or the merchant quicker: then nothing happens.
    pub(super) fn customer_answers(&mut self, reference: &Reference, answer: Answer) {
        let _ = match answer {
            Answer::ApproveAt(_) => self.approve(reference),
            Answer::RejectAt(_) => self.make(reference, None, Payment::reject).map(|_| ()),
        };
    }

    /// Somebody may have answered: then nothing happens.
    pub(super) fn expire_if_open(&mut self, reference: &Reference) {
        let _ = self.make(reference, None, Payment::expire);
    }

    /// Everything may have been captured or released: then nothing happens.
    pub(super) fn release_at_deadline(&mut self, reference: &Reference) {
        let step = self.state.payment(reference).and_then(Payment::release_at_deadline);
        if let Some(step) = step {
            let _ = self.make(reference, None, |_| Ok(step));
        }
    }
}

impl Modification {
    /// Which operation of the API it is.
    #[must_use]
    pub const fn operation(self) -> Operation {
        match self {
            Self::Capture(_) => Operation::Capture,
            Self::Refund(_) => Operation::Refund,
            Self::Cancel(_) => Operation::Cancel,
        }
    }
}

impl ModifiedPayment {
    fn of(payment: &Payment) -> Self {
        Self {
            reference: payment.reference().clone(),
            psp_reference: payment.psp_reference().into(),
            amount: payment.amount(),
            state: payment.state(),
            totals: payment.totals(),
        }
    }
}

/// The time a payment was approved, for those who print it.
#[must_use]
pub fn authorized_at(payment: &Payment) -> Option<Timestamp> {
    match payment.state() {
        PaymentState::Authorized(reservation) => Some(reservation.at),
        PaymentState::Created
        | PaymentState::Aborted
        | PaymentState::Expired
        | PaymentState::Terminated => None,
    }
}
