//! Texts with a hole in them: `ride-*`.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

/// A text in which `*` stands for anything, also for nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glob(Arc<str>);

impl Glob {
    /// Takes every text for what it says.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is such a text. Case counts.
    #[must_use]
    pub fn matches(&self, text: impl AsRef<[u8]>) -> bool {
        let mut rest = text.as_ref();
        let mut parts = self.0.split('*').map(str::as_bytes);
        let Some(tail) = parts.next_back() else { return rest.is_empty() };
        let Some(head) = parts.next() else { return rest == tail };
        let Some(after_head) = rest.strip_prefix(head) else { return false };
        rest = after_head;
        for part in parts.filter(|it| !it.is_empty()) {
            // The earliest place leaves the most for what follows.
            let Some(at) = rest.windows(part.len()).position(|it| it == part) else { return false };
            rest = rest.get(at + part.len()..).unwrap_or_default();
        }
        rest.ends_with(tail)
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Glob;

    #[test]
    fn a_star_stands_for_anything() {
        let cases = [
            ("ride-0001", "ride-0001", true),
            ("ride-0001", "ride-00011", false),
            ("ride-*", "ride-0001", true),
            ("ride-*", "ride-", true),
            ("ride-*", "Ride-0001", false),
            ("*-1", "ride-1-1", true),
            ("*-1", "ride-1-2", false),
            ("a*b*c", "aXbYc", true),
            ("a*b*c", "abc", true),
            ("a*b*c", "acb", false),
            ("ab*ba", "aba", false),
            ("**", "", true),
            ("*", "anything", true),
            ("", "", true),
            ("", "a", false),
        ];
        for (glob, text, expected) in cases {
            assert_eq!(Glob::new(glob).matches(text), expected, "{glob} {text}");
        }
    }
}
