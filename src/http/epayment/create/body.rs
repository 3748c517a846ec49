//! The body of a create request, member by member. Each part that has rules of its own has a file.

use std::sync::Arc;

use super::{
    customer::customer, expiry::time, metadata::metadata, method::method, profile::scope,
    qr::qr_format,
};
use crate::{
    domain::{
        Amount, Currency, Receipt,
        customer::CustomerIdentity,
        payment::{
            Asked, CustomerInteraction, PaymentMethod, PaymentRequest, QrFormat, Refusal, UserFlow,
        },
        reference::REFERENCE_PATTERN,
    },
    http::{
        fields::amount,
        order_management::receipt_body::receipt,
        schema::{Check, Node},
    },
};

/// The members of a create request.
const MEMBERS: [&str; 19] = [
    "amount",
    "paymentMethod",
    "reference",
    "userFlow",
    "customer",
    "customerInteraction",
    "returnUrl",
    "paymentDescription",
    "metadata",
    "expiresAt",
    "profile",
    "receipt",
    "receiptUrl",
    "qrFormat",
    "minimumUserAge",
    "shipping",
    "industryData",
    "merchantLegalLinks",
    "cardPassthrough",
];

/// What the body asks for.
pub(super) struct Wanted {
    pub(super) payment: PaymentRequest,
    pub(super) customer: Option<CustomerIdentity>,
    pub(super) qr_format: QrFormat,
    pub(super) receipt: Option<Receipt>,
}

/// Everything is looked at before anything is given up, so that all that fails is named.
pub(super) fn read(check: &mut Check, root: &Node<'_>) -> Option<Wanted> {
    check.members(root, "CreatePaymentRequest", &MEMBERS)?;
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
