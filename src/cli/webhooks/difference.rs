//! Where a receiver's own string to sign differs from the one that was signed, and why that may be.

use super::wire::{Attempt, Delivery, Request};
use crate::taxi::webhook::verify::body_hash;

/// What is compared.
pub(super) struct Given<'a> {
    pub(super) delivery: &'a Delivery,
    pub(super) attempt: &'a Attempt,
    pub(super) request: &'a Request,
    /// The receiver's own string.
    pub(super) theirs: &'a [u8],
}

/// What the comparison came to.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) is_same: bool,
    pub(super) lines: Vec<String>,
}

/// The parts of a string to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Method,
    Path,
    Date,
    Host,
    Hash,
    End,
}

/// How much is shown before and after the first byte that differs.
const BEFORE: usize = 24;
const AFTER: usize = 40;

/// Compares, byte by byte.
pub(super) fn compare(given: &Given<'_>) -> Verdict {
    let signed = given.request.string_to_sign.as_bytes();
    let theirs = given.theirs;
    if signed == theirs {
        let lines = vec![
            format!(
                "The string is the one that was signed in attempt {}, all {} bytes of it.",
                given.attempt.number,
                signed.len()
            ),
            "If the signatures differ all the same, the key is not the same: it is the secret of \
             this registration, the text as it stands and not what it decodes to."
                .to_owned(),
        ];
        return Verdict { is_same: true, lines };
    }
    let at = signed.iter().zip(theirs).take_while(|(one, other)| one == other).count();
    let part = part_at(&given.request.string_to_sign, at);
    let shown_from = at.saturating_sub(BEFORE);
    let before = shown(&signed[shown_from..at]);
    let lines = vec![
        format!("The strings differ from byte {} on, in {}:", at + 1, part.name()),
        format!("  signed  {before}{}", rest(signed, at)),
        format!("  yours   {before}{}", rest(theirs, at)),
        format!("          {}^", " ".repeat(before.chars().count())),
        advice(given, part, at),
    ];
    Verdict { is_same: false, lines }
}

/// What is shown from the first byte that differs on.
fn rest(text: &[u8], at: usize) -> String {
    let end = text.len().min(at + AFTER);
    match (text.len() <= at, end < text.len()) {
        (true, _) => "(ends here)".to_owned(),
        (false, true) => format!("{}...", shown(&text[at..end])),
        (false, false) => shown(&text[at..end]),
    }
}

/// Bytes so that each can be seen.
fn shown(bytes: &[u8]) -> String {
    let escaped = bytes.iter().flat_map(|byte| std::ascii::escape_default(*byte));
    let text: String = escaped.map(char::from).collect();
    // A quote needs no sign of its own here.
    text.replace("\\'", "'").replace("\\\"", "\"")
}

/// Which part of the signed string a byte belongs to, the sign behind a part included.
fn part_at(signed: &str, at: usize) -> Part {
    let ends = |sign: char| signed.match_indices(sign).map(|(end, _)| end);
    // A path may hold semicolons: those that separate come after it.
    let line_feeds: Vec<usize> = ends('\n').collect();
    let [method, path] = line_feeds[..] else { return Part::End };
    let semicolons: Vec<usize> = ends(';').filter(|end| path < *end).collect();
    let [date, host] = semicolons[..] else { return Part::End };
    let parts = [
        (method, Part::Method),
        (path, Part::Path),
        (date, Part::Date),
        (host, Part::Host),
        (signed.len() - 1, Part::Hash),
    ];
    parts.into_iter().find(|(end, _)| at <= *end).map_or(Part::End, |(_, part)| part)
}

impl Part {
    const fn name(self) -> &'static str {
        match self {
            Self::Method => "the method",
            Self::Path => "path and query",
            Self::Date => "the date",
            Self::Host => "the host",
            Self::Hash => "the hash of the body",
            Self::End => "what follows the end",
        }
    }
}

fn advice(given: &Given<'_>, part: Part, at: usize) -> String {
    let theirs = given.theirs;
    if theirs.get(at) == Some(&b'\r') {
        return "Lines end in a line feed alone, without a carriage return.".to_owned();
    }
    if theirs.get(at) == Some(&b' ') && at.checked_sub(1).map(|it| theirs[it]) == Some(b';') {
        return "Nothing stands between a semicolon and what follows it.".to_owned();
    }
    match part {
        Part::Method => "It begins with POST in capitals and a line feed.".to_owned(),
        Part::Path => "Path and query are those of the registered address, as they stand: a \
                       proxy may have taken a prefix away, a framework the query or the last slash."
            .to_owned(),
        Part::Date => date_advice(given),
        Part::Host => "The host is that of the registered address, with its port unless that is \
                       the scheme's own: behind a proxy the Host header may be another."
            .to_owned(),
        Part::Hash => hash_advice(given),
        Part::End => "Nothing follows the hash, not even a line feed: echo adds one, printf does \
                      not."
            .to_owned(),
    }
}

