//! The money of an approved ride: receipt, capture, release of the rest, and a look at the result.
//!
//! The receipt is sent first, as the documented taxi flow has it. It belongs to the fare, which is
//! final here, and no longer changes; the payment does not depend on it.

use super::answer::Answer;
use super::outcome::{Outcome, ReceiptStatus, RideError, Settlement, TipStatus};
use super::{RideOrder, Step, Taxi};
use crate::taxi::client::{Aggregate, CancelScope, Payment, PaymentState};
use crate::taxi::error::Error;
use crate::taxi::fare::Fare;
use crate::taxi::money::{Amount, MoneyError};
use crate::taxi::receipt::Receipt;
use crate::taxi::reference::{Attempt, Reference};

impl Taxi {
    /// Captures the fare of an approved payment and releases the rest.
    ///
    /// It goes by what the payment says, so it can be called again after a crash.
    pub async fn settle(&self, order: &RideOrder, attempt: &Attempt) -> Outcome {
        match self.client.payment(&attempt.reference()).await {
            Ok(payment) => match Answer::of(payment) {
                Some(answer) => self.conclude(order, attempt, Ok(answer)).await,
                None => Outcome::Failed(RideError::Undecided(attempt.reference())),
            },
            Err(error) => Outcome::Failed(RideError::call("read the payment")(error)),
        }
    }

    pub(super) async fn settle_payment(
        &self,
        order: &RideOrder,
        attempt: &Attempt,
        payment: &Payment,
    ) -> Outcome {
        let (fare, reserved) = (order.fare.total(), payment.aggregate.authorized_amount);
        if reserved.checked_sub(fare) == Err(MoneyError::OutOfRange) {
            let held_by = Some(attempt.reference());
            return Outcome::FareAboveReservation { fare, reserved, held_by };
        }
        let charge = order.charge(reserved);
        match self.collect(order, attempt, payment, &charge).await {
            Ok(mut settlement) => {
                settlement.tip = self.settle_tip(order, &charge).await;
                Outcome::Paid(settlement)
            }
            Err(error) => {
                self.after_failure(attempt, &error).await;
                Outcome::Failed(error)
            }
        }
    }

    async fn collect(
        &self,
        order: &RideOrder,
        attempt: &Attempt,
        payment: &Payment,
        charge: &Fare,
    ) -> Result<Settlement, RideError> {
        let reference = attempt.reference();
        let fare = charge.to_pay();
        let mut money = payment.aggregate;
        let is_uncaptured = money.captured_amount.is_zero() && !fare.is_zero();
        if is_uncaptured && money.held().checked_sub(fare).is_err() {
            // Somebody released it: no receipt for money that cannot be captured.
            return Err(RideError::WrongMoney { reference, fare, found: money });
        }
        let receipt = if fare.is_zero() {
            ReceiptStatus::NotSent
        } else {
            // Sent again when an earlier run of the ride has captured already: it may have failed.
            self.send_receipt(&order.receipt(charge), &reference).await
        };
        if is_uncaptured {
            let captured = self.capture_part(attempt, 1, fare, fare).await;
            money = captured.map_err(RideError::call("capture the fare"))?.aggregate;
        }
        if money.captured_amount != fare {
            return Err(RideError::WrongMoney { reference, fare, found: money });
        }
        if !money.held().is_zero() {
            let released = self.release_rest(attempt, money.held()).await;
            released.map_err(RideError::call("release the rest"))?;
        }
        let money = self.check(&reference, fare).await?;
        Ok(Settlement {
            reference,
            authorized: money.authorized_amount,
            captured: money.captured_amount,
            released: money.cancelled_amount,
            receipt,
            tip: TipStatus::NotGiven,
        })
    }

    /// Stores the receipt. Whatever comes of it, the ride goes on: the money is not tied to it.
    pub(in crate::taxi) async fn send_receipt(
        &self,
        receipt: &Receipt,
        reference: &Reference,
    ) -> ReceiptStatus {
        match self.client.post_receipt(reference, receipt).await {
            Ok(()) => {
                let lines = receipt.order_lines.len();
                let total = u64::try_from(receipt.total()).unwrap_or_default();
                let total = Amount::new(receipt.bottom_line.currency, total);
                self.say(Step::ReceiptStored { lines, total });
                ReceiptStatus::Stored
            }
            // There is one already, or may be, and perhaps it is ours: an answer may have been lost.
            Err(error) if error.status() == Some(409) || error.leaves_outcome_open() => {
                match self.receipt_there(receipt, reference).await {
                    Ok(Some(status)) => status,
                    Ok(None) | Err(_) => self.receipt_not_stored(error),
                }
            }
            Err(error) => self.receipt_not_stored(error),
        }
    }

