//! Durations as people write them: whole numbers with `ms s m h d`, joined at will, such as `1h30m`.

use std::fmt;
use std::str::FromStr;

use jiff::SignedDuration;

use crate::app::durations::duration;

/// A duration whose text has been checked; the mock gets it as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DurationText(String);

impl DurationText {
    /// How long that is. A text that says more than there can be says the most.
    pub(crate) fn length(&self) -> SignedDuration {
        duration(&self.0).unwrap_or(SignedDuration::MAX)
    }
}

/// A text that is not a duration.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected whole numbers with ms, s, m, h or d, such as 90s or 1h30m")]
pub(crate) struct NotADuration;

impl FromStr for DurationText {
    type Err = NotADuration;

    fn from_str(text: &str) -> Result<Self, NotADuration> {
        let mut rest = text;
        while !rest.is_empty() {
            rest = after_part(rest)?;
        }
        if text.is_empty() { Err(NotADuration) } else { Ok(Self(text.to_owned())) }
    }
}

/// What follows the first number and its unit.
fn after_part(text: &str) -> Result<&str, NotADuration> {
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit());
    if unit.len() == text.len() {
        return Err(NotADuration);
    }
    // `ms` before `m`: otherwise the `s` would be left over.
    ["ms", "s", "m", "h", "d"].iter().find_map(|name| unit.strip_prefix(name)).ok_or(NotADuration)
}

impl fmt::Display for DurationText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_whole_numbers_with_units() {
        let cases = [
            ("10m", true),
            ("1h30m", true),
            ("500ms", true),
            ("7d", true),
            ("0s", true),
            ("1m500ms", true),
            ("", false),
            ("10", false),
            ("m", false),
            ("1.5h", false),
            ("-10m", false),
            ("10 m", false),
            ("10w", false),
            ("10m5", false),
        ];
        for (text, valid) in cases {
            assert_eq!(text.parse::<DurationText>().is_ok(), valid, "{text}");
        }
    }
}
