//! What may be done to a payment, when, and how much of it.
//!
//! Each move is computed from the payment as it stands and changes nothing;
//! [`Payment::apply`] takes it up. Where the published table leaves two codes
//! for one situation, the first one named there is used.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    ANSWER_WITHIN, Approval, Attention, GUARANTEED_FOR, Payment, PaymentError, PaymentState,
    REFUND_WITHIN, Reservation,
};
use crate::domain::{Amount, EventName, Market, Permissions};

/// A move that the payment allows: the state after it, and what to log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Where the payment stands afterwards.
    pub state: PaymentState,
    /// What the log will say.
    pub event: EventName,
    /// How much it is about.
    pub amount: Amount,
    /// What the customer settles by it, if it is the approval.
    pub approval: Option<Arc<Approval>>,
}

/// How much a merchant asks to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// This much.
    Amount(Amount),
    /// A number with decimals, which no amount is.
    NotWhole,
}

/// What a merchant's cancel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelMode {
    /// The request, or what is left of the reservation.
    Whatever,
    /// The request only (`cancelTransactionOnly`): refused once the customer has approved.
    RequestOnly,
}

impl Move {
    const fn of(state: PaymentState, event: EventName, amount: Amount) -> Self {
        Self { state, event, amount, approval: None }
    }
}

impl Payment {
    /// The customer approves.
    ///
    /// # Errors
    ///
    /// [`PaymentError::AlreadyAuthorized`], [`PaymentError::BankIsAsked`] or
    /// [`PaymentError::NotOpen`]; [`PaymentError::ShippingNotChosen`] where goods are shipped and
    /// nobody said how.
    pub fn approve(
        &self,
        approval: Arc<Approval>,
        market: Market,
        permissions: Permissions,
        now: Timestamp,
    ) -> Result<Move, PaymentError> {
        match self.state() {
            PaymentState::Created => self.reserve(approval, market, permissions, now),
            PaymentState::Processing => Err(PaymentError::BankIsAsked),
            PaymentState::Authorized(_) => Err(PaymentError::AlreadyAuthorized),
            PaymentState::Aborted | PaymentState::Expired | PaymentState::Terminated => {
                Err(PaymentError::NotOpen(self.state().name()))
            }
        }
    }

    /// The bank has answered at last, and says yes.
    ///
    /// # Errors
    ///
    /// [`PaymentError::NotOpen`] unless it was being asked.
    pub fn settle(
        &self,
        approval: Arc<Approval>,
        market: Market,
        permissions: Permissions,
        now: Timestamp,
    ) -> Result<Move, PaymentError> {
        match self.state() {
            PaymentState::Processing => self.reserve(approval, market, permissions, now),
            PaymentState::Created
            | PaymentState::Authorized(_)
            | PaymentState::Aborted
            | PaymentState::Expired
            | PaymentState::Terminated => Err(PaymentError::NotOpen(self.state().name())),
        }
    }

    fn reserve(
        &self,
        approval: Arc<Approval>,
        market: Market,
        permissions: Permissions,
        now: Timestamp,
    ) -> Result<Move, PaymentError> {
        if self.request().is_express() && approval.shipping.is_none() {
            return Err(PaymentError::ShippingNotChosen);
        }
        let amount = self.request().amount_with(approval.shipping.as_ref());
        let capture_deadline = now + market.capture_window(permissions);
        let reservation = Reservation {
            at: now,
            guaranteed_until: capture_deadline.min(now + GUARANTEED_FOR),
            capture_deadline,
            authorized_minor: amount.minor(),
            captured_minor: 0,
            refunded_minor: 0,
            cancelled_minor: 0,
        };
        Ok(Move {
            state: PaymentState::Authorized(reservation),
            event: EventName::Authorized,
            amount,
            approval: Some(approval),
        })
    }

    /// The customer rejects.
    ///
    /// # Errors
    ///
    /// [`PaymentError::NotOpen`] unless the payment waits for the customer.
    pub fn reject(&self) -> Result<Move, PaymentError> {
        self.close(PaymentState::Aborted, EventName::Aborted)
    }

