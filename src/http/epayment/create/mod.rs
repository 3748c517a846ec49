//! `POST /epayment/v1/payments` (ePayment API description, `createPayment`).

mod address;
mod airline;
mod amount;
mod body;
mod customer;
mod expiry;
mod links;
mod metadata;
mod method;
mod profile;
mod qr;
mod shipping;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use serde::Serialize;

pub(super) use customer::{ALTERNATIVES, customer};

use self::body::{Wanted, read};
use crate::{
    app::payments::{CreateRequest, CreatedPayment},
    domain::{Operation, payment::Refusal},
    http::{
        Edge,
        error::ApiError,
        fields::fingerprint,
        gateway::Unit,
        json::Json,
        landing::redirect_url,
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
    unit.admit(Operation::Create, &reference.unwrap_or_default())?;
    let wanted = json.as_ref().and_then(|json| read(&mut check, &Node::root(json)));
    if let Some(twice) = json.as_ref().and_then(|it| it.get("metadata")?.name_given_twice()) {
        check.refuse(Refusal::MetadataKeyTwice(twice.into()));
    }
    let wanted = key.zip(wanted).zip(json.as_ref().map(fingerprint));
    let (((key, wanted), fingerprint), defect) = check.finish(wanted)?;
    let Wanted { payment, customer, qr_format, receipt } = wanted;
    let request = CreateRequest { payment, customer, qr_format, receipt, key, fingerprint, defect };
    let created = unit.create(request)?;
    Ok((StatusCode::CREATED, Json(reply(&edge, created))))
}

fn reply(edge: &Edge, created: CreatedPayment) -> CreatedReply {
    let redirect_url = created.link.map(|link| redirect_url(edge, &link));
    CreatedReply { redirect_url, reference: created.reference.to_string() }
}
