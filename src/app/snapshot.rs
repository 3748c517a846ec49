//! A sales unit as one document, so that what a tester has run into can be carried elsewhere.
//!
//! What is kept is the state itself: whatever a sales unit remembers derives serde's traits, and a
//! field that is added is in the document as well. Left out is what is only looked at (the journal
//! and the history of events), and what is on the wire: a webhook that is being sent is sent again,
//! a merchant who is being asked for shipping options is not asked again.

pub(super) mod pairs;

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::{
    Mock, SalesUnit, SalesUnitSeed,
    clock::ClockMode,
    entropy::{Entropy, Position, hex},
    facts::Fact,
    limits::Counted,
    unit::State,
    webhooks::zulu_text,
};
use crate::domain::Msn;

/// What every snapshot says of itself. The number changes when an older mock could misread a newer
/// document, or the other way round.
pub const FORMAT: &str = "vipps-mock/sales-unit/1";

/// A sales unit as a document.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// What kind of document it is, and in which form.
    #[schema(example = "vipps-mock/sales-unit/1")]
    format: &'static str,
    /// The mock that wrote it.
    version: &'static str,
    /// Which sales unit it is.
    msn: String,
    /// When it was written, by the clock of the sales unit.
    saved_at: String,
    /// What `unit` is compared with when it is read: a hash of it, its members sorted.
    sha256: String,
    /// All the rest, in words of the mock's own.
    #[schema(value_type = Object)]
    unit: Value,
}

/// A sales unit, as it was.
#[derive(Debug)]
pub struct Snapshot {
    kept: Kept,
    entropy: Entropy,
    dice: Entropy,
}

/// What a snapshot is made of.
#[derive(Debug, Deserialize)]
struct Kept {
    seed: SalesUnitSeed,
    clock: KeptClock,
    entropy: Position,
    dice: Position,
    tokens: BTreeMap<Arc<str>, Timestamp>,
    counted: Counted,
    state: State,
}

/// The same, to be written.
#[derive(Serialize)]
struct Keep<'a> {
    seed: &'a SalesUnitSeed,
    clock: KeptClock,
    entropy: Position,
    dice: Position,
    tokens: BTreeMap<Arc<str>, Timestamp>,
    counted: Counted,
    state: &'a State,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptClock {
    mode: ClockMode,
    now: Timestamp,
}

/// Why a document is no snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// It says nothing of the kind.
    #[error("it is no snapshot of a sales unit: its `format` is not {FORMAT}")]
    NotOne,
    /// It is one that this mock cannot read.
    #[error("its format is {0}, and this mock reads {FORMAT}")]
    UnknownFormat(String),
    /// It is not as it was written.
    #[error("it is damaged: what is under `unit` does not have its `sha256`")]
    Damaged,
    /// Another version of the mock wrote it, and keeps other things.
    #[error("it was written by vipps-mock {version}, which this one cannot read: {reason}")]
    Unreadable {
        /// Which version.
        version: String,
        /// What is in the way.
        reason: String,
    },
}

/// Why a snapshot is not taken up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// There is a sales unit of this number that is another one.
    #[error("there is a sales unit {msn} already, and it has another {what} than the snapshot's")]
    Differs {
        /// Its number.
        msn: Msn,
        /// What is different.
        what: &'static str,
    },
    /// A key would open two sales units.
    #[error("its {what} belongs to the sales unit {msn}")]
    KeyTaken {
        /// Which key.
        what: &'static str,
        /// Whose it is.
        msn: Msn,
    },
}

