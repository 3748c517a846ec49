//! How a relay passes requests on.

use http::{HeaderMap, HeaderValue};

/// An authorization in every respect like a real one, but signed without the secret: 32 bytes, all
/// of them zero. Whoever refuses it has computed the signature.
pub(in crate::conformance) const FORGED_AUTHORIZATION: &str = concat!(
    "HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=",
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
);

/// How a relay passes requests on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::conformance) enum Passing {
    /// Each request as it came.
    #[default]
    AsItIs,
    /// Each request so many times; the last answer counts.
    Times(usize),
    /// No request at all, until it is mended.
    Nothing,
    /// Each request as it came, but signed by somebody without the secret.
    WrongSignature,
    /// Each request, changed like this.
    Changing(Change),
    /// Each request, but the answer to the first one with this in its path gets lost.
    LosesFirstAnswer(&'static str),
    /// Each request, but the answer to the first one with this in its path is kept back until the
    /// relay is told to let it go.
    KeepsFirstAnswer(&'static str),
    /// Each request, but those with this in their path are answered with 503, until it is mended.
    IsDown(&'static str),
    /// Each request, but so many of those with this in their body are answered with 500.
    Refuses(&'static str, usize),
    /// Each request, but the first one with this in its body is not answered in time.
    AnswersTooLate(&'static str),
}

/// What a proxy in front of a receiver changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::conformance) enum Change {
    /// Nothing but what every relay does: it calls the receiver by the receiver's own address.
    Nothing,
    /// It says so in the headers that proxies have for it.
    Forwarded,
    /// The query is gone.
    Query,
    /// These headers are gone.
    Without(&'static [&'static str]),
    /// The body is parsed and printed again.
    Body,
    /// The date is another.
    Date,
}

/// Signs without the secret.
pub(super) fn spoil(headers: &mut HeaderMap) {
    for name in ["authorization", "x-vipps-authorization"] {
        headers.insert(name, HeaderValue::from_static(FORGED_AUTHORIZATION));
    }
}

impl Change {
    pub(super) fn apply(self, headers: &mut HeaderMap) {
        match self {
            Self::Forwarded => {
                for name in ["x-forwarded-host", "x-original-host"] {
                    headers.insert(name, HeaderValue::from_static("taxi.example"));
                }
            }
            Self::Without(names) => names.iter().for_each(|name| drop(headers.remove(*name))),
            Self::Date => {
                let date = HeaderValue::from_static("Thu, 01 Jan 2026 00:00:00 GMT");
                headers.insert("x-ms-date", date);
            }
            Self::Nothing | Self::Query | Self::Body => {}
        }
    }
}
