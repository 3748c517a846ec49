//! The time of a sales unit: real, shifted or standing still. The only place
//! of the mock that reads the machine's clock or sleeps.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// A sales unit's clock. Cloning shares the same clock.
#[derive(Debug, Clone)]
pub struct Clock {
    hands: watch::Sender<Hands>,
}

#[derive(Debug, Clone, Copy)]
enum Hands {
    /// The machine's time plus a shift.
    Running(SignedDuration),
    /// Stands still.
    Frozen(Timestamp),
}

/// How a clock goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockMode {
    /// As the machine's.
    Real,
    /// As fast as the machine's, but ahead of it.
    Shifted,
    /// Not at all.
    Frozen,
}

/// What a clock was doing before it was held.
#[derive(Debug, Clone, Copy)]
pub(super) struct Held {
    was: ClockMode,
    /// What it read when it was held.
    pub(super) at: Timestamp,
}

impl Clock {
    /// Follows the machine's clock until told otherwise.
    #[must_use]
    pub fn real() -> Self {
        Self { hands: watch::Sender::new(Hands::Running(SignedDuration::ZERO)) }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        read(*self.hands.borrow())
    }

    /// How it goes.
    #[must_use]
    pub fn mode(&self) -> ClockMode {
        match *self.hands.borrow() {
            Hands::Running(SignedDuration::ZERO) => ClockMode::Real,
            Hands::Running(_) => ClockMode::Shifted,
            Hands::Frozen(_) => ClockMode::Frozen,
        }
    }

    /// Stops it where it stands.
    pub fn freeze(&self) {
        self.hands.send_modify(|hands| *hands = Hands::Frozen(read(*hands)));
    }

    /// Lets it run on from where it stands.
    pub fn resume(&self) {
        self.hands.send_modify(|hands| {
            if let Hands::Frozen(at) = *hands {
                *hands = Hands::Running(at.duration_since(machine_time()));
            }
        });
    }

    /// Goes as the machine's again, even if that is earlier.
    pub(super) fn reset(&self) {
        self.hands.send_modify(|hands| *hands = Hands::Running(SignedDuration::ZERO));
    }

    /// Stops it for the time of an advance.
    pub(super) fn hold(&self) -> Held {
        let was = self.mode();
        self.freeze();
        Held { was, at: self.now() }
    }

    /// Puts a held clock at `at`. Time never runs backwards.
    pub(super) fn hold_at(&self, at: Timestamp) {
        self.hands.send_modify(|hands| *hands = Hands::Frozen(read(*hands).max(at)));
    }

    /// Lets a held clock go on as it did before.
    pub(super) fn release(&self, held: Held) {
        match held.was {
            ClockMode::Frozen => {}
            ClockMode::Real | ClockMode::Shifted => self.resume(),
        }
    }

    /// Waits until the clock reads `deadline` or later; for ever where there is none.
    pub async fn sleep_until(&self, deadline: Option<Timestamp>) {
        let Some(deadline) = deadline else { return std::future::pending().await };
        let mut changes = self.hands.subscribe();
        loop {
            let hands = *changes.borrow_and_update();
            let left = deadline.duration_since(read(hands));
            if left <= SignedDuration::ZERO {
                return;
            }
            tokio::select! {
                () = wait(hands, left) => {}
                // The sender lives in `self`, so this cannot fail.
                _ = changes.changed() => {}
            }
        }
    }
}

/// Measures what took how long, for people to read. Nothing depends on it.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts one.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "a duration shown to people is real")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Real milliseconds since it was started.
    #[must_use]
    pub fn elapsed_ms(self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Waits for `future`, but no longer than this in real time.
#[expect(clippy::disallowed_methods, reason = "a receiver's ten seconds are real")]
pub async fn within<F: Future>(limit: SignedDuration, future: F) -> Option<F::Output> {
    tokio::time::timeout(limit.unsigned_abs(), future).await.ok()
}

/// The machine's time: what a receiver of webhooks compares `x-ms-date` with.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock everyone else uses")]
pub fn machine_time() -> Timestamp {
    Timestamp::now()
}

fn read(hands: Hands) -> Timestamp {
    match hands {
        Hands::Running(shift) => machine_time() + shift,
        Hands::Frozen(at) => at,
    }
}

async fn wait(hands: Hands, left: SignedDuration) {
    match hands {
        #[expect(clippy::disallowed_methods, reason = "this is the clock everyone else uses")]
        Hands::Running(_) => tokio::time::sleep(left.unsigned_abs()).await,
        Hands::Frozen(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeper_wakes_when_the_held_clock_passes_its_deadline() {
        let clock = Clock::real();
        let held = clock.hold();
        let deadline = held.at + SignedDuration::from_hours(24 * 7);
        let sleeper = clock.clone();
        let task = tokio::spawn(async move { sleeper.sleep_until(Some(deadline)).await });
        clock.hold_at(held.at + SignedDuration::from_hours(24 * 6));
        tokio::task::yield_now().await;
        assert!(!task.is_finished());
        clock.hold_at(deadline);
        task.await.unwrap();
    }

    #[test]
    fn held_clock_goes_on_as_it_did_before() {
        let clock = Clock::real();
        let held = clock.hold();
        clock.hold_at(held.at + SignedDuration::from_mins(10));
        clock.release(held);
        assert_eq!(clock.mode(), ClockMode::Shifted);
        assert!(held.at + SignedDuration::from_mins(10) <= clock.now());

        clock.freeze();
        let held = clock.hold();
        clock.release(held);
        assert_eq!(clock.mode(), ClockMode::Frozen);
        assert_eq!(clock.now(), held.at);
    }
}
