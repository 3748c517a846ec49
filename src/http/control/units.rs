//! Sales units: list, create, drop, reset.

use std::{collections::BTreeMap, sync::Arc};

use axum::{Json, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::answer::{PathUnit, Refusal, Typed};
use crate::{
    app::{Mock, NewSalesUnit, SalesUnit},
    domain::{Market, Permissions, Strictness},
    http::Edge,
};

/// Says that the mock is ready.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    status: &'static str,
    version: &'static str,
}

/// Whether the mock is ready
#[utoipa::path(get, path = "/health", responses((status = 200, body = Health)))]
pub(super) async fn health() -> Json<Health> {
    Json(Health { status: "ready", version: env!("CARGO_PKG_VERSION") })
}

/// A sales unit with all of its keys: they open nothing but the mock.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct UnitBody {
    msn: String,
    name: String,
    market: &'static str,
    currency: &'static str,
    client_id: String,
    client_secret: String,
    subscription_key: String,
    strict: bool,
    profile: &'static str,
    #[schema(value_type = BTreeMap<String, bool>)]
    permissions: Map<String, Value>,
}

/// What a sales unit is to be. All members are optional.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateBody {
    /// `NO` (the default), `DK` or `FI`.
    market: Option<String>,
    /// That of the market; another is refused.
    currency: Option<String>,
    /// What customers see.
    name: Option<String>,
    /// Which of the usual permissions are taken away, or given on top.
    #[serde(default)]
    permissions: BTreeMap<String, bool>,
    /// Whether it refuses what the API descriptions do not allow; as `serve` says if left out.
    strict: Option<bool>,
    /// Which environment to be: `test` or `production`; as `serve` says if left out.
    profile: Option<String>,
}

/// Every sales unit with its keys, those of the sandbox first
#[utoipa::path(get, path = "/sales-units", responses((status = 200, body = Vec<UnitBody>)))]
pub(super) async fn list(State(mock): State<Mock>) -> Json<Vec<UnitBody>> {
    Json(mock.units().iter().map(UnitBody::from).collect())
}

/// Opens a sales unit with keys of its own
///
/// A test that opens one for itself can run beside any other: payments, webhooks, time and faults of a
/// sales unit are its own. Nothing has to be said: without a body it is a Norwegian one.
#[utoipa::path(
    post,
    path = "/sales-units",
    request_body = CreateBody,
    responses((status = 201, body = UnitBody))
)]
pub(super) async fn create(
    State(edge): State<Edge>,
    Typed(body): Typed<CreateBody>,
) -> Result<(StatusCode, Json<UnitBody>), Refusal> {
    let market = match body.market {
        None => Market::Norway,
        Some(text) => text
            .parse()
            .map_err(|error| Refusal::bad_request(format!("market: {text}: {error}"), None))?,
    };
    if let Some(currency) = body.currency.filter(|it| it != market.currency().code()) {
        let detail = format!("currency: {market} is paid in {}, not {currency}", market.currency());
        return Err(Refusal::bad_request(detail, Some("leave it out, or choose another market")));
    }
    let permissions = granted(&body.permissions)?;
    let name = body.name.map(Arc::from);
    let strictness = body.strict.map_or(edge.strictness(), Strictness::when);
    let profile = match body.profile {
        None => edge.profile(),
        Some(text) => text
            .parse()
            .map_err(|error| Refusal::bad_request(format!("profile: {text}: {error}"), None))?,
    };
    let wanted = NewSalesUnit { market, name, permissions, strictness, profile };
    let unit = edge.mock.create_unit(wanted);
    Ok((StatusCode::CREATED, Json(UnitBody::from(&unit))))
}

/// The usual permissions, but for those that are named.
fn granted(wanted: &BTreeMap<String, bool>) -> Result<Permissions, Refusal> {
    let mut permissions = Permissions::all();
    for (name, granted) in wanted {
        let known = Permissions::NAMES.iter().find(|it| camel_case(it) == *name);
        let Some(permission) = known.and_then(|it| permissions.named(it)) else {
            let names: Vec<_> = Permissions::NAMES.iter().map(|it| camel_case(it)).collect();
            let detail = format!("permissions: there is no {name}; they are {}", names.join(", "));
            return Err(Refusal::bad_request(detail, None));
        };
        *permission = *granted;
    }
    Ok(permissions)
}

/// `push_message` as JSON has it: `pushMessage`.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + &part[..1].to_ascii_uppercase() + &part[1..])
}

/// One sales unit with its keys
#[utoipa::path(get, path = "/", responses((status = 200, body = UnitBody)))]
pub(super) async fn show(PathUnit(unit): PathUnit) -> Json<UnitBody> {
    Json(UnitBody::from(&unit))
}

/// Drops a sales unit with all that is in it
///
/// One of the sandbox comes back when the whole mock is reset.
#[utoipa::path(delete, path = "/", responses((status = 204)))]
pub(super) async fn remove(State(mock): State<Mock>, PathUnit(unit): PathUnit) -> StatusCode {
    // Somebody else may have been quicker: gone is gone.
    let _ = mock.drop_unit(unit.msn().as_str());
    StatusCode::NO_CONTENT
}

/// Empties a sales unit and puts its clock back to real time
///
/// Its keys stay.
#[utoipa::path(post, path = "/reset", responses((status = 204)))]
pub(super) async fn reset(PathUnit(unit): PathUnit) -> StatusCode {
    unit.reset();
    StatusCode::NO_CONTENT
}

/// Brings everything back to the start
///
/// The sales units of the sandbox are emptied, all others dropped.
#[utoipa::path(post, path = "/reset", responses((status = 204)))]
pub(super) async fn reset_all(State(mock): State<Mock>) -> StatusCode {
    mock.reset();
    StatusCode::NO_CONTENT
}

impl From<&Arc<SalesUnit>> for UnitBody {
    fn from(unit: &Arc<SalesUnit>) -> Self {
        let seed = unit.seed();
        Self {
            msn: seed.msn.to_string(),
            name: seed.name.to_string(),
            market: seed.market.code(),
            currency: seed.market.currency().code(),
            client_id: seed.client_id.to_string(),
            client_secret: seed.client_secret.to_string(),
            subscription_key: seed.subscription_key.to_string(),
            strict: seed.strictness.is_strict(),
            profile: seed.profile.name(),
            permissions: seed
                .permissions
                .each()
                .map(|(name, granted)| (camel_case(name), granted.into()))
                .collect(),
        }
    }
}
