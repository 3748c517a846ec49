//! Things that are to go wrong.

mod view;
mod wanted;
mod wanted_effect;

use axum::{Json, http::StatusCode};

use super::answer::{PathName, PathUnit, Refusal, Typed};
use crate::{
    app::SalesUnit,
    domain::fault::{Fault, FaultId, FaultState},
};
use view::FaultBody;
use wanted::WantedFault;

/// What is to go wrong, in the order in which it strikes
///
/// Behind it comes what has struck as often as it was told, or whose time is over: the latest hundred.
#[utoipa::path(get, path = "/faults", responses((status = 200, body = Vec<FaultBody>)))]
pub(super) async fn list(PathUnit(unit): PathUnit) -> Json<Vec<FaultBody>> {
    Json(unit.faults().iter().map(|(fault, state)| FaultBody::of(fault, *state)).collect())
}

/// Lets something go wrong
///
/// A call is answered by a fault, late, in part or not at all, or a webhook is spoiled. Of several
/// faults that match, the oldest strikes.
#[utoipa::path(
    post,
    path = "/faults",
    request_body = WantedFault,
    responses((status = 201, body = FaultBody))
)]
pub(super) async fn add(
    PathUnit(unit): PathUnit,
    Typed(wanted): Typed<WantedFault>,
) -> Result<(StatusCode, Json<FaultBody>), Refusal> {
    let fault = added(&unit, wanted)?;
    Ok((StatusCode::CREATED, Json(FaultBody::of(&fault, FaultState::Waiting))))
}

fn added(unit: &SalesUnit, wanted: WantedFault) -> Result<Fault, Refusal> {
    unit.add_fault(wanted.read()?).map_err(|error| {
        let hint = "vipps-mock faults clear takes them away";
        Refusal::conflict(error.to_string(), Some(hint))
    })
}

/// Takes one fault away
#[utoipa::path(delete, path = "/faults/{id}", responses((status = 204)))]
pub(super) async fn remove(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<StatusCode, Refusal> {
    let id = text.parse().ok().map(FaultId);
    if id.is_some_and(|id| unit.remove_fault(id)) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let hint = "vipps-mock faults lists them";
    Err(Refusal::not_found(format!("there is no fault {text}"), hint))
}

/// Takes all faults away
#[utoipa::path(delete, path = "/faults", responses((status = 204)))]
pub(super) async fn clear(PathUnit(unit): PathUnit) -> StatusCode {
    unit.clear_faults();
    StatusCode::NO_CONTENT
}