    /// Nobody answered in time.
    ///
    /// # Errors
    ///
    /// [`PaymentError::NotOpen`] unless the payment waits for the customer.
    pub fn expire(&self) -> Result<Move, PaymentError> {
        self.close(PaymentState::Expired, EventName::Expired)
    }

    fn close(&self, state: PaymentState, event: EventName) -> Result<Move, PaymentError> {
        match self.state() {
            PaymentState::Created => Ok(Move::of(state, event, self.amount())),
            PaymentState::Processing => Err(PaymentError::BankIsAsked),
            PaymentState::Authorized(_)
            | PaymentState::Aborted
            | PaymentState::Expired
            | PaymentState::Terminated => Err(PaymentError::NotOpen(self.state().name())),
        }
    }

    /// Takes what is asked from the reservation.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] unless the payment is `Authorized`, its deadline has
    /// not passed, and what is asked is within what is left.
    pub fn capture(
        &self,
        asked: Asked,
        permissions: Permissions,
        now: Timestamp,
    ) -> Result<Move, PaymentError> {
        let held = match self.state() {
            PaymentState::Authorized(held) => held,
            PaymentState::Created | PaymentState::Processing => {
                return Err(PaymentError::CaptureBeforeReservation);
            }
            PaymentState::Aborted | PaymentState::Expired | PaymentState::Terminated => {
                return Err(PaymentError::NotCapturable(self.state().name()));
            }
        };
        if held.capture_deadline <= now {
            return Err(PaymentError::CaptureDeadlinePassed);
        }
        let left = held.authorized_minor - held.captured_minor - held.cancelled_minor;
        if left == 0 && 0 < held.cancelled_minor {
            return Err(PaymentError::CaptureOfCancelled);
        }
        if left == 0 {
            return Err(PaymentError::AlreadyCaptured);
        }
        let amount = self.check_asked(asked)?;
        if left < amount.minor() {
            let left = Amount::new(amount.currency(), left);
            return Err(PaymentError::CaptureTooHigh { asked: amount, left });
        }
        if !permissions.partial_capture && amount.minor() < held.authorized_minor {
            return Err(PaymentError::MustCaptureAll(self.amount()));
        }
        let captured_minor = held.captured_minor + amount.minor();
        let state = PaymentState::Authorized(Reservation { captured_minor, ..held });
        Ok(Move::of(state, EventName::Captured, amount))
    }

    /// Gives what is asked back to the customer.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] unless it is within what was captured and not yet refunded, the year for it
    /// has not passed, and the sales unit may.
    pub fn refund(
        &self,
        asked: Asked,
        permissions: Permissions,
        now: Timestamp,
    ) -> Result<Move, PaymentError> {
        let held = match self.state() {
            PaymentState::Authorized(held) => held,
            PaymentState::Created | PaymentState::Processing => {
                return Err(PaymentError::RefundBeforeCapture);
            }
            PaymentState::Aborted | PaymentState::Expired | PaymentState::Terminated => {
                return Err(PaymentError::NotRefundable(self.state().name()));
            }
        };
        if held.captured_minor == 0 {
            return Err(PaymentError::RefundBeforeCapture);
        }
        if held.at + REFUND_WITHIN <= now {
            return Err(PaymentError::RefundWindowClosed);
        }
        let left = held.captured_minor - held.refunded_minor;
        if left == 0 {
            return Err(PaymentError::AlreadyRefunded);
        }
        if !permissions.refund {
            return Err(PaymentError::RefundNotPossible);
        }
        let amount = self.check_asked(asked)?;
        if left < amount.minor() {
            let left = Amount::new(amount.currency(), left);
            return Err(PaymentError::RefundTooHigh { asked: amount, left });
        }
        let refunded_minor = held.refunded_minor + amount.minor();
        let state = PaymentState::Authorized(Reservation { refunded_minor, ..held });
        Ok(Move::of(state, EventName::Refunded, amount))
    }

