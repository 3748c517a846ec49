//! What a relay has passed on.

use std::fmt;

use axum::body::Bytes;
use http::Method;
use serde_json::Value;

/// A request that came by, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::conformance) struct Passed {
    /// The method.
    pub(in crate::conformance) method: Method,
    /// The path, without the query.
    pub(in crate::conformance) path: String,
    /// The idempotency key.
    pub(in crate::conformance) key: Option<String>,
    /// The body.
    pub(in crate::conformance) body: Bytes,
    /// The status that the caller saw; none if the answer got lost.
    pub(in crate::conformance) status: Option<u16>,
    /// The body of the answer, whether or not the caller saw it.
    pub(in crate::conformance) answer: Bytes,
}

impl Passed {
    /// The answer as JSON, null when it is none.
    pub(in crate::conformance) fn answer(&self) -> Value {
        serde_json::from_slice(&self.answer).unwrap_or_default()
    }

    /// The body as JSON, null when it is none.
    pub(in crate::conformance) fn body(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// Without bodies: that of a token call's answer is a secret.
impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "  {} {}", self.method, self.path)?;
        if let Some(key) = &self.key {
            write!(f, " under {key}")?;
        }
        match self.status {
            Some(status) => write!(f, ": {status}"),
            None => f.write_str(": no answer"),
        }
    }
}

/// One below the other, for whoever reads a failure.
pub(in crate::conformance) fn shown(passed: &[Passed]) -> String {
    if passed.is_empty() {
        return "  nothing was sent".to_owned();
    }
    passed.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
