//! A token that is no good, read for what it says of itself.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Deserialize;

use crate::app::{Mock, webhooks::zulu_text};

/// What the second part of a token says.
#[derive(Deserialize)]
struct Claims {
    /// To whom it was issued.
    appid: String,
    /// Until when it is valid, in seconds since 1970.
    exp: i64,
}

/// What has become of a token that is good for nobody, if it can be read.
pub(super) fn history(mock: &Mock, token: &str) -> Option<String> {
    if mock.unit_by_token(token).is_some() {
        return None;
    }
    let claims = claims(token)?;
    let units = mock.units();
    let Some(unit) = units.iter().find(|it| *it.seed().client_id == *claims.appid) else {
        let appid = claims.appid;
        return Some(format!(
            "the token was issued to the client_id {appid}, which nobody has here"
        ));
    };
    let msn = unit.msn();
    let expired_at = Timestamp::from_second(claims.exp).ok()?;
    let now = unit.clock().now();
    Some(if expired_at <= now {
        let (expired_at, now) = (zulu_text(expired_at), zulu_text(now));
        format!(
            "the token of MSN {msn} expired at {expired_at}, and it is {now} there: get a new one"
        )
    } else {
        format!("the token of MSN {msn} was issued before the mock was started anew: get a new one")
    })
}

fn claims(token: &str) -> Option<Claims> {
    let mut parts = token.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}
