//! The signature of a webhook, byte by byte (Webhooks API guide, request authentication).
//!
//! What is signed is `POST`, the path with its query, and date, host and body hash joined by
//! semicolons: three lines, two line feeds. The key is the secret's own text, though it looks
//! like base64: it is never decoded.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

/// What `x-ms-content-sha256` says of a body.
#[must_use]
pub fn content_hash(body: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(body))
}

/// What `x-ms-date` says of a time: RFC 1123, in GMT.
#[must_use]
pub fn http_date(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// The text that is signed.
#[must_use]
pub fn string_to_sign(path_and_query: &str, date: &str, host: &str, content_hash: &str) -> String {
    format!("POST\n{path_and_query}\n{date};{host};{content_hash}")
}

/// The signature of a text under a secret, in base64.
#[must_use]
pub fn signature(secret: &str, string_to_sign: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        // HMAC takes keys of any length.
        return String::new();
    };
    mac.update(string_to_sign.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

/// The value of `Authorization`, and of its copy `X-Vipps-Authorization`.
#[must_use]
pub fn authorization(signature: &str) -> String {
    format!("HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature={signature}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Thu, 30 Mar 2023 08:38:32 GMT";
    const PATH: &str = "/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63";
    const BODY: &[u8] =
        br#"{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}"#;

    #[test]
    fn the_published_vector_with_its_redacted_secret_signs_as_recomputed() {
        let hash = content_hash(BODY);
        assert_eq!(hash, "lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=");
        let secret = format!("{}==", "A".repeat(86));
        let text = string_to_sign(PATH, DATE, "webhook.site", &hash);
        assert_eq!(signature(&secret, &text), "u4zz3dyO3c3xJwl36rPpn1n7WF75u6r2epjH70MZTGM=");
    }

    #[test]
    fn dates_are_written_as_in_the_published_vector() {
        let at: Timestamp = "2023-03-30T08:38:32.999Z".parse().unwrap();
        assert_eq!(http_date(at), DATE);
    }
}
