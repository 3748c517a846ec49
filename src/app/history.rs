//! What has happened lately, in order and numbered: a live stream reads it, and goes on from any
//! place in it that is still there.

use std::{
    collections::VecDeque,
    fmt,
    str::FromStr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::watch;

use super::{entropy::random_seed, facts::DatedFact};
use crate::domain::Msn;

/// How many facts a sales unit remembers.
pub(super) const OF_A_UNIT: usize = 1_000;

/// How many facts of all sales units together are remembered.
pub(super) const OF_ALL_UNITS: usize = 10_000;

/// A place in a history, and which history that is: after a restart of the mock, or in a sales unit
/// that was dropped and opened again under the same number, the same number is another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    history: u64,
    /// The how-manieth fact, from 1. It goes on after a reset.
    number: u64,
}

/// The text is no [`Place`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no id of an event")]
pub struct InvalidPlace;

/// A fact in a history.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Where.
    pub place: Place,
    /// In which sales unit it happened.
    pub msn: Msn,
    /// What, and when.
    pub dated: DatedFact,
}

/// What a [`Follower`] is told.
#[derive(Debug, Clone)]
pub enum News {
    /// Something happened.
    Entry(Entry),
    /// Something had happened that is forgotten by now.
    Missed(Missed),
}

/// How much is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missed {
    /// The last place that is forgotten.
    pub until: Place,
    /// How many facts; `None` when whoever asks comes from another history.
    pub count: Option<u64>,
}

/// Where to begin to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// With what happens from now on.
    Now,
    /// With the oldest that is remembered, but not before the last reset.
    Start,
    /// With what follows this.
    After(Place),
}

/// The latest facts of a sales unit, or of all of them.
#[derive(Debug)]
pub struct History {
    id: u64,
    capacity: usize,
    ring: Mutex<Ring>,
    /// Told of every change, if there is anybody to be told.
    changes: watch::Sender<()>,
    is_kept: AtomicBool,
}

#[derive(Debug, Default)]
struct Ring {
    /// Their numbers are the last ones up to `last`, without a gap.
    entries: VecDeque<(Msn, DatedFact)>,
    last: u64,
    /// The last number before the last reset.
    before_start: u64,
    is_closed: bool,
}

impl History {
    /// One that remembers this many facts.
    pub(super) fn new(capacity: usize) -> Arc<Self> {
        Arc::new(Self {
            id: random_seed(),
            capacity,
            ring: Mutex::default(),
            changes: watch::Sender::new(()),
            is_kept: AtomicBool::new(true),
        })
    }

    /// The same, from when somebody first follows it: until then it costs nothing.
    pub(super) fn on_demand(capacity: usize) -> Arc<Self> {
        let history = Self::new(capacity);
        history.is_kept.store(false, Ordering::Relaxed);
        history
    }

    /// Whether anything is to be added.
    pub(super) fn is_kept(&self) -> bool {
        self.is_kept.load(Ordering::Relaxed)
    }

    /// Adds facts of one sales unit. Nothing is added once it is closed.
    pub(super) fn extend(&self, msn: &Msn, facts: impl IntoIterator<Item = DatedFact>) {
        let mut ring = self.lock();
        if ring.is_closed {
            return;
        }
        for dated in facts {
            if ring.entries.len() == self.capacity {
                ring.entries.pop_front();
            }
            ring.entries.push_back((msn.clone(), dated));
            ring.last += 1;
        }
        drop(ring);
        self.tell();
    }

    /// Whoever asks for the start is given what comes from now on.
    pub(super) fn begin_again(&self) {
        let mut ring = self.lock();
        ring.before_start = ring.last;
    }

    /// Ends it, and with it whoever follows it to the end.
    pub(super) fn close(&self) {
        self.lock().is_closed = true;
        self.tell();
    }

    /// Reads it from there on.
    #[must_use]
    pub fn follow(self: &Arc<Self>, since: Since) -> Follower {
        self.is_kept.store(true, Ordering::Relaxed);
        // Before the ring is looked at, so that no change falls in between.
        let changes = self.changes.subscribe();
        let ring = self.lock();
        let start = ring.before_start.max(ring.forgotten());
        let (read, missed) = match since {
            Since::Now => (ring.last, None),
            Since::Start => (start, None),
            Since::After(Place { history, number })
                if history == self.id && number <= ring.last =>
            {
                (number, None)
            }
            Since::After(_) => (start, Some(Missed { until: self.place(start), count: None })),
        };
        drop(ring);
        Follower { history: self.clone(), changes, read, missed }
    }

