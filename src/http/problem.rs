//! The one table of problems: published code, status and title.

use axum::http::StatusCode;

use crate::{
    app::payments::ApproveError,
    domain::{Operation, PaymentError, payment::Refusal},
};

/// A row: what a problem is called, and how sure we are of its status.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// The published code, if there is one.
    pub(super) code: Option<u16>,
    pub(super) status: StatusCode,
    /// What the status rests on. Codes and titles are published, all of them.
    pub(super) evidence: Evidence,
    pub(super) title: &'static str,
}

/// What a status rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Published by the platform.
    Official,
    /// Seen on the wire by others.
    Observed,
    /// Our best reading: nobody has published it.
    Assumed,
}

/// Makes the enumeration, the list of all and the rows out of one table.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident = $code:expr, $status:ident, $evidence:ident, $title:literal;)*) => {
        /// What kind of problem it is. Each has one row in the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Problem {
            $($(#[$doc])* $name,)*
        }

        impl Problem {
            /// Every problem, in the order of the table.
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its row.
            pub(super) const fn row(self) -> Row {
                let (code, status, evidence, title) = match self {
                    $(Self::$name => ($code, StatusCode::$status, Evidence::$evidence, $title),)*
                };
                Row { code, status, evidence, title }
            }
        }
    };
}

