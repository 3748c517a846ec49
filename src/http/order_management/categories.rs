//! Links: version 2 has one an order, version 3 makes each a thing of its own.

use axum::{body::Bytes, extract::RawQuery, http::StatusCode};
use serde::Serialize;
use uuid::Uuid;

use super::{
    headers::Begun,
    invalid,
    link_body::{V2, V3, link},
    order_id, order_key,
};
use crate::{
    app::orders::{OrderError, OrderKey, PaymentType},
    domain::{Category, CategoryId, Link, reference::ORDER_ID_PATTERN},
    http::{
        error::ApiError,
        json::Json,
        path::PathText,
        schema::{Check, Node, Rule},
        unit::Unit,
    },
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddedReply {
    category_id: String,
}

#[derive(Serialize)]
pub(super) struct ListReply {
    categories: Vec<CategoryReply>,
}

/// A link as version 3 prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CategoryReply {
    category_id: String,
    order_id: String,
    payment_type: &'static str,
    r#type: &'static str,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<String>,
}

/// Answers with the link's id, as a bare JSON string.
pub(super) async fn put(
    unit: Unit,
    Begun(mut check): Begun,
    PathText((payment_type, order_id)): PathText<(String, String)>,
    body: Bytes,
) -> Result<Json<String>, ApiError> {
    let key = order_key(&mut check, &payment_type, &order_id);
    let json = check.json(&body);
    let link = json.as_ref().and_then(|json| link(&mut check, &Node::root(json), V2));
    let ((key, link), _) = check.finish(key.zip(link))?;
    Ok(Json(unit.put_category(key, link)?.to_string()))
}

pub(super) async fn add(
    unit: Unit,
    Begun(mut check): Begun,
    body: Bytes,
) -> Result<(StatusCode, Json<AddedReply>), ApiError> {
    let json = check.json(&body);
    let wanted = json.as_ref().and_then(|json| read(&mut check, &Node::root(json)));
    let ((key, link), _) = check.finish(wanted)?;
    let id = unit.add_category(key, link).map_err(|error| match error {
        // The description lists no 404 here, so the field is to blame.
        OrderError::UnknownImage(id) => {
            invalid("imageId", format!("No image {id} has been uploaded."))
        }
        error => error.into(),
    })?;
    Ok((StatusCode::CREATED, Json(AddedReply { category_id: id.to_string() })))
}

fn read(check: &mut Check, root: &Node<'_>) -> Option<(OrderKey, Link)> {
    check.object(root, "AddCategoryRequest")?;
    let id = check.required(root, "orderId").and_then(|it| {
        let text = check.string(it)?;
        check.parsed(it, text, ORDER_ID_PATTERN)
    });
    let payment_type = check.required(root, "paymentType").and_then(|it| {
        let parsed = check.string(it)?.parse::<PaymentType>().ok();
        if parsed.is_none() {
            check.fail_at(&it, Rule::Type("PaymentType"));
        }
        parsed
    });
    let link = link(check, root, V3);
    Some((OrderKey { payment_type: payment_type?, id: id? }, link?))
}

/// The links of one order. The description does not say what a list of all would be.
pub(super) async fn list(
    unit: Unit,
    Begun(mut check): Begun,
    RawQuery(query): RawQuery,
) -> Result<Json<ListReply>, ApiError> {
    let query = query.unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    let id = pairs.find(|(name, _)| name == "orderId");
    if id.is_none() {
        check.fail("orderId".to_owned(), Rule::Required);
    }
    let id = id.and_then(|(_, text)| order_id(&mut check, "orderId", &text));
    let (id, _) = check.finish(id)?;
    let categories = unit.categories(&id).into_iter().map(CategoryReply::from).collect();
    Ok(Json(ListReply { categories }))
}

pub(super) async fn show(
    unit: Unit,
    Begun(mut check): Begun,
    PathText(id): PathText<String>,
) -> Result<Json<CategoryReply>, ApiError> {
    if Uuid::parse_str(&id).is_err() {
        let rule = Rule::Said(format!("The value '{id}' is not valid."));
        check.fail("categoryId".to_owned(), rule);
    }
    let (id, _) = check.finish(Some(CategoryId(id.to_ascii_lowercase().into())))?;
    Ok(Json(unit.category(&id)?.into()))
}

/// The description lists no 400 for this one: whatever is no id is the id of nothing.
pub(super) async fn delete(
    unit: Unit,
    Begun(check): Begun,
    PathText(id): PathText<String>,
) -> Result<StatusCode, ApiError> {
    let (id, _) = check.finish(Some(CategoryId(id.to_ascii_lowercase().into())))?;
    unit.delete_category(&id)?;
    Ok(StatusCode::OK)
}

impl From<Category> for CategoryReply {
    fn from(category: Category) -> Self {
        let Category { id, order, link } = category;
        Self {
            category_id: id.to_string(),
            order_id: order.id.to_string(),
            payment_type: order.payment_type.code(),
            r#type: link.kind.code(),
            url: link.url.to_string(),
            image_id: link.image.as_ref().map(ToString::to_string),
        }
    }
}
