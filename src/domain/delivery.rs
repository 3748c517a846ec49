//! One webhook delivery, its attempts, and the retry table. Told the time, never asks.

use std::{borrow::Cow, fmt, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{EventType, Reference, RegistrationId, kept, webhook_effect::WebhookEffect};

/// The number of a delivery within its sales unit, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DeliveryId(pub u64);

/// An event on its way to one registration, and what became of each attempt.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Delivery {
    /// Its number.
    pub id: DeliveryId,
    /// Whose it is.
    pub registration: RegistrationId,
    /// Where it goes.
    pub url: Arc<str>,
    /// Which payment it is about, if it is about one.
    pub reference: Option<Reference>,
    /// What happened.
    pub event: EventType,
    /// The exact bytes that are signed and sent, the same in every attempt.
    pub body: Arc<str>,
    /// When it may be sent at the earliest, if a fault holds it back.
    pub held_until: Option<Timestamp>,
    status: DeliveryStatus,
    /// Where it stood before a tester had it sent again.
    ended_as: Option<DeliveryStatus>,
    attempts: Vec<Attempt>,
}

/// Where a delivery stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryStatus {
    /// Behind an earlier event of the same payment.
    Waiting,
    /// The next attempt is made at this time.
    Due(Timestamp),
    /// On the wire.
    Sending,
    /// The receiver took it.
    Delivered,
    /// Given up: a week of attempts failed, or the registration was deleted.
    Dropped,
}

/// One try, and how it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it was made, by the unit's clock.
    pub at: Timestamp,
    /// How it went.
    pub outcome: Outcome,
    /// How long the receiver took, in real milliseconds.
    pub duration_ms: u64,
    /// What went over the wire; forgotten of old attempts.
    pub exchange: Option<Arc<Exchange>>,
}

/// What an attempt sent, and what it got back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Path and query, as in the first line of the request.
    pub target: String,
    /// The headers that were sent, in order.
    #[serde(deserialize_with = "kept::headers")]
    pub headers: Vec<(kept::Word, String)>,
    /// The bytes that were sent, as text. They are the delivery's unless a fault spoilt them.
    pub body: Arc<str>,
    /// The text that was signed.
    pub string_to_sign: String,
    /// What came back, if anything did.
    pub answer: Option<Answer>,
    /// What a fault did to it.
    pub fault: Option<WebhookEffect>,
}

/// What a receiver answered, as far as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// 2xx is success and nothing else is.
    pub status: u16,
    /// Its headers, in order, up to a limit.
    pub headers: Vec<(String, String)>,
    /// The beginning of its body, as text, up to a limit.
    pub body: String,
    /// Whether the body went on beyond that.
    pub is_cut: bool,
}

/// How an attempt went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// The receiver answered this status. 2xx is success and nothing else is; redirects are not
    /// followed.
    Answered(u16),
    /// No answer, for this reason.
    Failed(Cow<'static, str>),
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
        event: EventType,
        reference: Option<Reference>,
        body: Arc<str>,
    ) -> Self {
        let (status, attempts) = (DeliveryStatus::Waiting, Vec::new());
        let (held_until, ended_as) = (None, None);
        Self {
            id,
            registration,
            url,
            reference,
            event,
            body,
            held_until,
            status,
            ended_as,
            attempts,
        }
    }

    /// Plans the next attempt.
    pub fn plan(&mut self, at: Timestamp) {
        self.status = DeliveryStatus::Due(at);
    }

    /// When the next attempt is made, if nothing but a fault keeps it after `at`.
    #[must_use]
    pub fn not_before(&self, at: Timestamp) -> Timestamp {
        self.held_until.map_or(at, |held| held.max(at))
    }

    /// Plans one more attempt of a delivery that has ended.
    pub fn plan_again(&mut self, at: Timestamp) {
        self.ended_as = self.ended_as.or(Some(self.status));
        self.plan(at);
    }

    /// The attempt is on the wire.
    pub fn take_off(&mut self) {
        self.status = DeliveryStatus::Sending;
    }

    /// Gives up.
    pub fn drop_it(&mut self) {
        self.status = DeliveryStatus::Dropped;
    }

    /// Takes back that it was to be sent again.
    pub fn end_as_before(&mut self) {
        self.status = self.ended_as.take().unwrap_or(DeliveryStatus::Dropped);
    }

    /// Notes an attempt that has come back at `now`, and says what follows from it.
    ///
    /// A delivery that had ended is not repeated: it ends again, delivered at last or as before.
    pub fn record(&mut self, attempt: Attempt, now: Timestamp) -> DeliveryStatus {
        let first_at = self.attempts.first().map_or(attempt.at, |it| it.at);
        let accepted = attempt.outcome.is_success();
        self.attempts.push(attempt);
        let next_at = now + wait_after(self.attempts.len());
        let ended_as = self.ended_as.take();
        self.status = match (accepted, ended_as) {
            (true, _) => DeliveryStatus::Delivered,
            (false, Some(before)) => before,
            (false, None) if next_at.duration_since(first_at) <= GIVE_UP_AFTER => {
                DeliveryStatus::Due(next_at)
            }
            (false, None) => DeliveryStatus::Dropped,
        };
        self.status
    }

    /// Forgets what went over the wire in an attempt, counted from 0.
    pub fn forget_exchange(&mut self, attempt: usize) {
        if let Some(attempt) = self.attempts.get_mut(attempt) {
            attempt.exchange = None;
        }
    }

    /// Whether nothing more becomes of it by itself.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        match self.ended_as.unwrap_or(self.status) {
            DeliveryStatus::Waiting | DeliveryStatus::Due(_) | DeliveryStatus::Sending => false,
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

