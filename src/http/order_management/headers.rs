//! The headers that every operation of the API has.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
};

use crate::http::{
    Edge,
    gateway::MSN,
    schema::{Check, Rule},
};

/// A check that has begun with the headers: this API insists on the number of the sales unit,
/// which the keys would tell as well.
pub(super) struct Begun(pub(super) Check);

/// Names of the merchant's system, which may be empty but not long.
const SYSTEM_HEADERS: [&str; 4] = [
    "Vipps-System-Name",
    "Vipps-System-Version",
    "Vipps-System-Plugin-Name",
    "Vipps-System-Plugin-Version",
];

/// The longest of them, in characters (Order Management API description).
const SYSTEM_HEADER_LENGTH_MAX: usize = 100;

impl FromRequestParts<Edge> for Begun {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Infallible> {
        let mut check = Check::from_request_parts(parts, edge).await?;
        if matches!(parts.method, Method::GET | Method::DELETE) {
            check.no_body();
        }
        if !parts.headers.contains_key(MSN) {
            check.fail("Merchant-Serial-Number".to_owned(), Rule::Required);
        }
        for name in SYSTEM_HEADERS {
            let value = parts.headers.get(name).map_or(0, |value| value.as_bytes().len());
            if SYSTEM_HEADER_LENGTH_MAX < value {
                check.fail(name.to_owned(), Rule::LengthMax(SYSTEM_HEADER_LENGTH_MAX));
            }
        }
        Ok(Self(check))
    }
}
