//! `customer`: who is asked to pay, as far as the merchant knows (ePayment API description).

use crate::{
    domain::{
        customer::{CustomerIdentity, PersonalQr},
        payment::Refusal,
    },
    http::{
        fields::phone,
        schema::{Check, Node, Rule},
    },
};

/// The members that say who pays.
pub(in crate::http::epayment) const ALTERNATIVES: [&str; 3] =
    ["phoneNumber", "personalQr", "customerToken"];

/// One of three ways to say who pays, and no two. None of them is nobody.
pub(in crate::http::epayment) fn customer(
    check: &mut Check,
    node: &Node<'_>,
) -> Option<CustomerIdentity> {
    check.members(node, "Customer", &ALTERNATIVES)?;
    let [number, code, token] = ALTERNATIVES.map(|name| node.member(name));
    if 1 < [number, code, token].iter().flatten().count() {
        let text = "Only one of phoneNumber, personalQr and customerToken can be given.";
        check.fail_at(node, Rule::Said(text.to_owned()));
        return None;
    }
    if let Some(token) = token {
        return check.string(token).map(|text| CustomerIdentity::Token(text.into()));
    }
    if let Some(code) = code {
        return personal_qr(check, code).map(CustomerIdentity::PersonalQr);
    }
    phone(check, number?).map(CustomerIdentity::Phone)
}

/// What was scanned. Text that no customer's code has is refused, but not before the key has been
/// looked at.
fn personal_qr(check: &mut Check, node: Node<'_>) -> Option<PersonalQr> {
    let code = check.text(node, 5, 255)?.parse();
    code.map_err(|_| check.refuse(Refusal::InvalidPersonalQr)).ok()
}
