//! The time of a sales unit.

use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::answer::{PathUnit, Refusal, Typed};
use crate::app::{
    SalesUnit,
    agenda::{StepReport, Target},
    clock::ClockMode,
    durations::duration,
    facts::DatedFact,
    moments::{MOMENT_HINT, moment},
    webhooks::zulu_text,
};

/// The time of a sales unit.
#[derive(Serialize, ToSchema)]
pub(super) struct ClockBody {
    /// UTC.
    now: String,
    /// `real`, `shifted` or `frozen`.
    mode: &'static str,
    /// What happened while it was moved, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    happened: Option<Vec<FactBody>>,
}

/// Something that happened: while the clock was moved, say.
#[derive(Serialize, ToSchema)]
pub(super) struct FactBody {
    /// In the sales unit's time, UTC.
    at: String,
    kind: &'static str,
    /// A sentence about it.
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

/// How far.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AdvanceBody {
    /// Whole numbers with `ms s m h d`, joined at will.
    #[schema(example = "1h30m")]
    by: String,
}

/// Until when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetBody {
    /// A time with its offset, or as much of it as says when, in UTC: `2030-01-31 12:00`,
    /// `2030-01-31`, `12:00` for the next time it is that late, or `tomorrow 12:00`.
    #[schema(example = "2030-01-01T00:00:00Z")]
    to: String,
}

/// What time it is in the sales unit
#[utoipa::path(get, path = "/clock", responses((status = 200, body = ClockBody)))]
pub(super) async fn show(PathUnit(unit): PathUnit) -> Json<ClockBody> {
    Json(ClockBody::of(&unit))
}

/// Stops the clock where it stands
#[utoipa::path(post, path = "/clock/freeze", responses((status = 200, body = ClockBody)))]
pub(super) async fn freeze(PathUnit(unit): PathUnit) -> Json<ClockBody> {
    unit.freeze_clock();
    Json(ClockBody::of(&unit))
}

/// Lets the clock run on from where it stands
#[utoipa::path(post, path = "/clock/resume", responses((status = 200, body = ClockBody)))]
pub(super) async fn resume(PathUnit(unit): PathUnit) -> Json<ClockBody> {
    unit.resume_clock();
    Json(ClockBody::of(&unit))
}

/// Steps forward by a span of time
///
/// Answers when everything due on the way has been done, webhooks included, and says what happened.
/// Advancing by `0s` is the way to let webhooks settle.
#[utoipa::path(
    post,
    path = "/clock/advance",
    request_body = AdvanceBody,
    responses((status = 200, body = ClockBody))
)]
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

/// Steps forward to a time
///
/// As `advance` does. 409 if the time lies behind: it never goes back.
#[utoipa::path(
    post,
    path = "/clock/set",
    request_body = SetBody,
    responses((status = 200, body = ClockBody))
)]
pub(super) async fn set(
    PathUnit(unit): PathUnit,
    Typed(body): Typed<SetBody>,
) -> Result<Json<ClockBody>, Refusal> {
    let to = moment(&body.to, unit.clock().now()).ok_or_else(|| {
        Refusal::bad_request(format!("to: {} is no time", body.to), Some(MOMENT_HINT))
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

impl FactBody {
    /// The same in other words.
    pub(super) fn map_text(self, map: impl FnOnce(&str) -> String) -> Self {
        Self { text: map(&self.text), ..self }
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