    /// Looks whether a receipt is stored, and whether it is this one.
    pub(in crate::taxi) async fn receipt_there(
        &self,
        receipt: &Receipt,
        reference: &Reference,
    ) -> Result<Option<ReceiptStatus>, Error> {
        let stored = match self.client.order(reference).await {
            Ok(order) => order.receipt,
            Err(error) if error.status() == Some(404) => None,
            Err(error) => return Err(error),
        };
        Ok(stored.map(|stored| {
            if stored.tells_the_same_as(receipt) {
                self.say(Step::ReceiptAlreadyStored);
                ReceiptStatus::AlreadyStored
            } else {
                self.say(Step::ReceiptDiffers);
                ReceiptStatus::Differs
            }
        }))
    }

    fn receipt_not_stored(&self, error: Error) -> ReceiptStatus {
        self.say(Step::ReceiptNotStored { error: error.clone() });
        ReceiptStatus::NotStored(error)
    }

    /// Captures this part, after which so much should be captured in all. If the call failed, the
    /// payment decides whether it did after all.
    pub(in crate::taxi) async fn capture_part(
        &self,
        attempt: &Attempt,
        part: u8,
        amount: Amount,
        in_all: Amount,
    ) -> Result<Payment, Error> {
        let reference = attempt.reference();
        let captured = self.client.capture(&reference, amount, &attempt.capture_key(part)).await;
        let payment = match captured {
            Ok(payment) => payment,
            Err(error) => match self.client.payment(&reference).await {
                Ok(payment) if payment.aggregate.captured_amount == in_all => payment,
                _ => return Err(error),
            },
        };
        self.say(Step::Captured { amount: payment.aggregate.captured_amount });
        Ok(payment)
    }

    /// Releases what is not needed. If the call failed, the payment decides whether it did.
    pub(in crate::taxi) async fn release_rest(
        &self,
        attempt: &Attempt,
        rest: Amount,
    ) -> Result<Payment, Error> {
        let reference = attempt.reference();
        let scope = CancelScope::Everything;
        let cancelled = self.client.cancel(&reference, scope, &attempt.cancel_key()).await;
        let payment = match cancelled {
            Ok(payment) => payment,
            Err(error) => match self.client.payment(&reference).await {
                Ok(payment) if payment.aggregate.held().is_zero() => payment,
                _ => return Err(error),
            },
        };
        self.say(Step::Released { amount: rest });
        Ok(payment)
    }

    /// Reads the payment once more: the fare captured, the rest released, and nothing else.
    async fn check(&self, reference: &Reference, fare: Amount) -> Result<Aggregate, RideError> {
        let payment = self.client.payment(reference).await;
        let money = payment.map_err(RideError::call("check the payment"))?.aggregate;
        let right = money.captured_amount == fare
            && money.held().is_zero()
            && money.authorized_amount.checked_sub(fare) == Ok(money.cancelled_amount)
            && money.refunded_amount.is_zero();
        if !right {
            let reference = reference.clone();
            return Err(RideError::WrongMoney { reference, fare, found: money });
        }
        self.say(Step::Checked { aggregate: money });
        Ok(money)
    }

    /// After a failure of an approved ride: the fare is still owed, so the money stays held as long
    /// as the same ride can be taken up again. Only what was refused for good is let go.
    async fn after_failure(&self, attempt: &Attempt, error: &RideError) {
        if error.may_pass() {
            self.say(Step::HoldKept { reference: attempt.reference() });
        } else {
            self.leave_nothing_behind(attempt).await;
        }
    }

    /// After a failure: lets go of the passenger's money, unless some of it was taken.
    ///
    /// As good as it can be done: what does not work out is told, and somebody must look at it.
    pub(super) async fn leave_nothing_behind(&self, attempt: &Attempt) {
        let payment = match self.client.payment(&attempt.reference()).await {
            Ok(payment) => payment,
            // Withdrawing is safe without looking: if the passenger has approved, it is refused.
            Err(error) => {
                return match self.withdraw(attempt).await {
                    Ok(_) => self.say(Step::RequestWithdrawn),
                    Err(_) => self.say(Step::HoldNotReleased { error }),
                };
            }
        };
        let held = payment.aggregate.held();
        let untouched = payment.aggregate.captured_amount.is_zero();
        match payment.state {
            PaymentState::Created => match self.withdraw(attempt).await {
                Ok(_) => self.say(Step::RequestWithdrawn),
                Err(error) => self.say(Step::HoldNotReleased { error }),
            },
            PaymentState::Authorized if untouched && !held.is_zero() => {
                let scope = CancelScope::Everything;
                let key = attempt.cancel_key();
                match self.client.cancel(&attempt.reference(), scope, &key).await {
                    Ok(_) => self.say(Step::HoldReleased { amount: held }),
                    Err(error) => self.say(Step::HoldNotReleased { error }),
                }
            }
            _ => {}
        }
    }
}
