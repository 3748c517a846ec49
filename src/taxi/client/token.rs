//! The access token: fetched once, kept until shortly before it expires.
//!
//! A token call for each API call is the fastest way to be throttled.

use std::fmt;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::Client;
use super::call::Call;
use crate::taxi::error::Error;

/// How long before its end a token is renewed, so that none expires on the way.
const RENEW_BEFORE: SignedDuration = SignedDuration::from_secs(60);

/// An access token and the moment from which it is not used any more.
#[derive(Clone)]
pub(super) struct AccessToken {
    text: Arc<str>,
    renew_at: Timestamp,
}

/// The one token that all copies of a client share.
#[derive(Debug, Default)]
pub(super) struct TokenCache(Mutex<Option<AccessToken>>);

impl AccessToken {
    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("renew_at", &self.renew_at).finish_non_exhaustive()
    }
}

impl Client {
    /// The token, fetched if there is none that lasts.
    ///
    /// The lock is held while fetching: whoever else needs a token waits for this one.
    pub(super) async fn access_token(&self) -> Result<AccessToken, Error> {
        let mut cached = self.tokens.0.lock().await;
        let now = self.clock.now();
        if let Some(token) = cached.as_ref().filter(|token| now < token.renew_at) {
            return Ok(token.clone());
        }
        let reply = self.send_with_retries(&Call::post(["accesstoken", "get"]), None).await?;
        let token = reply.json::<TokenBody>()?.received_at(self.clock.now());
        *cached = Some(token.clone());
        Ok(token)
    }

    /// Drops a token that was refused, unless somebody renewed it meanwhile.
    pub(super) async fn forget_token(&self, refused: &AccessToken) {
        let mut cached = self.tokens.0.lock().await;
        cached.take_if(|token| token.text == refused.text);
    }
}

/// The answer, as far as we need it. Both numbers are text on the wire.
#[derive(Deserialize)]
struct TokenBody {
    access_token: String,
    #[serde(default)]
    expires_in: Option<NumberOrText>,
    #[serde(default)]
    expires_on: Option<NumberOrText>,
}

/// Some clients were written for numbers, so somewhere numbers may be sent.
#[derive(Deserialize)]
#[serde(untagged)]
enum NumberOrText {
    Number(i64),
    Text(String),
}

impl NumberOrText {
    fn number(&self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
        }
    }
}

impl TokenBody {
    /// Counts from our own clock if it can: then it does not matter whether ours is right.
    fn received_at(self, now: Timestamp) -> AccessToken {
        let lasts = self.expires_in.as_ref().and_then(NumberOrText::number);
        let ends = self.expires_on.as_ref().and_then(NumberOrText::number);
        let expiry = match (lasts, ends) {
            (Some(seconds), _) => now.checked_add(SignedDuration::from_secs(seconds)).ok(),
            (None, Some(second)) => Timestamp::from_second(second).ok(),
            (None, None) => None,
        };
        // A token that does not say when it ends is used for the call at hand and no other.
        let renew_at = expiry.and_then(|end| end.checked_sub(RENEW_BEFORE).ok()).unwrap_or(now);
        AccessToken { text: self.access_token.into(), renew_at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_a_minute_before_it_ends() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let cases = [
            (r#"{"access_token":"t","expires_in":"3599"}"#, "2026-01-01T00:58:59Z"),
            (r#"{"access_token":"t","expires_in":3599}"#, "2026-01-01T00:58:59Z"),
            (r#"{"access_token":"t","expires_on":"1767229200"}"#, "2026-01-01T00:59:00Z"),
            (r#"{"access_token":"t","expires_on":1767229200}"#, "2026-01-01T00:59:00Z"),
            (
                r#"{"access_token":"t","expires_in":"3599","expires_on":"1"}"#,
                "2026-01-01T00:58:59Z",
            ),
            (r#"{"access_token":"t"}"#, "2026-01-01T00:00:00Z"),
            (r#"{"access_token":"t","expires_in":"soon"}"#, "2026-01-01T00:00:00Z"),
        ];
        for (body, renew_at) in cases {
            let token = serde_json::from_str::<TokenBody>(body).unwrap().received_at(now);
            assert_eq!(token.renew_at.to_string(), renew_at, "{body}");
        }
    }
}
