//! Seeded randomness: the only place of the mock that makes random numbers.

use std::{
    convert::Infallible,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use rand::{Rng as _, RngExt as _, SeedableRng as _, TryRng, rngs::StdRng};
use serde::{Deserialize, Serialize};
use uuid::{Builder, fmt::Hyphenated};

use crate::domain::kept;

/// A generator of ids and secrets. The same seed gives the same sequence.
pub struct Entropy(Mutex<Sequence>);

/// A generator, and how far it has come.
struct Sequence {
    generator: StdRng,
    position: Position,
}

/// A place in the sequence of a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    #[serde(with = "kept::hex")]
    seed: u64,
    /// How many words of 32 bits have been drawn.
    words: u64,
}

/// The place is further on than any sales unit comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no sales unit draws {0} random words")]
pub(super) struct TooFar(u64);

/// As many words as a hundred million ids have.
const WORDS_MAX: u64 = 400_000_000;

impl Entropy {
    /// Starts a sequence.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self(Mutex::new(Sequence::new(seed)))
    }

    /// A sequence of its own for `name`, whatever others have drawn.
    #[must_use]
    pub fn branch(seed: u64, name: &str) -> Self {
        // FNV-1a: any hash would do that is the same on every machine.
        let mixed = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ seed, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self::seeded(mixed)
    }

    /// Begins the sequence again.
    pub(super) fn rewind(&self) {
        let mut sequence = self.lock();
        *sequence = Sequence::new(sequence.position.seed);
    }

    /// How far it has come, for a snapshot.
    pub(super) fn position(&self) -> Position {
        self.lock().position
    }

    /// A generator that goes on from there.
    pub(super) fn at(position: Position) -> Result<Self, TooFar> {
        if WORDS_MAX < position.words {
            return Err(TooFar(position.words));
        }
        let mut sequence = Sequence::new(position.seed);
        let mut chunk = [0; 4096];
        while sequence.position.words < position.words {
            let left = 4 * (position.words - sequence.position.words);
            let bytes = usize::try_from(left).map_or(chunk.len(), |left| left.min(chunk.len()));
            sequence.fill_bytes(&mut chunk[..bytes]);
        }
        Ok(Self(Mutex::new(sequence)))
    }

    /// Goes on as this one does.
    pub(super) fn take_up(&self, other: Self) {
        *self.lock() = other.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    }

    /// A random (version 4) UUID, hyphenated, in lower case.
    #[must_use]
    pub fn uuid(&self) -> Arc<str> {
        let id = Builder::from_random_bytes(self.bytes()).into_uuid();
        let mut text = [0; Hyphenated::LENGTH];
        Arc::from(&*id.hyphenated().encode_lower(&mut text))
    }

    /// The UUID of a name: the same one whenever it is asked for, whatever else was drawn.
    #[must_use]
    pub fn uuid_of(&self, name: &str) -> Arc<str> {
        Self::branch(self.lock().position.seed, name).uuid()
    }

    /// A webhook secret: 64 bytes as 88 characters of base64.
    #[must_use]
    pub fn webhook_secret(&self) -> Arc<str> {
        BASE64_STANDARD.encode(self.bytes::<64>()).into()
    }

    /// A W3C trace id as the platform prints it, ending in these flags.
    #[must_use]
    pub fn trace_id(&self, flags: &str) -> String {
        format!("00-{}-{}-{flags}", hex(&self.bytes::<16>()), hex(&self.bytes::<8>()))
    }

    /// This many bytes.
    #[must_use]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.lock().fill_bytes(&mut bytes);
        bytes
    }

    /// A number from `low` on, below `high`.
    #[must_use]
    pub fn number(&self, low: u32, high: u32) -> u32 {
        self.lock().random_range(low..high)
    }

    fn lock(&self) -> MutexGuard<'_, Sequence> {
        // Filling a buffer cannot leave the generator half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sequence {
    fn new(seed: u64) -> Self {
        let position = Position { seed, words: 0 };
        Self { generator: StdRng::seed_from_u64(seed), position }
    }
}

/// Draws, and counts the words. What is left of the last one is thrown away.
impl TryRng for Sequence {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.position.words += 1;
        self.generator.try_next_u32()
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.position.words += 2;
        self.generator.try_next_u64()
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.position.words += bytes.len().div_ceil(4) as u64;
        self.generator.try_fill_bytes(bytes)
    }
}

/// A seed nobody chose, for a start without one.
#[must_use]
pub fn random_seed() -> u64 {
    // Short enough to be typed again.
    #[expect(clippy::disallowed_methods, reason = "the one number that is not drawn from a seed")]
    u64::from(rand::rng().random::<u32>())
}

/// Two lower-case digits a byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        for nibble in [byte >> 4, byte & 15] {
            text.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        text
    })
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entropy").field(&self.position()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_seed_same_ids_and_each_name_its_own() {
        let first = |seed, name| Entropy::branch(seed, name).uuid();
        assert_eq!(first(1, "900001"), first(1, "900001"));
        assert_ne!(first(1, "900001"), first(2, "900001"));
        assert_ne!(first(1, "900001"), first(1, "900002"));
    }

    #[test]
    fn a_sequence_goes_on_from_any_place_in_it() {
        let first = Entropy::seeded(7);
        for round in 0..200 {
            // Odd sizes, so that places fall on every edge of the generator's blocks.
            let _ = (first.uuid(), first.bytes::<27>(), first.bytes::<1>(), first.number(0, 1000));
            let second = Entropy::at(first.position()).unwrap();
            let next = |it: &Entropy| (it.uuid(), it.webhook_secret(), it.uuid_of("x"));
            assert_eq!(next(&first), next(&second), "{round}");
            assert_eq!(first.position(), second.position());
        }
        let far = Position { seed: 7, words: u64::MAX };
        assert_eq!(Entropy::at(far).unwrap_err(), TooFar(u64::MAX));
    }

    #[test]
    fn secrets_and_trace_ids_have_the_platforms_shape() {
        let entropy = Entropy::seeded(1);
        let secret = entropy.webhook_secret();
        assert_eq!(secret.len(), 88);
        assert!(secret.ends_with("=="));
        let trace = entropy.trace_id("01");
        let lengths: Vec<_> = trace.split('-').map(str::len).collect();
        assert_eq!(lengths, [2, 32, 16, 2]);
    }
}
