//! The clock that a scenario lives by: a mock's sales unit's, which is moved, or the wall's.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::control::Control;
use super::exchange::Exchange;
use super::failure::Failure;
use crate::taxi::clock::{Clock, RealClock};

/// The clock of a merchant's sales unit.
#[derive(Debug, Clone)]
pub(super) enum UnitClock {
    /// A mock's, frozen and moved by whoever waits on it.
    Stepped(SteppedClock),
    /// Nobody's to move: waiting takes its time.
    Running {
        /// How long after the last webhook no other is expected.
        quiet: SignedDuration,
    },
}

impl UnitClock {
    /// Moves the unit's time; everything due on the way is done when this returns.
    pub(super) async fn advance(&self, by: SignedDuration) -> Result<Exchange, Failure> {
        self.stepped()?.advance(by).await
    }

    /// Lets everything happen that is due at the present moment, webhooks included. Where time is
    /// nobody's to move, this waits as long as a webhook may take.
    pub(super) async fn settle(&self) -> Result<(), Failure> {
        match self {
            Self::Stepped(clock) => clock.advance(SignedDuration::ZERO).await.map(drop),
            Self::Running { quiet } => {
                RealClock.sleep(*quiet).await;
                Ok(())
            }
        }
    }

    /// Asks the unit what it shows.
    pub(super) async fn shown(&self) -> Result<Exchange, Failure> {
        let clock = self.stepped()?;
        clock.control.unit(&clock.msn, Method::GET, "/clock", None).await
    }

    fn stepped(&self) -> Result<&SteppedClock, Failure> {
        match self {
            Self::Stepped(clock) => Ok(clock),
            Self::Running { .. } => Err(Failure::new("the target's time is nobody's to move")),
        }
    }
}

impl Clock for UnitClock {
    fn now(&self) -> Timestamp {
        match self {
            Self::Stepped(clock) => clock.now(),
            Self::Running { .. } => RealClock.now(),
        }
    }

    fn sleep(&self, how_long: SignedDuration) -> BoxFuture<'_, ()> {
        match self {
            Self::Stepped(clock) => clock.sleep(how_long),
            Self::Running { .. } => RealClock.sleep(how_long),
        }
    }

    /// Nothing: a scenario is the same in every run.
    fn jitter(&self, _: SignedDuration) -> SignedDuration {
        SignedDuration::ZERO
    }
}

/// From when on a wait is a long one, since the scenario began.
const LONG_WAIT: SignedDuration = SignedDuration::from_mins(1);
/// How long the pauses of a long wait are at least.
const OVERSLEEP: SignedDuration = SignedDuration::from_secs(20);

/// A frozen unit's clock, moved by whoever waits on it. Copies are the same clock.
#[derive(Debug, Clone)]
pub(super) struct SteppedClock {
    control: Control,
    msn: String,
    now: Arc<Mutex<Timestamp>>,
    began: Timestamp,
    /// Held during a move: two at once would leave it to chance which of them is seen last.
    moving: Arc<tokio::sync::Mutex<()>>,
}

impl SteppedClock {
    /// Freezes the unit's clock and takes it over.
    pub(super) async fn freeze(control: Control, msn: &str) -> Result<Self, Failure> {
        let exchange = control.unit(msn, Method::POST, "/clock/freeze", None).await?;
        let began = now_in(&exchange)?;
        let now = Arc::new(Mutex::new(began));
        Ok(Self { control, msn: msn.to_owned(), now, began, moving: Arc::default() })
    }

    async fn advance(&self, by: SignedDuration) -> Result<Exchange, Failure> {
        let _alone = self.moving.lock().await;
        // Whole milliseconds, rounded up: whoever waits is promised at least this long.
        let by = format!("{}ms", (by.as_nanos().max(0) + 999_999) / 1_000_000);
        let body = json!({ "by": by });
        let path = "/clock/advance";
        let exchange = self.control.unit(&self.msn, Method::POST, path, Some(&body)).await?;
        let now = now_in(&exchange)?;
        // One timestamp is whole between any two statements, whatever panicked elsewhere.
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(exchange)
    }

    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A taxi that hears of an answer stops waiting. The move goes on to its end all the same:
    /// time does not stop half way. Whoever has waited for long oversleeps a little, as on any clock:
    /// asking every two seconds for ten minutes takes hundreds of calls and shows nothing more.
    fn sleep(&self, how_long: SignedDuration) -> BoxFuture<'_, ()> {
        let clock = self.clone();
        let is_long = self.now().duration_since(self.began) >= LONG_WAIT;
        let how_long = if is_long { how_long.max(OVERSLEEP) } else { how_long };
        Box::pin(async move {
            // A waiting taxi cannot be told of a failure; the step that looks afterwards will be.
            let _ = tokio::spawn(async move { clock.advance(how_long).await }).await;
        })
    }
}

/// The moment that a reply of the clock shows.
pub(super) fn now_in(exchange: &Exchange) -> Result<Timestamp, Failure> {
    let now = exchange.at("now")?;
    let text = now.as_str().unwrap_or_default();
    text.parse().map_err(|error| Failure::new(format!("now is no moment: {error}\n{exchange}")))
}
