//! `POST /epayment/v1/payments` (ePayment API description, `createPayment`).

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use jiff::Timestamp;
use serde::Serialize;

use super::customer::customer;
use crate::{
    app::{
        limits::Call,
        payments::{CreateRequest, CreatedPayment},
    },
    domain::{
        Amount, Currency, Receipt,
        customer::CustomerIdentity,
        payment::{
            Asked, CustomerInteraction, PaymentMethod, PaymentRequest, QR_SIZE_PX, QrFormat,
            Refusal, UserFlow,
        },
        reference::REFERENCE_PATTERN,
    },
    http::{
        Edge,
        error::ApiError,
        fields::{amount, fingerprint},
        gateway::Unit,
        json::Json,
        landing::redirect_url,
        order_management::receipt_body::receipt,
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
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<CreatedReply>), ApiError> {
    let mut check = Check::default();
    let key = check.required_key(&headers);
    let json = check.json(&body);
    // The gateway looks into the body for a reference. Without one, all calls count as the same.
    let reference = json.as_ref().and_then(|json| json.get("reference")?.as_str());
    unit.admit(Call::Create, reference.unwrap_or_default())?;
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

/// What the body asks for.
struct Wanted {
    payment: PaymentRequest,
    customer: Option<CustomerIdentity>,
    qr_format: QrFormat,
    receipt: Option<Receipt>,
}

/// Everything is looked at before anything is given up, so that all that fails is named.
fn read(check: &mut Check, root: &Node<'_>) -> Option<Wanted> {
    check.object(root, "CreatePaymentRequest")?;
    let amount = check.required(root, "amount").and_then(|it| whole_amount(check, &it));
    let method = check.required(root, "paymentMethod").and_then(|it| method(check, &it));
    let reference = check.required(root, "reference").and_then(|it| {
        let text = check.string_or_number(it)?;
        check.parsed(it, &text, REFERENCE_PATTERN)
    });
    let user_flow = check
        .required(root, "userFlow")
        .and_then(|it| check.word(it, "UserFlow", UserFlow::ALL.map(|flow| (flow.code(), flow))));
    let customer = root.member("customer").and_then(|it| customer(check, &it));
    let interaction = root.member("customerInteraction").and_then(|it| {
        let words = CustomerInteraction::ALL.map(|it| (it.code(), it));
        check.word(it, "CustomerInteraction", words)
    });
    let text = |check: &mut Check, name, min, max| {
        root.member(name).and_then(|it| check.text(it, min, max)).map(Arc::<str>::from)
    };
    let return_url = text(check, "returnUrl", 0, 2500);
    let description = text(check, "paymentDescription", 3, 100);
    let metadata = root.member("metadata").map(|it| metadata(check, &it)).unwrap_or_default();
    let expires_at = root.member("expiresAt").and_then(|it| time(check, it));
    let scope = root.member("profile").map(|it| scope(check, &it)).unwrap_or_default();
    let receipt = root.member("receipt").map(|it| receipt(check, &it));
    let qr_format = root.member("qrFormat").and_then(|it| qr_format(check, &it));
    extras(check, root, method.map(|(method, _)| method));

    let (method, blocks_sources) = method?;
    let customer_interaction = interaction.unwrap_or(CustomerInteraction::NotPresent);
    let payment = PaymentRequest {
        reference: reference?,
        amount: amount?,
        method,
        user_flow: user_flow?,
        customer_interaction,
        phone: None,
        return_url,
        description,
        metadata,
        expires_at,
        scope,
        blocks_sources,
    };
    let qr_format = qr_format.unwrap_or(QrFormat::Svg);
    Some(Wanted { payment, customer, qr_format, receipt: receipt.flatten() })
}

/// An amount with decimals is refused, but not before the key has been looked at.
fn whole_amount(check: &mut Check, node: &Node<'_>) -> Option<Amount> {
    match amount(check, node)? {
        Asked::Amount(amount) => Some(amount),
        Asked::NotWhole => {
            check.refuse(Refusal::AmountNotWhole);
            Some(Amount::zero(Currency::Nok))
        }
    }
}

fn method(check: &mut Check, node: &Node<'_>) -> Option<(PaymentMethod, bool)> {
    check.object(node, "PaymentMethod")?;
    let method = match node.member("type") {
        None => Some(PaymentMethod::Wallet),
        Some(it) => {
            let words = PaymentMethod::ALL.map(|it| (it.code(), it));
            check.word(it, "PaymentMethodType", words)
        }
    };
    let blocked = node.member("blockedSources");
    let mut blocks_sources = false;
    if let Some(items) = blocked.as_ref().and_then(|it| check.list(it, "List`1[BlockedSource]")) {
        for item in items {
            blocks_sources = true;
            check.word(item, "BlockedSource", [("COMMERCIAL_CARDS", ())]);
        }
    }
    Some((method?, blocks_sources))
}

/// Values may be numbers; they are kept as text.
fn metadata(check: &mut Check, node: &Node<'_>) -> Vec<(Arc<str>, Arc<str>)> {
    if check.object(node, "Dictionary`2[System.String,System.String]").is_none() {
        return Vec::new();
    }
    node.members()
        .filter_map(|it| Some((it.name().into(), check.string_or_number(it)?.into())))
        .collect()
}

fn time(check: &mut Check, node: Node<'_>) -> Option<Timestamp> {
    const PATTERN: &str = "^((?:(\\d{4}-\\d{2}-\\d{2})(T|t)(\\d{2}:\\d{2}:\\d{2}(?:\\.\\d+)?))\
                           (Z|z|([+-](?:2[0-3]|[01][0-9]):[0-5][0-9])))$";
    let text = check.string(node)?;
    // The parser knows more ways to write a time than the pattern does.
    check.parsed(node, if follows_the_pattern(text) { text } else { "" }, PATTERN)
}

/// Digits and separators where the pattern of `expiresAt` has them.
fn follows_the_pattern(text: &str) -> bool {
    let bytes = text.as_bytes();
    let shape = |shape: &[u8], text: &[u8]| {
        shape.len() == text.len()
            && shape.iter().zip(text).all(|(wanted, is)| match wanted {
                b'0' => is.is_ascii_digit(),
                _ => wanted.eq_ignore_ascii_case(is),
            })
    };
    let Some((start, rest)) = bytes.split_at_checked(19) else { return false };
    let (zone_at, fraction) = match rest.first() {
        Some(b'.') => {
            let digits = rest[1..].iter().take_while(|it| it.is_ascii_digit()).count();
            (1 + digits, 0 < digits)
        }
        _ => (0, true),
    };
    let zone = &rest[zone_at..];
    let is_offset = matches!(zone.first(), Some(b'+' | b'-'))
        && shape(b"00:00", &zone[1..])
        && zone[1..3] <= b"23"[..]
        && zone[4..] <= b"59"[..];
    shape(b"0000-00-00T00:00:00", start) && fraction && (shape(b"Z", zone) || is_offset)
}

fn scope(check: &mut Check, node: &Node<'_>) -> Vec<Arc<str>> {
    let text = node.member("scope").and_then(|it| check.string(it)).unwrap_or_default();
    text.split_whitespace().map(Arc::from).collect()
}

/// Fields that change nothing yet but must be right, and features the sales unit lacks.
fn extras(check: &mut Check, root: &Node<'_>, method: Option<PaymentMethod>) {
    if let Some(age) = root.member("minimumUserAge") {
        check.integer(age, 0, 100);
    }
    if let Some(url) = root.member("receiptUrl") {
        check.string(url);
    }
    if root.member("shipping").is_some() {
        check.refuse(Refusal::ExpressNotAllowed);
    }
    let is_passthrough = method == Some(PaymentMethod::CardPassthrough);
    if root.member("cardPassthrough").is_some() != is_passthrough {
        check.refuse(Refusal::MethodMismatch);
    }
}

/// The format must be named; a size counts only where the format has one.
fn qr_format(check: &mut Check, node: &Node<'_>) -> Option<QrFormat> {
    check.object(node, "QrFormat")?;
    let format = check.required(node, "format").and_then(|it| {
        check.word(it, "QrFormat", QrFormat::ALL.map(|format| (format.code(), format)))
    });
    let (min, max) = QR_SIZE_PX;
    let size = node.member("size").and_then(|it| check.integer(it, min.into(), max.into()));
    match size.and_then(|size| u16::try_from(size).ok()) {
        Some(size) => format.map(|it| it.with_size(size)),
        None => format,
    }
}

#[cfg(test)]
mod tests {
    use super::follows_the_pattern;

    #[test]
    fn expiry_is_written_as_the_description_says() {
        let cases = [
            ("2030-01-01T12:00:00Z", true),
            ("2030-01-01t12:00:00.123z", true),
            ("2030-01-01T12:00:00.5+02:00", true),
            ("20300101T120000.000Z", false),
            ("2030-01-01T12:00:00+25:00", false),
            ("2030-01-01T12:00:00+0200", false),
            ("2030-01-01T12:00:00.Z", false),
            ("2030-01-01T12:00:00", false),
            ("2030-01-01", false),
            ("", false),
        ];
        for (text, valid) in cases {
            assert_eq!(follows_the_pattern(text), valid, "{text}");
        }
    }
}
