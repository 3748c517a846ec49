//! When a call is made again, and when not. This is the whole table.
//!
//! | answer | what to do |
//! | --- | --- |
//! | none, or 5xx | the same call under the same key after 1, 2, 4, 8 s |
//! | 429 | wait as long as `Retry-After` says, else a minute |
//! | 423, 6160, 6250, 6280 | the payment is busy: the same call in a moment |
//! | 401 | renew the access token, once (the client does that) |
//! | anything else | it would be refused again: give up |
//!
//! A call is never sent again under a new key: nobody would know that the two are one, and the
//! passenger could pay twice. A call without a key is repeated only if it cannot have arrived.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use super::error::{Error, TransportKind};

/// How long a throttled client waits when the answer does not say.
pub const THROTTLED_WAIT: SignedDuration = SignedDuration::from_secs(60);
/// The longest `Retry-After` that is waited for; beyond it a person should know.
pub const RETRY_AFTER_MAX: SignedDuration = SignedDuration::from_mins(5);
/// How long a busy payment is left alone.
pub const BUSY_WAIT: SignedDuration = SignedDuration::from_secs(2);
/// The first wait after a lost answer. Each further one is twice as long.
pub const FIRST_BACKOFF: SignedDuration = SignedDuration::from_secs(1);

/// How often a call is made at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// All attempts together, the first included.
    pub attempts_max: u32,
}

/// What a repetition of the call does if the first one arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repetition {
    /// Nothing: it only reads, has an idempotency key, or is refused the second time.
    Harmless,
    /// The same once more, so the call is repeated only if it was refused or never sent.
    OnlyIfNothingHappened,
}

/// A failed attempt, with what the answer said about when to try again.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong.
    pub error: Error,
    /// The answer's `Retry-After`.
    pub retry_after: Option<RetryAfter>,
}

/// How long the answer asked to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryAfter(pub SignedDuration);

/// What to do after a failed attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Wait, then make the very same call.
    RepeatAfter(SignedDuration),
    /// Tell whoever asked.
    GiveUp,
}

impl RetryPolicy {
    /// Five attempts, which also is what the API takes within a minute for one payment.
    pub const USUAL: Self = Self { attempts_max: 5 };
    /// One attempt.
    pub const NEVER: Self = Self { attempts_max: 1 };

    /// What to do after attempt number `attempt`, counted from one, has failed.
    #[must_use]
    pub fn next(self, attempt: u32, repetition: Repetition, failure: &Failure) -> Next {
        if attempt >= self.attempts_max {
            return Next::GiveUp;
        }
        match Cause::of(&failure.error) {
            Cause::Throttled => match failure.retry_after {
                Some(RetryAfter(wait)) if wait > RETRY_AFTER_MAX => Next::GiveUp,
                Some(RetryAfter(wait)) => Next::RepeatAfter(wait),
                None => Next::RepeatAfter(THROTTLED_WAIT),
            },
            Cause::Busy => Next::RepeatAfter(BUSY_WAIT),
            Cause::NeverSent => Next::RepeatAfter(backoff(attempt)),
            Cause::Lost if repetition == Repetition::Harmless => {
                Next::RepeatAfter(backoff(attempt))
            }
            Cause::Lost | Cause::Refused => Next::GiveUp,
        }
    }
}

/// The rows of the table.
enum Cause {
    Throttled,
    Busy,
    NeverSent,
    Lost,
    Refused,
}

impl Cause {
    fn of(error: &Error) -> Self {
        match (error.status(), error.code()) {
            (Some(429), _) => Self::Throttled,
            (Some(423), _) | (_, Some(6160 | 6250 | 6280)) => Self::Busy,
            (Some(500..), _) => Self::Lost,
            (Some(_), _) => Self::Refused,
            (None, _) => match error {
                Error::Transport { kind: TransportKind::Connect, .. } => Self::NeverSent,
                Error::Transport { .. } => Self::Lost,
                _ => Self::Refused,
            },
        }
    }
}

/// 1, 2, 4, 8 seconds, and so on.
fn backoff(attempt: u32) -> SignedDuration {
    FIRST_BACKOFF.saturating_mul(1 << (attempt - 1).min(16))
}