impl Attempt {
    /// An attempt of which nothing is kept but how it went.
    #[must_use]
    pub fn bare(at: Timestamp, outcome: Outcome) -> Self {
        Self { at, outcome, duration_ms: 0, exchange: None }
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
    use crate::domain::EventName;

    fn delivery() -> Delivery {
        Delivery::new(
            DeliveryId(1),
            RegistrationId("r".into()),
            "http://localhost/hook".into(),
            EventType::Payment(EventName::Created),
            Some("ride-0001".parse().unwrap()),
            "{}".into(),
        )
    }

    fn answered(status: u16, at: Timestamp) -> Attempt {
        Attempt::bare(at, Outcome::Answered(status))
    }

    #[test]
    fn a_week_of_failures_is_thirty_five_attempts_and_then_the_event_is_dropped() {
        let mut delivery = delivery();
        let mut at = Timestamp::UNIX_EPOCH;
        let mut seconds = Vec::new();
        loop {
            seconds.push(at.as_second());
            match delivery.record(answered(503, at), at) {
                DeliveryStatus::Due(next) => at = next,
                status => break assert_eq!(status, DeliveryStatus::Dropped),
            }
        }
        assert_eq!(seconds[..8], [0, 2, 4, 6, 66, 186, 3786, 7386]);
        assert_eq!(seconds[28], 186 + 23 * 3600, "the 29th attempt is the last hourly one");
        assert_eq!(seconds[29], seconds[28] + 86400);
        assert_eq!(seconds.len(), 35);
    }

    #[test]
    fn success_is_two_hundreds_and_nothing_else() {
        for (status, is_success) in
            [(199, false), (200, true), (204, true), (299, true), (300, false), (302, false)]
        {
            assert_eq!(Outcome::Answered(status).is_success(), is_success, "{status}");
        }
    }

    #[test]
    fn what_is_sent_again_ends_as_before_unless_it_is_taken_now() {
        let at = Timestamp::UNIX_EPOCH;
        for (first, second, expected) in
            [(200, 500, DeliveryStatus::Delivered), (200, 200, DeliveryStatus::Delivered)]
        {
            let mut delivery = delivery();
            delivery.record(answered(first, at), at);
            delivery.plan_again(at);
            assert!(delivery.is_finished(), "a resend is not owed to anybody");
            delivery.take_off();
            assert_eq!(delivery.record(answered(second, at), at), expected);
        }
        let mut dropped = delivery();
        dropped.drop_it();
        dropped.plan_again(at);
        assert_eq!(dropped.record(answered(500, at), at), DeliveryStatus::Dropped);
        dropped.plan_again(at);
        assert_eq!(dropped.record(answered(204, at), at), DeliveryStatus::Delivered);
    }
}
