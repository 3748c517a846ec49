//! `qrFormat`: the picture of a payment to be scanned.

use crate::{
    domain::payment::{QR_SIZE_PX, QrFormat},
    http::schema::{Check, Node},
};

/// The format must be named; a size counts only where the format has one.
pub(super) fn qr_format(check: &mut Check, node: &Node<'_>) -> Option<QrFormat> {
    check.members(node, "QrFormat", &["format", "size"])?;
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
