//! Seeded randomness: the only place of the mock that makes random numbers.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use rand::{Rng as _, RngExt as _, SeedableRng as _, rngs::StdRng};
use uuid::{Builder, fmt::Hyphenated};

/// A generator of ids and secrets. The same seed gives the same sequence.
pub struct Entropy {
    seed: u64,
    generator: Mutex<StdRng>,
}

impl Entropy {
    /// Starts a sequence.
    #[must_use]
    pub fn seeded(seed: u64) -> Self {
        Self { seed, generator: Mutex::new(StdRng::seed_from_u64(seed)) }
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
        *self.lock() = StdRng::seed_from_u64(self.seed);
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
        Self::branch(self.seed, name).uuid()
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

    fn lock(&self) -> MutexGuard<'_, StdRng> {
        // Filling a buffer cannot leave the generator half changed.
        self.generator.lock().unwrap_or_else(PoisonError::into_inner)
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
        f.debug_struct("Entropy").field("seed", &self.seed).finish_non_exhaustive()
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
