//! The reference verification of a webhook delivery. Copy this.
//!
//! What is signed is this text, with line feeds and no line end after it:
//!
//! ```text
//! POST
//! /path?query
//! <x-ms-date>;<host>;<x-ms-content-sha256>
//! ```
//!
//! Three things go wrong most often. The body must be hashed as it came, byte by byte: JSON that
//! was parsed and printed again is another text. The secret is used as it stands, although it
//! looks like base64. Path and host are those of the registered address, with the port unless it
//! is the scheme's own; a proxy in front of the receiver may have changed what the request says.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderMap;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::Secret;

/// How far the date of a delivery may be off before it is taken for a replay. The documentation
/// names no limit; five minutes either way is what most receivers use.
pub const SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

/// A delivery as it arrived, before anybody has looked into it.
#[derive(Debug, Clone, Copy)]
pub struct Delivery<'a> {
    /// Path and query of the registered address, such as `/vipps?car=1`; at least `/`.
    pub path_and_query: &'a str,
    /// Host of the registered address, with the port unless it is the scheme's own.
    pub host: &'a str,
    /// All headers of the request.
    pub headers: &'a HeaderMap,
    /// The body, byte by byte.
    pub body: &'a [u8],
}

/// How old a delivery may be. A date that was not signed would say nothing, so the signature is
/// checked first.
#[derive(Debug, Clone, Copy)]
pub struct Freshness {
    /// The present moment.
    pub now: Timestamp,
    /// How far the date may be off, either way.
    pub skew_max: SignedDuration,
}

/// Why a delivery is not to be believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// A header is not there, or not text.
    #[error("the header {0} is missing")]
    MissingHeader(&'static str),
    /// The authorization is of another kind.
    #[error("the authorization does not begin with `{AUTHORIZATION_START}`")]
    UnknownScheme,
    /// The body is not the one that was sent.
    #[error("the body does not have the hash in x-ms-content-sha256")]
    BodyHashMismatch,
    /// Somebody without the secret wrote this, or the address or date was changed.
    #[error("the signature is not made with this registration's secret over this request")]
    SignatureMismatch,
    /// The date cannot be read.
    #[error("the date in x-ms-date cannot be read")]
    UnreadableDate,
    /// The date is too far off: an old delivery, or a wrong clock.
    #[error("the date in x-ms-date is {0:#} away from now")]
    DateSkew(SignedDuration),
}

/// How every authorization begins. The rest is the signature.
pub const AUTHORIZATION_START: &str =
    "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=";

/// Says whether a delivery comes from whoever knows the secret, and is what they sent.
///
/// # Errors
///
/// A [`VerifyError`] for each way in which it may not be so. Answer all of them with 401.
pub fn verify(
    secret: &Secret,
    delivery: &Delivery<'_>,
    freshness: Option<Freshness>,
) -> Result<(), VerifyError> {
    let date = header(delivery.headers, "x-ms-date")?;
    let sent_hash = header(delivery.headers, "x-ms-content-sha256")?;
    // Some stacks in front of us take Authorization away, so the sender repeats it.
    let authorization = header(delivery.headers, "authorization").or_else(|missing| {
        header(delivery.headers, "x-vipps-authorization").map_err(|_| missing)
    })?;
    let signature =
        authorization.strip_prefix(AUTHORIZATION_START).ok_or(VerifyError::UnknownScheme)?;

    if body_hash(delivery.body) != sent_hash {
        return Err(VerifyError::BodyHashMismatch);
    }
    let signed = string_to_sign(delivery.path_and_query, date, delivery.host, sent_hash);
    let signature =
        BASE64_STANDARD.decode(signature).map_err(|_| VerifyError::SignatureMismatch)?;
    // Comparing byte by byte with `==` would tell by its duration how much of a guess was right.
    mac(secret, &signed).verify_slice(&signature).map_err(|_| VerifyError::SignatureMismatch)?;

    freshness.map_or(Ok(()), |freshness| freshness.check(date))
}

/// The text that is signed.
#[must_use]
pub fn string_to_sign(path_and_query: &str, date: &str, host: &str, body_hash: &str) -> String {
    format!("POST\n{path_and_query}\n{date};{host};{body_hash}")
}

/// The value of `x-ms-content-sha256` for a body.
#[must_use]
pub fn body_hash(body: &[u8]) -> String {
    BASE64_STANDARD.encode(Sha256::digest(body))
}

/// The signature of a text in base64, which a receiver needs for its own tests only.
#[must_use]
pub fn sign(secret: &Secret, string_to_sign: &str) -> String {
    BASE64_STANDARD.encode(mac(secret, string_to_sign).finalize().into_bytes())
}

