//! What is not shown unless somebody asks for it: secrets, tokens and phone numbers.
//!
//! They are told by the names they come under, in headers, queries and JSON, and by being among the
//! sales unit's keys. Wherever the same text stands a second time, it is hidden there too: in the
//! sentence that says what was wrong with it, say. Bodies are read as text and not as JSON, because
//! one that is no JSON must be masked as well.

use std::ops::Range;

use url::form_urlencoded;

use crate::app::{
    SalesUnit,
    journal::{Call, Said},
};

/// What is hidden of a call.
#[derive(Debug)]
pub(super) enum Mask {
    /// Nothing.
    Off,
    /// These texts, the longest first, and what stands in their place.
    On(Vec<(String, String)>),
}

/// What there is to hide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Secret,
    /// The last two digits stay: they say what the customer does.
    Phone,
}

/// Shorter texts are hidden only under their own names: they could stand for something else.
pub(super) const LONG_ENOUGH: usize = 6;

impl Mask {
    /// What is to be hidden of this call, of a sales unit if it belongs to one.
    pub(super) fn of(call: &Call, unit: Option<&SalesUnit>) -> Self {
        let mut hidden = Vec::new();
        let mut hide = |kind, text: &str| {
            if LONG_ENOUGH <= text.len() {
                hidden.push((text.to_owned(), masked(kind, text)));
            }
        };
        if let Some(seed) = unit.map(SalesUnit::seed) {
            hide(Kind::Secret, &seed.client_secret);
            hide(Kind::Secret, &seed.subscription_key);
        }
        for said in [call.request(), call.answer()] {
            for (name, value) in said.headers() {
                if let Some(kind) = kind(name) {
                    hide(kind, &String::from_utf8_lossy(without_scheme(value)));
                }
            }
            let body = text(said);
            members(&body)
                .filter_map(|(name, place)| Some((kind(name)?, &body[place])))
                .for_each(|(kind, value)| hide(kind, value));
            tokens_of_links(&body).for_each(|token| hide(Kind::Secret, token));
        }
        let query = call.target().split_once('?').map_or("", |(_, query)| query);
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            if let Some(kind) = kind(&name) {
                hide(kind, &value);
            }
        }
        hidden.sort_by_key(|(text, _)| usize::MAX - text.len());
        Self::On(hidden)
    }

    /// A text of any kind.
    pub(super) fn text(&self, text: &str) -> String {
        match self {
            Self::Off => text.to_owned(),
            Self::On(hidden) => hidden
                .iter()
                .fold(text.to_owned(), |text, (hidden, shown)| text.replace(hidden, shown)),
        }
    }

    /// The value of a header.
    pub(super) fn header(&self, name: &str, value: &[u8]) -> String {
        let text = String::from_utf8_lossy(value);
        match (self, kind(name)) {
            (Self::Off, _) | (_, None) => self.text(&text),
            (Self::On(_), Some(kind)) => {
                let secret = String::from_utf8_lossy(without_scheme(value));
                let scheme = text.strip_suffix(&*secret).unwrap_or_default();
                format!("{scheme}{}", masked(kind, &secret))
            }
        }
    }

    /// A body, or the first part of one.
    pub(super) fn body(&self, said: Said<'_>) -> String {
        let text = text(said);
        if let Self::Off = self {
            return text;
        }
        let (mut shown, mut end) = (String::with_capacity(text.len()), 0);
        for (name, place) in members(&text) {
            if let Some(kind) = kind(name) {
                shown.push_str(&text[end..place.start]);
                shown.push_str(&masked(kind, &text[place.clone()]));
                end = place.end;
            }
        }
        shown.push_str(&text[end..]);
        self.text(&shown)
    }

    /// Path and query.
    pub(super) fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else { return self.text(target) };
        if let Self::Off = self {
            return target.to_owned();
        }
        let part = |part: &str| match part.split_once('=') {
            Some((name, value)) => match kind(name) {
                Some(kind) => format!("{name}={}", masked(kind, value)),
                None => part.to_owned(),
            },
            None => part.to_owned(),
        };
        let query: Vec<_> = query.split('&').map(part).collect();
        self.text(&format!("{path}?{}", query.join("&")))
    }
}

fn text(said: Said<'_>) -> String {
    String::from_utf8_lossy(said.body).into_owned()
}

/// What is sent under such a name, if it is to be hidden.
pub(super) fn kind(name: &str) -> Option<Kind> {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let name: String = letters.map(|it| it.to_ascii_lowercase()).collect();
    let secret =
        ["secret", "subscriptionkey", "apikey", "token", "password", "authorization", "cookie"];
    let is_secret = secret.iter().any(|it| name.contains(it)) && name != "tokentype";
    if name.contains("phone") {
        Some(Kind::Phone)
    } else if is_secret || name == "nin" || name == "personalqr" {
        Some(Kind::Secret)
    } else {
        None
    }
}

fn masked(kind: Kind, text: &str) -> String {
    let count = text.chars().count();
    match kind {
        Kind::Phone if LONG_ENOUGH <= count => {
            let tail: String = text.chars().skip(count - 2).collect();
            "*".repeat(count - 2) + &tail
        }
        // Enough to tell two of them apart, and too little to guess the rest.
        Kind::Secret if 16 <= count => text.chars().take(4).collect::<String>() + "***",
        Kind::Phone | Kind::Secret => "***".to_owned(),
    }
}