impl Snapshot {
    /// Reads a document.
    ///
    /// # Errors
    ///
    /// [`SnapshotError`].
    pub fn read(mut document: Value) -> Result<Self, SnapshotError> {
        let text = |name: &str| {
            let text = document.get(name).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let (format, version, sha256) = (text("format"), text("version"), text("sha256"));
        if format != FORMAT {
            let is_ours = format.starts_with("vipps-mock/sales-unit/");
            return Err(if is_ours {
                SnapshotError::UnknownFormat(format)
            } else {
                SnapshotError::NotOne
            });
        }
        let mut unit = document.get_mut("unit").map(Value::take).unwrap_or_default();
        if digest(&mut unit) != sha256 {
            return Err(SnapshotError::Damaged);
        }
        let unreadable = |reason: String| SnapshotError::Unreadable { version, reason };
        let kept: Result<Kept, _> = serde_path_to_error::deserialize(unit);
        let kept = match kept {
            Ok(kept) => kept,
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let sequences = Entropy::at(kept.entropy).and_then(|it| Ok((it, Entropy::at(kept.dice)?)));
        let (entropy, dice) = sequences.map_err(|error| unreadable(error.to_string()))?;
        Ok(Self { kept, entropy, dice })
    }

    /// Whose it is.
    #[must_use]
    pub fn msn(&self) -> &Msn {
        &self.kept.seed.msn
    }
}

/// What changes when anything does. Members of objects have no order, and get one here.
fn digest(unit: &mut Value) -> String {
    unit.sort_all_objects();
    hex(&Sha256::digest(unit.to_string()))
}

impl SalesUnit {
    /// Everything of this sales unit as one document.
    #[must_use]
    pub fn snapshot(&self) -> Document {
        let (mut unit, now) = self.look(|state, now| {
            let keep = Keep {
                seed: self.seed(),
                clock: KeptClock { mode: self.clock().mode(), now },
                entropy: self.entropy().position(),
                dice: self.dice().position(),
                tokens: self.tokens.all(),
                counted: self.counters.counted(),
                state,
            };
            // Numbers, texts, lists, and objects with texts as keys always serialise.
            (serde_json::to_value(&keep).unwrap_or_default(), now)
        });
        let sha256 = digest(&mut unit);
        Document {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION"),
            msn: self.msn().to_string(),
            saved_at: zulu_text(now),
            sha256,
            unit,
        }
    }

    /// Becomes what the snapshot says. Whoever waits for something of the old state is told that it
    /// is gone, as after a reset.
    fn take_up(&self, snapshot: Snapshot) {
        let Snapshot { kept, entropy, dice } = snapshot;
        self.journal.clear();
        self.change(|change| {
            // Under the lock: else the old state would do what is due by the new clock.
            self.clock().take_up(kept.clock.mode, kept.clock.now);
            self.entropy().take_up(entropy);
            self.dice().take_up(dice);
            self.tokens.replace(kept.tokens);
            self.counters.replace(kept.counted);
            change.replace_state(kept.state);
            change.note(Fact::Unit { what: "the sales unit was restored" });
        });
    }
}

impl Mock {
    /// Brings a sales unit back as it was, in the one of the same number, or in a new one. Says which
    /// one, and whether it is new.
    ///
    /// # Errors
    ///
    /// [`RestoreError`]; then nothing has changed.
    pub fn restore(&self, snapshot: Snapshot) -> Result<(Arc<SalesUnit>, bool), RestoreError> {
        let mut registry = self.write();
        let seed = snapshot.kept.seed.clone();
        if let Some(unit) = registry.in_order.iter().find(|it| *it.msn() == seed.msn).cloned() {
            if let Some(what) = difference(unit.seed(), &seed) {
                return Err(RestoreError::Differs { msn: seed.msn, what });
            }
            drop(registry);
            unit.take_up(snapshot);
            return Ok((unit, false));
        }
        for other in &registry.in_order {
            let theirs = other.seed();
            let taken = if theirs.subscription_key == seed.subscription_key {
                "subscription key"
            } else if theirs.client_id == seed.client_id {
                "client id"
            } else {
                continue;
            };
            return Err(RestoreError::KeyTaken { what: taken, msn: theirs.msn.clone() });
        }
        let unit = self.unopened(seed);
        unit.take_up(snapshot);
        self.admit(&mut registry, &unit);
        Ok((unit, true))
    }
}

/// In what two sales units of the same number differ from birth. Which webhooks they begin with
/// again after a reset is not looked at: that is the mock's.
fn difference(there: &SalesUnitSeed, kept: &SalesUnitSeed) -> Option<&'static str> {
    let differs = [
        ("client id", there.client_id != kept.client_id),
        ("client secret", there.client_secret != kept.client_secret),
        ("subscription key", there.subscription_key != kept.subscription_key),
        ("market", there.market != kept.market),
        ("profile", there.profile != kept.profile),
        ("strictness", there.strictness != kept.strictness),
        ("set of permissions", there.permissions != kept.permissions),
        ("name", there.name != kept.name),
    ];
    differs.into_iter().find(|(_, differs)| *differs).map(|(what, _)| what)
}
