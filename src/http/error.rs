//! What a handler says no with.
//!
//! Three APIs answer in three shapes. A handler only says what is wrong; the
//! gateway, which knows the API, the path and the sales unit, has it printed.

use axum::{
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};

use super::{
    gateway::too_many,
    problem::{Evidence, Problem, Row},
    schema::{Failure, Rule},
    shapes::{Place, print_invalid, print_problem},
};
use crate::{
    app::{
        limits::TooManyCalls,
        orders::{OrderError, StorageFull},
        payments::CommandError,
        webhooks::RegistrationError,
    },
    domain::{Operation, fault::FaultId},
};

/// Which API answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Api {
    Epayment,
    Webhooks,
    OrderManagement,
    Qr,
}

impl Api {
    /// The API that a path belongs to, and the path as the service behind the gateway sees it.
    pub(super) fn of(path: &str) -> Option<(Self, &str)> {
        let apis = [
            (Self::Epayment, "/epayment"),
            (Self::Webhooks, "/webhooks"),
            (Self::OrderManagement, "/order-management"),
            (Self::Qr, "/qr"),
        ];
        apis.into_iter().find_map(|(api, prefix)| {
            let rest = path.strip_prefix(prefix)?;
            (rest.is_empty() || rest.starts_with('/')).then_some((api, rest))
        })
    }
}

/// Why a request was refused. Handlers end in `?` with it.
#[derive(Debug, Clone)]
pub(super) enum ApiError {
    /// Fields that break the schema.
    Invalid(Vec<Failure>),
    /// Too many calls, which the gateway says in its own shape.
    TooMany(TooManyCalls),
    /// A row of the table, and what there is to say about this case.
    Problem(Problem, String),
    /// The same, because a tester asked for it: no evidence of anything.
    Fault(FaultId, Problem, String),
}

impl From<CommandError> for ApiError {
    fn from(error: CommandError) -> Self {
        let problem = match &error {
            CommandError::UnknownPayment { .. } => Problem::UnknownPayment,
            CommandError::ReferenceTaken(_) => Problem::ReferenceTaken,
            CommandError::KeyReused { operation, .. } => match operation {
                Operation::Capture => Problem::CaptureKeyReused,
                Operation::Refund => Problem::RefundKeyReused,
                Operation::Create
                | Operation::Cancel
                | Operation::Get
                | Operation::Events
                | Operation::Approve => Problem::KeyReused,
            },
            CommandError::Refused(refusal) => refusal.into(),
            CommandError::Payment { error, .. } => (*error).into(),
            CommandError::Approve(error) => (*error).into(),
            // Only the app asks a card, or a merchant for shipping, and it is not answered here.
            CommandError::Declined { .. }
            | CommandError::Shipping { .. }
            | CommandError::NothingToConsentTo(_)
            | CommandError::Shopper { .. } => Problem::ApproveFailed,
            CommandError::Full(_) => Problem::StorageFull,
            // The control API takes no code that is not in the table.
            CommandError::Fault(fault) => {
                let problem =
                    Problem::of_code(fault.code, fault.operation).unwrap_or(Problem::InternalError);
                return Self::Fault(fault.fault, problem, sentence(&error.to_string()));
            }
        };
        Self::Problem(problem, sentence(&error.to_string()))
    }
}

impl From<TooManyCalls> for ApiError {
    fn from(refusal: TooManyCalls) -> Self {
        Self::TooMany(refusal)
    }
}

impl From<RegistrationError> for ApiError {
    fn from(error: RegistrationError) -> Self {
        let rule = Rule::Said(sentence(&error.to_string()));
        Self::Invalid(vec![Failure { path: "events".to_owned(), rule }])
    }
}

impl From<OrderError> for ApiError {
    fn from(error: OrderError) -> Self {
        let problem = match &error {
            OrderError::ReceiptExists(_) => Problem::ReceiptExists,
            OrderError::ImageExists(_) => Problem::ImageExists,
            OrderError::UnknownImage(_) => Problem::UnknownImage,
            OrderError::UnknownCategory(_) => Problem::UnknownCategory,
            OrderError::Full(full) => return (*full).into(),
        };
        Self::Problem(problem, sentence(&error.to_string()))
    }
}

impl From<StorageFull> for ApiError {
    fn from(error: StorageFull) -> Self {
        Self::Problem(Problem::StorageFull, sentence(&error.to_string()))
    }
}

/// A fragment as a sentence: what errors say in lower case, bodies say in full.
pub(super) fn sentence(fragment: &str) -> String {
    let mut text = String::with_capacity(fragment.len() + 1);
    let mut letters = fragment.chars();
    text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    text.push_str(letters.as_str());
    text.push('.');
    text
}

impl IntoResponse for ApiError {
    /// Not printed yet: the gateway does that. Without one in front it would be an error of ours.
    fn into_response(self) -> Response {
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl ApiError {
    /// The error as this API prints it.
    pub(super) fn print(&self, place: Place<'_>) -> Response {
        let mut response = match self {
            Self::TooMany(refusal) => return too_many(*refusal),
            Self::Invalid(failures) => print_invalid(failures, place),
            Self::Problem(problem, detail) | Self::Fault(_, problem, detail) => {
                print_problem(*problem, detail, place)
            }
        };
        if let Self::Fault(fault, ..) = self {
            // Whoever compares answers with the real API's has to leave this one out.
            response.headers_mut().insert(FAULT, HeaderValue::from(fault.0));
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
            Api::Qr => "QR API guide",
        };
        match self {
            Self::Invalid(failures) => {
                let first = failures.first().map(ToString::to_string).unwrap_or_default();
                let more = match failures.len() {
                    0 | 1 => String::new(),
                    count => format!(" There are {} more like it.", count - 1),
                };
                format!("{first}{more} ({source})")
            }
            Self::TooMany(_) => String::new(),
            Self::Problem(Problem::StorageFull, detail) => {
                format!("{detail} (a limit of the mock)")
            }
            Self::Problem(problem, detail) | Self::Fault(_, problem, detail) => match problem.row()
            {
                Row { code: Some(code), evidence, .. } => {
                    let doubt = match evidence {
                        Evidence::Official | Evidence::Observed => "",
                        Evidence::Assumed => "; that page does not say with which status",
                    };
                    format!("{detail} Error {code} (ePayment API guide, error codes{doubt})")
                }
                Row { code: None, .. } => format!("{detail} ({source})"),
            },
        }
    }
}

/// Names the fault that made an answer.
pub(super) const FAULT: HeaderName = HeaderName::from_static("vipps-mock-fault");

/// The longest reason, in characters: headers share the little room that clients have for them.
const REASON_MAX: usize = 500;

/// Says which rule decided.
pub(super) static REASON: HeaderName = HeaderName::from_static("vipps-mock-reason");

/// Says why in a header of our own, as far as a header can say it.
pub(super) fn explain(response: &mut Response, why: &str) {
    let plain = |it: char| if it == ' ' || it.is_ascii_graphic() { it } else { '?' };
    let ascii: String = why.chars().take(REASON_MAX).map(plain).collect();
    if let Ok(value) = HeaderValue::from_str(&ascii) {
        response.headers_mut().insert(REASON.clone(), value);
    }
}
