//! A call as a command for a shell, to be made once more.
//!
//! What is to be hidden stands there as a variable, by the name that `vipps-mock env` exports where
//! it has one, so that the command works wherever these are set.

use std::ops::Range;

use super::mask::{LONG_ENOUGH, kind, members, without_scheme};
use crate::app::{SalesUnit, journal::Call};

/// Headers that curl makes itself, or that belong to the connection.
const OWN: [&str; 6] =
    ["host", "content-length", "connection", "transfer-encoding", "accept-encoding", "expect"];

/// Names of variables, by what the names of headers and members contain.
const NAMES: [(&str, &str); 5] = [
    ("subscriptionkey", "VIPPS_SUBSCRIPTION_KEY"),
    ("clientsecret", "VIPPS_CLIENT_SECRET"),
    ("authorization", "VIPPS_TOKEN"),
    ("accesstoken", "VIPPS_TOKEN"),
    ("phone", "VIPPS_PHONE"),
];

/// What is written as a variable: the text, and the name of its variable.
#[derive(Debug, Default)]
pub(super) struct Variables(Vec<(String, String)>);

/// The command, unless the body was not kept whole or cannot stand on a command line. `base` is the
/// address that was called.
pub(super) fn command(call: &Call, base: &str, variables: &Variables) -> Option<String> {
    let sent = call.request();
    let body = std::str::from_utf8(sent.body).ok()?;
    if sent.body.len() < sent.body_size || body.contains('\0') {
        return None;
    }
    let method = match (call.method(), body.is_empty()) {
        ("GET", true) | ("POST", false) => String::new(),
        (method, _) if method.bytes().all(|it| it.is_ascii_uppercase()) => format!("-X {method} "),
        (method, _) => format!("-X {} ", single(method)),
    };
    let url = variables.quote(&format!("{base}{}", call.target()));
    let mut lines = vec![format!("curl {method}{url}")];
    for (name, value) in sent.headers().filter(|(name, _)| !OWN.contains(name)) {
        let line = format!("{name}: {}", String::from_utf8_lossy(value));
        lines.push(format!("-H {}", variables.quote(&line)));
    }
    if !body.is_empty() {
        lines.push(format!("--data-raw {}", variables.quote(body)));
    }
    Some(lines.join(" \\\n  "))
}

impl Variables {
    /// What is to be hidden of this call.
    pub(super) fn of(call: &Call, unit: Option<&SalesUnit>) -> Self {
        let mut variables = Self::default();
        if let Some(seed) = unit.map(SalesUnit::seed) {
            variables.add("client_secret", &seed.client_secret);
            variables.add("subscription_key", &seed.subscription_key);
        }
        let sent = call.request();
        for (name, value) in sent.headers() {
            variables.add(name, &String::from_utf8_lossy(without_scheme(value)));
        }
        let body = String::from_utf8_lossy(sent.body);
        for (name, place) in members(&body) {
            variables.add(name, &body[place]);
        }
        let query = call.target().split_once('?').map_or("", |(_, query)| query);
        for (name, value) in query.split('&').filter_map(|it| it.split_once('=')) {
            variables.add(name, value);
        }
        // What contains another is looked for first.
        variables.0.sort_by_key(|(text, _)| usize::MAX - text.len());
        variables
    }

    /// Adds what stands under such a name, if it is to be hidden. What is short could stand for
    /// something else, and hides nothing worth it.
    fn add(&mut self, name: &str, text: &str) {
        let is_known = self.0.iter().any(|(known, _)| known == text);
        if kind(name).is_none() || text.len() < LONG_ENOUGH || is_known {
            return;
        }
        let name = variable(name);
        let is_taken = |name: &str| self.0.iter().any(|(_, taken)| taken == name);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = [name.clone()].into_iter().chain(numbered).find(|name| !is_taken(name));
        self.0.push((text.to_owned(), free.unwrap_or(name)));
    }

    /// Where in a text something is to be hidden, in order, and by which variable.
    fn places(&self, text: &str) -> Vec<(Range<usize>, &str)> {
        let mut places: Vec<(Range<usize>, &str)> = Vec::new();
        for (known, name) in &self.0 {
            for (start, _) in text.match_indices(known.as_str()) {
                let place = start..start + known.len();
                let is_free =
                    |other: &Range<usize>| place.end <= other.start || other.end <= place.start;
                if places.iter().all(|(other, _)| is_free(other)) {
                    places.push((place, name));
                }
            }
        }
        places.sort_by_key(|(place, _)| place.start);
        places
    }