fn mac(secret: &Secret, text: &str) -> Hmac<Sha256> {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.key()) else {
        unreachable!("HMAC takes keys of any length");
    };
    mac.update(text.as_bytes());
    mac
}

fn header<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<&'a str, VerifyError> {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.ok_or(VerifyError::MissingHeader(name))
}

impl Freshness {
    fn check(self, date: &str) -> Result<(), VerifyError> {
        let date =
            DateTimeParser::new().parse_timestamp(date).map_err(|_| VerifyError::UnreadableDate)?;
        let skew = self.now.duration_since(date).abs();
        if skew <= self.skew_max { Ok(()) } else { Err(VerifyError::DateSkew(skew)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATE: &str = "Thu, 01 Jan 2026 00:00:08 GMT";
    const BODY: &str = concat!(
        r#"{"msn":"900001","reference":"ride-0001-1","#,
        r#""pspReference":"7f3a0d3e-5f0c-4b7e-9d59-0c2a6e1b4c11","name":"AUTHORIZED","#,
        r#""amount":{"currency":"NOK","value":34592},"timestamp":"2026-01-01T00:00:07.500Z","#,
        r#""idempotencyKey":"cr-ride-0001-1","success":true}"#
    );
    const BODY_HASH: &str = "ZNfZE1F5sz+adQdFZ49W3B3a4WBHu/gEXsW29zA6EO8=";
    const SIGNATURE: &str = "Je5VE9t2Wi6/XfS6KD2+V8r6kX1Sog9nQLkbmaw/xTc=";

    fn secret() -> Secret {
        Secret::new("not-a-real-secret")
    }

    fn headers(date: &str, hash: &str, signature: &str) -> HeaderMap {
        let authorization = format!("{AUTHORIZATION_START}{signature}");
        let mut headers = HeaderMap::new();
        headers.insert("x-ms-date", date.parse().unwrap());
        headers.insert("x-ms-content-sha256", hash.parse().unwrap());
        headers.insert("authorization", authorization.parse().unwrap());
        headers
    }

    /// Verifies the valid delivery after `change` has spoilt it.
    fn verify_after(change: impl FnOnce(&mut HeaderMap)) -> Result<(), VerifyError> {
        let mut headers = headers(DATE, BODY_HASH, SIGNATURE);
        change(&mut headers);
        verify_with(&secret(), "/vipps", "taxi.example", &headers, BODY)
    }

    fn verify_with(
        secret: &Secret,
        path_and_query: &str,
        host: &str,
        headers: &HeaderMap,
        body: &str,
    ) -> Result<(), VerifyError> {
        let body = body.as_bytes();
        verify(secret, &Delivery { path_and_query, host, headers, body }, None)
    }

    #[test]
    fn the_example_of_the_documentation_verifies() {
        // The documentation blots out the secret with this placeholder and prints the signature of
        // another; this is the right one for the placeholder.
        let secret = Secret::new(format!("{}==", "A".repeat(86)));
        let headers = headers(
            "Thu, 30 Mar 2023 08:38:32 GMT",
            "lNlsp1XA03N34HrQsVzPgJKtC+r7l/RBF4V3JQUWMj4=",
            "u4zz3dyO3c3xJwl36rPpn1n7WF75u6r2epjH70MZTGM=",
        );
        let path = "/e2cee29b-012e-4f1d-8ef4-e95fd74a7a63";
        let body = r#"{"some-unique-content":"ee6e441b-cc4a-46f8-895d-a5af79bcc233/hello-world"}"#;
        assert_eq!(verify_with(&secret, path, "webhook.site", &headers, body), Ok(()));
    }

    #[test]
    fn path_query_and_port_are_part_of_what_is_signed() {
        let cases = [
            ("/vipps", "taxi.example", SIGNATURE),
            (
                "/vipps?car=n02272&x=1",
                "taxi.example",
                "dXNieacr4vfJxfF1UMclrslLdBYdBARbgj2+1fsO7Y4=",
            ),
            ("/vipps", "localhost:3000", "IatbW7rHfn76HJs6MYBj8HqgveXfCdwCBM8aQg0dsKs="),
            ("/", "taxi.example", "gIuH22rM9p+V7fBDJGpgYYE9Ge5805at/0PT2eGI2MQ="),
        ];
        for (path, host, signature) in cases {
            let headers = headers(DATE, BODY_HASH, signature);
            assert_eq!(verify_with(&secret(), path, host, &headers, BODY), Ok(()), "{path} {host}");
            let elsewhere = verify_with(&secret(), "/other", host, &headers, BODY);
            assert_eq!(elsewhere, Err(VerifyError::SignatureMismatch), "{path} {host}");
        }
    }

    #[test]
    fn each_way_of_being_wrong_has_its_own_name() {
        let set = |name: &'static str, value: &str| {
            let value = value.parse().unwrap();
            move |headers: &mut HeaderMap| drop(headers.insert(name, value))
        };
        let basic = set("authorization", "Basic abc");
        let not_base64 = set("authorization", &format!("{AUTHORIZATION_START}%%%"));
        let later = set("x-ms-date", "Thu, 01 Jan 2026 00:00:09 GMT");
        let other_hash = set("x-ms-content-sha256", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        let cases = [
            (
                verify_after(|h| drop(h.remove("x-ms-date"))),
                VerifyError::MissingHeader("x-ms-date"),
            ),
            (
                verify_after(|h| drop(h.remove("x-ms-content-sha256"))),
                VerifyError::MissingHeader("x-ms-content-sha256"),
            ),
            (
                verify_after(|h| drop(h.remove("authorization"))),
                VerifyError::MissingHeader("authorization"),
            ),
            (verify_after(basic), VerifyError::UnknownScheme),
            (verify_after(not_base64), VerifyError::SignatureMismatch),
            (verify_after(later), VerifyError::SignatureMismatch),
            (verify_after(other_hash), VerifyError::BodyHashMismatch),
        ];
        for (outcome, expected) in cases {
            assert_eq!(outcome, Err(expected));
        }
    }

    #[test]
    fn a_changed_body_is_found_by_its_hash_and_a_changed_hash_by_the_signature() {
        let dearer = BODY.replace("34592", "99999");
        let as_sent = headers(DATE, BODY_HASH, SIGNATURE);
        let outcome = verify_with(&secret(), "/vipps", "taxi.example", &as_sent, &dearer);
        assert_eq!(outcome, Err(VerifyError::BodyHashMismatch));

        let adjusted = headers(DATE, &body_hash(dearer.as_bytes()), SIGNATURE);
        let outcome = verify_with(&secret(), "/vipps", "taxi.example", &adjusted, &dearer);
        assert_eq!(outcome, Err(VerifyError::SignatureMismatch));
    }

    #[test]
    fn a_signature_with_another_registrations_secret_is_refused() {
        let other = Secret::new("another-secret");
        let signed = string_to_sign("/vipps", DATE, "taxi.example", BODY_HASH);
        let headers = headers(DATE, BODY_HASH, &sign(&other, &signed));
        let outcome = verify_with(&secret(), "/vipps", "taxi.example", &headers, BODY);
        assert_eq!(outcome, Err(VerifyError::SignatureMismatch));
        assert_eq!(verify_with(&other, "/vipps", "taxi.example", &headers, BODY), Ok(()));
    }

    #[test]
    fn the_copy_of_the_authorization_serves_when_the_original_is_taken_away() {
        let outcome = verify_after(|headers| {
            let original = headers.remove("authorization").unwrap();
            headers.insert("x-vipps-authorization", original);
        });
        assert_eq!(outcome, Ok(()));
    }

    #[test]
    fn a_date_may_be_five_minutes_off_either_way() {
        let cases = [
            ("2026-01-01T00:00:08Z", Ok(())),
            ("2026-01-01T00:05:08Z", Ok(())),
            ("2025-12-31T23:55:08Z", Ok(())),
            ("2026-01-01T00:05:09Z", Err(VerifyError::DateSkew(SignedDuration::from_secs(301)))),
            ("2025-12-31T23:55:07Z", Err(VerifyError::DateSkew(SignedDuration::from_secs(301)))),
        ];
        let headers = headers(DATE, BODY_HASH, SIGNATURE);
        let delivery = Delivery {
            path_and_query: "/vipps",
            host: "taxi.example",
            headers: &headers,
            body: BODY.as_bytes(),
        };
        for (now, expected) in cases {
            let freshness = Freshness { now: now.parse().unwrap(), skew_max: SKEW_MAX };
            assert_eq!(verify(&secret(), &delivery, Some(freshness)), expected, "{now}");
        }
    }

    #[test]
    fn a_date_nobody_can_read_matters_only_when_dates_are_checked() {
        let signed = string_to_sign("/vipps", "yesterday", "taxi.example", BODY_HASH);
        let headers = headers("yesterday", BODY_HASH, &sign(&secret(), &signed));
        let delivery = Delivery {
            path_and_query: "/vipps",
            host: "taxi.example",
            headers: &headers,
            body: BODY.as_bytes(),
        };
        let freshness =
            Freshness { now: "2026-01-01T00:00:08Z".parse().unwrap(), skew_max: SKEW_MAX };
        assert_eq!(verify(&secret(), &delivery, None), Ok(()));
        let outcome = verify(&secret(), &delivery, Some(freshness));
        assert_eq!(outcome, Err(VerifyError::UnreadableDate));
    }
}
