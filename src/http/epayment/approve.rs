//! `POST /epayment/v1/test/payments/{reference}/approve`: the customer, without a phone (ePayment
//! API description, `forceApprove`). It answers with nothing at all.

use axum::{
    body::Bytes,
    extract::OriginalUri,
    http::StatusCode,
    response::{IntoResponse as _, Response},
};

use super::{
    create::{ALTERNATIVES, customer},
    reference,
};
use crate::{
    app::payments::Approver,
    domain::Profile,
    http::{
        error::ApiError,
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
    if unit.environment() == Profile::Production {
        return Ok(unknown_route(uri).await);
    }
    let reference = reference(&text)?;
    let json = check.json(&body);
    let approver = json.as_ref().and_then(|json| read(&mut check, &Node::root(json)));
    // Nothing is wrong with the schema and yet nobody was read: then a code was none.
    let (approver, _) = check.finish(approver.or(Some(Approver::UnreadableQr)))?;
    unit.force_approve(&reference, &approver)?;
    Ok(StatusCode::OK.into_response())
}

fn read(check: &mut Check, root: &Node<'_>) -> Option<Approver> {
    check.members(root, "ForceApproveRequest", &["customer", "token"])?;
    if let Some(token) = root.member("token") {
        return check.string(token).map(|text| Approver::Token(text.into()));
    }
    let node = check.required(root, "customer")?;
    check.members(&node, "Customer", &ALTERNATIVES)?;
    if ALTERNATIVES.iter().all(|name| node.member(name).is_none()) {
        let text = "One of phoneNumber, personalQr and customerToken must be given.";
        check.fail_at(&node, Rule::Said(text.to_owned()));
    }
    customer(check, &node).map(Approver::Customer)
}
