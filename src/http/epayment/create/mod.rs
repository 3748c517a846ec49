//! `POST /epayment/v1/payments` (ePayment API description, `createPayment`).

mod body;
mod customer;
mod expiry;
mod metadata;
mod method;
mod profile;
mod qr;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Serialize;

pub(super) use customer::{CUSTOMER, personal_qr};

use self::body::read;
use crate::{
    app::{
        limits::Call,
        payments::{CreateRequest, CreatedPayment},
    },
    domain::payment::Refusal,
    http::{
        Edge,
        error::ApiError,
        fields::fingerprint,
        gateway::Unit,
        json::Json,
        schema::{Check, Node},
    },
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreatedReply {
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    reference: String,
}

pub(super) async fn create(
    State(edge): State<Edge>,
    unit: Unit,
    mut check: Check,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<CreatedReply>), ApiError> {
    let key = check.required_key(&headers);
    let json = check.json(&body);
    // The gateway looks into the body for a reference. Without one, all calls count as the same.
    let reference = json.as_ref().and_then(|json| json.get("reference")?.as_text());
    unit.admit(Call::Create, &reference.unwrap_or_default())?;
    let wanted = json.as_ref().and_then(|json| read(&mut check, &Node::root(json)));
    if let Some(twice) = json.as_ref().and_then(|it| it.get("metadata")?.name_given_twice()) {
        check.refuse(Refusal::MetadataKeyTwice(twice.into()));
    }
    let wanted = key.zip(wanted).zip(json.as_ref().map(fingerprint));
    let (((key, (payment, receipt)), fingerprint), defect) = check.finish(wanted)?;
    let created = unit.create(CreateRequest { payment, receipt, key, fingerprint, defect })?;
    Ok((StatusCode::CREATED, Json(reply(&edge, created))))
}

fn reply(edge: &Edge, created: CreatedPayment) -> CreatedReply {
    let redirect_url = created.redirect_token.map(|token| redirect_url(&edge.public_url(), &token));
    CreatedReply { redirect_url, reference: created.reference.to_string() }
}

/// Where the customer's browser or app is sent.
pub(super) fn redirect_url(public_url: &str, token: &str) -> String {
    format!("{public_url}/?token={token}")
}
