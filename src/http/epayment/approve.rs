//! `POST /epayment/v1/test/payments/{reference}/approve`: the customer, without a phone (ePayment
//! API description, `forceApprove`). It answers with nothing at all.

use axum::{
    body::Bytes,
    extract::OriginalUri,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::{
    create::{CUSTOMER, personal_qr},
    reference,
};
use crate::{
    app::payments::Approver,
    domain::Profile,
    http::{
        error::ApiError,
        fields::phone,
        gateway::{Unit, unknown_route},
        path::PathText,
        schema::{Check, Node, Rule},
    },
};

pub(super) async fn approve(
    unit: Unit,
    uri: OriginalUri,
    PathText(text): PathText<String>,
    mut check: Check,
    body: Bytes,
) -> Result<Response, ApiError> {
    // Production has no such route.
    if unit.profile() == Profile::Production {
        return Ok(unknown_route(uri).await);
    }
    let reference = reference(&text)?;
    let json = check.json(&body);
    let approver = json.as_ref().and_then(|json| read(&mut check, &Node::root(json)));
    let (approver, defect) = check.finish(approver)?;
    let approver = if defect.is_some() { Approver::UnreadableQr } else { approver };
    unit.force_approve(&reference, &approver)?;
    Ok(StatusCode::OK.into_response())
}

fn read(check: &mut Check, root: &Node<'_>) -> Option<Approver> {
    check.members(root, "ForceApproveRequest", &["customer", "token"])?;
    if let Some(token) = root.member("token") {
        return check.string(token).map(|text| Approver::Token(text.into()));
    }
    let customer = check.required(root, "customer")?;
    check.members(&customer, "Customer", &CUSTOMER)?;
    if let Some(number) = customer.member("phoneNumber") {
        return phone(check, number).map(Approver::Phone);
    }
    if let Some(code) = customer.member("personalQr") {
        return Some(personal_qr(check, code).map_or(Approver::UnreadableQr, Approver::Phone));
    }
    if let Some(token) = customer.member("customerToken") {
        return check.string(token).map(|_| Approver::CustomerToken);
    }
    let text = "One of phoneNumber, personalQr and customerToken must be given.";
    check.fail_at(&customer, Rule::Said(text.to_owned()));
    None
}