/// The credentials of an `Authorization` header, without the word before them.
pub(super) fn without_scheme(value: &[u8]) -> &[u8] {
    let space = value.iter().position(|it| *it == b' ');
    space.and_then(|it| value.get(it + 1..)).unwrap_or(value)
}

/// The members of JSON, at whatever depth, whose values are texts or numbers: each name, and where
/// the value stands, without quotes. Of what is no JSON, as much as looks like it.
pub(super) fn members(text: &str) -> impl Iterator<Item = (&str, Range<usize>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let start = at + text[at..].find('"')? + 1;
            let end = end_of_text(text, start);
            at = (end + 1).min(text.len());
            let after = text[at..].trim_start();
            let Some(value) = after.strip_prefix(':').map(str::trim_start) else { continue };
            let value_start = text.len() - value.len();
            let place = if value.starts_with('"') {
                value_start + 1..end_of_text(text, value_start + 1)
            } else if value.starts_with(|it: char| it == '-' || it.is_ascii_digit()) {
                let is_end = |it: char| it.is_whitespace() || matches!(it, ',' | '}' | ']');
                value_start..value_start + value.find(is_end).unwrap_or(value.len())
            } else {
                continue;
            };
            // Past the closing quote, if the body goes on that long.
            at = (place.end + usize::from(value.starts_with('"'))).min(text.len());
            return Some((&text[start..end], place));
        }
    })
}

/// Where a text ends that begins here.
fn end_of_text(text: &str, start: usize) -> usize {
    let mut is_escaped = false;
    let end = text[start..].find(|it| {
        let is_end = it == '"' && !is_escaped;
        is_escaped = it == '\\' && !is_escaped;
        is_end
    });
    end.map_or(text.len(), |it| start + it)
}

/// What stands for the customer's session in the links of an answer.
fn tokens_of_links(text: &str) -> impl Iterator<Item = &str> {
    let after = text.split("token=").skip(1);
    after
        .map(|rest| rest.split(|it: char| !it.is_ascii_alphanumeric() && !"-_.~%".contains(it)))
        .filter_map(|mut parts| parts.next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::journal::Draft;

    fn call(target: &str, body: &str, answer: &str) -> Call {
        let headers = [
            ("authorization", "Bearer eyJhbGciOiJIUzI1NiJ9"),
            ("client_secret", "short"),
            ("idempotency-key", "a-key-of-the-merchants"),
        ];
        let at = "2030-01-01T12:00:00Z".parse().unwrap();
        let draft = Draft::begin(at, "POST", target, headers, body.as_bytes());
        draft.end(400, [("content-type", "application/json")], answer.as_bytes())
    }

    #[test]
    fn secrets_and_phone_numbers_are_hidden_wherever_they_stand() {
        let cases = [
            (r#"{"phoneNumber":"4790000001"}"#, r#"{"phoneNumber":"********01"}"#),
            (r#"{"phoneNumber" : 4790000001 , "a":1}"#, r#"{"phoneNumber" : ********01 , "a":1}"#),
            (
                r#"{"a":{"b":[{"client_secret":"x\"y"}]}}"#,
                r#"{"a":{"b":[{"client_secret":"***"}]}}"#,
            ),
            (
                r#"{"phoneNumber":"4790000001","note":"call 4790000001"}"#,
                r#"{"phoneNumber":"********01","note":"call ********01"}"#,
            ),
            (
                r#"{"token_type":"Bearer","access_token":"0123456789abcdef"}"#,
                r#"{"token_type":"Bearer","access_token":"0123***"}"#,
            ),
            (
                r#"{"url":"http://mock.test/?token=abcdef1234&v=2"}"#,
                r#"{"url":"http://mock.test/?token=***&v=2"}"#,
            ),
            // No JSON, but what stands in it is hidden all the same.
            (r#"{"phoneNumber":"4790000001"#, r#"{"phoneNumber":"********01"#),
            (r#"{"phoneNumber":"47900000\"#, r#"{"phoneNumber":"*******0\"#),
            (
                r#"{"reference":"ride-0001","idempotencyKey":"k"}"#,
                r#"{"reference":"ride-0001","idempotencyKey":"k"}"#,
            ),
            ("\"", "\""),
            ("", ""),
        ];
        for (body, expected) in cases {
            let call = call("/", body, "");
            assert_eq!(Mask::of(&call, None).body(call.request()), expected);
            assert_eq!(Mask::Off.body(call.request()), body);
        }
    }

    #[test]
    fn what_is_hidden_in_one_place_is_hidden_in_all() {
        let call = call("/a?phone=4790000001&b=c", "", r#"{"detail":"4790000001 is unknown"}"#);
        let mask = Mask::of(&call, None);
        assert_eq!(mask.body(call.answer()), r#"{"detail":"********01 is unknown"}"#);
        assert_eq!(mask.target(call.target()), "/a?phone=********01&b=c");
        assert_eq!(mask.text("the token is eyJhbGciOiJIUzI1NiJ9"), "the token is eyJh***");
        let shown: Vec<_> =
            call.request().headers().map(|(name, value)| mask.header(name, value)).collect();
        assert_eq!(shown, ["Bearer eyJh***", "***", "a-key-of-the-merchants"]);
    }
}
