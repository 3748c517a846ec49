//! `GET /vipps-userinfo-api/userinfo/{sub}`: what a customer has consented to (Userinfo API guide).
//!
//! It is called with the token alone: the subscription key of the payment is of another API.

use axum::{
    Router,
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Serialize;

use super::{
    Edge,
    error::explain,
    gateway::{Denial, bearer, unknown_route},
    json::Json,
};
use crate::{
    app::profiles::Shown,
    domain::{Address, Consent, Scope, Strictness},
};

pub(super) fn router() -> Router<Edge> {
    Router::new().route("/vipps-userinfo-api/userinfo/{sub}", get(userinfo).fallback(unknown_route))
}

/// What the time of consent has run out for.
const EXPIRED: &str = "[Expired]";

/// The profile, its members named as in `OpenID` Connect. What was not consented to is left out.
#[derive(Serialize)]
struct UserinfoReply {
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<AddressReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    other_addresses: Option<Vec<AddressReply>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    birthdate: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email_verified: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone_number_verified: Option<bool>,
}

#[derive(Serialize)]
struct AddressReply {
    address_type: String,
    street_address: String,
    postal_code: String,
    region: String,
    country: String,
    formatted: String,
}

/// The problem of this API, whose status is text.
#[derive(Serialize)]
struct Problem<'a> {
    r#type: &'static str,
    title: &'static str,
    status: String,
    detail: String,
    instance: &'a str,
}

async fn userinfo(
    State(edge): State<Edge>,
    sub: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Response {
    // What is no text is nobody's.
    let sub = sub.map(|Path(sub)| sub).unwrap_or_default();
    let token = bearer(&headers, Strictness::Lenient);
    let unit = match token {
        None => return Denial::NoBearer.into_response(),
        Some(token) => edge.mock.unit_by_token(token),
    };
    let Some(unit) = unit else { return Denial::BadToken.into_response() };
    match unit.profile(&sub) {
        Some(shown) => Json(UserinfoReply::of(&shown)).into_response(),
        None => unknown(&sub),
    }
}

fn unknown(sub: &str) -> Response {
    let status = StatusCode::NOT_FOUND;
    let detail = format!("Nobody of the sub {sub} has consented to share anything");
    let body = Problem {
        r#type: "about:blank",
        title: "Not Found",
        status: status.as_u16().to_string(),
        detail: detail.clone(),
        instance: sub,
    };
    let mut response = (status, Json(body)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, PROBLEM_JSON);
    explain(&mut response, &format!("{detail} (Userinfo API guide)"));
    response
}

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

impl UserinfoReply {
    fn of(shown: &Shown) -> Self {
        let Consent { sub, person, .. } = &shown.consent;
        let text = |scope, value: String| {
            let shares = shown.consent.shares(scope);
            shares.then(|| if shown.is_fresh { value } else { EXPIRED.to_owned() })
        };
        let verified = |scope| shown.consent.shares(scope).then_some(shown.is_fresh);
        let shares_address = shown.consent.shares(Scope::Address);
        let address = || AddressReply::of(person.home.as_ref(), shown.is_fresh);
        let name = format!("{} {}", person.given_name, person.family_name);
        Self {
            sub: sub.to_string(),
            address: shares_address.then(address),
            other_addresses: shares_address.then(Vec::new),
            birthdate: text(Scope::BirthDate, person.birth_date.to_string()),
            email: text(Scope::Email, person.email.to_string()),
            email_verified: verified(Scope::Email),
            name: text(Scope::Name, name),
            given_name: text(Scope::Name, person.given_name.to_string()),
            family_name: text(Scope::Name, person.family_name.to_string()),
            nin: text(Scope::Nin, person.nin.to_string()),
            phone_number: text(Scope::PhoneNumber, person.phone.to_string()),
            phone_number_verified: verified(Scope::PhoneNumber),
        }
    }
}

impl AddressReply {
    /// An address that nobody knows is one of empty texts.
    fn of(address: Option<&Address>, is_fresh: bool) -> Self {
        if !is_fresh {
            return Self::all(EXPIRED);
        }
        let Some(address) = address else { return Self::all("") };
        let Address { line1, line2, city, post_code, country } = address;
        let street = match line2 {
            Some(line2) => format!("{line1}, {line2}"),
            None => line1.to_string(),
        };
        Self {
            address_type: "home".to_owned(),
            formatted: format!("{street}\n{post_code} {city}\n{country}"),
            street_address: street,
            postal_code: post_code.to_string(),
            region: city.to_string(),
            country: country.to_string(),
        }
    }

    fn all(text: &str) -> Self {
        let text = || text.to_owned();
        Self {
            address_type: text(),
            street_address: text(),
            postal_code: text(),
            region: text(),
            country: text(),
            formatted: text(),
        }
    }
}
