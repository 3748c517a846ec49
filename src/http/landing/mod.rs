//! The pages that a customer meets, for whoever has a link and no keys.
//!
//! Every page works as plain HTML; the script on it only saves the customer from reloading. No page
//! changes anything by being looked at, except that to come back to the link after having said who
//! pays is to go back, which aborts the payment, and that the end is shown once.
//!
//! Addresses between pages are relative, so that they hold behind any `--public-url`.

mod acts;
mod answer;
mod brand;
mod guard;
mod links;
mod pages;
mod qr_image;
mod visits;

use axum::{
    Router, middleware,
    routing::{get, post},
};

pub(super) use links::{landing_url, redirect_url};

use super::Edge;

/// Whether a path is one of the pages, or where one would be.
pub(super) fn is_page(path: &str) -> bool {
    path == "/" || path.starts_with("/landing/") || path.starts_with("/qr-image/")
}

pub(super) fn router(edge: &Edge) -> Router<Edge> {
    Router::new()
        .route("/", get(visits::open))
        .route("/landing/{token}/phone", post(acts::phone))
        .route("/landing/{token}/card", post(acts::card))
        .route("/landing/{token}/cancel", post(acts::cancel))
        .route("/landing/{token}/waiting", get(visits::waiting))
        .route("/landing/{token}/status", get(visits::status))
        .route("/landing/{token}/approve", post(acts::approve))
        .route("/landing/{token}/reject", post(acts::reject))
        .route("/landing/{token}/done", get(visits::done))
        .route("/qr-image/v1", get(qr_image::image))
        .layer(middleware::from_fn_with_state(edge.clone(), guard::own_pages))
}
