//! The time of a sales unit: real, shifted or standing still. The only place
//! of the mock that reads the machine's clock or sleeps.

use std::time::Instant;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

/// A sales unit's clock. Cloning shares the same clock.
#[derive(Debug, Clone)]
pub struct Clock {
    face: watch::Sender<Face>,
}

#[derive(Debug, Clone, Copy)]
struct Face {
    /// How it goes when nobody holds it.
    hands: Hands,
    /// What it reads while an advance holds it.
    held: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
enum Hands {
    /// The machine's time plus a shift.
    Running(SignedDuration),
    /// Stands still.
    Frozen(Timestamp),
}

/// How a clock goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ClockMode {
    /// As the machine's.
    Real,
    /// As fast as the machine's, but apart from it.
    Shifted,
    /// Not at all.
    Frozen,
}

impl Clock {
    /// Follows the machine's clock until told otherwise.
    #[must_use]
    pub fn real() -> Self {
        Self { face: watch::Sender::new(Face::REAL) }
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.face.borrow().read()
    }

    /// How it goes, or will go on once an advance is over.
    #[must_use]
    pub fn mode(&self) -> ClockMode {
        match self.face.borrow().hands {
            Hands::Running(SignedDuration::ZERO) => ClockMode::Real,
            Hands::Running(_) => ClockMode::Shifted,
            Hands::Frozen(_) => ClockMode::Frozen,
        }
    }

    /// Stops it where it stands.
    pub fn freeze(&self) {
        self.face.send_modify(|face| face.hands = Hands::Frozen(face.read()));
    }

    /// Lets it run on from where it stands.
    pub fn resume(&self) {
        self.face.send_modify(|face| {
            if let Hands::Frozen(_) = face.hands {
                face.hands = running_from(face.read());
            }
        });
    }

    /// Goes as the machine's again, even if that is earlier. An advance under way loses its hold.
    pub(super) fn reset(&self) {
        self.face.send_modify(|face| *face = Face::REAL);
    }

    /// Reads this time and goes on in this way, whatever it read before. An advance under way loses
    /// its hold.
    ///
    /// A clock that was real when it was written down goes as fast as the machine's again, but from
    /// where it stood: nothing becomes due because time has passed elsewhere.
    pub(super) fn take_up(&self, mode: ClockMode, at: Timestamp) {
        let hands = match mode {
            ClockMode::Real | ClockMode::Shifted => running_from(at),
            ClockMode::Frozen => Hands::Frozen(at),
        };
        self.face.send_modify(|face| *face = Face { hands, held: None });
    }

    /// Stops it for the time of an advance, and says where it stands.
    pub(super) fn hold(&self) -> Timestamp {
        self.face.send_modify(|face| face.held = Some(face.read()));
        self.now()
    }

    /// Moves a held clock on to `at`; says whether it is still held. Time never runs backwards.
    pub(super) fn hold_at(&self, at: Timestamp) -> bool {
        let mut is_held = false;
        self.face.send_modify(|face| {
            if let Some(held) = &mut face.held {
                *held = at.max(*held);
                is_held = true;
            }
        });
        is_held
    }

    /// Lets a held clock go on from where it stands, the way it is meant to go by now.
    pub(super) fn release(&self) {
        self.face.send_modify(|face| {
            if let Some(at) = face.held.take() {
                face.hands = match face.hands {
                    Hands::Frozen(_) => Hands::Frozen(at),
                    Hands::Running(_) => running_from(at),
                };
            }
        });
    }

    /// Waits until the clock reads `deadline` or later; for ever where there is none.
    pub async fn sleep_until(&self, deadline: Option<Timestamp>) {
        let Some(deadline) = deadline else { return std::future::pending().await };
        let mut changes = self.face.subscribe();
        loop {
            let face = *changes.borrow_and_update();
            let left = deadline.duration_since(face.read());
            if left <= SignedDuration::ZERO {
                return;
            }
            tokio::select! {
                () = face.wait(left) => {}
                // The sender lives in `self`, so this cannot fail.
                _ = changes.changed() => {}
            }
        }
    }
}

impl Face {
    const REAL: Self = Self { hands: Hands::Running(SignedDuration::ZERO), held: None };

    fn read(&self) -> Timestamp {
        match (self.held, self.hands) {
            (Some(at), _) | (None, Hands::Frozen(at)) => at,
            (None, Hands::Running(shift)) => machine_time() + shift,
        }
    }

    async fn wait(&self, left: SignedDuration) {
        match (self.held, self.hands) {
            #[expect(clippy::disallowed_methods, reason = "this is the clock everyone else uses")]
            (None, Hands::Running(_)) => tokio::time::sleep(left.unsigned_abs()).await,
            (Some(_), _) | (None, Hands::Frozen(_)) => std::future::pending().await,
        }
    }
}

fn running_from(at: Timestamp) -> Hands {
    Hands::Running(at.duration_since(machine_time()))
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

    /// Real microseconds since it was started.
    #[must_use]
    pub fn elapsed_us(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// Waits for `future`, but no longer than this in real time.
#[expect(clippy::disallowed_methods, reason = "a receiver's ten seconds are real")]
pub async fn within<F: Future>(limit: SignedDuration, future: F) -> Option<F::Output> {
    tokio::time::timeout(limit.unsigned_abs(), future).await.ok()
}

/// Lets real time pass: a caller who is kept waiting has no other.
#[expect(clippy::disallowed_methods, reason = "what a tester keeps waiting is real")]
pub async fn pause(time: SignedDuration) {
    tokio::time::sleep(time.unsigned_abs()).await;
}

/// The machine's time: what a receiver of webhooks compares `x-ms-date` with.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the clock everyone else uses")]
pub fn machine_time() -> Timestamp {
    Timestamp::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn sleeper_wakes_when_the_held_clock_passes_its_deadline() {
        let clock = Clock::real();
        let start = clock.hold();
        let deadline = start + SignedDuration::from_hours(24 * 7);
        let sleeper = clock.clone();
        let task = tokio::spawn(async move { sleeper.sleep_until(Some(deadline)).await });
        clock.hold_at(start + SignedDuration::from_hours(24 * 6));
        tokio::task::yield_now().await;
        assert!(!task.is_finished());
        clock.hold_at(deadline);
        task.await.unwrap();
    }

    #[test]
    fn held_clock_goes_on_as_it_did_before() {
        let clock = Clock::real();
        let later = clock.hold() + SignedDuration::from_mins(10);
        clock.hold_at(later);
        assert_eq!(clock.mode(), ClockMode::Real, "what an advance does is not its mode");
        clock.release();
        assert_eq!(clock.mode(), ClockMode::Shifted);
        assert!(later <= clock.now());

        clock.freeze();
        let at = clock.hold();
        clock.release();
        assert_eq!(clock.mode(), ClockMode::Frozen);
        assert_eq!(clock.now(), at);
    }

    #[test]
    fn what_a_tester_asks_for_during_an_advance_holds_after_it() {
        let clock = Clock::real();
        let later = clock.hold() + SignedDuration::from_mins(10);
        clock.freeze();
        clock.hold_at(later);
        clock.release();
        assert_eq!((clock.mode(), clock.now()), (ClockMode::Frozen, later));

        clock.hold();
        clock.resume();
        clock.release();
        assert_eq!(clock.mode(), ClockMode::Shifted);
    }

    #[test]
    fn reset_ends_the_hold() {
        let clock = Clock::real();
        let later = clock.hold() + SignedDuration::from_mins(10);
        clock.reset();
        assert!(!clock.hold_at(later));
        clock.release();
        assert_eq!(clock.mode(), ClockMode::Real);
    }
}
