//! A sales unit as one document: taken here, brought back there.

use axum::{Json, body::Bytes, extract::State, http::StatusCode};

use super::{
    answer::{PathUnit, Refusal, StrayName},
    units::UnitBody,
};
use crate::app::{
    Mock,
    snapshot::{Document, RestoreError, Snapshot, SnapshotError},
};

/// The largest snapshot that is read, in bytes: all the images and receipts that a sales unit may
/// have, and a few hundred thousand payments.
pub(super) const SNAPSHOT_MAX: usize = 512 * 1024 * 1024;

/// Everything of a sales unit as one document
///
/// Its keys and permissions, its payments with their logs and what idempotency keys remember, its
/// webhooks with their secrets, what was delivered and what still waits, receipts, links and images,
/// customers, faults, tokens, and where its clock and its randomness stand. Not in it: the journal
/// and the live events of the past, and the question that a shipping callback is waiting for.
#[utoipa::path(get, path = "/snapshot", responses((status = 200, body = Document)))]
pub(super) async fn save(PathUnit(unit): PathUnit) -> Json<Document> {
    Json(unit.snapshot())
}

/// Brings a sales unit back as it was, or opens it here
///
/// It goes on from where it stood, whatever the time is elsewhere: a clock that was `real` is
/// `shifted`. A sales unit of this number that is there already loses all it has; it must have the
/// same keys, market, profile, strictness, permissions and name. What is refused has changed nothing.
#[utoipa::path(
    put,
    path = "/snapshot",
    request_body = Document,
    responses(
        (status = 200, body = UnitBody),
        (status = 201, body = UnitBody, description = "There was none of this number; it is opened."),
    )
)]
pub(super) async fn load(
    State(mock): State<Mock>,
    StrayName(msn): StrayName,
    body: Bytes,
) -> Result<(StatusCode, Json<UnitBody>), Refusal> {
    let document = serde_json::from_slice(&body)
        .map_err(|error| Refusal::bad_request(format!("the snapshot is no JSON: {error}"), None))?;
    let snapshot = Snapshot::read(document)?;
    if snapshot.msn().as_str() != msn {
        let detail = format!("the snapshot is of sales unit {}, not of {msn}", snapshot.msn());
        return Err(Refusal::bad_request(detail, Some("its number cannot be changed")));
    }
    let (unit, is_new) = mock.restore(snapshot)?;
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(UnitBody::from(&unit))))
}

impl From<SnapshotError> for Refusal {
    fn from(error: SnapshotError) -> Self {
        let hint = match error {
            SnapshotError::NotOne => "vipps-mock sales-units save FILE writes one",
            SnapshotError::UnknownFormat(_) | SnapshotError::Unreadable { .. } => {
                "load it into the version of vipps-mock that wrote it"
            }
            SnapshotError::Damaged => {
                "take it as it was saved: nothing in it can be changed by hand"
            }
        };
        Self::bad_request(format!("the snapshot: {error}"), Some(hint))
    }
}

impl From<RestoreError> for Refusal {
    fn from(error: RestoreError) -> Self {
        let hint = match error {
            RestoreError::Differs { .. } => "drop that one first: vipps-mock sales-units drop MSN",
            RestoreError::KeyTaken { .. } => "drop that one first, or load it into another mock",
        };
        Self::conflict(error.to_string(), Some(hint))
    }
}
