//! Receipts and links as the customer's app shows them: for programs, and as a page to print.

mod page;
pub(super) mod view;

use askama::Template as _;
use axum::{
    Json,
    extract::{Path, State},
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;
use utoipa::IntoParams;

use self::{
    page::Page,
    view::{Links, OrderView},
};
use super::answer::{Filter, PathName, PathUnit, Refusal};
use crate::{
    app::{
        SalesUnit,
        orders::{FiledOrder, OrderKey},
    },
    domain::Payment,
    http::Edge,
};

/// Which receipts are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Wanted {
    /// Only those that match no payment, or only those that do.
    orphan: Option<bool>,
}

/// An order in a path: `ecom/ride-0001-1`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderPath {
    payment_type: String,
    order_id: String,
}

/// Everything that Order Management keeps, oldest first
///
/// Those that match no payment included: nobody sees them, and a misspelt order id is found so.
#[utoipa::path(
    get,
    path = "/receipts",
    params(Wanted),
    responses((status = 200, body = Vec<OrderView>))
)]
pub(super) async fn list(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    Filter(filter): Filter<Wanted>,
) -> Json<Vec<OrderView>> {
    let links = Links::new(&edge, &unit);
    let wanted = |filed: &FiledOrder| filter.orphan.is_none_or(|it| it == filed.is_orphan);
    let orders = unit.orders().into_iter().filter(wanted);
    Json(
        orders
            .map(|filed| OrderView::of(&filed, payment(&unit, &filed).as_ref(), &links))
            .collect(),
    )
}

/// One order: its lines, sums, tax by rate, and what is odd about it
#[utoipa::path(
    get,
    path = "/receipts/{paymentType}/{orderId}",
    responses((status = 200, body = OrderView))
)]
pub(super) async fn show(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    Path(path): Path<OrderPath>,
) -> Result<Json<OrderView>, Refusal> {
    let filed = find(&unit, &path)?;
    let links = Links::new(&edge, &unit);
    Ok(Json(OrderView::of(&filed, payment(&unit, &filed).as_ref(), &links)))
}

/// The same as a page, to look at and to print
///
/// It loads nothing but an image of the sales unit, and runs nothing.
#[utoipa::path(
    get,
    path = "/receipts/{paymentType}/{orderId}/page",
    responses((status = 200, body = String, content_type = "text/html"))
)]
pub(super) async fn page(
    State(edge): State<Edge>,
    PathUnit(unit): PathUnit,
    Path(path): Path<OrderPath>,
) -> Result<Response, Refusal> {
    let filed = find(&unit, &path)?;
    let payment = payment(&unit, &filed);
    let order = OrderView::of(&filed, payment.as_ref(), &Links::new(&edge, &unit));
    let page = Page::of(&unit, payment.as_ref(), &order);
    // Filling a template with text can fail only for want of memory.
    let html = page.render().unwrap_or_default();
    let policy = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";
    Ok(([(CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}

/// An uploaded image, as it came
#[utoipa::path(
    get,
    path = "/images/{imageId}",
    responses((status = 200, body = Vec<u8>, content_type = "image/*"))
)]
pub(super) async fn image(
    PathUnit(unit): PathUnit,
    PathName(id): PathName,
) -> Result<Response, Refusal> {
    let unknown = |error: &dyn std::error::Error| {
        Refusal::not_found(error.to_string(), "images are uploaded to /order-management/v1/images")
    };
    let id = id.parse().map_err(|error| unknown(&error))?;
    let picture = unit.image(&id).map_err(|error| unknown(&error))?.picture.clone();
    let headers = [(CONTENT_TYPE, picture.format().media_type())];
    Ok((headers, picture.bytes().to_vec()).into_response())
}

fn find(unit: &SalesUnit, path: &OrderPath) -> Result<FiledOrder, Refusal> {
    let OrderPath { payment_type, order_id } = path;
    let key = payment_type.parse().ok().zip(order_id.parse().ok());
    let key = key.map(|(payment_type, id)| OrderKey { payment_type, id });
    key.and_then(|key| unit.filed_order(&key)).ok_or_else(|| {
        let detail = format!("nothing is stored for the order {payment_type} {order_id}");
        Refusal::not_found(detail, "vipps-mock receipts lists what is")
    })
}

/// The payment that an order belongs to.
fn payment(unit: &SalesUnit, filed: &FiledOrder) -> Option<Payment> {
    let reference = filed.key.id.as_str().parse().ok().filter(|_| !filed.is_orphan)?;
    unit.inspect(&reference, Payment::clone).ok()
}
