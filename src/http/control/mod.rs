//! `/control/v1`: what a customer, the clock or a tester does, and a look at everything.
//!
//! It is ours and not the platform's, so it speaks plainly: lists are bare arrays, errors are
//! problem+json with a hint.

mod answer;
mod approvals;
mod asked;
mod clock;
mod customers;
mod deliveries;
mod events;
mod faults;
mod guard;
mod inbox;
mod openapi;
mod payments;
mod public_url;
mod receipts;
mod registrations;
mod requests;
mod shopper;
mod snapshot;
mod units;
mod users;

use axum::{Router, extract::DefaultBodyLimit, middleware};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use guard::{ControlToken, NotAToken};

use super::Edge;

pub(super) fn router(edge: &Edge) -> Router<Edge> {
    let (routes, _) = routes().split_for_parts();
    let control =
        routes.fallback(answer::unknown_route).method_not_allowed_fallback(answer::unknown_route);
    let control = control.layer(middleware::from_fn_with_state(edge.clone(), guard::own_testers));
    Router::new().nest("/control/v1", control)
}

/// Every route with its description. One that is added in any other way has none.
fn routes() -> OpenApiRouter<Edge> {
    let snapshots = OpenApiRouter::new()
        .routes(routes!(snapshot::save, snapshot::load))
        .layer(DefaultBodyLimit::max(snapshot::SNAPSHOT_MAX));
    let unit = OpenApiRouter::new()
        .routes(routes!(units::show, units::remove))
        .routes(routes!(units::reset))
        .merge(snapshots)
        .routes(routes!(users::list))
        .routes(routes!(users::show, users::choose, users::clear))
        .routes(routes!(inbox::of_customer))
        .routes(routes!(inbox::of_all))
        .routes(routes!(customers::check_in))
        .routes(routes!(customers::token))
        .routes(routes!(customers::code))
        .routes(routes!(payments::list))
        .routes(routes!(payments::show))
        .routes(routes!(approvals::approve))
        .routes(routes!(approvals::refuse_consent))
        .routes(routes!(approvals::casing, approvals::write_casing))
        .routes(routes!(payments::reject))
        .routes(routes!(payments::expire))
        .routes(routes!(shopper::fail))
        .routes(routes!(shopper::ignore))
        .routes(routes!(shopper::open_app))
        .routes(routes!(shopper::close_browser))
        .routes(routes!(receipts::list))
        .routes(routes!(receipts::show))
        .routes(routes!(receipts::page))
        .routes(routes!(receipts::image))
        .routes(routes!(clock::show))
        .routes(routes!(clock::advance))
        .routes(routes!(clock::freeze))
        .routes(routes!(clock::set))
        .routes(routes!(clock::resume))
        .routes(routes!(faults::list, faults::add, faults::clear))
        .routes(routes!(faults::remove))
        .routes(routes!(registrations::list))
        .routes(routes!(deliveries::list))
        .routes(routes!(deliveries::show))
        .routes(routes!(deliveries::resend))
        .routes(routes!(events::of_unit))
        .routes(routes!(requests::list))
        .routes(routes!(requests::archive))
        .routes(routes!(requests::show));
    OpenApiRouter::new()
        .routes(routes!(units::health))
        .routes(routes!(openapi::document))
        .routes(routes!(public_url::show, public_url::change))
        .routes(routes!(units::reset_all))
        .routes(routes!(requests::strays))
        .routes(routes!(requests::stray_archive))
        .routes(routes!(requests::stray))
        .routes(routes!(units::list, units::create))
        .routes(routes!(events::of_all))
        .nest("/sales-units/{msn}", unit)
}
