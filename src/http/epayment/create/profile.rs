//! `profile`: what the merchant wants to know about the customer.

use std::sync::Arc;

use crate::http::schema::{Check, Node};

pub(super) fn scope(check: &mut Check, node: &Node<'_>) -> Vec<Arc<str>> {
    if check.members(node, "ProfileRequest", &["scope"]).is_none() {
        return Vec::new();
    }
    let text = node.member("scope").and_then(|it| check.string(it)).unwrap_or_default();
    text.split_whitespace().map(Arc::from).collect()
}
