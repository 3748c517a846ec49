//! Who may use the control API: nobody whom a web page leads here, and where there is a token, only
//! who knows it.

use std::{fmt, str::FromStr, sync::Arc};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use subtle::ConstantTimeEq as _;

use super::answer::Refusal;
use crate::{
    domain::Strictness,
    http::{Edge, gateway::bearer, guard},
};

/// The path that a load balancer asks, which has no token. It tells nothing about the mock's state.
const FREE: &str = "/health";

/// Lets a call to the control API pass, or refuses it.
pub(super) async fn own_testers(
    State(edge): State<Edge>,
    request: Request,
    next: Next,
) -> Response {
    match admit(&edge, &request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn admit(edge: &Edge, request: &Request) -> Result<(), Refusal> {
    let headers = request.headers();
    guard::admit(headers, &edge.public_url())?;
    match &edge.control_token {
        // Within its nest a route sees the path without `/control/v1`.
        Some(token) if request.uri().path() != FREE => {
            let given = bearer(headers, Strictness::Lenient).ok_or(Refusal::no_token())?;
            if token.is(given) { Ok(()) } else { Err(Refusal::wrong_token()) }
        }
        _ => Ok(()),
    }
}

/// What callers of the control API have to know, where it is not open to everybody.
#[derive(Clone)]
pub struct ControlToken(Arc<str>);

/// A text that cannot be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected a token of visible ASCII characters without spaces, and not an empty one")]
pub struct NotAToken;

impl ControlToken {
    /// The token itself, for whoever sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Compares in a time that does not tell how much of a guess is right.
    fn is(&self, given: &str) -> bool {
        self.0.as_bytes().ct_eq(given.as_bytes()).into()
    }
}

impl FromStr for ControlToken {
    type Err = NotAToken;

    fn from_str(text: &str) -> Result<Self, NotAToken> {
        let is_token = !text.is_empty() && text.bytes().all(|it| it.is_ascii_graphic());
        if is_token { Ok(Self(text.into())) } else { Err(NotAToken) }
    }
}

/// Without the token.
impl fmt::Debug for ControlToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ControlToken(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_is_visible_text_and_nothing_else_is_taken_for_it() {
        for text in ["", " ", "a b", "a\n", "\u{e5}", "\t"] {
            assert_eq!(text.parse::<ControlToken>().unwrap_err(), NotAToken, "{text:?}");
        }
        let token: ControlToken = "s3cret/+=".parse().unwrap();
        for (given, expected) in
            [("s3cret/+=", true), ("s3cret/+", false), ("S3cret/+=", false), ("", false)]
        {
            assert_eq!(token.is(given), expected, "{given}");
        }
        assert!(!format!("{token:?}").contains("s3cret"));
    }
}
