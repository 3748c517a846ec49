//! The one place that prints problems.
//!
//! Three APIs answer in three shapes. A handler only says what is wrong; the
//! gateway, which knows the API, the path and the sales unit, has it printed.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_LANGUAGE, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::{
    problem::Problem,
    schema::{Failure, Rule},
};
use crate::app::{
    entropy::Entropy,
    orders::ReceiptExists,
    payments::{CommandError, Operation},
    webhooks::RegistrationError,
};

/// Which API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    Epayment,
    Webhooks,
    OrderManagement,
}

impl Api {
    /// What the paths of all its routes begin with.
    pub(super) const fn prefix(self) -> &'static str {
        match self {
            Self::Epayment => "/epayment",
            Self::Webhooks => "/webhooks",
            Self::OrderManagement => "/order-management",
        }
    }
}

/// Why a request was refused. Handlers end in `?` with it.
#[derive(Debug, Clone)]
pub(super) enum ApiError {
    /// Fields that break the schema.
    Invalid(Vec<Failure>),
    /// A row of the table, and what there is to say about this case.
    Problem(Problem, String),
}

impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        let problem = match &error {
            CommandError::UnknownPayment { .. } => Problem::UnknownPayment,
            CommandError::ReferenceTaken(_) => Problem::ReferenceTaken,
            CommandError::KeyReused { operation, .. } => match operation {
                Operation::Create | Operation::Cancel => Problem::KeyReused,
                Operation::Capture => Problem::CaptureKeyReused,
                Operation::Refund => Problem::RefundKeyReused,
            },
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::Payment { error, .. } => (*error).into(),
            CommandError::WrongToken => Problem::ApproveFailed,
        };
        Self::Problem(problem, sentence(&error.to_string()))
    }
}

impl From<RegistrationError> for ApiError {
    fn from(error: RegistrationError) -> Self {
        let rule = Rule::Said(sentence(&error.to_string()));
        Self::Invalid(vec![Failure { path: "events".to_owned(), rule }])
    }
}

impl From<ReceiptExists> for ApiError {
    fn from(error: ReceiptExists) -> Self {
        Self::Problem(Problem::ReceiptExists, sentence(&error.to_string()))
    }
}

/// A fragment as a sentence: what errors say in lower case, bodies say in full.
fn sentence(fragment: &str) -> String {
    let mut text = String::with_capacity(fragment.len() + 1);
    let mut letters = fragment.chars();
    text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    text.push_str(letters.as_str());
    text.push('.');
    text
}

impl IntoResponse for ApiError {
    /// Not printed yet: the gateway does that.
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status();
        response.extensions_mut().insert(self);
        response
    }
}

/// Where an error is printed: which API, which path of it, and where ids come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) api: Api,
    /// The path as the service behind the gateway sees it: `/v1/payments`.
    pub(super) instance: &'a str,
    pub(super) entropy: &'a Entropy,
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            Self::Invalid(_) => StatusCode::BAD_REQUEST,
            Self::Problem(problem, _) => problem.row().1,
        }
    }

    /// The error as this API prints it.
    pub(super) fn print(&self, place: Place<'_>) -> Response {
        let (media_type, body) = match place.api {
            Api::Epayment => (PROBLEM_JSON, to_json(&EpaymentProblem::of(self, place))),
            Api::Webhooks => (PROBLEM_JSON, to_json(&WebhooksProblem::of(self, place))),
            Api::OrderManagement => ("application/json", to_json(&OrderProblem::of(self, place))),
        };
        let mut response = (self.status(), [(CONTENT_TYPE, media_type)], body).into_response();
        if place.api == Api::Epayment {
            response.headers_mut().insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
        }
        explain(&mut response, &self.why(place.api));
        response
    }

    /// One sentence on which rule decided, and where it is written.
    fn why(&self, api: Api) -> String {
        let source = match api {
            Api::Epayment => "ePayment API description",
            Api::Webhooks => "Webhooks API description",
            Api::OrderManagement => "Order Management API description",
        };
        match self {
            Self::Invalid(failures) => {
                let mut text = String::from("The request does not follow the schema");
                for failure in failures {
                    let _ = write!(text, "; {failure}");
                }
                format!("{text} ({source})")
            }
            Self::Problem(problem, detail) => match problem.row().0 {
                Some(code) => format!("{detail} Error {code} (ePayment API guide, error codes)"),
                None => format!("{detail} ({source})"),
            },
        }
    }
}

