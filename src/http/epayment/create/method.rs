//! `paymentMethod`.

use crate::{
    domain::payment::PaymentMethod,
    http::schema::{Check, Node},
};

pub(super) fn method(check: &mut Check, node: &Node<'_>) -> Option<(PaymentMethod, bool)> {
    check.members(node, "PaymentMethod", &["type", "blockedSources"])?;
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
