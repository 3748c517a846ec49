//! The journal: every call of the APIs with what was sent, what was answered and what came of it.

mod curl;
mod filter;
mod har;
mod mask;
mod view;

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::Deserialize;
use utoipa::IntoParams;

use self::{
    filter::Wanted,
    har::HarBody,
    view::{CallBody, SummaryBody, View},
};
use super::answer::{Filter, PathName, PathUnit, Refusal, StrayName};
use crate::{
    app::{SalesUnit, clock::machine_time, journal::Call},
    http::Edge,
};

/// What is hidden otherwise.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Openness {
    /// Whether secrets, tokens and phone numbers are shown whole.
    #[serde(default)]
    unmasked: bool,
}

/// What the numbers of calls begin with that belong to no sales unit.
const STRAY: &str = "s";

/// The latest calls with this sales unit's keys, oldest first
///
/// A call belongs to the sales unit of its subscription key, or else to that of its token. 2,000 are
/// kept, or 8 MiB of them.
#[utoipa::path(
    get,
    path = "/requests",
    params(Wanted),
    responses((status = 200, body = Vec<SummaryBody>))
)]
pub(super) async fn list(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    Filter(wanted): Filter<Wanted>,
) -> Result<Json<Vec<SummaryBody>>, Refusal> {
    summaries(&edge, Some(&unit), &wanted)
}

/// One call: both sides of it, what decided, and what came of it
#[utoipa::path(
    get,
    path = "/requests/{id}",
    params(Openness),
    responses((status = 200, body = CallBody))
)]
pub(super) async fn show(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    PathName(id): PathName,
    Filter(openness): Filter<Openness>,
) -> Result<Json<CallBody>, Refusal> {
    let call = id.parse().ok().and_then(|number| unit.journal().call(number));
    let hint = "GET /control/v1/sales-units/{msn}/requests lists them";
    whole(&edge, Some(&unit), call, &openness).ok_or_else(|| no_such(&id, hint))
}

/// The latest calls that belong to no sales unit, oldest first
///
/// Those with a key that nobody has, for one. Their numbers begin with an `s`.
#[utoipa::path(
    get,
    path = "/requests",
    params(Wanted),
    responses((status = 200, body = Vec<SummaryBody>))
)]
pub(super) async fn strays(
    State(edge): State<Edge>,
    Filter(wanted): Filter<Wanted>,
) -> Result<Json<Vec<SummaryBody>>, Refusal> {
    summaries(&edge, None, &wanted)
}

/// One call that belongs to no sales unit
#[utoipa::path(
    get,
    path = "/requests/{id}",
    params(Openness),
    responses((status = 200, body = CallBody))
)]
pub(super) async fn stray(
    State(edge): State<Edge>,
    StrayName(id): StrayName,
    Filter(openness): Filter<Openness>,
) -> Result<Json<CallBody>, Refusal> {
    let number = id.strip_prefix(STRAY).and_then(|it| it.parse().ok());
    let call = number.and_then(|number| edge.mock.strays().call(number));
    let hint = "GET /control/v1/requests lists them";
    whole(&edge, None, call, &openness).ok_or_else(|| no_such(&id, hint))
}

/// The latest calls with this sales unit's keys as an HTTP archive (HAR)
///
/// For tools that open such archives. What the mock knows besides stands in members that begin with an
/// underscore.
#[utoipa::path(
    get,
    path = "/requests.har",
    params(Wanted),
    responses((status = 200, body = HarBody))
)]
pub(super) async fn archive(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    Filter(wanted): Filter<Wanted>,
) -> Result<Json<HarBody>, Refusal> {
    archived(&edge, Some(&unit), &wanted)
}

/// The latest calls that belong to no sales unit as an HTTP archive (HAR)
#[utoipa::path(
    get,
    path = "/requests.har",
    params(Wanted),
    responses((status = 200, body = HarBody))
)]
pub(super) async fn stray_archive(
    State(edge): State<Edge>,
    Filter(wanted): Filter<Wanted>,
) -> Result<Json<HarBody>, Refusal> {
    archived(&edge, None, &wanted)
}

fn archived(
    edge: &Edge,
    unit: Option<&Arc<SalesUnit>>,
    wanted: &Wanted,
) -> Result<Json<HarBody>, Refusal> {
    let calls = found(edge, unit, wanted)?;
    let entry = |call: &Arc<Call>| View::new(edge, unit, call, wanted.unmasked()).archived();
    Ok(Json(HarBody::of(calls.iter().map(entry).collect())))
}

fn no_such(id: &str, hint: &'static str) -> Refusal {
    Refusal::not_found(format!("there is no call {id}, or none any more"), hint)
}

fn summaries(
    edge: &Edge,
    unit: Option<&Arc<SalesUnit>>,
    wanted: &Wanted,
) -> Result<Json<Vec<SummaryBody>>, Refusal> {
    let calls = found(edge, unit, wanted)?;
    let view = |call: &Arc<Call>| View::new(edge, unit, call, wanted.unmasked()).summary();
    Ok(Json(calls.iter().map(view).collect()))
}

/// The latest calls that are wanted, oldest first.
fn found(
    edge: &Edge,
    unit: Option<&Arc<SalesUnit>>,
    wanted: &Wanted,
) -> Result<Vec<Arc<Call>>, Refusal> {
    let now = unit.map_or_else(machine_time, |unit| unit.clock().now());
    let journal = unit.map_or(edge.mock.strays(), |unit| unit.journal());
    wanted.choose(journal.calls(), now)
}

fn whole(
    edge: &Edge,
    unit: Option<&Arc<SalesUnit>>,
    call: Option<Arc<Call>>,
    openness: &Openness,
) -> Option<Json<CallBody>> {
    let call = call?;
    Some(Json(View::new(edge, unit, &call, openness.unmasked).whole()))
}
