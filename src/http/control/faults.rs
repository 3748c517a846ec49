//! Things that are to go wrong.

use axum::{Json, http::StatusCode};
use serde::{Deserialize, Serialize};

use super::answer::{PathName, PathUnit, Refusal, Typed};
use crate::{
    app::SalesUnit,
    domain::{
        Operation, Reference,
        fault::{Commit, Effect, Fault, FaultId, Matcher},
    },
    http::problem::Problem,
};

/// A fault that can still strike.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FaultBody {
    id: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<u16>,
    commit: bool,
    /// How often it still strikes; absent if every time.
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<u32>,
}

/// What a tester asks for. Which members an effect needs depends on the effect.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct WantedFault {
    operation: Option<String>,
    reference: Option<String>,
    effect: Option<String>,
    code: Option<u16>,
    #[serde(default)]
    commit: bool,
    times: Option<Times>,
}

/// How often: a number from 1, or `"always"`.
#[derive(Deserialize)]
#[serde(try_from = "serde_json::Value")]
struct Times(Option<u32>);

pub(super) async fn list(PathUnit(unit): PathUnit) -> Json<Vec<FaultBody>> {
    Json(unit.faults().iter().map(FaultBody::from).collect())
}

pub(super) async fn add(
    PathUnit(unit): PathUnit,
    Typed(wanted): Typed<WantedFault>,
) -> Result<(StatusCode, Json<FaultBody>), Refusal> {
    let fault = added(&unit, wanted)?;
    Ok((StatusCode::CREATED, Json(FaultBody::from(&fault))))
}

fn added(unit: &SalesUnit, wanted: WantedFault) -> Result<Fault, Refusal> {
    let effect = effect(&wanted)?;
    let operation = wanted.operation.map(|text| {
        text.parse::<Operation>()
            .map_err(|error| Refusal::bad_request(format!("operation: {text}: {error}"), None))
    });
    let reference = wanted.reference.map(|text| {
        text.parse::<Reference>()
            .map_err(|error| Refusal::bad_request(format!("reference: {text}: {error}"), None))
    });
    let matcher = Matcher { operation: operation.transpose()?, reference: reference.transpose()? };
    let Times(times) = wanted.times.unwrap_or(Times(Some(1)));
    unit.add_fault(matcher, effect, times).map_err(|error| {
        let hint = "vipps-mock faults clear takes them away";
        Refusal::conflict(error.to_string(), Some(hint))
    })
}

/// The only effect so far is a published error code in place of the answer.
const PROBLEM: &str = "problem";

fn effect(wanted: &WantedFault) -> Result<Effect, Refusal> {
    let hint = Some("the error codes are those of the ePayment API guide, such as 6280");
    if let Some(text) = wanted.effect.as_ref().filter(|it| *it != PROBLEM) {
        let detail = format!("effect: there is no {text}; there is {PROBLEM}");
        return Err(Refusal::bad_request(detail, None));
    }
    let Some(code) = wanted.code else {
        return Err(Refusal::bad_request(format!("code: the effect {PROBLEM} needs one"), hint));
    };
    if Problem::of_code(code).is_none() {
        return Err(Refusal::bad_request(format!("code: there is no error {code}"), hint));
    }
    let commit = if wanted.commit { Commit::First } else { Commit::Never };
    Ok(Effect::Refuse { code, commit })
}

pub(super) async fn remove(
    PathUnit(unit): PathUnit,
    PathName(text): PathName,
) -> Result<StatusCode, Refusal> {
    let id = text.parse().ok().map(FaultId);
    if id.is_some_and(|id| unit.remove_fault(id)) {
        return Ok(StatusCode::NO_CONTENT);
    }
    let hint = "vipps-mock faults lists those that can still strike";
    Err(Refusal::not_found(format!("there is no fault {text}"), hint))
}

pub(super) async fn clear(PathUnit(unit): PathUnit) -> StatusCode {
    unit.clear_faults();
    StatusCode::NO_CONTENT
}

impl From<&Fault> for FaultBody {
    fn from(fault: &Fault) -> Self {
        let Effect::Refuse { code, commit } = fault.effect;
        Self {
            id: fault.id.0,
            operation: fault.matcher.operation.map(Operation::name),
            reference: fault.matcher.reference.as_ref().map(ToString::to_string),
            effect: PROBLEM,
            code: Some(code),
            commit: commit == Commit::First,
            left: fault.left,
        }
    }
}

impl TryFrom<serde_json::Value> for Times {
    type Error = &'static str;

    fn try_from(value: serde_json::Value) -> Result<Self, Self::Error> {
        const WRONG: &str = "expected a number from 1, or \"always\"";
        if value.as_str() == Some("always") {
            return Ok(Self(None));
        }
        let times = value.as_u64().and_then(|it| u32::try_from(it).ok()).filter(|it| 0 < *it);
        times.map(|it| Self(Some(it))).ok_or(WRONG)
    }
}