/// The receiver may have put together the string of another attempt.
fn date_advice(given: &Given<'_>) -> String {
    let theirs = String::from_utf8_lossy(given.theirs);
    let others = given.delivery.attempts.iter().filter(|it| it.number != given.attempt.number);
    let same = others.into_iter().find(|attempt| {
        let date = attempt.request.as_ref().map(|it| it.header("x-ms-date"));
        date.is_some_and(|date| !date.is_empty() && theirs.contains(date))
    });
    match same {
        Some(attempt) => format!(
            "The date is the one of attempt {0}: each attempt is dated and signed anew. Compare \
             with --attempt {0}.",
            attempt.number
        ),
        None => "The date is the x-ms-date header of this very attempt, not a time of one's own."
            .to_owned(),
    }
}

/// The usual ways to hash something else than what came.
fn hash_advice(given: &Given<'_>) -> String {
    let theirs = String::from_utf8_lossy(given.theirs);
    let theirs = theirs.trim_end().rsplit(';').next().unwrap_or_default();
    let body = given.request.body.as_ref().unwrap_or(&given.delivery.body);
    let indented = serde_json::from_str::<serde_json::Value>(body).map(|it| format!("{it:#}"));
    let spaced = body.replace("\":", "\": ").replace(",\"", ", \"");
    let suspects = [
        (format!("{body}\n"), "the body with a line feed behind it"),
        (format!("\"{}\"", body.replace('"', "\\\"")), "the body as a JSON string"),
        (indented.unwrap_or_default(), "the body parsed and printed again, indented"),
        (spaced, "the body parsed and printed again, with spaces"),
        (String::new(), "nothing: something had read the body before"),
    ];
    let found = suspects.into_iter().find(|(text, _)| body_hash(text.as_bytes()) == theirs);
    let what = found.map_or("something else than the body", |(_, what)| what);
    format!("That is the hash of {what}. Hash the bytes as they came, before anybody parses them.")
}

#[cfg(test)]
mod tests {
    use super::super::wire::examples::delivery;
    use super::*;

    /// What is said of a string that was changed like this.
    fn said_of(change: impl FnOnce(&str) -> String) -> Verdict {
        let delivery = delivery();
        let attempt = &delivery.attempts[1];
        let request = attempt.request.as_ref().expect("it was sent");
        let theirs = change(&request.string_to_sign);
        compare(&Given { delivery: &delivery, attempt, request, theirs: theirs.as_bytes() })
    }

    #[test]
    fn the_same_string_leaves_the_key() {
        let verdict = said_of(str::to_owned);
        assert!(verdict.is_same);
        assert!(verdict.lines[1].contains("the key is not the same"), "{verdict:?}");
    }

    #[test]
    fn the_first_byte_that_differs_is_pointed_at() {
        let verdict = said_of(|signed| signed.replace("?shop=1", ""));
        assert!(!verdict.is_same);
        insta::assert_snapshot!(verdict.lines.join("\n"), @r"
        The strings differ from byte 11 on, in path and query:
          signed  POST\n/hook?shop=1\nThu, 01 Jan 2026 00:00:02 GMT;lo...
          yours   POST\n/hook\nThu, 01 Jan 2026 00:00:02 GMT;localhost...
                             ^
        Path and query are those of the registered address, as they stand: a proxy may have taken a prefix away, a framework the query or the last slash.
        ");
    }

    #[test]
    fn each_usual_mistake_is_known_by_its_difference() {
        let body = delivery().body;
        let hash = body_hash(body.as_bytes());
        let of = |text: &str| body_hash(text.as_bytes());
        let spaced = body.replace("\":", "\": ").replace(",\"", ", \"");
        let cases = [
            ("POST\n", "POST\r\n".to_owned(), "without a carriage return"),
            ("POST", "post".to_owned(), "POST in capitals"),
            ("/hook", "/".to_owned(), "may have taken a prefix away"),
            ("GMT;", "GMT; ".to_owned(), "between a semicolon"),
            ("00:00:02", "00:00:00".to_owned(), "the one of attempt 1"),
            ("00:00:02", "00:00:09".to_owned(), "not a time of one's own"),
            ("localhost:3000", "localhost".to_owned(), "behind a proxy"),
            (&hash, of(&format!("{body}\n")), "a line feed behind it"),
            (&hash, of(&spaced), "with spaces"),
            (&hash, of(""), "had read the body before"),
            (&hash, of("x"), "something else than the body"),
            (&hash, format!("{hash}\n"), "echo adds one"),
        ];
        for (from, to, expected) in cases {
            let verdict = said_of(|signed| signed.replacen(from, &to, 1));
            let advice = &verdict.lines[4];
            assert!(advice.contains(expected), "{from:?} -> {to:?}: {advice}");
        }
    }
}
