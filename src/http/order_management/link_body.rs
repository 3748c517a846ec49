//! A link as JSON. Version 2 and version 3 of the API have other names for the same members.

use serde::Serialize;
use url::Url;

use crate::{
    domain::{
        CategoryKind, ImageId, Link,
        image::{IMAGE_ID_LENGTH_MAX, IMAGE_ID_PATTERN},
    },
    http::schema::{Check, Node, Rule},
};

/// What the members of a link are called.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names {
    type_name: &'static str,
    /// Those of the object that the link stands in.
    all: &'static [&'static str],
    kind: &'static str,
    url: &'static str,
}

/// In version 2, and in version 1.
pub(super) const V2: Names = Names {
    type_name: "Order",
    all: &["category", "orderDetailsUrl", "imageId"],
    kind: "category",
    url: "orderDetailsUrl",
};

/// In version 3.
pub(super) const V3: Names = Names {
    type_name: "AddCategoryRequest",
    all: &["orderId", "paymentType", "type", "url", "imageId"],
    kind: "type",
    url: "url",
};

/// Reads a link, naming everything that is wrong with it.
pub(super) fn link(check: &mut Check, node: &Node<'_>, names: Names) -> Option<Link> {
    check.members(node, names.type_name, names.all)?;
    let kind = check.required(node, names.kind).and_then(|it| {
        check.word(it, "CategoryEnum", CategoryKind::ALL.map(|kind| (kind.code(), kind)))
    });
    let url = check.required(node, names.url).and_then(|it| address(check, it));
    let image = node.member("imageId").map(|it| image_id(check, it));
    let image = match image {
        Some(image) => Some(image?),
        None => None,
    };
    Some(Link { kind: kind?, url: url?.into(), image })
}

/// Any absolute address: web pages, and apps by a scheme of their own.
fn address<'a>(check: &mut Check, node: Node<'a>) -> Option<&'a str> {
    let text = check.string(node)?;
    if Url::parse(text).is_ok() {
        return Some(text);
    }
    let name = node.path();
    let text = format!("The {name} field is not a valid fully-qualified URL.");
    check.fail_at(&node, Rule::Said(text));
    None
}

/// An id of 1 to 128 of the letters the API knows.
pub(super) fn image_id(check: &mut Check, node: Node<'_>) -> Option<ImageId> {
    let text = check.text(node, 1, IMAGE_ID_LENGTH_MAX)?;
    check.parsed(node, text, IMAGE_ID_PATTERN)
}

/// A link as version 2 prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkReply {
    category: &'static str,
    order_details_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<String>,
}

impl From<&Link> for LinkReply {
    fn from(link: &Link) -> Self {
        Self {
            category: link.kind.code(),
            order_details_url: link.url.to_string(),
            image_id: link.image.as_ref().map(ToString::to_string),
        }
    }
}
