//! The rides that a taxi company has to get right are numbered, and each number is told by a scenario
//! at least: `--tags @taxi-43` runs what is about number 43.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use vipps_mock::conformance::{Selection, list};

/// The numbers by what they are about. Those between are not about the money of a ride.
const NUMBERS: [(&str, RangeInclusive<u32>); 11] = [
    ("push fare request", 1..=11),
    ("app preauthorised ride", 12..=21),
    ("fare settlement", 22..=33),
    ("fare above reservation", 34..=40),
    ("cancellation and no show", 41..=49),
    ("customer does not pay", 50..=58),
    ("refunds and disputes", 91..=97),
    ("webhooks", 98..=108),
    ("idempotency and retries", 109..=119),
    ("crash recovery", 120..=127),
    ("deadlines", 134..=138),
];

pub(crate) fn check() {
    let listed = list(&Selection::default()).unwrap();
    let tags = listed.iter().flat_map(|scenario| &scenario.tags);
    let told: BTreeSet<u32> =
        tags.filter_map(|tag| tag.strip_prefix("taxi-")?.parse().ok()).collect();
    let missing: Vec<String> = NUMBERS
        .into_iter()
        .flat_map(|(about, numbers)| numbers.map(move |number| (about, number)))
        .filter(|(_, number)| !told.contains(number))
        .map(|(about, number)| format!("@taxi-{number} ({about})"))
        .collect();
    assert!(missing.is_empty(), "no scenario has the tag {}", missing.join(", "));
}
