//! How many webhooks are on the wire at a time, towards one host and in all.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many webhooks are on the wire towards one host, whoever they are from.
const PER_HOST_MAX: usize = 32;

/// How many webhooks are on the wire in all, beside the one that every host may have.
const IN_ALL_MAX: usize = 256;

/// How many hosts are remembered before those that nobody writes to are forgotten.
const HOSTS_KEPT: usize = 1024;

/// Lets webhooks onto the wire.
///
/// Every host has a place that no other host can take, so receivers that hang may take all the
/// common ones and still keep nobody else from being served.
#[derive(Debug)]
pub(super) struct Gate {
    common: Arc<Semaphore>,
    hosts: Mutex<HashMap<String, Arc<Host>>>,
}

#[derive(Debug)]
struct Host {
    places: Arc<Semaphore>,
    own: Arc<Semaphore>,
}

/// A place on the wire, given back when dropped.
#[derive(Debug)]
pub(super) struct Pass {
    _of_host: Option<OwnedSemaphorePermit>,
    _own_or_common: Option<OwnedSemaphorePermit>,
}

impl Gate {
    pub(super) fn new() -> Self {
        Self { common: Arc::new(Semaphore::new(IN_ALL_MAX)), hosts: Mutex::default() }
    }

    /// Waits for a place towards this host.
    pub(super) async fn enter(&self, host: &str) -> Pass {
        let host = self.host(host);
        // No semaphore here is ever closed, so none of these waits fails.
        let of_host = host.places.clone().acquire_owned().await.ok();
        let own_or_common = tokio::select! {
            biased;
            own = host.own.clone().acquire_owned() => own.ok(),
            common = self.common.clone().acquire_owned() => common.ok(),
        };
        Pass { _of_host: of_host, _own_or_common: own_or_common }
    }

    fn host(&self, name: &str) -> Arc<Host> {
        // The map is whole between any two statements.
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(host) = hosts.get(name) {
            return host.clone();
        }
        if HOSTS_KEPT <= hosts.len() {
            hosts.retain(|_, host| host.is_in_use());
        }
        let host = Arc::new(Host {
            places: Arc::new(Semaphore::new(PER_HOST_MAX)),
            own: Arc::new(Semaphore::new(1)),
        });
        hosts.insert(name.to_owned(), host.clone());
        host
    }
}

impl Host {
    fn is_in_use(&self) -> bool {
        1 < Arc::strong_count(&self.places) || self.places.available_permits() < PER_HOST_MAX
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    /// Enters as often as it goes without waiting.
    fn crowd(gate: &Gate, host: &str) -> Vec<Pass> {
        std::iter::from_fn(|| gate.enter(host).now_or_never()).take(1000).collect()
    }

    #[test]
    fn one_host_has_so_many_places_and_another_has_its_own() {
        let gate = Gate::new();
        let mut first = crowd(&gate, "one");
        assert_eq!(first.len(), PER_HOST_MAX);
        first.pop();
        assert_eq!(crowd(&gate, "one").len(), 1, "a place that is given back can be taken");
        assert_eq!(crowd(&gate, "two").len(), PER_HOST_MAX);
    }

    #[test]
    fn hosts_that_fill_the_wire_leave_every_other_one_a_place() {
        let gate = Gate::new();
        let hanging: Vec<_> = (0..20).flat_map(|host| crowd(&gate, &host.to_string())).collect();
        assert_eq!(hanging.len(), IN_ALL_MAX + 20);
        assert_eq!(crowd(&gate, "late").len(), 1);
    }

    #[test]
    fn hosts_that_nobody_writes_to_are_forgotten() {
        let gate = Gate::new();
        let kept = crowd(&gate, "kept");
        for host in 0..2 * HOSTS_KEPT {
            drop(gate.enter(&host.to_string()).now_or_never());
        }
        assert!(gate.hosts.lock().unwrap().len() <= HOSTS_KEPT);
        assert_eq!(crowd(&gate, "kept").len(), PER_HOST_MAX - kept.len());
    }
}
