//! One webhook delivery, its attempts, and the retry table. Told the time, never asks.

use std::{fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp};

use super::{EventName, Reference, RegistrationId};

/// The number of a delivery within its sales unit, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub u64);

/// An event on its way to one registration, and what became of each attempt.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Its number.
    pub id: DeliveryId,
    /// Whose it is.
    pub registration: RegistrationId,
    /// Where it goes.
    pub url: Arc<str>,
    /// Which payment it is about.
    pub reference: Reference,
    /// What happened to the payment.
    pub event: EventName,
    /// The exact bytes that are signed and sent, the same in every attempt.
    pub body: Arc<str>,
    status: DeliveryStatus,
    attempts: Vec<Attempt>,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// Behind an earlier event of the same payment, or on the wire.
    Waiting,
    /// The next attempt is made at this time.
    Due(Timestamp),
    /// The receiver took it.
    Delivered,
    /// Given up: a week of attempts failed, or the registration was deleted.
    Dropped,
}

/// One try, and how it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// When it was made, by the unit's clock.
    pub at: Timestamp,
    /// How it went.
    pub outcome: Outcome,
    /// How long the receiver took, in real milliseconds.
    pub duration_ms: u64,
    /// The headers that were sent, in order.
    pub headers: Vec<(&'static str, String)>,
    /// The text that was signed.
    pub string_to_sign: String,
}

/// What the receiver answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// This status. 2xx is success and nothing else is; redirects are not followed.
    Answered(u16),
    /// No answer, for this reason.
    Failed(Arc<str>),
}

/// How long after its first attempt an event is dropped (Webhooks API guide, retries).
pub const GIVE_UP_AFTER: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a receiver has to answer, in real seconds (Webhooks API guide, retries).
pub const ANSWER_WITHIN: SignedDuration = SignedDuration::from_secs(10);

/// The wait before the attempt that follows this many failed ones (Webhooks API guide, retries):
/// three quick ones, a minute, two, hourly to the 29th attempt, then daily.
#[must_use]
pub const fn wait_after(failed_attempts: usize) -> SignedDuration {
    match failed_attempts {
        0 => SignedDuration::ZERO,
        1..=3 => SignedDuration::from_secs(2),
        4 => SignedDuration::from_secs(60),
        5 => SignedDuration::from_secs(120),
        6..=28 => SignedDuration::from_hours(1),
        _ => SignedDuration::from_hours(24),
    }
}

impl Delivery {
    /// A delivery that has not been tried.
    #[must_use]
    pub fn new(
        id: DeliveryId,
        registration: RegistrationId,
        url: Arc<str>,
        reference: Reference,
        event: EventName,
        body: Arc<str>,
    ) -> Self {
        let (status, attempts) = (DeliveryStatus::Waiting, Vec::new());
        Self { id, registration, url, reference, event, body, status, attempts }
    }

    /// Plans the next attempt.
    pub fn plan(&mut self, at: Timestamp) {
        self.status = DeliveryStatus::Due(at);
    }

    /// The attempt is on the wire.
    pub fn take_off(&mut self) {
        self.status = DeliveryStatus::Waiting;
    }

    /// Gives up.
    pub fn drop_it(&mut self) {
        self.status = DeliveryStatus::Dropped;
    }

    /// Notes an attempt that has come back at `now`, and says what follows from it.
    pub fn record(&mut self, attempt: Attempt, now: Timestamp) -> DeliveryStatus {
        let first_at = self.attempts.first().map_or(attempt.at, |it| it.at);
        let accepted = attempt.outcome.is_success();
        self.attempts.push(attempt);
        let next_at = now + wait_after(self.attempts.len());
        self.status = if accepted {
            DeliveryStatus::Delivered
        } else if next_at.duration_since(first_at) <= GIVE_UP_AFTER {
            DeliveryStatus::Due(next_at)
        } else {
            DeliveryStatus::Dropped
        };
        self.status
    }

    /// Whether nothing more becomes of it.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        match self.status {
            DeliveryStatus::Waiting | DeliveryStatus::Due(_) => false,
            DeliveryStatus::Delivered | DeliveryStatus::Dropped => true,
        }
    }

    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> DeliveryStatus {
        self.status
    }

    /// Every attempt so far, oldest first.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }
}

impl Outcome {
    /// Whether the receiver took the event.
    #[must_use]
    pub fn is_success(&self) -> bool {
        match self {
            Self::Answered(status) => (200..300).contains(status),
            Self::Failed(_) => false,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(status) => write!(f, "{status}"),
            Self::Failed(reason) => f.write_str(reason),
        }
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_of_failures_is_thirty_five_attempts_and_then_the_event_is_dropped() {
        let mut delivery = Delivery::new(
            DeliveryId(1),
            RegistrationId("r".into()),
            "http://localhost/hook".into(),
            "ride-0001".parse().unwrap(),
            EventName::Created,
            "{}".into(),
        );
        let mut at = Timestamp::UNIX_EPOCH;
        let mut seconds = Vec::new();
        loop {
            seconds.push(at.as_second());
            let attempt = Attempt {
                at,
                outcome: Outcome::Answered(503),
                duration_ms: 1,
                headers: Vec::new(),
                string_to_sign: String::new(),
            };
            match delivery.record(attempt, at) {
                DeliveryStatus::Due(next) => at = next,
                status => break assert_eq!(status, DeliveryStatus::Dropped),
            }
        }
        assert_eq!(seconds[..8], [0, 2, 4, 6, 66, 186, 3786, 7386]);
        assert_eq!(seconds[28], 186 + 23 * 3600, "the 29th attempt is the last hourly one");
        assert_eq!(seconds[29], seconds[28] + 86400);
        assert_eq!(seconds.len(), 35);
    }
}