// Codes and titles as the ePayment API guide lists them. It gives a status for few of them: the rest
// is 400, a conflict of keys or references 409, a payment that is locked 423, and 500 what is an
// error of the platform's own. The last rows are those of the other APIs, which have no codes.
problems! {
    InternalError = Some(3010), INTERNAL_SERVER_ERROR, Assumed, "Internal error";
    CaptureKeyReused = Some(4010), CONFLICT, Official, "Capture idempotency conflict";
    KeyReused = Some(4020), CONFLICT, Official, "Idempotency error";
    AmountNotWhole = Some(4040), BAD_REQUEST, Assumed, "Invalid amount";
    InvalidCustomerToken = Some(4050), BAD_REQUEST, Assumed, "Invalid CustomerToken";
    InvalidPersonalQr = Some(4060), BAD_REQUEST, Assumed, "Invalid PersonalQr";
    InvalidPhoneNumber = Some(4070), BAD_REQUEST, Assumed, "Invalid phone number";
    InvalidScope = Some(4080), BAD_REQUEST, Assumed, "Invalid scope";
    InvalidUrl = Some(4090), BAD_REQUEST, Assumed, "Invalid URL";
    MetadataTooMany = Some(4100), BAD_REQUEST, Assumed, "Metadata capacity exceeded";
    MetadataKeyTwice = Some(4110), BAD_REQUEST, Assumed, "Metadata duplicate keys not allowed";
    MetadataKeyTooLong = Some(4120), BAD_REQUEST, Assumed, "Metadata key length exceeded";
    MetadataValueTooLong = Some(4130), BAD_REQUEST, Assumed, "Metadata value length exceeded";
    MissingParameter = Some(4140), BAD_REQUEST, Assumed, "Missing required parameter";
    ReferenceTaken = Some(4150), CONFLICT, Assumed, "Reference exists";
    RefundKeyReused = Some(4150), CONFLICT, Official, "Refund idempotency conflict";
    MethodMismatch = Some(4160), BAD_REQUEST, Assumed, "Invalid payment method type";
    BlockedSources = Some(5010), BAD_REQUEST, Official, "Blocking sources not applicable";
    ExpressNotAllowed = Some(5020), BAD_REQUEST, Assumed, "Express payment not allowed";
    IllegalScope = Some(5030), BAD_REQUEST, Assumed, "Illegal scope";
    WrongCurrency = Some(5040), BAD_REQUEST, Assumed, "Invalid currency for merchant";
    LongLivingNotAllowed = Some(5050), BAD_REQUEST, Observed, "Long-living payment not allowed";
    BankAccountNotVerified = Some(5060), BAD_REQUEST, Assumed, "Merchant bank account not verified";
    CannotBeCreated = Some(5070), BAD_REQUEST, Assumed, "Payment cannot be created";
    PushNotAllowed = Some(5080), BAD_REQUEST, Assumed, "PUSH_MESSAGE not allowed";
    UnknownPayment = Some(5090), NOT_FOUND, Official, "Reference not found";
    RefundNotPossible = Some(5100), BAD_REQUEST, Assumed, "Refund not possible";
    AmountTooSmall = Some(6010), BAD_REQUEST, Assumed, "Amount too small";
    RefundBeforeCapture = Some(6020), BAD_REQUEST, Assumed, "Attempted refund before reservation";
    CancelDeadlinePassed = Some(6030), BAD_REQUEST, Official, "Cancel period expired";
    CancelOfCaptured = Some(6040), BAD_REQUEST, Assumed, "Cannot cancel a captured payment";
    CancelOfCancelled = Some(6050), BAD_REQUEST, Assumed, "Cannot cancel a non-reserved payment";
    CancelOfAuthorized = Some(6060), BAD_REQUEST, Assumed, "Cannot cancel authorized payment";
    CaptureOfCancelled = Some(6070), BAD_REQUEST, Assumed, "Cannot capture a cancelled payment";
    CaptureBeforeReservation =
        Some(6080), BAD_REQUEST, Official, "Cannot capture before reservation";
    CaptureTooHigh = Some(6090), BAD_REQUEST, Assumed, "Capture amount too high";
    CaptureDeadlinePassed = Some(6100), BAD_REQUEST, Official, "Capture period expired";
    ExpiresTooLate = Some(6110), BAD_REQUEST, Assumed, "Expiration date is too late";
    ExpiresTooSoon = Some(6120), BAD_REQUEST, Assumed, "Expiration date is too soon";
    ReceiptRequired = Some(6130), BAD_REQUEST, Assumed, "Long living payments require a receipt";
    MustCaptureAll = Some(6140), BAD_REQUEST, Assumed, "Must capture full amount";
    RefundTooHigh = Some(6150), BAD_REQUEST, Assumed, "Not enough refundable";
    OrderProcessing = Some(6160), LOCKED, Assumed, "Order processing";
    AlreadyCaptured = Some(6170), BAD_REQUEST, Assumed, "Payment already captured";
    AlreadyRefunded = Some(6180), BAD_REQUEST, Assumed, "Payment already refunded";
    NotCancellable = Some(6190), BAD_REQUEST, Assumed, "Payment cannot be cancelled";
    NotCapturable = Some(6200), BAD_REQUEST, Assumed, "Payment cannot be captured";
    NotRefundable = Some(6210), BAD_REQUEST, Assumed, "Payment cannot be refunded";
    RefundWindowClosed = Some(6220), BAD_REQUEST, Official, "Refund period expired";
    AlreadyAuthorized = Some(6230), BAD_REQUEST, Assumed, "Payment is already reserved";
    CancelOfProcessing = Some(6250), BAD_REQUEST, Assumed, "Cannot cancel processing payment";
    FundsUnavailable = Some(6260), BAD_REQUEST, Assumed, "Funds unavailable";
    CaptureFailed = Some(6280), BAD_REQUEST, Assumed, "Capture failed, please try again later";
    CustomerNotFound = Some(7010), BAD_REQUEST, Assumed, "Customer not found";
    ApproveFailed = Some(10010), BAD_REQUEST, Assumed, "Approve failed";
    ApproveNotAllowed = Some(10020), BAD_REQUEST, Assumed, "Approve not allowed";
    IdentificationRequired = Some(10030), BAD_REQUEST, Assumed, "Identification required";
    InvalidPaymentSource = Some(10040), BAD_REQUEST, Assumed, "Invalid payment source";
    NoCards = Some(10050), BAD_REQUEST, Assumed, "No cards";
    OperationNotSupported = Some(10060), BAD_REQUEST, Assumed, "Operation not supported";
    PaymentLimitExceeded = Some(10070), BAD_REQUEST, Assumed, "Payment limit exceeded";
    UnknownRegistration = None, NOT_FOUND, Assumed, "Not Found";
    ReceiptExists = None, CONFLICT, Official, "Receipt already exists";
    NothingStored = None, NOT_FOUND, Official, "Order Not Found";
    ImageExists = None, CONFLICT, Observed, "Image already exists";
    UnknownImage = None, NOT_FOUND, Assumed, "Image Not Found";
    UnknownCategory = None, NOT_FOUND, Official, "Category Not Found";
    /// A limit of the mock's own, so a status that the platform does not use.
    StorageFull = None, INSUFFICIENT_STORAGE, Assumed, "Insufficient Storage";
    UnsupportedMediaType = None, UNSUPPORTED_MEDIA_TYPE, Assumed, "Unsupported Media Type";
}