    /// One argument as a shell reads it.
    fn quote(&self, text: &str) -> String {
        let places = self.places(text);
        if places.is_empty() {
            return single(text);
        }
        // Within double quotes a variable stands as it is, and so would whatever else means something.
        let is_plain = !text.contains(['"', '$', '`', '\\', '!']);
        let written = |literal: &str| match (is_plain, literal.is_empty()) {
            (true, _) => literal.to_owned(),
            (false, true) => String::new(),
            (false, false) => single(literal),
        };
        let (mut pieces, mut end) = (Vec::new(), 0);
        for (place, name) in places {
            pieces.push(written(&text[end..place.start]));
            pieces.push(if is_plain { format!("${{{name}}}") } else { format!("\"${name}\"") });
            end = place.end;
        }
        pieces.push(written(&text[end..]));
        let all = pieces.concat();
        if is_plain { format!("\"{all}\"") } else { all }
    }
}

/// A text in which nothing means anything to a shell.
fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The variable for what stands under such a name.
fn variable(name: &str) -> String {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    if let Some((_, variable)) = NAMES.iter().find(|(part, _)| letters.contains(part)) {
        return (*variable).to_owned();
    }
    let mut variable = String::with_capacity(name.len() + 2);
    for sign in name.chars() {
        if sign.is_ascii_uppercase() && !variable.is_empty() {
            variable.push('_');
        }
        variable.push(if sign.is_ascii_alphanumeric() { sign.to_ascii_uppercase() } else { '_' });
    }
    variable
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::journal::{BODY_KEPT, Draft};

    const BASE: &str = "http://127.0.0.1:8080";

    fn call<const N: usize>(
        method: &str,
        target: &str,
        headers: [(&str, &str); N],
        body: &str,
    ) -> Call {
        let at = "2030-01-01T12:00:00Z".parse().unwrap();
        let draft = Draft::begin(at, method, target, headers, body.as_bytes());
        draft.end(200, [("content-type", "application/json")], b"{}")
    }

    #[test]
    fn secrets_are_variables_and_all_else_is_quoted() {
        let headers = [
            ("host", "127.0.0.1:8080"),
            ("authorization", "Bearer eyJhbGciOiJIUzI1NiJ9"),
            ("ocp-apim-subscription-key", "0123456789abcdef"),
            ("idempotency-key", "it's $1"),
            ("content-length", "99"),
        ];
        let body = r#"{"customer":{"phoneNumber":"4790000001"},"customerToken":"abcdef-1"}"#;
        let call = call("POST", "/epayment/v1/payments", headers, body);
        insta::assert_snapshot!(command(&call, BASE, &Variables::of(&call, None)).unwrap(), @r#"
        curl 'http://127.0.0.1:8080/epayment/v1/payments' \
          -H "authorization: Bearer ${VIPPS_TOKEN}" \
          -H "ocp-apim-subscription-key: ${VIPPS_SUBSCRIPTION_KEY}" \
          -H 'idempotency-key: it'\''s $1' \
          --data-raw '{"customer":{"phoneNumber":"'"$VIPPS_PHONE"'"},"customerToken":"'"$CUSTOMER_TOKEN"'"}'
        "#);
        insta::assert_snapshot!(command(&call, BASE, &Variables::default()).unwrap(), @r#"
        curl 'http://127.0.0.1:8080/epayment/v1/payments' \
          -H 'authorization: Bearer eyJhbGciOiJIUzI1NiJ9' \
          -H 'ocp-apim-subscription-key: 0123456789abcdef' \
          -H 'idempotency-key: it'\''s $1' \
          --data-raw '{"customer":{"phoneNumber":"4790000001"},"customerToken":"abcdef-1"}'
        "#);
    }

    #[test]
    fn two_of_a_kind_have_two_names_and_a_query_is_hidden_too() {
        let body = r#"{"phoneNumber":"4790000001","otherPhone":"4790000002"}"#;
        let call = call("GET", "/a?phone=4790000001&b=1", [], body);
        insta::assert_snapshot!(command(&call, BASE, &Variables::of(&call, None)).unwrap(), @r#"
        curl -X GET "http://127.0.0.1:8080/a?phone=${VIPPS_PHONE}&b=1" \
          --data-raw '{"phoneNumber":"'"$VIPPS_PHONE"'","otherPhone":"'"$VIPPS_PHONE_2"'"}'
        "#);
    }

    #[test]
    fn what_was_not_kept_whole_cannot_be_sent_again() {
        let call = call("POST", "/", [], &"x".repeat(BODY_KEPT + 1));
        assert_eq!(command(&call, BASE, &Variables::default()), None);
    }
}
