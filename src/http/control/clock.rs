//! The time of a sales unit.

use axum::Json;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::answer::{PathUnit, Refusal, Typed};
use crate::app::{
    SalesUnit,
    agenda::{StepReport, Target},
    clock::ClockMode,
    durations::duration,
    facts::DatedFact,
    webhooks::zulu_text,
};

#[derive(Serialize)]
pub(super) struct ClockBody {
    now: String,
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    happened: Option<Vec<FactBody>>,
}

/// Something that happened while the clock was moved.
#[derive(Serialize)]
struct FactBody {
    at: String,
    kind: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceBody {
    by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetBody {
    to: String,
}

pub(super) async fn show(PathUnit(unit): PathUnit) -> Json<ClockBody> {
    Json(ClockBody::of(&unit))
}

pub(super) async fn freeze(PathUnit(unit): PathUnit) -> Json<ClockBody> {
    unit.freeze_clock();
    Json(ClockBody::of(&unit))
}

pub(super) async fn resume(PathUnit(unit): PathUnit) -> Json<ClockBody> {
    unit.resume_clock();
    Json(ClockBody::of(&unit))
}

/// Answers when everything due on the way has been done.
pub(super) async fn advance(
    PathUnit(unit): PathUnit,
    Typed(body): Typed<AdvanceBody>,
) -> Result<Json<ClockBody>, Refusal> {
    let by = duration(&body.by).ok_or_else(|| {
        Refusal::bad_request(format!("by: {} is no duration", body.by), Some(DURATION_HINT))
    })?;
    let report = unit.step(Target::By(by)).await?;
    Ok(Json(ClockBody::after(&unit, &report)))
}

/// Answers when everything due on the way has been done.
pub(super) async fn set(
    PathUnit(unit): PathUnit,
    Typed(body): Typed<SetBody>,
) -> Result<Json<ClockBody>, Refusal> {
    let to: Timestamp = body.to.parse().map_err(|_| {
        let hint = "write it as 2026-01-31T12:00:00Z";
        Refusal::bad_request(format!("to: {} is no time", body.to), Some(hint))
    })?;
    let report = unit.step(Target::At(to)).await?;
    Ok(Json(ClockBody::after(&unit, &report)))
}

pub(super) const DURATION_HINT: &str =
    "write whole numbers with ms, s, m, h or d, joined at will: 1h30m";

impl ClockBody {
    fn of(unit: &SalesUnit) -> Self {
        let mode = match unit.clock().mode() {
            ClockMode::Real => "real",
            ClockMode::Shifted => "shifted",
            ClockMode::Frozen => "frozen",
        };
        Self { now: zulu_text(unit.clock().now()), mode, happened: None }
    }

    fn after(unit: &SalesUnit, report: &StepReport) -> Self {
        let happened = report.happened.iter().map(FactBody::from).collect();
        Self { now: zulu_text(report.now), happened: Some(happened), ..Self::of(unit) }
    }
}

impl From<&DatedFact> for FactBody {
    fn from(dated: &DatedFact) -> Self {
        Self {
            at: zulu_text(dated.at),
            kind: dated.fact.kind(),
            text: dated.fact.to_string(),
            reference: dated.fact.reference().map(str::to_owned),
        }
    }
}