const PROBLEM_JSON: &str = "application/problem+json";

/// Says why in a header of our own, as far as a header can say it.
pub(super) fn explain(response: &mut Response, why: &str) {
    static REASON: HeaderName = HeaderName::from_static("vipps-mock-reason");
    let ascii: String =
        why.chars().map(|it| if it == ' ' || it.is_ascii_graphic() { it } else { '?' }).collect();
    if let Ok(value) = HeaderValue::from_str(&ascii) {
        response.headers_mut().insert(REASON.clone(), value);
    }
}

fn to_json(body: &impl Serialize) -> String {
    // Strings, numbers and lists of them always serialise.
    serde_json::to_string(body).unwrap_or_default()
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

#[derive(Serialize)]
struct Detail {
    name: String,
    reason: String,
}

impl<'a> EpaymentProblem<'a> {
    fn of(error: &'a ApiError, place: Place<'a>) -> Self {
        let status = error.status().as_u16();
        let (title, detail, extra_details) = match error {
            ApiError::Invalid(failures) => {
                let details =
                    failures.iter().map(|it| Detail { name: it.path.clone(), reason: it.reason() });
                ("Bad Request", "See extraDetails for further details", details.collect())
            }
            ApiError::Problem(problem, detail) => {
                let (code, _, title) = problem.row();
                let details = code
                    .map(|code| Detail { name: "ErrorCode".to_owned(), reason: code.to_string() });
                (title, detail.as_str(), details.into_iter().collect())
            }
        };
        Self {
            r#type: format!("https://httpstatuses.io/{status}"),
            title,
            detail,
            instance: place.instance,
            status,
            extra_details,
            trace_id: place.entropy.trace_id("01"),
        }
    }
}

/// The Webhooks API's shape: a trace id stands in `type` too (its description, `ProblemDetails`).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WebhooksProblem<'a> {
    r#type: String,
    title: &'static str,
    status: u16,
    detail: &'a str,
    instance: &'a str,
    trace_id: String,
    extra_details: Vec<Detail>,
}

impl<'a> WebhooksProblem<'a> {
    fn of(error: &'a ApiError, place: Place<'a>) -> Self {
        let (title, detail, extra_details) = match error {
            ApiError::Invalid(failures) => {
                let details = failures.iter().map(|it| Detail {
                    name: it.path.clone(),
                    reason: match it.rule {
                        Rule::Required => {
                            "The property is required and cannot be null or empty.".to_owned()
                        }
                        _ => it.reason(),
                    },
                });
                ("Bad Request", "One or more validation errors occurred.", details.collect())
            }
            ApiError::Problem(problem, detail) => (problem.row().2, detail.as_str(), Vec::new()),
        };
        let trace_id = place.entropy.trace_id("00");
        Self {
            r#type: trace_id.clone(),
            title,
            status: error.status().as_u16(),
            detail,
            instance: place.instance,
            trace_id,
            extra_details,
        }
    }
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

impl<'a> OrderProblem<'a> {
    fn of(error: &'a ApiError, place: Place<'a>) -> Self {
        let (title, detail, invalid_params) = match error {
            ApiError::Invalid(failures) => {
                let params =
                    failures.iter().map(|it| Detail { name: it.class_path(), reason: it.reason() });
                ("One or more validation errors occurred.", "BadRequest", params.collect())
            }
            ApiError::Problem(problem, detail) => (problem.row().2, detail.as_str(), Vec::new()),
        };
        Self {
            r#type: rfc7231_section(error.status()),
            title,
            detail,
            instance: place.entropy.trace_id("00"),
            invalid_params,
        }
    }
}

/// Where the platform's framework says a status is explained.
fn rfc7231_section(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.4",
        StatusCode::CONFLICT => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.8",
        _ => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.1",
    }
}
