//! Capture, refund and cancel (ePayment API description, `capturePayment`, `refundPayment` and
//! `cancelPayment`).

use axum::{body::Bytes, http::HeaderMap};
use serde::Serialize;

use super::reference;
use crate::{
    app::payments::{Modification, ModifiedPayment, ModifyRequest},
    domain::{
        Operation,
        payment::{Asked, CancelMode},
    },
    http::{
        error::ApiError,
        fields::{AggregateBody, AmountBody, amount, fingerprint},
        gateway::Unit,
        json::{Json, Value},
        path::PathText,
        schema::{Check, Node},
    },
};

/// The payment after the change: its own amount and name, not the change's.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ModificationReply {
    amount: AmountBody,
    state: &'static str,
    aggregate: AggregateBody,
    psp_reference: String,
    reference: String,
}

pub(super) async fn capture(
    unit: Unit,
    PathText(text): PathText<String>,
    check: Check,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<ModificationReply>, ApiError> {
    unit.admit(Operation::Capture, &text)?;
    move_money(&unit, &text, check, &headers, &body, Modification::Capture)
}

pub(super) async fn refund(
    unit: Unit,
    PathText(text): PathText<String>,
    check: Check,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<ModificationReply>, ApiError> {
    unit.admit(Operation::Refund, &text)?;
    move_money(&unit, &text, check, &headers, &body, Modification::Refund)
}

fn move_money(
    unit: &Unit,
    text: &str,
    mut check: Check,
    headers: &HeaderMap,
    body: &[u8],
    modification: impl FnOnce(Asked) -> Modification,
) -> Result<Json<ModificationReply>, ApiError> {
    let reference = reference(text)?;
    let key = check.required_key(headers);
    let json = check.json(body);
    let wanted = json.as_ref().and_then(|json| {
        let root = Node::root(json);
        check.members(&root, "ModificationRequest", &["modificationAmount"])?;
        let node = check.required(&root, "modificationAmount")?;
        amount(&mut check, &node)
    });
    let wanted = key.zip(wanted).zip(json.as_ref().map(fingerprint));
    let (((key, asked), fingerprint), _) = check.finish(wanted)?;
    let modification = modification(asked);
    let request = ModifyRequest { reference, modification, key: Some(key), fingerprint };
    Ok(Json(unit.modify(&request)?.into()))
}

/// The body may be missing; then whatever there is, is cancelled.
pub(super) async fn cancel(
    unit: Unit,
    PathText(text): PathText<String>,
    mut check: Check,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<ModificationReply>, ApiError> {
    unit.admit(Operation::Cancel, &text)?;
    let reference = reference(&text)?;
    let key = check.optional_key(&headers);
    let json = if body.is_empty() {
        check.no_body();
        Some(Value::Null)
    } else {
        check.json(&body)
    };
    let mode = json.as_ref().and_then(|json| cancel_mode(&mut check, &Node::root(json)));
    // What was meant counts: no body and an explicit false are the same request.
    let (mode, _) = check.finish(mode)?;
    let fingerprint = fingerprint(&Value::Bool(mode == CancelMode::RequestOnly));
    let modification = Modification::Cancel(mode);
    let request = ModifyRequest { reference, modification, key, fingerprint };
    Ok(Json(unit.modify(&request)?.into()))
}

fn cancel_mode(check: &mut Check, root: &Node<'_>) -> Option<CancelMode> {
    if *root.value() == Value::Null {
        return Some(CancelMode::Whatever);
    }
    check.members(root, "CancelModificationRequest", &["cancelTransactionOnly"])?;
    match root.member("cancelTransactionOnly").map(|it| check.boolean(it)) {
        None | Some(Some(false)) => Some(CancelMode::Whatever),
        Some(Some(true)) => Some(CancelMode::RequestOnly),
        Some(None) => None,
    }
}

impl From<ModifiedPayment> for ModificationReply {
    fn from(payment: ModifiedPayment) -> Self {
        Self {
            amount: payment.amount.into(),
            state: payment.state.name(),
            aggregate: payment.totals.into(),
            psp_reference: payment.psp_reference.to_string(),
            reference: payment.reference.to_string(),
        }
    }
}
