//! `customer`: who is asked to pay, as far as the merchant knows.

use crate::{
    domain::{PhoneNumber, payment::Refusal},
    http::{
        fields::phone,
        schema::{Check, Node, Rule},
    },
};

/// The members of `customer`, of which one is given.
pub(in crate::http::epayment) const CUSTOMER: [&str; 3] =
    ["phoneNumber", "personalQr", "customerToken"];

/// One of three ways to say who pays, and no two.
pub(super) fn customer(check: &mut Check, node: &Node<'_>) -> Option<PhoneNumber> {
    check.members(node, "Customer", &CUSTOMER)?;
    let number = node.member("phoneNumber");
    let code = node.member("personalQr");
    let token = node.member("customerToken");
    if 1 < [number, code, token].iter().flatten().count() {
        let text = "Only one of phoneNumber, personalQr and customerToken can be given.";
        check.fail_at(node, Rule::Said(text.to_owned()));
        return None;
    }
    if let Some(token) = token {
        check.string(token)?;
        check.refuse(Refusal::InvalidCustomerToken);
    }
    if let Some(code) = code {
        return personal_qr(check, code);
    }
    phone(check, number?)
}

/// The clear-text form of a customer's own code names its phone number.
pub(in crate::http::epayment) fn personal_qr(
    check: &mut Check,
    node: Node<'_>,
) -> Option<PhoneNumber> {
    let text = check.text(node, 5, 255)?;
    let number = text
        .strip_prefix("https://qr.vipps.no/28/2/01/031/")
        .and_then(|rest| rest.split('?').next()?.parse().ok());
    if number.is_none() {
        check.refuse(Refusal::InvalidPersonalQr);
    }
    number
}
