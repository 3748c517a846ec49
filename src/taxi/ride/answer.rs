//! Waiting for the passenger, and giving up.
//!
//! A webhook is the quick way to hear of the answer, and asking is the sure one. Either only says
//! that it is time to look: what counts is what the payment says when it is read.

use std::iter;

use jiff::SignedDuration;

use super::{FoundBy, RideError, Step, Taxi};
use crate::taxi::client::{CancelScope, Payment, PaymentState};
use crate::taxi::error::Error;
use crate::taxi::reference::{Attempt, Reference};
use crate::taxi::webhook::{Subscription, WebhookEvent};

/// When to ask first. Nobody answers faster than that, and a webhook would tell.
pub const FIRST_POLL_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// How often to ask after that.
pub const POLL_EVERY: SignedDuration = SignedDuration::from_secs(2);
/// How long to wait: the ten minutes the passenger has, and a little for the news to travel.
/// Giving up earlier means giving up on passengers who pay.
pub const WAIT_MAX: SignedDuration = SignedDuration::from_secs(10 * 60 + 30);

/// The request cannot be withdrawn, because the passenger has approved it.
const AUTHORIZED_ALREADY: u32 = 6060;

/// What became of the request.
#[derive(Debug)]
pub(super) enum Answer {
    Approved(Box<Payment>),
    Declined,
    Expired,
    Withdrawn,
}

impl Answer {
    /// What a payment says, if it says anything yet. A state we do not know is no answer.
    pub(super) fn of(payment: Payment) -> Option<Self> {
        match payment.state {
            PaymentState::Created | PaymentState::Unknown(_) => None,
            PaymentState::Authorized => Some(Self::Approved(Box::new(payment))),
            PaymentState::Aborted => Some(Self::Declined),
            PaymentState::Expired => Some(Self::Expired),
            PaymentState::Terminated => Some(Self::Withdrawn),
        }
    }
}

impl Taxi {
    /// Waits until there is an answer, or withdraws the request when there is none in time.
    pub(super) async fn await_answer(&self, attempt: &Attempt) -> Result<Answer, RideError> {
        let reference = attempt.reference();
        let clock = self.client.clock();
        let mut hints = self.hints(&reference);
        let give_up_at = clock.now() + WAIT_MAX;
        let mut pause = FIRST_POLL_AFTER;
        while clock.now() < give_up_at {
            let found_by = self.next_look(hints.as_mut(), pause).await;
            pause = POLL_EVERY;
            match self.client.payment(&reference).await {
                Ok(payment) => {
                    let authorized = payment.aggregate.authorized_amount;
                    let state = payment.state.clone();
                    if let Some(answer) = Answer::of(payment) {
                        self.say(Step::Answered { state, authorized, found_by });
                        return Ok(answer);
                    }
                }
                Err(error) if error.may_pass() => self.say(Step::PollFailed { error }),
                Err(error) => return Err(RideError::call("read the payment")(error)),
            }
        }
        self.say(Step::GaveUpWaiting);
        self.withdraw_request(attempt).await
    }

    /// What webhooks say of a payment, if there is a receiver.
    pub(in crate::taxi) fn hints(&self, reference: &Reference) -> Option<Subscription> {
        self.receiver.as_ref().map(|receiver| receiver.subscribe(reference))
    }

    /// Returns when it is time to look at the payment.
    pub(in crate::taxi) async fn next_look(
        &self,
        hints: Option<&mut Subscription>,
        pause: SignedDuration,
    ) -> FoundBy {
        let clock = self.client.clock();
        let Some(hints) = hints else {
            clock.sleep(pause).await;
            return FoundBy::Polling;
        };
        let announcement = async {
            loop {
                let event = hints.next().await;
                if event.announces_answer() {
                    return event;
                }
            }
        };
        let heard = tokio::select! {
            // If both are there, it was the webhook that told us.
            biased;
            event = announcement => Some(event),
            () = clock.sleep(pause) => None,
        };
        // It may have come after it was looked for, and before the wait was over.
        let late = || iter::from_fn(|| hints.received()).find(WebhookEvent::announces_answer);
        match heard.or_else(late) {
            Some(event) => {
                self.say(Step::Hint { event });
                FoundBy::Webhook
            }
            None => FoundBy::Polling,
        }
    }

    /// Withdraws the request, and finds out whether the passenger was faster.
    async fn withdraw_request(&self, attempt: &Attempt) -> Result<Answer, RideError> {
        let undecided = || RideError::Undecided(attempt.reference());
        match self.withdraw(attempt).await {
            Ok(payment) => Answer::of(payment).ok_or_else(undecided),
            Err(error) => match self.client.payment(&attempt.reference()).await {
                Ok(payment) => Answer::of(payment).ok_or_else(undecided),
                Err(_) => Err(RideError::call("withdraw the request")(error)),
            },
        }
    }

    /// After a wait that failed: withdraws the request, or says that the passenger has approved it.
    pub(super) async fn withdraw_or_keep(&self, attempt: &Attempt) {
        match self.withdraw(attempt).await {
            Ok(_) => self.say(Step::RequestWithdrawn),
            Err(error) if error.code() == Some(AUTHORIZED_ALREADY) => {
                self.say(Step::HoldKept { reference: attempt.reference() });
            }
            Err(error) => self.say(Step::HoldNotReleased { error }),
        }
    }

    /// The driver gives up: withdraws the request unless it is answered already. An approval at
    /// the same moment wins, and whoever waits for the ride hears of either.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 6060 when the passenger approved, 6250 while they are at it.
    pub async fn withdraw(&self, attempt: &Attempt) -> Result<Payment, Error> {
        let scope = CancelScope::UnansweredRequest;
        self.client.cancel(&attempt.reference(), scope, &attempt.withdraw_key()).await
    }
}
