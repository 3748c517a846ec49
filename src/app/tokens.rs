//! Access tokens: issued as the platform's, valid by lookup.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard},
};

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::Serialize;

use super::{entropy::Entropy, unit::SalesUnit};
use crate::domain::token::{TOKEN_BACKDATED, token_lifetime};

/// The tokens of a sales unit, and when each expires. It has a lock of its
/// own: every call asks it, and none needs anything else for that.
///
/// There are few of them and they are long, so comparing some is quicker than hashing one.
#[derive(Debug, Default)]
pub(super) struct Tokens(RwLock<BTreeMap<Arc<str>, Timestamp>>);

/// An access token and its times.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// A JSON Web Token in three parts.
    pub jwt: Arc<str>,
    /// From when it is valid.
    pub not_before: Timestamp,
    /// Until when it is valid.
    pub expires_on: Timestamp,
}

impl SalesUnit {
    /// Issues a token. Those issued before stay valid until their own time is up.
    #[must_use]
    pub fn issue_token(&self) -> IssuedToken {
        let now = self.clock().now();
        let expires_on = now + token_lifetime(self.environment());
        let not_before = now - TOKEN_BACKDATED;
        let jwt = jwt(&self.seed().client_id, not_before, expires_on, self.entropy());
        let mut tokens = self.tokens.0.write().unwrap_or_else(PoisonError::into_inner);
        tokens.retain(|_, expires_on| now < *expires_on);
        tokens.insert(jwt.clone(), expires_on);
        IssuedToken { jwt, not_before, expires_on }
    }

    /// Whether the token is one of this sales unit's, and its time is not up.
    #[must_use]
    pub fn accepts_token(&self, token: &str) -> bool {
        let expires_on = self.tokens.read().get(token).copied();
        expires_on.is_some_and(|it| self.clock().now() < it)
    }
}

impl Tokens {
    /// All that are known, for a snapshot.
    pub(super) fn all(&self) -> BTreeMap<Arc<str>, Timestamp> {
        self.read().clone()
    }

    /// Knows these from now on, and no others.
    pub(super) fn replace(&self, tokens: BTreeMap<Arc<str>, Timestamp>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = tokens;
    }

    fn read(&self) -> RwLockReadGuard<'_, BTreeMap<Arc<str>, Timestamp>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    x5t: &'a str,
    kid: &'a str,
}

/// The claims of an Azure AD application token, version 1: what the platform hands out.
#[derive(Serialize)]
struct Claims<'a> {
    aud: &'static str,
    iss: &'a str,
    iat: i64,
    nbf: i64,
    exp: i64,
    aio: String,
    appid: &'a str,
    appidacr: &'static str,
    idp: &'a str,
    tid: &'static str,
    uti: String,
    ver: &'static str,
}

/// The audience of every token: the directory service, as on the platform.
pub const TOKEN_AUDIENCE: &str = "00000002-0000-0000-c000-000000000000";

/// A directory of our own.
const TENANT: &str = "c0ffee00-0000-4000-8000-000000000001";
const ISSUER: &str = "https://sts.windows.net/c0ffee00-0000-4000-8000-000000000001/";
const KEY_ID: &str = "dmlwcHMtbW9jay1rZXktMDE";

/// Three parts that parse. The last one is random: merchants are told not to
/// look, and nobody has the key to check it with.
fn jwt(
    client_id: &str,
    not_before: Timestamp,
    expires_on: Timestamp,
    entropy: &Entropy,
) -> Arc<str> {
    let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let header = Header { typ: "JWT", alg: "RS256", x5t: KEY_ID, kid: KEY_ID };
    let claims = Claims {
        aud: TOKEN_AUDIENCE,
        iss: ISSUER,
        iat: not_before.as_second(),
        nbf: not_before.as_second(),
        exp: expires_on.as_second(),
        aio: encode(&entropy.bytes::<27>()),
        appid: client_id,
        appidacr: "1",
        idp: ISSUER,
        tid: TENANT,
        uti: encode(&entropy.bytes::<16>()),
        ver: "1.0",
    };
    let part = |json: serde_json::Result<Vec<u8>>| encode(&json.unwrap_or_default());
    let header = part(serde_json::to_vec(&header));
    let claims = part(serde_json::to_vec(&claims));
    format!("{header}.{claims}.{}", encode(&entropy.bytes::<256>())).into()
}