impl Problem {
    /// The problem that this code stands for in an operation. A taken reference and the key of a
    /// refund share one, the refund's being the later row.
    pub(super) fn of_code(code: u16, operation: Operation) -> Option<Self> {
        let mut of_this_code = Self::ALL.iter().copied().filter(|it| it.row().code == Some(code));
        if operation == Operation::Refund { of_this_code.next_back() } else { of_this_code.next() }
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
            PaymentError::NotRefundable(_) | PaymentError::NoReceiver => Self::NotRefundable,
            PaymentError::RefundTooHigh { .. } => Self::RefundTooHigh,
            PaymentError::AlreadyRefunded => Self::AlreadyRefunded,
            PaymentError::RefundWindowClosed => Self::RefundWindowClosed,
            PaymentError::RefundNotPossible => Self::RefundNotPossible,
            PaymentError::WrongCurrency { .. } => Self::WrongCurrency,
            PaymentError::AmountNotWhole => Self::AmountNotWhole,
            PaymentError::NothingAsked => Self::AmountTooSmall,
            PaymentError::AlreadyAuthorized => Self::AlreadyAuthorized,
            PaymentError::ExpressNotForced | PaymentError::NotOpen(_) => Self::ApproveNotAllowed,
            PaymentError::CancelOfProcessing => Self::CancelOfProcessing,
            PaymentError::ShippingNotChosen | PaymentError::BankIsAsked => Self::ApproveFailed,
        }
    }
}

impl From<ApproveError> for Problem {
    fn from(error: ApproveError) -> Self {
        match error {
            ApproveError::WrongToken => Self::ApproveFailed,
            ApproveError::Unidentified => Self::IdentificationRequired,
            ApproveError::NoCard => Self::NoCards,
            ApproveError::BlockedSource => Self::InvalidPaymentSource,
            ApproveError::OverTheLimit => Self::PaymentLimitExceeded,
            ApproveError::ExpiredCard => Self::InternalError,
            ApproveError::OtherMarket => Self::OperationNotSupported,
        }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Self {
        match refusal {
            Refusal::InvalidPhoneNumber(_) => Self::InvalidPhoneNumber,
            Refusal::InvalidScope(_) => Self::InvalidScope,
            Refusal::InvalidUrl(..) => Self::InvalidUrl,
            Refusal::MetadataTooMany(_) => Self::MetadataTooMany,
            Refusal::MetadataKeyTwice(_) => Self::MetadataKeyTwice,
            Refusal::MetadataKeyTooLong => Self::MetadataKeyTooLong,
            Refusal::MetadataValueTooLong => Self::MetadataValueTooLong,
            Refusal::MissingParameter(_) => Self::MissingParameter,
            Refusal::MethodNotAvailable(_) | Refusal::CardNeedsBrowser(_) => Self::CannotBeCreated,
            Refusal::MethodMismatch => Self::MethodMismatch,
            Refusal::AmountNotWhole => Self::AmountNotWhole,
            Refusal::InvalidPersonalQr => Self::InvalidPersonalQr,
            Refusal::InvalidCustomerToken => Self::InvalidCustomerToken,
            Refusal::ExpressNotAllowed => Self::ExpressNotAllowed,
            Refusal::BlockedSources(_) => Self::BlockedSources,
            Refusal::IllegalScope(_) => Self::IllegalScope,
            Refusal::BankAccountNotVerified => Self::BankAccountNotVerified,
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
    use crate::domain::fault::is_transient;

    #[test]
    fn what_is_the_platforms_own_failure_does_not_stick_to_a_key() {
        // A limit of the mock's own, which no fault is made of.
        for problem in Problem::ALL.iter().filter(|it| **it != Problem::StorageFull) {
            let row = problem.row();
            let must = row.status.is_server_error() || row.status.as_u16() == 423;
            let is = row.code.is_some_and(is_transient);
            // A capture that failed for now is answered with 400, and meant to be sent again.
            assert!(is == must || row.code == Some(6280), "{problem:?}");
        }
    }

    #[test]
    fn problem_table() {
        let rows = Problem::ALL.iter().map(|problem| {
            let row = problem.row();
            let code = row.code.map_or_else(|| "-".to_owned(), |code| code.to_string());
            let evidence = format!("{:?}", row.evidence).to_lowercase();
            format!("{code:>5} {} {evidence:<8} {}", row.status.as_u16(), row.title)
        });
        insta::assert_snapshot!(rows.collect::<Vec<_>>().join("\n"));
    }
}
