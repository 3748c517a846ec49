//! Lets looking at pages pass, and acting only from the mock's own pages.

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::Response,
};

use super::{
    answer::{Refusal, refused},
    pages::Message,
};
use crate::http::{Edge, guard};

/// Refuses a form that a page elsewhere sends.
pub(super) async fn own_pages(State(edge): State<Edge>, request: Request, next: Next) -> Response {
    let looks = [Method::GET, Method::HEAD].contains(request.method());
    if looks || guard::admit(request.headers(), &edge.public_url()).is_ok() {
        return next.run(request).await;
    }
    let text = "Forms are taken from the pages of this mock only.";
    refused(Refusal::ForeignPage, &Message::new("This form came from elsewhere", text))
}
