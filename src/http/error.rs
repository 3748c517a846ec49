//! The one table of problems, and the one place that prints them.
//!
//! Three APIs answer in three shapes. A handler only says what is wrong; the
//! gateway, which knows the API, the path and the sales unit, has it printed.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::schema::{Failure, Rule};
use crate::{
    app::{
        entropy::Entropy,
        orders::ReceiptExists,
        payments::{CommandError, Operation},
        webhooks::RegistrationError,
    },
    domain::{PaymentError, payment::Refusal},
};

/// Which API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    Epayment,
    Webhooks,
    OrderManagement,
}

/// Why a request was refused. Handlers end in `?` with it.
#[derive(Debug, Clone)]
pub(super) enum ApiError {
    /// Fields that break the schema.
    Invalid(Vec<Failure>),
    /// A row of the table, and what there is to say about this case.
    Problem(Problem, String),
}

/// What kind of problem it is. Each has one row in [`Problem::row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    CaptureKeyReused,
    KeyReused,
    AmountNotWhole,
    InvalidCustomerToken,
    InvalidPersonalQr,
    InvalidPhoneNumber,
    InvalidScope,
    InvalidUrl,
    MetadataTooMany,
    MetadataKeyTooLong,
    MetadataValueTooLong,
    MissingParameter,
    ReferenceTaken,
    RefundKeyReused,
    MethodMismatch,
    BlockedSources,
    ExpressNotAllowed,
    WrongCurrency,
    LongLivingNotAllowed,
    MethodNotAvailable,
    PushNotAllowed,
    UnknownPayment,
    AmountTooSmall,
    RefundBeforeCapture,
    CancelDeadlinePassed,
    CancelOfCaptured,
    CancelOfCancelled,
    CancelOfAuthorized,
    CaptureOfCancelled,
    CaptureBeforeReservation,
    CaptureTooHigh,
    CaptureDeadlinePassed,
    ExpiresTooLate,
    ExpiresTooSoon,
    ReceiptRequired,
    MustCaptureAll,
    RefundTooHigh,
    AlreadyCaptured,
    AlreadyRefunded,
    NotCancellable,
    NotCapturable,
    NotRefundable,
    RefundWindowClosed,
    AlreadyAuthorized,
    CustomerNotFound,
    ApproveFailed,
    ApproveNotAllowed,
    UnknownRegistration,
    ReceiptExists,
    NothingStored,
}