    fn place(&self, number: u64) -> Place {
        Place { history: self.id, number }
    }

    fn tell(&self) {
        // Costs one look where nobody listens.
        if 0 < self.changes.receiver_count() {
            self.changes.send_replace(());
        }
    }

    // Nothing can panic while it is held but an allocation.
    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.ring.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ring {
    /// The last number that is not remembered any more.
    fn forgotten(&self) -> u64 {
        self.last - self.entries.len() as u64
    }

    fn get(&self, number: u64) -> Option<&(Msn, DatedFact)> {
        let place = number.checked_sub(self.forgotten() + 1)?;
        self.entries.get(usize::try_from(place).ok()?)
    }
}

/// Somebody who reads a history in order, at their own pace.
#[derive(Debug)]
pub struct Follower {
    history: Arc<History>,
    changes: watch::Receiver<()>,
    /// The number read last.
    read: u64,
    missed: Option<Missed>,
}

impl Follower {
    /// The place read last, also when nothing has been read yet: what comes next follows it.
    #[must_use]
    pub fn place(&self) -> Place {
        self.history.place(self.read)
    }

    /// What comes next; waits for it. `None` once the history has ended.
    pub async fn next(&mut self) -> Option<News> {
        loop {
            self.changes.mark_unchanged();
            match self.look() {
                Look::News(news) => return Some(news),
                Look::End => return None,
                // The sender lives in the history, so this cannot fail.
                Look::NothingYet => drop(self.changes.changed().await),
            }
        }
    }

    /// What comes next, if it is there already.
    #[must_use]
    pub fn next_ready(&mut self) -> Option<News> {
        match self.look() {
            Look::News(news) => Some(news),
            Look::End | Look::NothingYet => None,
        }
    }

    /// The next fact alone. `None` once the history has ended.
    pub async fn next_fact(&mut self) -> Option<DatedFact> {
        loop {
            if let News::Entry(entry) = self.next().await? {
                return Some(entry.dated);
            }
        }
    }

    fn look(&mut self) -> Look {
        if let Some(missed) = self.missed.take() {
            return Look::News(News::Missed(missed));
        }
        let ring = self.history.lock();
        let forgotten = ring.forgotten();
        if self.read < forgotten {
            let count = Some(forgotten - self.read);
            self.read = forgotten;
            let until = self.history.place(forgotten);
            return Look::News(News::Missed(Missed { until, count }));
        }
        let Some((msn, dated)) = ring.get(self.read + 1) else {
            return if ring.is_closed { Look::End } else { Look::NothingYet };
        };
        self.read += 1;
        let place = self.history.place(self.read);
        Look::News(News::Entry(Entry { place, msn: msn.clone(), dated: dated.clone() }))
    }
}

enum Look {
    News(News),
    NothingYet,
    End,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}-{}", self.history, self.number)
    }
}

impl FromStr for Place {
    type Err = InvalidPlace;

