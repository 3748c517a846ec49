//! Use cases of the ePayment API, and what customers do.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{
    QuickMap,
    faults::FaultAnswer,
    orders::StorageFull,
    shopper::ShopperError,
    snapshot::pairs,
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Amount, Fingerprint, IdempotencyKey, Msn, Operation, Payment, PaymentError, PaymentState,
    Receipt, Reference, ShippingError, Totals,
    card::Decline,
    customer::CustomerIdentity,
    idempotency::{Recall, Remembered},
    payment::{Asked, CancelMode, LinkAddress, PaymentRequest, QrFormat, Refusal},
};

mod approval;

mod change;

mod customers;

pub use approval::Wish;
pub use customers::ApproveError;

/// What a merchant asks for when it creates a payment.
#[derive(Debug, Clone)]
pub struct CreateRequest {
    /// The payment. Its phone is that of `customer`, which only the sales unit knows.
    pub payment: PaymentRequest,
    /// Whom to ask, where the merchant knows.
    pub customer: Option<CustomerIdentity>,
    /// How a code to scan is wanted, should the user flow have one.
    pub qr_format: QrFormat,
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreatedPayment {
    /// The merchant's name for it.
    pub reference: Reference,
    /// The customer's way to it, where the user flow has one.
    pub link: Option<LinkAddress>,
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
}

/// What to do with a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Modification {
    /// Take this much.
    Capture(Asked),
    /// Give this much back.
    Refund(Asked),
    /// Take the request back, or release what is left.
    Cancel(CancelMode),
}

/// What a modification is answered with: the payment as it stands after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Whoever is named.
    Customer(CustomerIdentity),
    /// Whoever holds the token of the landing page.
    Token(Arc<str>),
    /// Whoever showed this code, and the code is none.
    UnreadableQr,
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
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
    /// There is no room for its receipt.
    #[error(transparent)]
    Full(#[from] StorageFull),
    /// The test endpoint does not approve for this customer.
    #[error(transparent)]
    Approve(#[from] ApproveError),
    /// The customer tried to pay, which came to nothing. The payment waits on.
    #[error("payment {reference}: the customer tried to pay: {reason}")]
    Declined {
        /// Why.
        reason: Decline,
        /// Which payment.
        reference: Reference,
    },
    /// The goods cannot be shipped.
    #[error("payment {reference}: {error}")]
    Shipping {
        /// Why not.
        error: ShippingError,
        /// Which payment.
        reference: Reference,
    },
    /// The customer is not asked to share its profile.
    #[error("payment {0}: the customer is not asked to share anything")]
    NothingToConsentTo(Reference),
    /// The customer cannot do what a tester wants it to.
    #[error("payment {reference}: {error}")]
    Shopper {
        /// Why not.
        error: ShopperError,
        /// Which payment.
        reference: Reference,
    },
    /// A tester asked for this answer.
    #[error(transparent)]
    Fault(#[from] FaultAnswer),
}

/// What every key of this sales unit was answered with.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Memory {
    created: QuickMap<IdempotencyKey, Remembered<Result<CreatedPayment, CommandError>>>,
    #[serde(with = "pairs")]
    modified: QuickMap<ModifyScope, Remembered<Result<ModifiedPayment, CommandError>>>,
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
            let reference = request.payment.reference.clone();
            let create = |change: &mut Change<'_>| change.create_fresh(request);
            let outcome = change.carry_out(Operation::Create, &reference, create);
            // That the mock had no room says nothing about the request.
            let had_room =
                |answer: &Result<_, CommandError>| !matches!(answer, Err(CommandError::Full(_)));
            if let Some(answer) = outcome.remembered.filter(had_room) {
                change.state.memory.created.insert(key, Remembered { fingerprint, answer });
            }
            outcome.told
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
            let modify = |change: &mut Change<'_>| change.modify_fresh(request);
            let Some(key) = request.key.clone() else {
                return change.carry_out(operation, &request.reference, modify).told;
            };
            let scope = (operation, request.reference.clone(), key);
            let seen = change.state.memory.modified.get(&scope);
            match Remembered::recall(seen, request.fingerprint) {
                Recall::Replay(answer) => return answer.clone(),
                Recall::Conflict => {
                    return Err(CommandError::KeyReused { operation, key: scope.2 });
                }
                Recall::Fresh => {}
            }
            let outcome = change.carry_out(operation, &request.reference, modify);
            if let Some(answer) = outcome.remembered {
                let remembered = Remembered { fingerprint: request.fingerprint, answer };
                change.state.memory.modified.insert(scope, remembered);
            }
            outcome.told
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
            let approve = |change: &mut Change<'_>| change.force_approve(reference, approver);
            change.carry_out(Operation::Approve, reference, approve).told
        })
    }

    /// The customer presses Pay in the app. That it was in vain is noted, too.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, it does not wait for its customer, or the
    /// card is refused.
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

    /// Looks at a payment as the API does, which a fault may prevent.
    ///
    /// # Errors
    ///
    /// [`CommandError::UnknownPayment`] or [`CommandError::Fault`].
    pub fn read<T>(
        &self,
        operation: Operation,
        reference: &Reference,
        read: impl FnOnce(&Payment) -> T,
    ) -> Result<T, CommandError> {
        self.change(|change| match change.strike(operation, reference) {
            Some((fault, _)) => Err(fault.into()),
            None => change.find(reference).map(read),
        })
    }

    /// Every payment, oldest first.
    #[must_use]
    pub fn payments(&self) -> Vec<Payment> {
        self.look(|state, _| state.payments.clone())
    }

    pub(super) fn unknown(&self, reference: &Reference) -> CommandError {
        CommandError::UnknownPayment { reference: reference.clone(), msn: self.msn().clone() }
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
