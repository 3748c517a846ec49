//! `qrFormat`: the picture of a payment to be scanned.

use crate::http::schema::{Check, Node};

pub(super) fn qr_format(check: &mut Check, node: &Node<'_>) {
    check.members(node, "QrFormat", &["format", "size"]);
    let words = ["TEXT/TARGETURL", "IMAGE/SVG+XML", "IMAGE/PNG"].map(|word| (word, ()));
    if let Some(format) = check.required(node, "format") {
        check.word(format, "QrFormat", words);
    }
    if let Some(size) = node.member("size") {
        check.integer(size, 100, 2000);
    }
}
