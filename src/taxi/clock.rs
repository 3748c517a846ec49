//! The taxi's own clock: what time it is, how to wait, and a little chance.
//!
//! Everything that waits in the taxi waits here, so that a test can hand in a clock that does not
//! take its time.

use std::fmt;

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;

/// Time, waiting and chance, handed in by whoever starts the taxi.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Waits. A test's clock may return at once and move its own time instead.
    fn sleep(&self, how_long: SignedDuration) -> BoxFuture<'_, ()>;

    /// A random part of `up_to`, so that many taxis do not repeat their calls in step.
    fn jitter(&self, up_to: SignedDuration) -> SignedDuration;
}

/// The clock on the wall.
#[derive(Debug, Clone, Copy)]
pub struct RealClock;

impl Clock for RealClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock of the taxi")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the one clock of the taxi")]
    fn sleep(&self, how_long: SignedDuration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(how_long.unsigned_abs()))
    }

    #[expect(clippy::disallowed_methods, reason = "chance is part of this clock")]
    fn jitter(&self, up_to: SignedDuration) -> SignedDuration {
        up_to.mul_f64(rand::rng().random_range(0.0..=1.0))
    }
}

#[cfg(test)]
pub(crate) mod fake {
    //! A clock for unit tests: sleeping returns at once, moves the time and is written down.

    use std::sync::{Arc, Mutex};

    use futures::future::BoxFuture;
    use jiff::{SignedDuration, Timestamp};

    use super::Clock;

    /// A clock that only moves when somebody sleeps on it.
    #[derive(Debug)]
    pub(crate) struct FakeClock {
        now: Mutex<Timestamp>,
        slept: Mutex<Vec<SignedDuration>>,
        stands_still: bool,
    }

    impl FakeClock {
        pub(crate) fn new() -> Arc<Self> {
            Self::build(false)
        }

        /// A clock on which nobody who sleeps ever wakes.
        pub(crate) fn standing_still() -> Arc<Self> {
            Self::build(true)
        }

        fn build(stands_still: bool) -> Arc<Self> {
            let now = Mutex::new("2026-01-01T00:00:00Z".parse().unwrap());
            Arc::new(Self { now, slept: Mutex::default(), stands_still })
        }

        /// Every wait so far, in whole seconds.
        pub(crate) fn slept_secs(&self) -> Vec<i64> {
            self.slept.lock().unwrap().iter().map(SignedDuration::as_secs).collect()
        }

        pub(crate) fn advance(&self, by: SignedDuration) {
            *self.now.lock().unwrap() += by;
        }
    }

    impl Clock for FakeClock {
        fn now(&self) -> Timestamp {
            *self.now.lock().unwrap()
        }

        fn sleep(&self, how_long: SignedDuration) -> BoxFuture<'_, ()> {
            Box::pin(async move {
                if self.stands_still {
                    std::future::pending::<()>().await;
                }
                self.advance(how_long);
                self.slept.lock().unwrap().push(how_long);
                // Lets servers and receivers of the same test have their turn.
                tokio::task::yield_now().await;
            })
        }

        fn jitter(&self, _: SignedDuration) -> SignedDuration {
            SignedDuration::ZERO
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jitter_stays_within_its_bound() {
        let bound = SignedDuration::from_secs(2);
        for _ in 0..100 {
            let jitter = RealClock.jitter(bound);
            assert!(jitter >= SignedDuration::ZERO && jitter <= bound, "{jitter}");
        }
    }
}
