//! `metadata`: the merchant's own notes.

use std::sync::Arc;

use crate::http::schema::{Check, Node};

/// Values may be numbers; they are kept as text.
pub(super) fn metadata(check: &mut Check, node: &Node<'_>) -> Vec<(Arc<str>, Arc<str>)> {
    if check.object(node, "Dictionary`2[System.String,System.String]").is_none() {
        return Vec::new();
    }
    node.members()
        .filter_map(|it| Some((it.name().into(), check.string_or_number(it)?.into())))
        .collect()
}
