//! How often a payment may be called about (ePayment API guide, rate limits).

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;

use super::{QuickMap, unit::SalesUnit};
use crate::domain::{Operation, rate_limit::Window};

/// Whether calls are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimits {
    /// As on the platform.
    On,
    /// Never: for load tests.
    Off,
}

/// There have been too many calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManyCalls {
    /// How many whole seconds to wait.
    pub retry_after_s: u64,
}

/// What has been called, by reference. It has a lock of its own: the gateway counts before
/// anything else is looked at.
#[derive(Debug)]
pub(super) struct Counters {
    limits: RateLimits,
    by_reference: Mutex<Counted>,
}

/// The windows of each reference.
pub(super) type Counted = QuickMap<Box<str>, Windows>;

/// One window an operation.
type Windows = [Window; Operation::ALL.len()];

/// Below this many references nothing is swept.
const SWEEP_AT_LEAST: usize = 1024;

/// Changes five times a minute, looks a hundred and twenty times. Force approve has no limit.
const fn limit(operation: Operation) -> Option<usize> {
    match operation {
        Operation::Create | Operation::Capture | Operation::Refund | Operation::Cancel => Some(5),
        Operation::Get | Operation::Events => Some(120),
        Operation::Approve => None,
    }
}

impl TooManyCalls {
    /// Whole seconds, so that a call after that time is not too early.
    fn after(wait: SignedDuration) -> Self {
        let seconds = wait.as_secs() + i64::from(0 < wait.subsec_nanos());
        Self { retry_after_s: seconds.unsigned_abs().max(1) }
    }
}

impl Counters {
    pub(super) fn new(limits: RateLimits) -> Self {
        Self { limits, by_reference: Mutex::default() }
    }

    pub(super) fn reset(&self) {
        self.replace(Counted::default());
    }

    /// What has been counted, for a snapshot.
    pub(super) fn counted(&self) -> Counted {
        self.by_reference.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on counting from here.
    pub(super) fn replace(&self, counted: Counted) {
        *self.by_reference.lock().unwrap_or_else(PoisonError::into_inner) = counted;
    }
}

impl SalesUnit {
    /// Counts a call about a payment. Calls that name none count as about the same one.
    ///
    /// # Errors
    ///
    /// [`TooManyCalls`].
    pub fn admit(&self, operation: Operation, reference: &str) -> Result<(), TooManyCalls> {
        let Some(limit) = limit(operation).filter(|_| self.counters.limits == RateLimits::On)
        else {
            return Ok(());
        };
        let now = self.clock().now();
        // Counting cannot leave the map half changed.
        let counters = &self.counters.by_reference;
        let mut counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
        let count = |windows: &mut Windows| {
            windows[operation as usize].admit(limit, now).map_err(TooManyCalls::after)
        };
        if let Some(windows) = counters.get_mut(reference) {
            return count(windows);
        }
        // Only when the map is about to grow, so that sweeping costs next to nothing a call.
        if SWEEP_AT_LEAST <= counters.len() && counters.len() == counters.capacity() {
            counters.retain(|_, windows| !windows.iter().all(|window| window.is_over(now)));
        }
        count(counters.entry(reference.into()).or_default())
    }
}
