//! The body of a create request, member by member. Each part that has rules of its own has a file.

use std::sync::Arc;

use super::{
    address::customer_url, airline::industry_data, amount::whole_amount, customer::customer,
    expiry::time, links::legal_links, metadata::metadata, method::method, profile::scope,
    qr::qr_format, shipping::shipping,
};
use crate::{
    domain::{
        Receipt,
        customer::CustomerIdentity,
        payment::{
            CustomerInteraction, Features, PaymentMethod, PaymentRequest, QrFormat, Refusal,
            UserFlow,
        },
        reference::REFERENCE_PATTERN,
    },
    http::{
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
    let return_url = root.member("returnUrl").and_then(|it| {
        check.text(it, 0, 2500)?;
        customer_url(check, it)
    });
    let description = text(check, "paymentDescription", 3, 100);
    let metadata = root.member("metadata").map(|it| metadata(check, &it)).unwrap_or_default();
    let expires_at = root.member("expiresAt").and_then(|it| time(check, it));
    let scope = root.member("profile").map(|it| scope(check, &it)).unwrap_or_default();
    let receipt = root.member("receipt").map(|it| receipt(check, &it));
    let qr_format = root.member("qrFormat").and_then(|it| qr_format(check, &it));
    let features = features(check, root);
    let is_passthrough = matches!(method, Some((PaymentMethod::CardPassthrough, _)));
    if root.member("cardPassthrough").is_some() != is_passthrough {
        check.refuse(Refusal::MethodMismatch);
    }

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
        features,
    };
    let qr_format = qr_format.unwrap_or(QrFormat::Svg);
    Some(Wanted { payment, customer, qr_format, receipt: receipt.flatten() })
}

/// What goes beyond the payment itself.
fn features(check: &mut Check, root: &Node<'_>) -> Features {
    let shipping = root.member("shipping").and_then(|it| shipping(check, &it));
    let minimum_age = root.member("minimumUserAge").and_then(|it| check.integer(it, 0, 100));
    let receipt_url = root.member("receiptUrl").and_then(|it| customer_url(check, it));
    let legal_links = root.member("merchantLegalLinks").and_then(|it| legal_links(check, &it));
    let airline = root.member("industryData").and_then(|it| industry_data(check, &it));
    Features {
        shipping,
        minimum_age: minimum_age.and_then(|age| u8::try_from(age).ok()),
        receipt_url,
        legal_links,
        airline,
    }
}
