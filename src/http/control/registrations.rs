//! Registered webhooks as a tester sees them: with their secrets, and how their receivers fare.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

use super::answer::PathUnit;
use crate::{
    app::{
        deliveries::{Health, UNRESPONSIVE_FOR},
        webhooks::zulu_text,
    },
    domain::Registration,
};

/// A registered webhook, its secret included.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RegistrationBody {
    id: String,
    url: String,
    events: Vec<&'static str>,
    secret: String,
    /// How many events wait for it.
    undelivered: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    failing_since: Option<String>,
    /// When it is removed, if nothing is delivered until then.
    #[serde(skip_serializing_if = "Option::is_none")]
    removed_at: Option<String>,
}

/// Registered webhooks with their secrets, and how their receivers fare
#[utoipa::path(
    get,
    path = "/registrations",
    responses((status = 200, body = Vec<RegistrationBody>))
)]
pub(super) async fn list(PathUnit(unit): PathUnit) -> Json<Vec<RegistrationBody>> {
    let registrations = unit.registrations();
    let body = |it: &Registration| RegistrationBody::of(it, unit.health(&it.id));
    Json(registrations.iter().map(body).collect())
}

impl RegistrationBody {
    fn of(registration: &Registration, health: Health) -> Self {
        Self {
            id: registration.id.to_string(),
            url: registration.url.to_string(),
            events: registration.events.iter().map(|it| it.name()).collect(),
            secret: registration.secret.to_string(),
            undelivered: health.undelivered,
            failing_since: health.failing_since.map(zulu_text),
            removed_at: health.failing_since.map(|it| zulu_text(it + UNRESPONSIVE_FOR)),
        }
    }
}
