//! The yardstick: routes that check nothing and remember nothing.
//!
//! The create route has `serde_json` parse the body into a struct with owned strings, as a plain
//! axum handler would. Both print as many bytes and headers as the mock does.

use std::{
    hint::black_box,
    sync::{Arc, OnceLock},
};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode},
    routing::{get, post, put},
};
use serde::{Deserialize, Serialize};

/// What fills the answers up to the size of the mock's.
type Fillers = Arc<OnceLock<(String, String)>>;

pub(crate) fn router() -> Router {
    Router::new()
        .route("/epayment/v1/payments", post(create))
        .route("/epayment/v1/payments/{reference}", get(payment))
        .route("/answer-sizes/{create}/{get}", put(set_answer_sizes))
        .with_state(Fillers::default())
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be parsed")]
struct CreateBody {
    amount: Amount,
    payment_method: PaymentMethod,
    customer: Customer,
    reference: String,
    return_url: String,
    user_flow: String,
    payment_description: String,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "parsed to be parsed")]
struct Amount {
    currency: String,
    value: u64,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "parsed to be parsed")]
struct PaymentMethod {
    r#type: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "parsed to be parsed")]
struct Customer {
    phone_number: String,
}

#[derive(Debug, Serialize)]
struct Reply {
    reference: String,
    filler: String,
}

type Printed = ([(HeaderName, HeaderValue); 1], Json<Reply>);

async fn create(
    State(fillers): State<Fillers>,
    body: Bytes,
) -> Result<(StatusCode, Printed), StatusCode> {
    let body: CreateBody =
        serde_json::from_slice(&body).map_err(|_| StatusCode::UNPROCESSABLE_ENTITY)?;
    let filler = fillers.get().ok_or(StatusCode::CONFLICT)?.0.clone();
    Ok((StatusCode::CREATED, print(black_box(body).reference, filler)))
}

async fn payment(
    State(fillers): State<Fillers>,
    Path(reference): Path<String>,
) -> Result<Printed, StatusCode> {
    let filler = fillers.get().ok_or(StatusCode::CONFLICT)?.1.clone();
    Ok(print(reference, filler))
}

/// The mock marks its answers, so these are marked too.
fn print(reference: String, filler: String) -> Printed {
    let mark = (HeaderName::from_static("vipps-mock"), HeaderValue::from_static("0.1.0"));
    ([mark], Json(Reply { reference, filler }))
}

/// Sizes of the two bodies, given the length of the references in them.
async fn set_answer_sizes(
    State(fillers): State<Fillers>,
    Path(sizes): Path<(usize, usize)>,
) -> StatusCode {
    let without = r#"{"reference":"bench-000000000000","filler":""}"#.len();
    let filler = |size: usize| "x".repeat(size.saturating_sub(without));
    match fillers.set((filler(sizes.0), filler(sizes.1))) {
        Ok(()) => StatusCode::NO_CONTENT,
        Err(_) => StatusCode::CONFLICT,
    }
}
