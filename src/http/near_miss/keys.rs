//! Keys that are wrong: whose they are, or what they are instead.

use std::sync::Arc;

use super::{distance, token};
use crate::{
    app::{Mock, SalesUnit, journal::Call},
    domain::Msn,
    http::routes::Route,
};

const BEARER: &str = "Bearer ";

pub(super) const KEY: &str = "ocp-apim-subscription-key";

/// Keys of one length differ by so many signs if one was misread for the other.
const MISREAD: usize = 2;

/// Longer texts are none of our keys.
const KEY_MAX: usize = 100;

/// What is wrong with the keys of a call, in the order in which they are looked at.
pub(super) fn near_miss(mock: &Mock, call: &Call, route: Option<Route>) -> Option<String> {
    let operation = route.map(|it| it.operation);
    if operation == Some("userinfo") {
        // The token alone counts.
        return token::history(mock, call.request().header("authorization")?.strip_prefix(BEARER)?);
    }
    let Some(key) = call.request().header(KEY) else { return carried_elsewhere(mock, call) };
    let Some(unit) = mock.unit_by_subscription_key(key) else {
        return what_is(mock, key).map(|it| format!("what was sent as subscription key is {it}"));
    };
    let wrong = match operation {
        Some("token") => client(mock, call, &unit),
        Some(_) | None => bearer(mock, call, &unit),
    };
    wrong.or_else(|| other_unit(call, unit.msn()))
}

/// The number of one sales unit with the keys of another.
fn other_unit(call: &Call, owner: &Msn) -> Option<String> {
    let named = call.request().header("merchant-serial-number")?;
    (named != owner.as_str()).then(|| {
        format!(
            "the Merchant-Serial-Number is {named}, and the subscription key belongs to MSN {owner}"
        )
    })
}

/// A good subscription key under another name.
fn carried_elsewhere(mock: &Mock, call: &Call) -> Option<String> {
    let mut headers = call.request().headers();
    headers.find_map(|(name, value)| {
        let unit = mock.unit_by_subscription_key(std::str::from_utf8(value).ok()?)?;
        let msn = unit.msn();
        Some(format!(
            "the header {name} carries the subscription key of MSN {msn}, which belongs into \
             Ocp-Apim-Subscription-Key"
        ))
    })
}

/// What the token of a call is, if it is not one of the sales unit of its key.
fn bearer(mock: &Mock, call: &Call, unit: &SalesUnit) -> Option<String> {
    let sent = call.request();
    let Some(authorization) = sent.header("authorization") else {
        let good = sent.headers().find_map(|(name, value)| {
            let owner = mock.unit_by_token(std::str::from_utf8(value).ok()?.trim())?;
            Some((name, owner))
        });
        return good.map(|(name, owner)| {
            format!("the header {name} carries a good token of MSN {}; {WANTED}", owner.msn())
        });
    };
    let Some(token) = authorization.strip_prefix(BEARER).map(str::trim) else {
        let last = authorization.split_whitespace().next_back()?;
        return mock.unit_by_token(last).map(|owner| {
            format!("Authorization carries a good token of MSN {}; {WANTED}", owner.msn())
        });
    };
    if unit.accepts_token(token) {
        return None;
    }
    let msn = unit.msn();
    match mock.unit_by_token(token) {
        Some(owner) => Some(format!(
            "the token was issued to MSN {}, and the subscription key belongs to MSN {msn}",
            owner.msn()
        )),
        None => token::history(mock, token)
            .or_else(|| what_is(mock, token).map(|it| format!("what was sent as token is {it}"))),
    }
}

/// How a token is sent.
const WANTED: &str = "it is sent as Authorization: Bearer TOKEN";

/// What a client's id and secret are, if they are not those of the sales unit of its key.
fn client(mock: &Mock, call: &Call, unit: &SalesUnit) -> Option<String> {
    let sent = call.request();
    let (id, secret) = (sent.header("client_id"), sent.header("client_secret"));
    let seed = unit.seed();
    let msn = unit.msn();
    let units = mock.units();
    let of_client = id.and_then(|id| units.iter().find(|it| *it.seed().client_id == *id));
    match (id, of_client) {
        (None, _) => Some("there is no client_id header".to_owned()),
        (Some(id), None) => {
            what_is(mock, id).map(|it| format!("what was sent as client_id is {it}"))
        }
        (Some(_), Some(owner)) if owner.msn() != msn => Some(format!(
            "the client_id belongs to MSN {}, and the subscription key to MSN {msn}",
            owner.msn()
        )),
        (Some(_), Some(_)) => match secret {
            None => Some("there is no client_secret header".to_owned()),
            Some(secret) if *secret == *seed.client_secret => None,
            Some(secret) => {
                what_is(mock, secret).map(|it| format!("what was sent as client_secret is {it}"))
            }
        },
    }
}

/// What a text is among all that sales units have: the thing itself, or nearly.
fn what_is(mock: &Mock, text: &str) -> Option<String> {
    let bare = text.trim_matches(|it: char| !it.is_ascii_alphanumeric());
    if text.is_empty() || KEY_MAX < text.len() {
        return None;
    }
    let units = mock.units();
    let things = || units.iter().flat_map(things_of);
    let exact = things().find(|(_, thing)| *thing == text).map(|(name, _)| name);
    let around = || {
        let found = things().find(|(_, thing)| thing.eq_ignore_ascii_case(bare));
        found.map(|(name, _)| format!("{name}, but for capitals or for what stands around it"))
    };
    let misread = || {
        let near = |thing: &str| {
            thing.len().abs_diff(text.len()) <= MISREAD && distance(thing, text) <= MISREAD
        };
        // A short one resembles too much.
        let found = things().find(|(_, thing)| 16 <= thing.len() && near(thing));
        found.map(|(name, _)| format!("nearly {name}: a sign or two differ"))
    };
    exact.or_else(around).or_else(misread)
}

/// What a sales unit has, with its name.
fn things_of(unit: &Arc<SalesUnit>) -> [(String, &str); 4] {
    let seed = unit.seed();
    let of = |name: &str| format!("the {name} of MSN {}", seed.msn);
    [
        (of("subscription key"), &seed.subscription_key),
        (of("client_id"), &seed.client_id),
        (of("client_secret"), &seed.client_secret),
        (of("number"), seed.msn.as_str()),
    ]
}
