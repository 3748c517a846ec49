//! The three shapes in which the APIs behind the gateway say no.

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LANGUAGE, CONTENT_TYPE},
    },
    response::{IntoResponse as _, Response},
};
use serde::Serialize;

use super::{
    error::Api,
    problem::{Problem, Row},
    schema::{Failure, Rule},
};
use crate::app::entropy::Entropy;

/// Where an error is printed: which API, which path of it, and where ids come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) api: Api,
    /// The path as the service behind the gateway sees it: `/v1/payments`.
    pub(super) instance: &'a str,
    pub(super) entropy: &'a Entropy,
}

/// Fields that break the schema, as this API prints them.
pub(super) fn print_invalid(failures: &[Failure], place: Place<'_>) -> Response {
    let status = StatusCode::BAD_REQUEST;
    match place.api {
        Api::Epayment => {
            let title = "Bad Request";
            let detail = "See extraDetails for further details";
            let details =
                failures.iter().map(|it| Detail { name: it.path.clone(), reason: it.reason() });
            epayment(status, title, detail, details.collect(), place)
        }
        Api::Qr => {
            let details =
                failures.iter().map(|it| Detail { name: it.path.clone(), reason: it.reason() });
            qr(status, "Bad Request", "See extraDetails.", details.collect())
        }
        Api::Webhooks => {
            let detail = "One or more validation errors occurred.";
            let details = failures.iter().map(|it| Detail {
                name: it.path.clone(),
                reason: match it.rule {
                    Rule::Required => {
                        "The property is required and cannot be null or empty.".to_owned()
                    }
                    _ => it.reason(),
                },
            });
            webhooks(status, "Bad Request", detail, details.collect(), place)
        }
        Api::OrderManagement => {
            let title = "One or more validation errors occurred.";
            let params =
                failures.iter().map(|it| Detail { name: it.class_path(), reason: it.reason() });
            orders(status, title, "BadRequest", params.collect(), place)
        }
    }
}

/// A row of the table, as this API prints it.
pub(super) fn print_problem(problem: Problem, detail: &str, place: Place<'_>) -> Response {
    let Row { code, status, title, .. } = problem.row();
    match place.api {
        Api::Epayment => {
            let code =
                code.map(|code| Detail { name: "ErrorCode".to_owned(), reason: code.to_string() });
            epayment(status, title, detail, code.into_iter().collect(), place)
        }
        Api::Webhooks => webhooks(status, title, detail, Vec::new(), place),
        Api::OrderManagement => orders(status, title, detail, Vec::new(), place),
        Api::Qr => qr(status, title, detail, Vec::new()),
    }
}

/// A status with nothing to say about it, as this API prints it.
pub(super) fn print_status(status: StatusCode, place: Place<'_>) -> Response {
    let title = status.canonical_reason().unwrap_or("Error");
    match place.api {
        Api::Epayment => epayment(status, title, title, Vec::new(), place),
        Api::Webhooks => webhooks(status, title, title, Vec::new(), place),
        Api::OrderManagement => orders(status, title, title, Vec::new(), place),
        Api::Qr => qr(status, title, title, Vec::new()),
    }
}

#[derive(Serialize)]
struct Detail {
    name: String,
    reason: String,
}

/// The ePayment API's shape (its description, `Problem`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EpaymentProblem<'a> {
    r#type: String,
    title: &'static str,
    detail: &'a str,
    instance: &'a str,
    status: u16,
    extra_details: Vec<Detail>,
    trace_id: String,
}

fn epayment(
    status: StatusCode,
    title: &'static str,
    detail: &str,
    extra_details: Vec<Detail>,
    place: Place<'_>,
) -> Response {
    let body = EpaymentProblem {
        r#type: format!("https://httpstatuses.io/{}", status.as_u16()),
        title,
        detail,
        instance: place.instance,
        status: status.as_u16(),
        extra_details,
        trace_id: place.entropy.trace_id("01"),
    };
    let mut response = answer(status, "application/problem+json", &body);
    response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
    response
}

/// The QR API's shape: of its four members, no more is published than their names (its guide).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct QrProblem<'a> {
    title: &'static str,
    status: u16,
    detail: &'a str,
    extra_details: Vec<Detail>,
}

fn qr(
    status: StatusCode,
    title: &'static str,
    detail: &str,
    extra_details: Vec<Detail>,
) -> Response {
    let body = QrProblem { title, status: status.as_u16(), detail, extra_details };
    answer(status, "application/problem+json", &body)
}

/// The Webhooks API's shape: a trace id stands in `type` too (its description, `ProblemDetails`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebhooksProblem<'a> {
    r#type: &'a str,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    trace_id: &'a str,
    extra_details: Vec<Detail>,
}

fn webhooks(
    status: StatusCode,
    title: &'static str,
    detail: &str,
    extra_details: Vec<Detail>,
    place: Place<'_>,
) -> Response {
    let trace_id = &place.entropy.trace_id("00");
    let body = WebhooksProblem {
        r#type: trace_id,
        title,
        status: status.as_u16(),
        detail,
        instance: place.instance,
        trace_id,
        extra_details,
    };
    answer(status, "application/problem+json", &body)
}

/// The Order Management API's shape (its description, `ErrorResponse`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderProblem<'a> {
    r#type: &'static str,
    title: &'static str,
    detail: &'a str,
    instance: String,
    invalid_params: Vec<Detail>,
}

fn orders(
    status: StatusCode,
    title: &'static str,
    detail: &str,
    invalid_params: Vec<Detail>,
    place: Place<'_>,
) -> Response {
    let body = OrderProblem {
        r#type: explanation(status),
        title,
        detail,
        instance: place.entropy.trace_id("00"),
        invalid_params,
    };
    answer(status, "application/json", &body)
}

/// Where the platform's framework says a status is explained.
fn explanation(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.4",
        StatusCode::CONFLICT => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.8",
        StatusCode::INSUFFICIENT_STORAGE => {
            "https://datatracker.ietf.org/doc/html/rfc4918#section-11.5"
        }
        _ => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.1",
    }
}

fn answer(status: StatusCode, media_type: &'static str, body: &impl Serialize) -> Response {
    // Strings, numbers and lists of them always serialise.
    let json = serde_json::to_string(body).unwrap_or_default();
    (status, [(CONTENT_TYPE, media_type)], json).into_response()
}
