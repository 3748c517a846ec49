//! What has been received: each event once, in order, for whoever asks and whenever they ask.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::{Secret, WebhookEvent};
use crate::taxi::client::EventName;

/// How many events are kept, and with them the memory of what is a repeat.
const EVENTS_MAX: usize = 10_000;
/// How many reasons of rejections are kept.
const REJECTIONS_MAX: usize = 100;

/// How many deliveries came, by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Verified, and new.
    pub accepted: u64,
    /// Verified, and received before.
    pub repeated: u64,
    /// Not verified, so not looked into.
    pub rejected: u64,
    /// Verified, but no payment event.
    pub ignored: u64,
}

/// The state of a receiver. The lock is never held while anything waits.
#[derive(Debug)]
pub(super) struct Inbox {
    contents: Mutex<Contents>,
    /// Carries the number of events ever accepted.
    changes: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Contents {
    secrets: HashMap<String, Secret>,
    events: VecDeque<WebhookEvent>,
    /// How many older events are no longer in `events`.
    forgotten: u64,
    seen: HashSet<EventKey>,
    counts: Counts,
    rejections: VecDeque<String>,
}

/// What makes two deliveries one event. The reference will not do instead of the event's id:
/// two captures of one payment have the same reference and name.
type EventKey = (String, EventName);

fn key(event: &WebhookEvent) -> EventKey {
    (event.psp_reference.clone(), event.name.clone())
}

impl Inbox {
    pub(super) fn new() -> Self {
        Self { contents: Mutex::default(), changes: watch::Sender::new(0) }
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) fn secret(&self, registration: &str) -> Option<Secret> {
        self.lock().secrets.get(registration).cloned()
    }

    pub(super) fn add_secret(&self, registration: &str, secret: Secret) {
        self.lock().secrets.insert(registration.to_owned(), secret);
    }

    pub(super) fn remove_secret(&self, registration: &str) {
        self.lock().secrets.remove(registration);
    }

    pub(super) fn accept(&self, event: WebhookEvent) {
        let mut contents = self.lock();
        if !contents.seen.insert(key(&event)) {
            contents.counts.repeated += 1;
            return;
        }
        contents.counts.accepted += 1;
        contents.events.push_back(event);
        contents.forget_beyond(EVENTS_MAX);
        let accepted = contents.counts.accepted;
        drop(contents);
        self.changes.send_replace(accepted);
    }

    pub(super) fn ignore(&self) {
        self.lock().counts.ignored += 1;
    }

    pub(super) fn reject(&self, reason: String) {
        let mut contents = self.lock();
        contents.counts.rejected += 1;
        contents.rejections.push_back(reason);
        if contents.rejections.len() > REJECTIONS_MAX {
            contents.rejections.pop_front();
        }
    }

    pub(super) fn counts(&self) -> Counts {
        self.lock().counts
    }

    pub(super) fn rejections(&self) -> Vec<String> {
        self.lock().rejections.iter().cloned().collect()
    }

    /// The first event about this payment from position `from` on, and the position after it.
    pub(super) fn next(&self, reference: &str, from: u64) -> Option<(WebhookEvent, u64)> {
        let contents = self.lock();
        let forgotten = contents.forgotten;
        let skip = usize::try_from(from.saturating_sub(forgotten)).unwrap_or(usize::MAX);
        let mut later = (forgotten + 1..).zip(&contents.events).skip(skip);
        later
            .find(|(_, event)| event.reference == reference)
            .map(|(position, event)| (event.clone(), position))
    }

    /// Nothing panics while it holds the lock, and every change is one statement, so contents
    /// behind a poisoned lock are whole.
    fn lock(&self) -> MutexGuard<'_, Contents> {
        self.contents.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Contents {
    fn forget_beyond(&mut self, events_max: usize) {
        while self.events.len() > events_max {
            if let Some(oldest) = self.events.pop_front() {
                self.seen.remove(&key(&oldest));
                self.forgotten += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(reference: &str, psp_reference: &str, name: &str) -> WebhookEvent {
        WebhookEvent {
            msn: "900001".to_owned(),
            reference: reference.to_owned(),
            psp_reference: psp_reference.to_owned(),
            name: name.to_owned().into(),
            amount: crate::taxi::money::Amount::nok(100),
            timestamp: "2026-01-01T00:00:00.000Z".to_owned(),
            idempotency_key: None,
            success: true,
        }
    }

    #[test]
    fn a_repeat_is_counted_and_dropped() {
        let inbox = Inbox::new();
        for _ in 0..3 {
            inbox.accept(event("ride-0001-1", "1", "AUTHORIZED"));
        }
        assert_eq!(inbox.counts(), Counts { accepted: 1, repeated: 2, ..Counts::default() });
        let (_, position) = inbox.next("ride-0001-1", 0).unwrap();
        assert_eq!(inbox.next("ride-0001-1", position), None);
    }

    #[test]
    fn two_captures_of_one_payment_are_two_events() {
        let inbox = Inbox::new();
        inbox.accept(event("ride-0001-1", "1", "CAPTURED"));
        inbox.accept(event("ride-0001-1", "2", "CAPTURED"));
        assert_eq!(inbox.counts().accepted, 2);
    }

    #[test]
    fn events_are_found_by_payment_and_in_order() {
        let inbox = Inbox::new();
        for (reference, psp) in [("ride-a", "1"), ("ride-b", "2"), ("ride-a", "3")] {
            inbox.accept(event(reference, psp, "CAPTURED"));
        }
        let (first, position) = inbox.next("ride-a", 0).unwrap();
        let (second, position) = inbox.next("ride-a", position).unwrap();
        assert_eq!([first.psp_reference, second.psp_reference], ["1", "3"]);
        assert_eq!(inbox.next("ride-a", position), None);
    }

    #[test]
    fn old_events_are_forgotten_and_positions_stay_right() {
        let mut contents = Contents::default();
        for psp in ["1", "2", "3"] {
            let event = event("ride-a", psp, "CAPTURED");
            contents.seen.insert(key(&event));
            contents.events.push_back(event);
        }
        contents.forget_beyond(1);
        let inbox = Inbox { contents: Mutex::new(contents), changes: watch::Sender::new(0) };
        let (left, position) = inbox.next("ride-a", 1).unwrap();
        assert_eq!((left.psp_reference.as_str(), position), ("3", 3));
        inbox.accept(event("ride-a", "1", "CAPTURED"));
        assert_eq!(inbox.next("ride-a", 3).unwrap().1, 4);
    }
}
