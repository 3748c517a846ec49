//! Moments as testers write them: in full, or as much of it as says when.

use jiff::{
    Timestamp, ToSpan as _,
    civil::{DateTime, Time},
    tz::TimeZone,
};

/// What may be written, for whoever wrote something else.
pub const MOMENT_HINT: &str = "write it as 2030-01-31T12:00:00Z, 2030-01-31 12:00, 2030-01-31, 12:00 or tomorrow 12:00, in UTC";

/// The moment that such a text means at `now`; nothing if it is none.
///
/// A day begins at midnight, and what has no offset is UTC. A time of day is the next one.
#[must_use]
pub fn moment(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(in_full) = text.parse() {
        return Some(in_full);
    }
    let in_utc = |civil: DateTime| civil.to_zoned(TimeZone::UTC).ok().map(|it| it.timestamp());
    // With a date there is a hyphen, which the parser of times would take for one of its own forms.
    if text.contains('-') {
        return in_utc(text.parse().ok()?);
    }
    let today = now.to_zoned(TimeZone::UTC).date();
    let tomorrow = today.checked_add(1.day()).ok()?;
    if let Some(time) = text.strip_prefix("tomorrow") {
        let time = if time.is_empty() { Time::midnight() } else { time_of_day(time.trim_start())? };
        return in_utc(tomorrow.to_datetime(time));
    }
    let time = time_of_day(text)?;
    in_utc(today.to_datetime(time))
        .filter(|it| now <= *it)
        .or_else(|| in_utc(tomorrow.to_datetime(time)))
}

/// `12:00` or `12:00:30`.
fn time_of_day(text: &str) -> Option<Time> {
    if text.contains(':') { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::moment;

    #[test]
    fn as_much_is_written_as_says_when() {
        let now = "2030-01-31T12:00:00Z".parse().unwrap();
        let cases = [
            ("2030-02-01T08:30:00Z", Some("2030-02-01T08:30:00Z")),
            ("2030-02-01T08:30:00+01:00", Some("2030-02-01T07:30:00Z")),
            ("2030-02-01T08:30", Some("2030-02-01T08:30:00Z")),
            ("2030-02-01 08:30", Some("2030-02-01T08:30:00Z")),
            ("2030-02-01", Some("2030-02-01T00:00:00Z")),
            ("13:30", Some("2030-01-31T13:30:00Z")),
            ("12:00", Some("2030-01-31T12:00:00Z")),
            ("11:59:30", Some("2030-02-01T11:59:30Z")),
            ("tomorrow", Some("2030-02-01T00:00:00Z")),
            ("tomorrow 08:30", Some("2030-02-01T08:30:00Z")),
            ("2030-01-30", Some("2030-01-30T00:00:00Z")),
            ("2030-02-30", None),
            ("25:00", None),
            ("12", None),
            ("1h", None),
            ("soon", None),
            ("tomorrow at noon", None),
            ("", None),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|it| it.parse().unwrap());
            assert_eq!(moment(text, now), expected, "{text}");
        }
    }
}
