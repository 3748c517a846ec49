//! `expiresAt`: a time of its own to expire at.

use jiff::Timestamp;

use crate::http::schema::{Check, Node};

pub(super) fn time(check: &mut Check, node: Node<'_>) -> Option<Timestamp> {
    const PATTERN: &str = "^((?:(\\d{4}-\\d{2}-\\d{2})(T|t)(\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?))\
                           (Z|z|([+-](?:2[0-3]|[01][0-9]):[0-5][0-9])))$";
    let text = check.string(node)?;
    // The parser knows more ways to write a time than the pattern does.
    check.parsed(node, if follows_the_pattern(text) { text } else { "" }, PATTERN)
}

/// Digits and separators where the pattern of `expiresAt` has them.
fn follows_the_pattern(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = |shape: &[u8], text: &[u8]| {
        shape.len() == text.len()
            && shape.iter().zip(text).all(|(wanted, is)| match wanted {
                b'0' => is.is_ascii_digit(),
                _ => wanted.eq_ignore_ascii_case(is),
            })
    };
    let Some((start, rest)) = bytes.split_at_checked(19) else { return false };
    let (zone_at, fraction) = match rest.first() {
        Some(b'.') => {
            let digits = rest[1..].iter().take_while(|it| it.is_ascii_digit()).count();
            (1 + digits, 0 < digits)
        }
        _ => (0, true),
    };
    let zone = &rest[zone_at..];
    let is_offset = matches!(zone.first(), Some(b'+' | b'-'))
        && shape(b"00:00", &zone[1..])
        && zone[1..3] <= b"23"[..]
        && zone[4..] <= b"59"[..];
    shape(b"0000-00-00T00:00:00", start) && fraction && (shape(b"Z", zone) || is_offset)
}

#[cfg(test)]
mod tests {
    use super::follows_the_pattern;

    #[test]
    fn expiry_is_written_as_the_description_says() {
        let cases = [
            ("2030-01-01T12:00:00Z", true),
            ("2030-01-01t12:00:00.123z", true),
            ("2030-01-01T12:00:00.5+02:00", true),
            ("20300101T120000.000Z", false),
            ("2030-01-01T12:00:00+25:00", false),
            ("2030-01-01T12:00:00+0200", false),
            ("2030-01-01T12:00:00.Z", false),
            ("2030-01-01T12:00:00", false),
            ("2030-01-01", false),
            ("", false),
        ];
        for (text, valid) in cases {
            assert_eq!(follows_the_pattern(text), valid, "{text}");
        }
    }
}
