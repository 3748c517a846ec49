//! Asking the passenger to pay, once, whatever happens on the way.

use super::{RideError, RideOrder, Step, Taxi};
use crate::taxi::client::CreatedPayment;
use crate::taxi::error::Error;
use crate::taxi::reference::Attempt;

/// How many references are tried when they turn out to be somebody else's.
const REFERENCES_TRIED_MAX: u8 = 5;

/// The reference exists already: taken by this ride before, or by something else.
const REFERENCE_TAKEN: u32 = 4150;

/// What came of asking under one reference.
#[derive(Debug)]
pub(in crate::taxi) enum Asked {
    /// There is a request now. The answer says where to send the passenger, if anywhere.
    Anew(CreatedPayment),
    /// It was there already, and it is this ride's.
    Before,
    /// Something else has the reference.
    Taken,
}

/// Why nobody was asked.
#[derive(Debug)]
pub(in crate::taxi) struct NotAsked {
    /// What went wrong.
    pub(in crate::taxi) error: Error,
    /// Whether there may be a request all the same: the payment could not be read either.
    pub(in crate::taxi) perhaps: bool,
}

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
            match self.ask(order, &attempt).await {
                Ok(Asked::Anew(_) | Asked::Before) => return Ok(attempt),
                Ok(Asked::Taken) => {}
                Err(NotAsked { error, perhaps }) => {
                    if perhaps {
                        // A request nobody waits for must not stay.
                        self.withdraw_or_keep(&attempt).await;
                    }
                    return Err(RideError::call("request the payment")(error));
                }
            }
        }
        Err(RideError::NoFreeReference(order.ride.clone()))
    }

    /// Asks under this reference. A lost answer is looked up: the request may be there.
    pub(in crate::taxi) async fn ask(
        &self,
        order: &RideOrder,
        attempt: &Attempt,
    ) -> Result<Asked, NotAsked> {
        let reference = attempt.reference();
        let payment = order.payment(attempt);
        match self.client.create_payment(&payment, &attempt.create_key()).await {
            Ok(created) => {
                self.say(Step::Requested { reference, amount: payment.amount });
                Ok(Asked::Anew(created))
            }
            Err(error) if may_exist(&error) => {
                if self.was_made_by(order, attempt, error).await? {
                    self.say(Step::AlreadyRequested { reference });
                    return Ok(Asked::Before);
                }
                self.say(Step::ReferenceTaken { reference });
                Ok(Asked::Taken)
            }
            Err(error) => Err(NotAsked { error, perhaps: false }),
        }
    }

    /// Whether the payment that may be there is the one we asked for. If there is none, the error
    /// that made us look stands.
    async fn was_made_by(
        &self,
        order: &RideOrder,
        attempt: &Attempt,
        error: Error,
    ) -> Result<bool, NotAsked> {
        match self.client.payment(&attempt.reference()).await {
            Ok(payment) => {
                let ours = order.wrote(payment.metadata.as_ref());
                Ok(ours && payment.amount == order.reservation())
            }
            // There is none, or this answer does not say.
            Err(unread) => {
                let perhaps = error.leaves_outcome_open() && unread.status() != Some(404);
                Err(NotAsked { error, perhaps })
            }
        }
    }
}

fn may_exist(error: &Error) -> bool {
    error.code() == Some(REFERENCE_TAKEN) || error.leaves_outcome_open()
}
