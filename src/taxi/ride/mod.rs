//! The ride: from the order in the taxi app to a fare that is captured, and nothing else held.
//!
//! 1. [`RideOrder`]: the passenger's number comes from the order in the taxi app.
//! 2. Webhooks are registered, if there is a receiver.
//! 3. `request`: the passenger is asked to pay, with a push to the phone.
//! 4. `answer`: wait for a webhook or the time to ask again, and believe only what is read.
//! 5. `settle`: receipt, capture of the fare, release of the rest, and a look at the result.
//!
//! Every step goes by what the payment itself says, so running a ride again after a crash picks up
//! where it was: references and keys are made from the ride, and what is done is not done twice.
//!
//! A taxi company has many rides, fares above the hold, and programs that die: for those
//! [`crate::taxi::dispatch`] takes the same steps one at a time, out of a journal.

mod answer;
mod order;
mod outcome;
mod request;
mod settle;
mod step;
#[cfg(test)]
mod tests;
mod tip;

use std::fmt;
use std::sync::Arc;

pub(in crate::taxi) use self::request::{Asked, NotAsked};
pub use answer::{FIRST_POLL_AFTER, POLL_EVERY, WAIT_MAX};
pub use order::{Reach, Reserve, RideOrder};
pub use outcome::{Outcome, ReceiptStatus, RideError, Settlement, TipStatus};
pub use step::{FoundBy, Report, Step};

use self::answer::Answer;
use super::client::Client;
use super::money::MoneyError;
use super::reference::Attempt;
use super::webhook::{Receiver, ensure_registered};

/// A taxi: a client, perhaps a receiver of webhooks, and somebody who hears what happens.
#[derive(Clone)]
pub struct Taxi {
    client: Client,
    receiver: Option<Arc<Receiver>>,
    report: Arc<dyn Report>,
}

impl Taxi {
    /// A taxi without webhooks: it finds out by asking. Nobody hears of its steps.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client, receiver: None, report: Arc::new(|_: &Step| {}) }
    }

    /// The same taxi, told by webhook.
    #[must_use]
    pub fn with_receiver(self, receiver: Arc<Receiver>) -> Self {
        Self { receiver: Some(receiver), ..self }
    }

    /// The same taxi, telling each step as it happens.
    #[must_use]
    pub fn reporting_to(self, report: Arc<dyn Report>) -> Self {
        Self { report, ..self }
    }

    /// The client, for what the driver does on the side, such as looking at the payment.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Takes a ride from the order to the money.
    pub async fn drive(&self, order: &RideOrder) -> Outcome {
        let (fare, reserved) = (order.fare.total(), order.reservation());
        self.say(Step::Ordered { ride: order.ride.clone(), phone: order.phone.clone(), fare });
        match reserved.checked_sub(fare) {
            Ok(_) => {}
            Err(MoneyError::OutOfRange) => {
                return Outcome::FareAboveReservation { fare, reserved, held_by: None };
            }
            Err(error) => return Outcome::Failed(error.into()),
        }
        self.prepare_webhooks().await;
        self.pay(order).await
    }

    /// Asks, waits, and settles.
    pub(super) async fn pay(&self, order: &RideOrder) -> Outcome {
        let attempt = match self.request(order).await {
            Ok(attempt) => attempt,
            Err(error) => return Outcome::Failed(error),
        };
        self.say(Step::Waiting { phone: order.phone.clone() });
        let answer = self.await_answer(&attempt).await;
        self.conclude(order, &attempt, answer).await
    }

    /// Goes on after the wait: the money of an approved payment, or the name of what it is not.
    async fn conclude(
        &self,
        order: &RideOrder,
        attempt: &Attempt,
        answer: Result<Answer, RideError>,
    ) -> Outcome {
        let reference = attempt.reference();
        match answer {
            Ok(Answer::Approved(payment)) => self.settle_payment(order, attempt, &payment).await,
            Ok(Answer::Declined) => Outcome::Declined { reference },
            Ok(Answer::Expired) => Outcome::Expired { reference },
            Ok(Answer::Withdrawn) => Outcome::Cancelled { reference },
            // Nobody knows the answer: the request is withdrawn, and an approval wins over that.
            Err(error) => {
                self.withdraw_or_keep(attempt).await;
                Outcome::Failed(error)
            }
        }
    }

    /// Webhooks make a ride quicker, not possible, so a failure here is told and no more.
    pub async fn prepare_webhooks(&self) {
        let Some(receiver) = &self.receiver else {
            return self.say(Step::NoWebhooks { reason: None });
        };
        match ensure_registered(&self.client, receiver).await {
            Ok(_) => self.say(Step::WebhooksReady { url: receiver.url().to_owned() }),
            Err(error) => self.say(Step::NoWebhooks { reason: Some(error) }),
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a step is made to be told, and then gone")]
    pub(in crate::taxi) fn say(&self, step: Step) {
        self.report.step(&step);
    }
}

impl fmt::Debug for Taxi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taxi")
            .field("client", &self.client)
            .field("receiver", &self.receiver)
            .finish_non_exhaustive()
    }
}