impl RetryAfter {
    /// Reads the header: seconds, or a date.
    #[must_use]
    pub fn read(text: &str, now: Timestamp) -> Option<Self> {
        let wait = match text.trim().parse::<u32>() {
            Ok(seconds) => SignedDuration::from_secs(seconds.into()),
            Err(_) => DateTimeParser::new().parse_timestamp(text).ok()?.duration_since(now),
        };
        Some(Self(wait.max(SignedDuration::ZERO)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxi::error::Problem;

    fn problem(status: u16, code: Option<u32>) -> Failure {
        let problem = Problem {
            status,
            code,
            title: String::new(),
            detail: None,
            instance: None,
            trace_id: None,
            fields: Vec::new(),
        };
        Failure { error: Error::Problem(Box::new(problem)), retry_after: None }
    }

    fn lost(kind: TransportKind) -> Failure {
        Failure { error: Error::Transport { kind, message: String::new() }, retry_after: None }
    }

    fn throttled(retry_after: Option<i64>) -> Failure {
        let error = Error::Gateway { status: 429, message: String::new() };
        let retry_after = retry_after.map(|s| RetryAfter(SignedDuration::from_secs(s)));
        Failure { error, retry_after }
    }

    /// The wait in seconds, or nothing for giving up.
    fn wait_after(attempt: u32, repetition: Repetition, failure: &Failure) -> Option<i64> {
        match RetryPolicy::USUAL.next(attempt, repetition, failure) {
            Next::RepeatAfter(wait) => Some(wait.as_secs()),
            Next::GiveUp => None,
        }
    }

    #[test]
    fn the_table() {
        let cases = [
            ("a server's failure", problem(500, None), Some(1)),
            ("the same with a code", problem(500, Some(3010)), Some(1)),
            ("a lost answer", lost(TransportKind::Timeout), Some(1)),
            ("a broken connection", lost(TransportKind::Broken), Some(1)),
            ("no connection", lost(TransportKind::Connect), Some(1)),
            ("too many calls", throttled(None), Some(60)),
            ("too many calls, with a time", throttled(Some(17)), Some(17)),
            ("too many calls, for an hour", throttled(Some(3600)), None),
            ("locked", problem(423, None), Some(2)),
            ("busy", problem(400, Some(6160)), Some(2)),
            ("passenger at it", problem(400, Some(6250)), Some(2)),
            ("try again later", problem(400, Some(6280)), Some(2)),
            ("refused", problem(400, Some(6080)), None),
            ("key used before", problem(409, Some(4010)), None),
            ("token refused", problem(401, None), None),
            ("unknown", problem(404, Some(5090)), None),
        ];
        for (case, failure, expected) in cases {
            assert_eq!(wait_after(1, Repetition::Harmless, &failure), expected, "{case}");
        }
    }

    #[test]
    fn waits_double_until_patience_ends() {
        let waits: Vec<_> = (1..=6)
            .map(|attempt| wait_after(attempt, Repetition::Harmless, &problem(503, None)))
            .collect();
        assert_eq!(waits, [Some(1), Some(2), Some(4), Some(8), None, None]);
    }

    #[test]
    fn a_call_that_may_have_arrived_is_not_repeated_without_a_key() {
        let once = Repetition::OnlyIfNothingHappened;
        assert_eq!(wait_after(1, once, &lost(TransportKind::Timeout)), None);
        assert_eq!(wait_after(1, once, &problem(500, None)), None);
        assert_eq!(wait_after(1, once, &lost(TransportKind::Connect)), Some(1));
        assert_eq!(wait_after(1, once, &throttled(None)), Some(60));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now = "2026-01-01T00:00:00Z".parse().unwrap();
        let cases = [
            ("17", Some(17)),
            ("Thu, 01 Jan 2026 00:00:30 GMT", Some(30)),
            ("Thu, 01 Jan 2025 00:00:30 GMT", None),
            ("Wed, 31 Dec 2025 23:00:00 GMT", Some(0)),
            ("soon", None),
        ];
        for (text, expected) in cases {
            let wait = RetryAfter::read(text, now).map(|RetryAfter(wait)| wait.as_secs());
            assert_eq!(wait, expected, "{text}");
        }
    }
}
