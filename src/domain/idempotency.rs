//! Replay or conflict: what a repeated key means.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::kept;

/// The merchant's key for one request: 1 to 50 characters, any of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(Arc<str>);

/// The longest key, in characters (ePayment API description, `Idempotency-Key`).
pub const KEY_LENGTH_MAX: usize = 50;

/// The text is not a valid [`IdempotencyKey`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to 50 characters")]
pub struct InvalidKey;

/// A digest of what a request means: equal for bodies that differ only in
/// spacing or in the order of members.
///
/// It is compared with one other only, that of the request which used the same key before, so a
/// few bytes are enough, and nobody gains by forging one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint(#[serde(with = "kept::hex")] pub u64);

impl IdempotencyKey {
    /// The text of the key.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = InvalidKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() || KEY_LENGTH_MAX < text.chars().count() {
            Err(InvalidKey)
        } else {
            Ok(Self(text.into()))
        }
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was answered under a key, and to which request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Remembered<T> {
    /// What the request said.
    pub fingerprint: Fingerprint,
    /// What was answered.
    pub answer: T,
}

/// What a key means for a request that carries it.
#[derive(Debug, PartialEq, Eq)]
pub enum Recall<'a, T> {
    /// Never seen: go ahead.
    Fresh,
    /// Seen with the same request: answer the same again.
    Replay(&'a T),
    /// Seen with another request: refuse.
    Conflict,
}

impl<T> Remembered<T> {
    /// Compares a request with what this key was used for before.
    #[must_use]
    pub fn recall(seen: Option<&Self>, fingerprint: Fingerprint) -> Recall<'_, T> {
        match seen {
            None => Recall::Fresh,
            Some(it) if it.fingerprint == fingerprint => Recall::Replay(&it.answer),
            Some(_) => Recall::Conflict,
        }
    }
}
