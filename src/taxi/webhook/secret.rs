//! The secret of a registration.

use std::fmt;

use serde::Deserialize;

/// What deliveries of one registration are signed with.
///
/// The text is the key as it stands: it looks like base64, but must not be decoded.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The secret with this text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The bytes of the text, which are the key.
    pub(super) fn key(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// A secret in a log is no longer one.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
