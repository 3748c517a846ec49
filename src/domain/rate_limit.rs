//! Sliding windows: how many calls there have been within the last minute.

use std::collections::VecDeque;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The calls of one kind about one payment, as far as they still count.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Window {
    /// Oldest first, never more than the limit.
    times: VecDeque<Timestamp>,
}

/// How long a call counts (ePayment API guide, rate limits).
pub const WINDOW: SignedDuration = SignedDuration::from_secs(60);

impl Window {
    /// Counts a call, unless `limit` of them count already: then it says how long to wait.
    ///
    /// # Errors
    ///
    /// The time until the oldest call ceases to count. A refused call does not count itself.
    pub fn admit(&mut self, limit: usize, now: Timestamp) -> Result<(), SignedDuration> {
        while self.times.front().is_some_and(|oldest| WINDOW <= now.duration_since(*oldest)) {
            self.times.pop_front();
        }
        match self.times.front() {
            Some(oldest) if limit <= self.times.len() => Err(WINDOW - now.duration_since(*oldest)),
            Some(_) | None => {
                self.times.push_back(now);
                Ok(())
            }
        }
    }

    /// Whether no call counts any more.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.times.back().is_none_or(|latest| WINDOW <= now.duration_since(*latest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn a_call_counts_for_a_minute_and_no_longer() {
        let mut window = Window::default();
        for second in [0, 10, 20] {
            assert_eq!(window.admit(3, at(second)), Ok(()));
        }
        assert_eq!(window.admit(3, at(59)), Err(SignedDuration::from_secs(1)));
        assert_eq!(window.admit(3, at(60)), Ok(()), "the first has ceased to count");
        assert_eq!(window.admit(3, at(60)), Err(SignedDuration::from_secs(10)));
        assert!(!window.is_over(at(119)));
        assert!(window.is_over(at(120)));
    }
}
