//! The sales unit a call is for, and the headers that a strict one insists on.

use std::{ops::Deref, sync::Arc};

use axum::{
    Extension,
    extract::FromRequestParts,
    http::request::Parts,
    response::{IntoResponse as _, Response},
};

use super::{
    Edge,
    error::{Api, ApiError},
    gateway::MSN,
    schema::{Failure, Rule},
};
use crate::app::SalesUnit;

/// The sales unit a call is for. The gateway has found it by its keys; a strict one is given to the
/// handler only if the headers are as described.
#[derive(Debug, Clone)]
pub(super) struct Unit(Arc<SalesUnit>);

impl Deref for Unit {
    type Target = Arc<SalesUnit>;

    fn deref(&self) -> &Arc<SalesUnit> {
        &self.0
    }
}

impl FromRequestParts<Edge> for Unit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Response> {
        let unit = Extension::<Arc<SalesUnit>>::from_request_parts(parts, edge).await;
        let Extension(unit) = unit.map_err(axum::response::IntoResponse::into_response)?;
        let failures =
            if unit.strictness().is_strict() { wrong_headers(parts) } else { Vec::new() };
        if failures.is_empty() {
            Ok(Self(unit))
        } else {
            Err(ApiError::Invalid(failures).into_response())
        }
    }
}

/// What a caller may say about its own software (HTTP headers page).
const SYSTEM_HEADERS: [&str; 4] = [
    "Vipps-System-Name",
    "Vipps-System-Version",
    "Vipps-System-Plugin-Name",
    "Vipps-System-Plugin-Version",
];

/// The longest of them, in characters (ePayment and Webhooks API descriptions).
const SYSTEM_HEADER_MAX: usize = 30;

/// The same for Order Management (its own description).
const SYSTEM_HEADER_OF_ORDERS_MAX: usize = 100;

fn wrong_headers(parts: &Parts) -> Vec<Failure> {
    let headers = &parts.headers;
    let max = match Api::of(parts.uri.path()) {
        Some((Api::OrderManagement, _)) => SYSTEM_HEADER_OF_ORDERS_MAX,
        Some((Api::Epayment | Api::Webhooks | Api::Qr, _)) | None => SYSTEM_HEADER_MAX,
    };
    let number = (!headers.contains_key(MSN))
        .then(|| Failure { path: "Merchant-Serial-Number".to_owned(), rule: Rule::Required });
    let is_too_long = |name: &&str| {
        let length = |text: &str| text.chars().count();
        headers
            .get(*name)
            .is_some_and(|it| max < std::str::from_utf8(it.as_bytes()).map_or(it.len(), length))
    };
    let too_long = SYSTEM_HEADERS.iter().filter(|name| is_too_long(name));
    let too_long =
        too_long.map(|name| Failure { path: (*name).to_owned(), rule: Rule::LengthMax(max) });
    number.into_iter().chain(too_long).collect()
}
