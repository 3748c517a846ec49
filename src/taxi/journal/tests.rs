//! Both journals keep what they are given; the file keeps it for the next process.

use std::path::PathBuf;

use super::*;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::ride::RideOrder;

/// A file of this test's own, gone when it ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("vipps-mock-journal-{}-{name}.redb", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_file(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn ride(name: &str) -> RideKey {
    name.parse().unwrap()
}

fn entries() -> Vec<Entry> {
    let fare = Fare::taxi_ride(Amount::nok(34592)).unwrap().with_tip(Amount::nok(100)).unwrap();
    let order = RideOrder::new(ride("ride-0001"), "4790000001".parse().unwrap(), fare);
    let attempt = order.attempt(1);
    let (amount, in_all) = (Amount::nok(34592), Amount::nok(34592));
    let act = Act::Capture { part: 1, amount, in_all };
    vec![
        Entry::Ordered(order.clone()),
        Entry::Planned { attempt: attempt.clone(), order, alone: false },
        Entry::Intended { attempt, act },
        Entry::CalledOff,
    ]
}

fn keeps(journal: &dyn Journal) {
    assert_eq!(journal.rides().unwrap(), []);
    assert_eq!(journal.read(&ride("ride-0001")).unwrap(), []);
    let (first, rest) = (&entries()[..1], &entries()[1..]);
    journal.write(&ride("ride-0001"), first).unwrap();
    journal.write(&ride("ride-0001"), rest).unwrap();
    journal.write(&ride("ride-0010"), &[Entry::Boarded]).unwrap();
    assert_eq!(journal.read(&ride("ride-0001")).unwrap(), entries());
    assert_eq!(journal.read(&ride("ride-0010")).unwrap(), [Entry::Boarded]);
    assert_eq!(journal.rides().unwrap(), [ride("ride-0001"), ride("ride-0010")]);
}

#[test]
fn a_journal_gives_back_what_it_was_given_ride_by_ride() {
    keeps(&MemoryJournal::default());
    keeps(&FileJournal::open(&Scratch::new("keeps").0).unwrap());
}

#[test]
fn a_file_is_found_again_by_the_next_process() {
    let file = Scratch::new("again");
    for entry in entries() {
        FileJournal::open(&file.0).unwrap().write(&ride("ride-0001"), &[entry]).unwrap();
    }
    let journal = FileJournal::open(&file.0).unwrap();
    assert_eq!(journal.read(&ride("ride-0001")).unwrap(), entries());
}

#[test]
fn a_file_that_is_something_else_is_left_alone() {
    let file = Scratch::new("else");
    std::fs::write(&file.0, "a letter to the taxi company").unwrap();
    let error = FileJournal::open(&file.0).unwrap_err().to_string();
    assert!(error.contains("cannot be opened as a journal"), "{error}");
    assert_eq!(std::fs::read_to_string(&file.0).unwrap(), "a letter to the taxi company");
}

#[test]
fn two_processes_cannot_have_one_journal() {
    let file = Scratch::new("two");
    let _first = FileJournal::open(&file.0).unwrap();
    let error = FileJournal::open(&file.0).unwrap_err().to_string();
    assert!(error.contains("cannot be opened"), "{error}");
}
