//! `merchantLegalLinks`: what the customer has to accept before it pays.

use super::address::customer_url;
use crate::{
    domain::payment::LegalLinks,
    http::schema::{Check, Node},
};

/// Both links, or none of them.
pub(super) fn legal_links(check: &mut Check, node: &Node<'_>) -> Option<LegalLinks> {
    check.members(node, "MerchantLegalLinks", &["termsOfSaleUrl", "privacyPolicyUrl"])?;
    let mut link = |name| check.required(node, name).and_then(|it| customer_url(check, it));
    let (terms, privacy) = (link("termsOfSaleUrl"), link("privacyPolicyUrl"));
    Some(LegalLinks { terms: terms?, privacy: privacy? })
}
