//! Lengths of time as testers write them: whole numbers with `ms s m h d`, joined at will, such as
//! `1h30m`.

use jiff::SignedDuration;

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
        let unit = rest.find(|it: char| it.is_ascii_digit()).unwrap_or(rest.len());
        let part = match &rest[..unit] {
            "ms" => SignedDuration::from_millis(number),
            "s" => SignedDuration::from_secs(number),
            "m" => SignedDuration::from_secs(number.checked_mul(60)?),
            "h" => SignedDuration::from_secs(number.checked_mul(3600)?),
            "d" => SignedDuration::from_secs(number.checked_mul(86_400)?),
            _ => return None,
        };
        total = total.checked_add(part)?;
        rest = &rest[unit..];
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::duration;

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
}
