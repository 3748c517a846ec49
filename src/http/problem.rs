//! The one table of problems: published code, status and title.

use axum::http::StatusCode;

use crate::domain::{PaymentError, payment::Refusal};

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
    MetadataKeyTwice,
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
    UnsupportedMediaType,
}

/// A row: the published code if there is one, the status, and the title.
type Row = (Option<u16>, StatusCode, &'static str);

const BAD: StatusCode = StatusCode::BAD_REQUEST;
const CONFLICT: StatusCode = StatusCode::CONFLICT;
const NOT_FOUND: StatusCode = StatusCode::NOT_FOUND;

impl Problem {
    /// Every row, so that a test can print the table.
    #[cfg(test)]
    pub(super) const ALL: [Self; 52] = {
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
            MetadataKeyTwice,
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
            UnsupportedMediaType,
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
            Self::MetadataKeyTwice => (Some(4110), BAD, "Metadata duplicate keys not allowed"),
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
            Self::UnsupportedMediaType => {
                (None, StatusCode::UNSUPPORTED_MEDIA_TYPE, "Unsupported Media Type")
            }
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
            PaymentError::AmountNotWhole => Self::AmountNotWhole,
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
            Refusal::MetadataKeyTwice(_) => Self::MetadataKeyTwice,
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
