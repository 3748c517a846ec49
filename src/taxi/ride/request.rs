//! Asking the passenger to pay, once, whatever happens on the way.

use super::{RideError, RideOrder, Step, Taxi};
use crate::taxi::error::Error;
use crate::taxi::reference::Attempt;

/// How many references are tried when they turn out to be somebody else's.
const REFERENCES_TRIED_MAX: u8 = 5;

/// The reference exists already: taken by this ride before, or by something else.
const REFERENCE_TAKEN: u32 = 4150;

impl Taxi {
    /// Asks the passenger to approve the reservation, and says under which reference.
    ///
    /// # Errors
    ///
    /// [`RideError`] when the passenger cannot be asked.
    pub async fn request(&self, order: &RideOrder) -> Result<Attempt, RideError> {
        let last = order.attempt.saturating_add(REFERENCES_TRIED_MAX - 1);
        for number in order.attempt..=last {
            let attempt = order.attempt(number);
            let reference = attempt.reference();
            let payment = order.payment(&attempt);
            let created = self.client.create_payment(&payment, &attempt.create_key()).await;
            match created {
                Ok(_) => {
                    self.say(Step::Requested { reference, amount: payment.amount });
                    return Ok(attempt);
                }
                Err(error) if may_exist(&error) => {
                    if self.was_made_by(order, &attempt, error).await? {
                        self.say(Step::AlreadyRequested { reference });
                        return Ok(attempt);
                    }
                    self.say(Step::ReferenceTaken { reference });
                }
                Err(error) => return Err(RideError::call("request the payment")(error)),
            }
        }
        Err(RideError::NoFreeReference(order.ride.clone()))
    }

    /// Whether the payment that may be there is the one we asked for. If there is none, the error
    /// that made us look stands.
    async fn was_made_by(
        &self,
        order: &RideOrder,
        attempt: &Attempt,
        error: Error,
    ) -> Result<bool, RideError> {
        match self.client.payment(&attempt.reference()).await {
            Ok(payment) => {
                let ours = order.wrote(payment.metadata.as_ref());
                Ok(ours && payment.amount == order.reservation())
            }
            // There is none, or this answer does not say: a request nobody waits for must not stay.
            Err(unread) => {
                if error.leaves_outcome_open() && unread.status() != Some(404) {
                    self.withdraw_or_keep(attempt).await;
                }
                Err(RideError::call("request the payment")(error))
            }
        }
    }
}

fn may_exist(error: &Error) -> bool {
    error.code() == Some(REFERENCE_TAKEN) || error.leaves_outcome_open()
}
