//! One at a time for each ride: a webhook, a poll and a sweep may come at the same moment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::OwnedMutexGuard;

use crate::taxi::reference::RideKey;

/// The locks of the rides that somebody works on.
#[derive(Debug, Default)]
pub(super) struct Locks(Mutex<HashMap<RideKey, Weak<tokio::sync::Mutex<()>>>>);

impl Locks {
    /// Waits until nobody else works on the ride. Others wait until the guard is dropped.
    pub(super) async fn of(&self, ride: &RideKey) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            locks.retain(|_, lock| lock.strong_count() > 0);
            let known = locks.get(ride).and_then(Weak::upgrade);
            known.unwrap_or_else(|| {
                let lock = Arc::default();
                locks.insert(ride.clone(), Arc::downgrade(&lock));
                lock
            })
        };
        lock.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_ride_is_worked_on_by_one_and_others_meanwhile() {
        let locks = Locks::default();
        let (this, other) = ("ride-0001".parse().unwrap(), "ride-0002".parse().unwrap());
        let guard = locks.of(&this).await;
        assert!(futures::FutureExt::now_or_never(locks.of(&this)).is_none());
        assert!(futures::FutureExt::now_or_never(locks.of(&other)).is_some());
        drop(guard);
        assert!(futures::FutureExt::now_or_never(locks.of(&this)).is_some());
        assert_eq!(locks.0.lock().unwrap().len(), 1);
    }
}