    /// The merchant takes the request back, or releases what is left.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] when there is nothing to cancel, or its time has passed.
    pub fn cancel(&self, mode: CancelMode, now: Timestamp) -> Result<Move, PaymentError> {
        let held = match self.state() {
            PaymentState::Authorized(held) => held,
            PaymentState::Created if self.attention() == Attention::Confirming => {
                return Err(PaymentError::CancelOfProcessing);
            }
            PaymentState::Created => {
                return self.close(PaymentState::Terminated, EventName::Terminated);
            }
            PaymentState::Processing => return Err(PaymentError::CancelOfProcessing),
            PaymentState::Aborted | PaymentState::Expired | PaymentState::Terminated => {
                return Err(PaymentError::NotCancellable(self.state().name()));
            }
        };
        let left = held.authorized_minor - held.captured_minor - held.cancelled_minor;
        if held.captured_minor == held.authorized_minor {
            return Err(PaymentError::CancelOfCaptured);
        }
        if held.capture_deadline <= now {
            return Err(PaymentError::CancelDeadlinePassed);
        }
        match mode {
            CancelMode::Whatever => {}
            CancelMode::RequestOnly => return Err(PaymentError::CancelOfAuthorized),
        }
        if left == 0 && 0 < held.captured_minor {
            return Err(PaymentError::CancelOfCaptured);
        }
        if left == 0 {
            return Err(PaymentError::CancelOfCancelled);
        }
        Ok(self.release(held))
    }

    /// The deadline has come: whatever is left is released, if anything is.
    #[must_use]
    pub fn release_at_deadline(&self) -> Option<Move> {
        match self.state() {
            PaymentState::Authorized(held)
                if held.captured_minor + held.cancelled_minor < held.authorized_minor =>
            {
                Some(self.release(held))
            }
            PaymentState::Created
            | PaymentState::Processing
            | PaymentState::Authorized(_)
            | PaymentState::Aborted
            | PaymentState::Expired
            | PaymentState::Terminated => None,
        }
    }

    fn release(&self, held: Reservation) -> Move {
        let left = held.authorized_minor - held.captured_minor - held.cancelled_minor;
        let cancelled_minor = held.cancelled_minor + left;
        let state = PaymentState::Authorized(Reservation { cancelled_minor, ..held });
        Move::of(state, EventName::Cancelled, Amount::new(self.amount().currency(), left))
    }

    fn check_asked(&self, asked: Asked) -> Result<Amount, PaymentError> {
        let currency = self.amount().currency();
        match asked {
            Asked::NotWhole => Err(PaymentError::AmountNotWhole),
            Asked::Amount(asked) if asked.currency() != currency => {
                Err(PaymentError::WrongCurrency { asked, currency })
            }
            Asked::Amount(asked) if asked.minor() == 0 => Err(PaymentError::NothingAsked),
            Asked::Amount(asked) => Ok(asked),
        }
    }
}

