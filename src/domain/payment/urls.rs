//! Addresses that a customer is sent to.

/// Whether it is an address of the web over https, or of an app: `https://host...` or `scheme:...`;
/// plain http is neither.
#[must_use]
pub fn is_https_or_app(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let valid_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it));
    let valid_rest = !rest.is_empty() && !rest.contains(char::is_whitespace);
    let host = rest.strip_prefix("//").unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "javascript" | "data" => false,
        "https" => valid_rest && !host.is_empty() && !host.starts_with('/'),
        _ => valid_scheme && valid_rest,
    }
}

#[cfg(test)]
mod tests {
    use super::is_https_or_app;

    #[test]
    fn a_return_address_is_https_or_of_an_app() {
        let cases = [
            ("https://taxi.example/return", true),
            ("taxiapp://paid", true),
            ("http://taxi.example/return", false),
            ("https://", false),
            ("https:///path", false),
            ("taxi.example", false),
            ("", false),
            ("https://taxi example", false),
        ];
        for (text, valid) in cases {
            assert_eq!(is_https_or_app(text), valid, "{text}");
        }
    }
}
