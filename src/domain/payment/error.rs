//! Why a payment refuses a move.

use serde::{Deserialize, Serialize};

use crate::domain::{
    Amount, Currency,
    kept::{Word, word},
};

/// Why a payment refused a move. Each is a row of the published error table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PaymentError {
    /// Capture of a payment nobody has approved.
    #[error("it is not reserved: the customer has not approved it")]
    CaptureBeforeReservation,
    /// Capture of a payment in a final state that holds no money.
    #[error("it is {0}, and nothing is reserved")]
    NotCapturable(#[serde(deserialize_with = "word")] Word),
    /// Capture of what has been released.
    #[error("what was left of the reservation has been released")]
    CaptureOfCancelled,
    /// Capture of more than is left.
    #[error("{asked} is more than the {left} left to capture")]
    CaptureTooHigh {
        /// What was asked for.
        asked: Amount,
        /// What is left.
        left: Amount,
    },
    /// Capture when all has been captured.
    #[error("all of the reservation has been captured")]
    AlreadyCaptured,
    /// Capture of a part, by a sales unit that may not.
    #[error("this sales unit must capture the full {0}")]
    MustCaptureAll(Amount),
    /// Capture after the deadline.
    #[error("the capture deadline has passed")]
    CaptureDeadlinePassed,
    /// Cancel after the deadline.
    #[error("the cancel deadline has passed")]
    CancelDeadlinePassed,
    /// Cancel when all has been captured.
    #[error("it has been captured: refund it instead")]
    CancelOfCaptured,
    /// Cancel when all has been released.
    #[error("nothing is reserved any more")]
    CancelOfCancelled,
    /// Cancel of the request only, when the customer has already approved.
    #[error("the customer has approved it, and only the request was to be cancelled")]
    CancelOfAuthorized,
    /// Cancel of a payment in a final state that holds no money.
    #[error("it is {0}, and nothing is reserved")]
    NotCancellable(#[serde(deserialize_with = "word")] Word),
    /// Cancel while the customer is confirming, or the bank is being asked.
    #[error("the customer is paying at this very moment")]
    CancelOfProcessing,
    /// Approval, rejection or expiry while the bank is being asked.
    #[error("the bank has not answered yet")]
    BankIsAsked,
    /// Refund to a customer who has gone, or has no account for it.
    #[error("the customer cannot receive money any more")]
    NoReceiver,
    /// Refund before anything was captured.
    #[error("nothing has been captured")]
    RefundBeforeCapture,
    /// Refund of a payment in a final state that holds no money.
    #[error("it is {0}, and nothing was captured")]
    NotRefundable(#[serde(deserialize_with = "word")] Word),
    /// Refund of more than is left.
    #[error("{asked} is more than the {left} left to refund")]
    RefundTooHigh {
        /// What was asked for.
        asked: Amount,
        /// What is left.
        left: Amount,
    },
    /// Refund when all has been refunded.
    #[error("all that was captured has been refunded")]
    AlreadyRefunded,
    /// Refund after a year.
    #[error("the refund window has closed")]
    RefundWindowClosed,
    /// Refund, by a sales unit that may not.
    #[error("this sales unit is not set up for refunds")]
    RefundNotPossible,
    /// Capture or refund in another currency than the payment's.
    #[error("{asked} is not in the payment's currency, {currency}")]
    WrongCurrency {
        /// What was asked for.
        asked: Amount,
        /// What the payment is in.
        currency: Currency,
    },
    /// Capture or refund of an amount with decimals.
    #[error("the amount must be a whole number of minor units")]
    AmountNotWhole,
    /// Capture or refund of nothing.
    #[error("the amount is zero")]
    NothingAsked,
    /// Approval of a payment with goods to be shipped, before it is settled how.
    #[error("nobody has chosen how the goods are shipped")]
    ShippingNotChosen,
    /// Approval by force of a payment with goods to be shipped, which only the customer can settle.
    #[error("an Express payment cannot be approved by force")]
    ExpressNotForced,
    /// Approval of an approved payment.
    #[error("the customer has already approved it")]
    AlreadyAuthorized,
    /// Approval, rejection or expiry of a payment in another state.
    #[error("it is {0}")]
    NotOpen(#[serde(deserialize_with = "word")] Word),
}