    fn from_str(text: &str) -> Result<Self, InvalidPlace> {
        let (history, number) = text.split_once('-').ok_or(InvalidPlace)?;
        let history = u64::from_str_radix(history, 16).map_err(|_| InvalidPlace)?;
        let number = number.parse().map_err(|_| InvalidPlace)?;
        Ok(Self { history, number })
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::app::facts::Fact;

    const WHAT: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

    fn msn() -> Msn {
        "900001".parse().unwrap()
    }

    fn add(history: &History, what: &[&'static str]) {
        let dated = |what| DatedFact { at: Timestamp::UNIX_EPOCH, fact: Fact::Clock { what } };
        history.extend(&msn(), what.iter().map(|what| dated(what)));
    }

    /// Everything that is there to read, what is missing as a number.
    fn read(follower: &mut Follower) -> Vec<String> {
        std::iter::from_fn(|| follower.next_ready())
            .map(|news| match news {
                News::Entry(entry) => entry.dated.fact.to_string(),
                News::Missed(missed) => format!("{:?} missed", missed.count),
            })
            .collect()
    }

    fn place(follower: &mut Follower) -> Place {
        match follower.next_ready().unwrap() {
            News::Entry(entry) => entry.place,
            News::Missed(missed) => missed.until,
        }
    }

    #[test]
    fn everyone_reads_all_of_it_in_order() {
        let history = History::new(10);
        let mut early = history.follow(Since::Now);
        add(&history, &WHAT[..2]);
        let mut late = history.follow(Since::Now);
        add(&history, &WHAT[2..3]);
        assert_eq!(read(&mut early), ["one", "two", "three"]);
        assert_eq!(read(&mut late), ["three"]);
        assert_eq!(read(&mut history.follow(Since::Start)), ["one", "two", "three"]);
    }

    #[test]
    fn reading_goes_on_from_any_place() {
        let history = History::new(10);
        add(&history, &WHAT[..3]);
        let mut first = history.follow(Since::Start);
        let after_one: Place = place(&mut first).to_string().parse().unwrap();
        assert_eq!(read(&mut history.follow(Since::After(after_one))), ["two", "three"]);
        let after_two = place(&mut first);
        let after_three = place(&mut first);
        assert_eq!(read(&mut history.follow(Since::After(after_two))), ["three"]);
        assert!(read(&mut history.follow(Since::After(after_three))).is_empty());
    }

    #[test]
    fn what_is_forgotten_is_said_to_be_missed() {
        let history = History::new(3);
        let mut slow = history.follow(Since::Now);
        add(&history, &WHAT[..1]);
        let after_one = place(&mut history.follow(Since::Start));
        add(&history, &WHAT[1..]);
        assert_eq!(read(&mut slow), ["Some(3) missed", "four", "five", "six"]);
        let mut resumed = history.follow(Since::After(after_one));
        assert_eq!(read(&mut resumed), ["Some(2) missed", "four", "five", "six"]);
        let after_gap = place(&mut history.follow(Since::After(after_one)));
        assert_eq!(read(&mut history.follow(Since::After(after_gap))), ["four", "five", "six"]);
        assert_eq!(read(&mut history.follow(Since::Start)), ["four", "five", "six"]);
    }

    #[test]
    fn a_place_in_another_history_is_none_in_this_one() {
        let (history, other) = (History::new(10), History::new(10));
        add(&history, &WHAT[..2]);
        add(&other, &WHAT[..2]);
        let foreign = place(&mut other.follow(Since::Start));
        let read = read(&mut history.follow(Since::After(foreign)));
        assert_eq!(read, ["None missed", "one", "two"]);
    }

    #[test]
    fn a_reset_is_a_new_start_and_hides_nothing_from_those_who_read() {
        let history = History::new(10);
        let mut reader = history.follow(Since::Now);
        add(&history, &WHAT[..2]);
        let after_one = place(&mut history.follow(Since::Start));
        history.begin_again();
        add(&history, &WHAT[2..3]);
        assert_eq!(read(&mut reader), ["one", "two", "three"]);
        assert_eq!(read(&mut history.follow(Since::After(after_one))), ["two", "three"]);
        assert_eq!(read(&mut history.follow(Since::Start)), ["three"]);
    }

    #[tokio::test]
    async fn the_end_comes_after_all_that_was_before_it() {
        let history = History::new(10);
        let mut reader = history.follow(Since::Now);
        let waiting = tokio::spawn(async move {
            let first = reader.next_fact().await.map(|it| it.fact.to_string());
            (first, reader.next_fact().await.is_none())
        });
        tokio::task::yield_now().await;
        add(&history, &WHAT[..1]);
        history.close();
        add(&history, &WHAT[1..2]);
        assert_eq!(waiting.await.unwrap(), (Some("one".to_owned()), true));
        assert!(history.follow(Since::Now).next().await.is_none());
    }

    #[test]
    fn ids_are_read_as_they_are_printed_and_nothing_else_is() {
        for text in ["", "12", "x-1", "1-x", "1-", "-1", "1-2-3"] {
            assert_eq!(text.parse::<Place>(), Err(InvalidPlace), "{text}");
        }
    }

    #[test]
    fn a_history_on_demand_is_kept_from_the_first_that_follows() {
        let history = History::on_demand(10);
        assert!(!history.is_kept());
        drop(history.follow(Since::Now));
        assert!(history.is_kept());
    }
}