/// A row: the published code if there is one, the status, and the title.
type Row = (Option<u16>, StatusCode, &'static str);

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const CONFLICT: StatusCode = StatusCode::CONFLICT;
const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;

impl Problem {
    /// Every row, so that a test can print the table.
    #[cfg(test)]
    pub(super) const ALL: [Self; 50] = {
        use Problem::*;
        [
            CaptureKeyReused,
            KeyReused,
            AmountNotWhole,
            InvalidCustomerToken,
            InvalidPersonalQr,
            InvalidPhoneNumber,
            InvalidScope,
            InvalidUrl,
            MetadataTooMany,
            MetadataKeyTooLong,
            MetadataValueTooLong,
            MissingParameter,
            ReferenceTaken,
            RefundKeyReused,
            MethodMismatch,
            BlockedSources,
            ExpressNotAllowed,
            WrongCurrency,
            LongLivingNotAllowed,
            MethodNotAvailable,
            PushNotAllowed,
            UnknownPayment,
            AmountTooSmall,
            RefundBeforeCapture,
            CancelDeadlinePassed,
            CancelOfCaptured,
            CancelOfCancelled,
            CancelOfAuthorized,
            CaptureOfCancelled,
            CaptureBeforeReservation,
            CaptureTooHigh,
            CaptureDeadlinePassed,
            ExpiresTooLate,
            ExpiresTooSoon,
            ReceiptRequired,
            MustCaptureAll,
            RefundTooHigh,
            AlreadyCaptured,
            AlreadyRefunded,
            NotCancellable,
            NotCapturable,
            NotRefundable,
            RefundWindowClosed,
            AlreadyAuthorized,
            CustomerNotFound,
            ApproveFailed,
            ApproveNotAllowed,
            UnknownRegistration,
            ReceiptExists,
            NothingStored,
        ]
    };

    /// Codes and titles as the ePayment API guide lists them. It gives a status for few of them;
    /// the rest is 400, a conflict of keys or references 409.
    pub(super) const fn row(self) -> Row {
        match self {
            Self::CaptureKeyReused => (Some(4010), CONFLICT, "Capture idempotency conflict"),
            Self::KeyReused => (Some(4020), CONFLICT, "Idempotency error"),
            Self::AmountNotWhole => (Some(4040), BAD, "Invalid amount"),
            Self::InvalidCustomerToken => (Some(4050), BAD, "Invalid CustomerToken"),
            Self::InvalidPersonalQr => (Some(4060), BAD, "Invalid PersonalQr"),
            Self::InvalidPhoneNumber => (Some(4070), BAD, "Invalid phone number"),
            Self::InvalidScope => (Some(4080), BAD, "Invalid scope"),
            Self::InvalidUrl => (Some(4090), BAD, "Invalid URL"),
            Self::MetadataTooMany => (Some(4100), BAD, "Metadata capacity exceeded"),
            Self::MetadataKeyTooLong => (Some(4120), BAD, "Metadata key length exceeded"),
            Self::MetadataValueTooLong => (Some(4130), BAD, "Metadata value length exceeded"),
            Self::MissingParameter => (Some(4140), BAD, "Missing required parameter"),
            Self::ReferenceTaken => (Some(4150), CONFLICT, "Reference exists"),
            Self::RefundKeyReused => (Some(4150), CONFLICT, "Refund idempotency conflict"),
            Self::MethodMismatch => (Some(4160), BAD, "Invalid payment method type"),
            Self::BlockedSources => (Some(5010), BAD, "Blocking sources not applicable"),
            Self::ExpressNotAllowed => (Some(5020), BAD, "Express payment not allowed"),
            Self::WrongCurrency => (Some(5040), BAD, "Invalid currency for merchant"),
            Self::LongLivingNotAllowed => (Some(5050), BAD, "Long-living payment not allowed"),
            Self::MethodNotAvailable => (Some(5070), BAD, "Payment cannot be created"),
            Self::PushNotAllowed => (Some(5080), BAD, "PUSH_MESSAGE not allowed"),
            Self::UnknownPayment => (Some(5090), NOT_FOUND, "Reference not found"),
            Self::AmountTooSmall => (Some(6010), BAD, "Amount too small"),
            Self::RefundBeforeCapture => (Some(6020), BAD, "Attempted refund before reservation"),
            Self::CancelDeadlinePassed => (Some(6030), BAD, "Cancel period expired"),
            Self::CancelOfCaptured => (Some(6040), BAD, "Cannot cancel a captured payment"),
            Self::CancelOfCancelled => (Some(6050), BAD, "Cannot cancel a non-reserved payment"),
            Self::CancelOfAuthorized => (Some(6060), BAD, "Cannot cancel authorized payment"),
            Self::CaptureOfCancelled => (Some(6070), BAD, "Cannot capture a cancelled payment"),
            Self::CaptureBeforeReservation => {
                (Some(6080), BAD, "Cannot capture before reservation")
            }
            Self::CaptureTooHigh => (Some(6090), BAD, "Capture amount too high"),
            Self::CaptureDeadlinePassed => (Some(6100), BAD, "Capture period expired"),
            Self::ExpiresTooLate => (Some(6110), BAD, "Expiration date is too late"),
            Self::ExpiresTooSoon => (Some(6120), BAD, "Expiration date is too soon"),
            Self::ReceiptRequired => (Some(6130), BAD, "Long living payments require a receipt"),
            Self::MustCaptureAll => (Some(6140), BAD, "Must capture full amount"),
            Self::RefundTooHigh => (Some(6150), BAD, "Not enough refundable"),
            Self::AlreadyCaptured => (Some(6170), BAD, "Payment already captured"),
            Self::AlreadyRefunded => (Some(6180), BAD, "Payment already refunded"),
            Self::NotCancellable => (Some(6190), BAD, "Payment cannot be cancelled"),
            Self::NotCapturable => (Some(6200), BAD, "Payment cannot be captured"),
            Self::NotRefundable => (Some(6210), BAD, "Payment cannot be refunded"),
            Self::RefundWindowClosed => (Some(6220), BAD, "Refund period expired"),
            Self::AlreadyAuthorized => (Some(6230), BAD, "Payment is already reserved"),
            Self::CustomerNotFound => (Some(7010), BAD, "Customer not found"),
            Self::ApproveFailed => (Some(10010), BAD, "Approve failed"),
            Self::ApproveNotAllowed => (Some(10020), BAD, "Approve not allowed"),
            Self::UnknownRegistration => (None, NOT_FOUND, "Not Found"),
            Self::ReceiptExists => (None, CONFLICT, "Receipt already exists"),
            Self::NothingStored => (None, NOT_FOUND, "Order Not Found"),
        }
    }
}

impl From<PaymentError> for Problem {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::CaptureBeforeReservation => Self::CaptureBeforeReservation,
            PaymentError::NotCapturable(_) => Self::NotCapturable,
            PaymentError::CaptureOfCancelled => Self::CaptureOfCancelled,
            PaymentError::CaptureTooHigh { .. } => Self::CaptureTooHigh,
            PaymentError::AlreadyCaptured => Self::AlreadyCaptured,
            PaymentError::MustCaptureAll(_) => Self::MustCaptureAll,
            PaymentError::CaptureDeadlinePassed => Self::CaptureDeadlinePassed,
            PaymentError::CancelDeadlinePassed => Self::CancelDeadlinePassed,
            PaymentError::CancelOfCaptured => Self::CancelOfCaptured,
            PaymentError::CancelOfCancelled => Self::CancelOfCancelled,
            PaymentError::CancelOfAuthorized => Self::CancelOfAuthorized,
            PaymentError::NotCancellable(_) => Self::NotCancellable,
            PaymentError::RefundBeforeCapture => Self::RefundBeforeCapture,
            PaymentError::NotRefundable(_) => Self::NotRefundable,
            PaymentError::RefundTooHigh { .. } => Self::RefundTooHigh,
            PaymentError::AlreadyRefunded => Self::AlreadyRefunded,
            PaymentError::RefundWindowClosed => Self::RefundWindowClosed,
            PaymentError::WrongCurrency { .. } => Self::WrongCurrency,
            PaymentError::NothingAsked => Self::AmountTooSmall,
            PaymentError::AlreadyAuthorized => Self::AlreadyAuthorized,
            PaymentError::NotOpen(_) => Self::ApproveNotAllowed,
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::InvalidPhoneNumber(_) => Self::InvalidPhoneNumber,
            Refusal::InvalidScope(_) => Self::InvalidScope,
            Refusal::InvalidReturnUrl(_) => Self::InvalidUrl,
            Refusal::MetadataTooMany(_) => Self::MetadataTooMany,
            Refusal::MetadataKeyTooLong => Self::MetadataKeyTooLong,
            Refusal::MetadataValueTooLong => Self::MetadataValueTooLong,
            Refusal::MissingParameter(_) => Self::MissingParameter,
            Refusal::MethodNotAvailable(_) => Self::MethodNotAvailable,
            Refusal::MethodMismatch => Self::MethodMismatch,
            Refusal::AmountNotWhole => Self::AmountNotWhole,
            Refusal::InvalidPersonalQr => Self::InvalidPersonalQr,
            Refusal::InvalidCustomerToken => Self::InvalidCustomerToken,
            Refusal::ExpressNotAllowed => Self::ExpressNotAllowed,
            Refusal::BlockedSources(_) => Self::BlockedSources,
            Refusal::WrongCurrency { .. } => Self::WrongCurrency,
            Refusal::LongLivingNotAllowed => Self::LongLivingNotAllowed,
            Refusal::PushNotAllowed => Self::PushNotAllowed,
            Refusal::AmountTooSmall { .. } => Self::AmountTooSmall,
            Refusal::ExpiresTooLate => Self::ExpiresTooLate,
            Refusal::ExpiresTooSoon => Self::ExpiresTooSoon,
            Refusal::ReceiptRequired => Self::ReceiptRequired,
            Refusal::CustomerNotFound => Self::CustomerNotFound,
        }
    }
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
            Self::Invalid(_) => BAD,
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
        let media_type = HeaderValue::from_static(media_type);
        let mut response = (self.status(), [(CONTENT_TYPE, media_type)], body).into_response();
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
        NOT_FOUND => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.4",
        CONFLICT => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.8",
        _ => "https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.1",
    }
}

#[cfg(test)]
mod tests {
    use super::Problem;

    #[test]
    fn problem_table() {
        let rows: Vec<String> = Problem::ALL
            .into_iter()
            .map(|problem| {
                let (code, status, title) = problem.row();
                let code = code.map_or_else(|| "-".to_owned(), |code| code.to_string());
                format!("{code:>5} {} {title}", status.as_u16())
            })
            .collect();
        insta::assert_snapshot!(rows.join("\n"));
    }
}
