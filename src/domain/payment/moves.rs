//! What may be done to a payment, when, and how much of it.
//!
//! Each move is computed from the payment as it stands and changes nothing;
//! [`Payment::apply`] takes it up. Where the published table leaves two codes
//! for one situation, the first one named there is used.

use jiff::Timestamp;

use super::{
    ANSWER_WITHIN, GUARANTEED_FOR, Payment, PaymentError, PaymentState, REFUND_WITHIN, Reservation,
};
use crate::domain::{Amount, EventName, Market, Permissions};

/// A move that the payment allows: the state after it, and what to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Where the payment stands afterwards.
    pub state: PaymentState,
    /// What the log will say.
    pub event: EventName,
    /// How much it is about.
    pub amount: Amount,
}

/// What a merchant's cancel is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelMode {
    /// The request, or what is left of the reservation.
    Whatever,
    /// The request only (`cancelTransactionOnly`): refused once the customer has approved.
    RequestOnly,
}

impl Payment {
    /// The customer approves.
    ///
    /// # Errors
    ///
    /// [`PaymentError::AlreadyAuthorized`] or [`PaymentError::NotOpen`].
    pub fn approve(
        &self,
        market: Market,
        permissions: Permissions,
        now: Timestamp,
    ) -> Result<Move, PaymentError> {
        match self.state() {
            PaymentState::Created => {}
            PaymentState::Authorized(_) => return Err(PaymentError::AlreadyAuthorized),
            PaymentState::Aborted | PaymentState::Expired | PaymentState::Terminated => {
                return Err(PaymentError::NotOpen(self.state().name()));
            }
        }
        let capture_deadline = now + market.capture_window(permissions);
        let reservation = Reservation {
            at: now,
            guaranteed_until: capture_deadline.min(now + GUARANTEED_FOR),
            capture_deadline,
            authorized_minor: self.amount().minor(),
            captured_minor: 0,
            refunded_minor: 0,
            cancelled_minor: 0,
        };
        Ok(Move {
            state: PaymentState::Authorized(reservation),
            event: EventName::Authorized,
            amount: self.amount(),
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
            PaymentState::Created => Ok(Move { state, event, amount: self.amount() }),
            PaymentState::Authorized(_)
            | PaymentState::Aborted
            | PaymentState::Expired
            | PaymentState::Terminated => Err(PaymentError::NotOpen(self.state().name())),
        }
    }

    /// Takes `amount` from the reservation.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] unless the payment is `Authorized`, its deadline has
    /// not passed, and `amount` is within what is left.
    pub fn capture(
        &self,
        amount: Amount,
        permissions: Permissions,
        now: Timestamp,
    ) -> Result<Move, PaymentError> {
        let held = match self.state() {
            PaymentState::Authorized(held) => held,
            PaymentState::Created => return Err(PaymentError::CaptureBeforeReservation),
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
        self.check_asked(amount)?;
        if left < amount.minor() {
            let left = Amount::new(amount.currency(), left);
            return Err(PaymentError::CaptureTooHigh { asked: amount, left });
        }
        if !permissions.partial_capture && amount.minor() < held.authorized_minor {
            return Err(PaymentError::MustCaptureAll(self.amount()));
        }
        let captured_minor = held.captured_minor + amount.minor();
        let state = PaymentState::Authorized(Reservation { captured_minor, ..held });
        Ok(Move { state, event: EventName::Captured, amount })
    }

    /// Gives `amount` back to the customer.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] unless `amount` is within what was captured and not yet
    /// refunded, and the year for it has not passed.
    pub fn refund(&self, amount: Amount, now: Timestamp) -> Result<Move, PaymentError> {
        let held = match self.state() {
            PaymentState::Authorized(held) => held,
            PaymentState::Created => return Err(PaymentError::RefundBeforeCapture),
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
        self.check_asked(amount)?;
        if left < amount.minor() {
            let left = Amount::new(amount.currency(), left);
            return Err(PaymentError::RefundTooHigh { asked: amount, left });
        }
        let refunded_minor = held.refunded_minor + amount.minor();
        let state = PaymentState::Authorized(Reservation { refunded_minor, ..held });
        Ok(Move { state, event: EventName::Refunded, amount })
    }

    /// The merchant takes the request back, or releases what is left.
    ///
    /// # Errors
    ///
    /// [`PaymentError`] when there is nothing to cancel, or its time has passed.
    pub fn cancel(&self, mode: CancelMode, now: Timestamp) -> Result<Move, PaymentError> {
        let held = match self.state() {
            PaymentState::Authorized(held) => held,
            PaymentState::Created => {
                return self.close(PaymentState::Terminated, EventName::Terminated);
            }
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
            | PaymentState::Authorized(_)
            | PaymentState::Aborted
            | PaymentState::Expired
            | PaymentState::Terminated => None,
        }
    }

    fn release(&self, held: Reservation) -> Move {
        let left = held.authorized_minor - held.captured_minor - held.cancelled_minor;
        let cancelled_minor = held.cancelled_minor + left;
        Move {
            state: PaymentState::Authorized(Reservation { cancelled_minor, ..held }),
            event: EventName::Cancelled,
            amount: Amount::new(self.amount().currency(), left),
        }
    }

    fn check_asked(&self, asked: Amount) -> Result<(), PaymentError> {
        let currency = self.amount().currency();
        if asked.currency() != currency {
            Err(PaymentError::WrongCurrency { asked, currency })
        } else if asked.minor() == 0 {
            Err(PaymentError::NothingAsked)
        } else {
            Ok(())
        }
    }
}

// A payment is answered in ten minutes or never; a deadline shorter than that
// would release money before it is reserved.
const _: () = assert!(ANSWER_WITHIN.as_secs() < GUARANTEED_FOR.as_secs());
