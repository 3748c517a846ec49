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
mod faults;
mod payments;
mod receipts;
mod registrations;
mod units;

use axum::{
    Router,
    routing::{delete, get, post},
};

use super::Edge;

pub(super) fn router() -> Router<Edge> {
    let unit = Router::new()
        .route("/", get(units::show).delete(units::remove))
        .route("/reset", post(units::reset))
        .route("/users", get(units::users))
        .route("/users/{phone}/check-in", post(customers::check_in))
        .route("/users/{phone}/customer-token", post(customers::token))
        .route("/users/{phone}/personal-qr", post(customers::code))
        .route("/payments", get(payments::list))
        .route("/payments/{reference}", get(payments::show))
        .route("/payments/{reference}/approve", post(approvals::approve))
        .route("/payments/{reference}/refuse-consent", post(approvals::refuse_consent))
        .route("/shipping-callback", get(approvals::callback).put(approvals::write_callback))
        .route("/payments/{reference}/reject", post(payments::reject))
        .route("/payments/{reference}/expire", post(payments::expire))
        .route("/receipts", get(receipts::list))
        .route("/receipts/{paymentType}/{orderId}", get(receipts::show))
        .route("/receipts/{paymentType}/{orderId}/page", get(receipts::page))
        .route("/images/{imageId}", get(receipts::image))
        .route("/clock", get(clock::show))
        .route("/clock/advance", post(clock::advance))
        .route("/clock/freeze", post(clock::freeze))
        .route("/clock/set", post(clock::set))
        .route("/clock/resume", post(clock::resume))
        .route("/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/faults/{id}", delete(faults::remove))
        .route("/registrations", get(registrations::list))
        .route("/deliveries", get(deliveries::list))
        .route("/deliveries/{id}", get(deliveries::show))
        .route("/deliveries/{id}/resend", post(deliveries::resend));
    let control = Router::new()
        .route("/health", get(units::health))
        .route("/reset", post(units::reset_all))
        .route("/sales-units", get(units::list).post(units::create))
        .nest("/sales-units/{msn}", unit)
        .fallback(answer::unknown_route)
        .method_not_allowed_fallback(answer::unknown_route);
    Router::new().nest("/control/v1", control)
}
