//! What must not stand in a report, and what stands there instead.

/// Values that are never shown, each with the name of the variable that is shown for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Secrets(Vec<(String, &'static str)>);

/// Members of answers that hold secrets nobody knew before.
const MEMBERS: [&str; 5] =
    ["access_token", "secret", "clientSecret", "client_secret", "subscriptionKey"];

impl Secrets {
    /// Also this value, unless it is too short to be one.
    pub(super) fn add(&mut self, value: &str, variable: &'static str) {
        let is_known = self.0.iter().any(|(known, _)| known == value);
        if value.len() >= 6 && !is_known {
            self.0.push((value.to_owned(), variable));
        }
    }

    /// The text with a variable for each secret.
    pub(super) fn mask(&self, text: &str) -> String {
        let mut masked = text.to_owned();
        for (value, variable) in &self.0 {
            masked = masked.replace(value.as_str(), &format!("${variable}"));
        }
        for name in MEMBERS {
            masked = mask_member(&masked, name);
        }
        masked
    }
}

/// Puts three stars for the text of each member of this name.
fn mask_member(text: &str, name: &str) -> String {
    let opening = format!("\"{name}\"");
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(&opening) {
        let (before, after) = rest.split_at(start + opening.len());
        masked.push_str(before);
        rest = after;
        let value = after.trim_start_matches([':', ' ']);
        let Some(value) = value.strip_prefix('"') else { continue };
        let Some(end) = value.find('"') else { continue };
        // What a variable stands for already says more than stars.
        if !value.starts_with('$') {
            masked.push_str(&after[..after.len() - value.len()]);
            masked.push_str("***");
            rest = &value[end..];
        }
    }
    masked + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_shown_as_variables_or_stars() {
        let mut secrets = Secrets::default();
        secrets.add("mock-secret-fjord-taxi", "VIPPS_CLIENT_SECRET");
        secrets.add("no", "TOO_SHORT");
        let cases = [
            ("client_secret: mock-secret-fjord-taxi", "client_secret: $VIPPS_CLIENT_SECRET"),
            (r#"{"id":"a","secret": "abc=="}"#, r#"{"id":"a","secret": "***"}"#),
            (r#"{"access_token":"ey.x.y","x":1}"#, r#"{"access_token":"***","x":1}"#),
            (r#"{"secret":7} and no more"#, r#"{"secret":7} and no more"#),
            (r#"{"secret""#, r#"{"secret""#),
        ];
        for (text, expected) in cases {
            assert_eq!(secrets.mask(text), expected);
        }
    }
}
