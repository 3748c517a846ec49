//! Lengths of time as testers write them: whole numbers with `ms s m h d`, joined at will, such as
//! `1h30m`.

use std::fmt;

use jiff::SignedDuration;

/// The letters of a unit, and how many milliseconds it has. The longest unit comes first.
const UNITS: [(&str, i64); 5] =
    [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// The length that such a text means; nothing if it is not one.
#[must_use]
pub fn duration(text: &str) -> Option<SignedDuration> {
    let mut rest = text.trim();
    let mut total = SignedDuration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|it: char| !it.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let end = rest.find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len());
        let (_, millis) = UNITS.iter().find(|(unit, _)| *unit == &rest[..end])?;
        // Seconds go further than milliseconds do.
        let part = if *millis < 1000 {
            SignedDuration::from_millis(number)
        } else {
            SignedDuration::from_secs(number.checked_mul(millis / 1000)?)
        };
        total = total.checked_add(part)?;
        rest = &rest[end..];
    }
    Some(total)
}

/// Writes a length of time in the same way, down to the millisecond. A negative one counts as none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DurationText(pub SignedDuration);

impl fmt::Display for DurationText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut left = self.0.as_millis().max(0);
        if left == 0 {
            return f.write_str("0s");
        }
        for (unit, millis) in UNITS {
            let millis = i128::from(millis);
            if millis <= left {
                write!(f, "{}", left / millis)?;
                f.write_str(unit)?;
                left %= millis;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn durations_are_whole_numbers_with_units() {
        let cases = [
            ("10m", Some(600_000)),
            ("1h30m", Some(5_400_000)),
            ("1d", Some(86_400_000)),
            ("250ms", Some(250)),
            ("0s", Some(0)),
            ("10", None),
            ("m", None),
            ("1.5h", None),
            ("-1m", None),
            ("", None),
            ("99999999999999999d", None),
        ];
        for (text, millis) in cases {
            assert_eq!(duration(text).map(|it| it.as_millis()), millis, "{text}");
        }
    }

    #[test]
    fn durations_are_written_with_the_longest_units() {
        let cases = [("90s", "1m30s"), ("480s", "8m"), ("36h", "1d12h"), ("1500ms", "1s500ms")];
        for (text, expected) in cases {
            assert_eq!(DurationText(duration(text).unwrap()).to_string(), expected);
        }
        assert_eq!(DurationText(SignedDuration::ZERO).to_string(), "0s");
    }

    proptest! {
        #[test]
        fn a_duration_is_read_as_it_was_written(millis in 0_i64..100_000_000_000) {
            let length = SignedDuration::from_millis(millis);
            prop_assert_eq!(duration(&DurationText(length).to_string()), Some(length));
        }
    }
}