// A payment is answered in ten minutes or never; a deadline shorter than that
// would release money before it is reserved.
const _: () = assert!(ANSWER_WITHIN.as_secs() < GUARANTEED_FOR.as_secs());

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::{
        Currency,
        payment::{CustomerInteraction, Features, PaymentMethod, PaymentRequest, UserFlow},
    };

    /// What anybody may try to do to a payment. Minor units.
    #[derive(Debug, Clone, Copy)]
    enum Try {
        Approve,
        Reject,
        Expire,
        Capture(u64),
        Refund(u64),
        Cancel(CancelMode),
    }

    /// Small amounts, so that the edges are met often.
    fn a_try() -> impl Strategy<Value = Try> {
        prop_oneof![
            3 => Just(Try::Approve),
            1 => Just(Try::Reject),
            1 => Just(Try::Expire),
            6 => (0..12_u64).prop_map(Try::Capture),
            4 => (0..12_u64).prop_map(Try::Refund),
            1 => Just(Try::Cancel(CancelMode::Whatever)),
            1 => Just(Try::Cancel(CancelMode::RequestOnly)),
        ]
    }

    fn nok(minor: u64) -> Amount {
        Amount::new(Currency::Nok, minor)
    }

    fn payment(minor: u64) -> Payment {
        let request = PaymentRequest {
            reference: "ride-0001".parse().unwrap(),
            amount: nok(minor),
            method: PaymentMethod::Wallet,
            user_flow: UserFlow::PushMessage,
            customer_interaction: CustomerInteraction::Present,
            phone: None,
            return_url: None,
            description: None,
            metadata: Vec::new(),
            expires_at: None,
            scope: Vec::new(),
            blocks_sources: false,
            features: Features::default(),
        };
        Payment::create(request, None, "psp".into(), "key".parse().unwrap(), Timestamp::UNIX_EPOCH)
    }

    fn compute(payment: &Payment, what: Try) -> Result<Move, PaymentError> {
        let now = Timestamp::UNIX_EPOCH;
        match what {
            Try::Approve => {
                payment.approve(Arc::default(), Market::Norway, Permissions::all(), now)
            }
            Try::Reject => payment.reject(),
            Try::Expire => payment.expire(),
            Try::Capture(minor) => {
                payment.capture(Asked::Amount(nok(minor)), Permissions::all(), now)
            }
            Try::Refund(minor) => {
                payment.refund(Asked::Amount(nok(minor)), Permissions::all(), now)
            }
            Try::Cancel(mode) => payment.cancel(mode, now),
        }
    }

    /// The same in sums alone: authorized, captured, cancelled, refunded; and whether it is open.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    struct Model {
        open: bool,
        sums: [u64; 4],
    }

    impl Model {
        /// What is left of it, if it may happen.
        fn after(self, what: Try, asked: u64) -> Option<Self> {
            let [held, taken, released, returned] = self.sums;
            let left = held - taken - released;
            let closed = |sums| Some(Self { open: false, sums });
            match what {
                Try::Approve if self.open => closed([asked, 0, 0, 0]),
                Try::Reject | Try::Expire if self.open => closed([0; 4]),
                Try::Cancel(_) if self.open => closed([0, 0, asked, 0]),
                Try::Capture(minor) if 0 < minor && minor <= left && 0 < held => {
                    closed([held, taken + minor, released, returned])
                }
                Try::Refund(minor) if 0 < minor && minor <= taken - returned => {
                    closed([held, taken, released, returned + minor])
                }
                Try::Cancel(CancelMode::Whatever) if 0 < held && 0 < left => {
                    closed([held, taken, released + left, returned])
                }
                _ => None,
            }
        }
    }

    fn sums(payment: &Payment) -> [u64; 4] {
        let totals = payment.totals();
        [totals.authorized, totals.captured, totals.cancelled, totals.refunded].map(Amount::minor)
    }

    proptest! {
        /// Every sequence of tries ends where plain sums say it ends.
        #[test]
        fn a_payment_does_what_its_sums_allow_and_nothing_else(
            asked in 1_u64..20,
            tries in prop::collection::vec(a_try(), 0..24),
        ) {
            let mut payment = payment(asked);
            let mut model = Model { open: true, sums: [0; 4] };
            for what in tries {
                // Nothing is held once a request was cancelled, though its sum counts as released.
                let terminated = !model.open && model.sums[0] == 0;
                let expected = if terminated { None } else { model.after(what, asked) };
                let step = compute(&payment, what);
                prop_assert_eq!(step.is_ok(), expected.is_some(), "{:?} {:?} {:?}", what, step, model);
                if let (Ok(step), Some(after)) = (step, expected) {
                    payment.apply(&step, "psp".into(), None, Timestamp::UNIX_EPOCH);
                    model = after;
                }
                prop_assert_eq!(sums(&payment), model.sums);
                let logged = |name| -> u64 {
                    payment.events().iter().filter(|it| it.name == name).map(|it| it.amount.minor()).sum()
                };
                let from_log = [
                    logged(EventName::Authorized),
                    logged(EventName::Captured),
                    logged(EventName::Cancelled) + logged(EventName::Terminated),
                    logged(EventName::Refunded),
                ];
                prop_assert_eq!(from_log, model.sums, "the log tells the same as the totals");
            }
        }
    }
}
