//! What the driver reads: few states, in words that can be said aloud in front of the passenger.
//!
//! A driver does not see codes. And some of what a code tells is nobody's business: 7010 may mean
//! that the number is nobody's, that its owner is too young, or cannot pay this company, so the car
//! says none of it.
//!
//! Source: ePayment API guide, error codes (7010 must not be explained).

use std::fmt;

use super::client::{Payment, PaymentState};
use super::error::Error;
use super::money::Amount;
use super::phone::PhoneError;

/// What stands on the driver's screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// The passenger has not answered yet.
    Waiting,
    /// The passenger has approved this.
    Approved(Amount),
    /// This is taken.
    Paid(Amount),
    /// What was approved is let go, and nothing is taken.
    Released,
    /// The passenger said no.
    Declined,
    /// The passenger did not answer in time.
    TimedOut,
    /// The driver gave up.
    Withdrawn,
    /// Nobody could be asked by this number, whatever the reason.
    TryCode,
    /// What was typed is no number.
    CheckNumber,
    /// Nothing is wrong with the passenger: there is no paying by phone just now.
    Unavailable,
}

impl Notice {
    /// What a payment says to the driver.
    #[must_use]
    pub fn of_payment(payment: &Payment) -> Self {
        let money = payment.aggregate;
        match payment.state {
            PaymentState::Created | PaymentState::Unknown(_) => Self::Waiting,
            PaymentState::Authorized if !money.captured_amount.is_zero() => {
                Self::Paid(money.captured_amount)
            }
            PaymentState::Authorized if money.held().is_zero() => Self::Released,
            PaymentState::Authorized => Self::Approved(money.authorized_amount),
            PaymentState::Aborted => Self::Declined,
            PaymentState::Expired => Self::TimedOut,
            PaymentState::Terminated => Self::Withdrawn,
        }
    }

    /// What a refused request for payment says to the driver.
    #[must_use]
    pub fn of_refusal(error: &Error) -> Self {
        Self::of_code(error.code())
    }

    /// The same, by the number of the error, if it has one.
    #[must_use]
    pub fn of_code(code: Option<u32>) -> Self {
        match code {
            Some(7010 | 5080) => Self::TryCode,
            Some(4070) => Self::CheckNumber,
            _ => Self::Unavailable,
        }
    }
}

/// What was typed is not even sent.
impl From<PhoneError> for Notice {
    fn from(_: PhoneError) -> Self {
        Self::CheckNumber
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting => f.write_str("Waiting for the passenger"),
            Self::Approved(amount) => write!(f, "Approved: {amount} reserved"),
            Self::Paid(amount) => write!(f, "Paid: {amount}"),
            Self::Released => f.write_str("Cancelled: nothing is charged"),
            Self::Declined => f.write_str("The passenger declined: take a card or cash"),
            Self::TimedOut => f.write_str("Timed out: ask again, or take a card or cash"),
            Self::Withdrawn => f.write_str("Withdrawn: ask again when you like"),
            Self::TryCode => f.write_str("The passenger could not be reached: show the QR code"),
            Self::CheckNumber => f.write_str("Check the phone number with the passenger"),
            Self::Unavailable => f.write_str("Paying by phone is not available: take a card"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxi::client::Aggregate;
    use crate::taxi::error::{Problem, TransportKind};

    fn payment(state: PaymentState, [authorized, captured, cancelled]: [u64; 3]) -> Payment {
        Payment {
            aggregate: Aggregate {
                authorized_amount: Amount::nok(authorized),
                cancelled_amount: Amount::nok(cancelled),
                captured_amount: Amount::nok(captured),
                refunded_amount: Amount::nok(0),
            },
            amount: Amount::nok(50_000),
            state,
            psp_reference: "p".to_owned(),
            reference: "ride-0001-1".parse().unwrap(),
            payment_method: None,
            metadata: None,
            capture_guaranteed_until: None,
        }
    }

    #[test]
    fn a_payment_is_a_few_words() {
        let cases = [
            (PaymentState::Created, [0, 0, 0], "Waiting for the passenger"),
            (PaymentState::Unknown("NEW".to_owned()), [0, 0, 0], "Waiting for the passenger"),
            (PaymentState::Authorized, [50_000, 0, 0], "Approved: NOK 500.00 reserved"),
            (PaymentState::Authorized, [50_000, 34_592, 15_408], "Paid: NOK 345.92"),
            (PaymentState::Authorized, [50_000, 0, 50_000], "Cancelled: nothing is charged"),
            (PaymentState::Aborted, [0, 0, 0], "The passenger declined: take a card or cash"),
            (PaymentState::Expired, [0, 0, 0], "Timed out: ask again, or take a card or cash"),
            (PaymentState::Terminated, [0, 0, 0], "Withdrawn: ask again when you like"),
        ];
        for (state, sums, words) in cases {
            let payment = payment(state, sums);
            assert_eq!(Notice::of_payment(&payment).to_string(), words);
        }
    }

    #[test]
    fn nobody_hears_in_a_car_why_a_passenger_cannot_be_asked() {
        let refused = |code| {
            Error::Problem(Box::new(Problem {
                status: 400,
                code: Some(code),
                title: "Customer not found".to_owned(),
                detail: None,
                instance: None,
                trace_id: None,
                fields: Vec::new(),
            }))
        };
        let lost = Error::Transport { kind: TransportKind::Timeout, message: String::new() };
        let cases = [
            (refused(7010), Notice::TryCode),
            (refused(5080), Notice::TryCode),
            (refused(4070), Notice::CheckNumber),
            (refused(5040), Notice::Unavailable),
            (lost, Notice::Unavailable),
        ];
        for (error, notice) in cases {
            assert_eq!(Notice::of_refusal(&error), notice, "{error:?}");
            assert!(!notice.to_string().contains("number is"), "{notice}");
        }
        assert_eq!(Notice::from(PhoneError::TooShort), Notice::CheckNumber);
    }
}
