//! An event as one line for people.

use super::follow::EventBody;

/// As wide as the longest kind.
const KIND_WIDTH: usize = "registration".len();

/// As wide as a time with its date, for an event that has none.
const TIME_WIDTH: usize = "2030-01-01T12:00:00.000Z".len();

/// Whether a line says in which sales unit something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shown {
    /// There is only one.
    OneUnit,
    /// There are several.
    AllUnits,
}

/// When, where if that is not plain, and what.
pub(crate) fn line(event: &EventBody, shown: Shown) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let at = format!("{:TIME_WIDTH$}  ", or_none(&event.at));
    let unit = match shown {
        Shown::OneUnit => String::new(),
        Shown::AllUnits => format!("{:6}  ", or_none(&event.msn)),
    };
    format!("{at}{unit}{:KIND_WIDTH$}  {}", event.kind, harmless(&event.text))
}

/// Without what a terminal would take for a command, or for the end of the line: parts of a text are
/// the merchant's.
pub(crate) fn harmless(text: &str) -> String {
    text.chars().map(|sign| if sign.is_control() { '\u{fffd}' } else { sign }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(json: &str) -> EventBody {
        serde_json::from_str(json).expect("valid")
    }

    #[test]
    fn an_event_is_one_line_in_columns() {
        let events = [
            r#"{"id":"a-1","at":"2030-01-01T12:00:00.000Z","msn":"900001","kind":"payment",
                "reference":"ride-0001","event":"CREATED","text":"payment ride-0001: CREATED NOK 345.92"}"#,
            r#"{"id":"a-2","at":"2030-01-01T12:00:01.000Z","msn":"900001","kind":"registration",
                "text":"webhook 1: registered for http://localhost/\u001b[2J\n"}"#,
            r#"{"id":"a-3","kind":"missed","missed":2,"text":"2 events came meanwhile"}"#,
        ];
        let lines = |shown| events.map(|json| line(&event(json), shown)).join("\n");
        insta::assert_snapshot!(lines(Shown::OneUnit), @"
        2030-01-01T12:00:00.000Z  payment       payment ride-0001: CREATED NOK 345.92
        2030-01-01T12:00:01.000Z  registration  webhook 1: registered for http://localhost/�[2J�
        -                         missed        2 events came meanwhile
        ");
        insta::assert_snapshot!(lines(Shown::AllUnits), @"
        2030-01-01T12:00:00.000Z  900001  payment       payment ride-0001: CREATED NOK 345.92
        2030-01-01T12:00:01.000Z  900001  registration  webhook 1: registered for http://localhost/�[2J�
        -                         -       missed        2 events came meanwhile
        ");
    }
}
