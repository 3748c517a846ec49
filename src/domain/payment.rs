//! One payment: its state, its totals, and the moves it allows.
//!
//! Every move checks first and assigns last, so an error has changed nothing.
//! The arithmetic: a reservation of A, of which K is captured and X released;
//! of K, R is refunded. K + X never exceeds A, R never exceeds K, and a refund
//! gives no capture room back.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Amount, Currency, EventName, IdempotencyKey, PaymentEvent, PhoneNumber, Reference};

mod moves;

mod rules;

pub use moves::{CancelMode, Move};
pub use rules::Refusal;

/// What a merchant asked for. Never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentRequest {
    /// The merchant's name for it.
    pub reference: Reference,
    /// How much.
    pub amount: Amount,
    /// What the customer pays with.
    pub method: PaymentMethod,
    /// How the customer gets to it.
    pub user_flow: UserFlow,
    /// Whether the customer stands before the merchant.
    pub customer_interaction: CustomerInteraction,
    /// Whom to ask, where the merchant knows.
    pub phone: Option<PhoneNumber>,
    /// Where the customer goes afterwards.
    pub return_url: Option<Arc<str>>,
    /// What the customer reads.
    pub description: Option<Arc<str>>,
    /// The merchant's own notes, in the order sent.
    pub metadata: Vec<(Arc<str>, Arc<str>)>,
    /// A time of its own to expire at.
    pub expires_at: Option<Timestamp>,
    /// What the merchant wants to know about the customer: words of `profile.scope`.
    pub scope: Vec<Arc<str>>,
    /// Whether business cards are to be refused (`blockedSources`).
    pub blocks_sources: bool,
}

/// What the customer pays with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentMethod {
    /// The app.
    Wallet,
    /// A card form in the browser.
    Card,
    /// A card that a payment service provider charges.
    CardPassthrough,
}

/// How the customer gets to the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UserFlow {
    /// A message to a known phone number.
    PushMessage,
    /// An app of the merchant's opens the wallet.
    NativeRedirect,
    /// The browser opens a landing page.
    WebRedirect,
    /// The customer scans a code.
    Qr,
}

/// Whether the customer stands before the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerInteraction {
    /// In the shop, in the car.
    Present,
    /// Elsewhere.
    NotPresent,
}

/// A payment, its totals and its log.
#[derive(Debug, Clone)]
pub struct Payment {
    request: PaymentRequest,
    redirect_token: Option<Arc<str>>,
    created_at: Timestamp,
    expires_at: Timestamp,
    state: PaymentState,
    events: Vec<PaymentEvent>,
}

/// Where a payment stands. Captures, refunds and releases leave it `Authorized`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PaymentState {
    /// The customer has not answered.
    Created,
    /// The customer approved; the money is reserved.
    Authorized(Reservation),
    /// The customer rejected.
    Aborted,
    /// Nobody answered in time.
    Expired,
    /// The merchant cancelled before the customer answered.
    Terminated,
}

/// What a customer's approval reserved, and what became of it. Minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    /// When the customer approved.
    pub at: Timestamp,
    /// Until when a capture is sure to succeed.
    pub guaranteed_until: Timestamp,
    /// After this the rest is released, and captures are refused.
    pub capture_deadline: Timestamp,
    authorized_minor: u64,
    captured_minor: u64,
    refunded_minor: u64,
    cancelled_minor: u64,
}

/// The four totals of a payment (ePayment API description, `Aggregate`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Reserved by the customer's approval.
    pub authorized: Amount,
    /// Released again.
    pub cancelled: Amount,
    /// Taken.
    pub captured: Amount,
    /// Given back.
    pub refunded: Amount,
}

/// Why a payment refused a move. Each is a row of the published error table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PaymentError {
    /// Capture of a payment nobody has approved.
    #[error("it is not reserved: the customer has not approved it")]
    CaptureBeforeReservation,
    /// Capture of a payment in a final state that holds no money.
    #[error("it is {0}, and nothing is reserved")]
    NotCapturable(&'static str),
    /// Capture of what has been released.
    #[error("what was left of the reservation has been released")]
    CaptureOfCancelled,
    /// Capture of more than is left.
    #[error("{asked} is more than the {left} left to capture")]
    CaptureTooHigh {
        /// What was asked for.
        asked: Amount,
        /// What is left.
        left: Amount,
    },
    /// Capture when all has been captured.
    #[error("all of the reservation has been captured")]
    AlreadyCaptured,
    /// Capture of a part, by a sales unit that may not.
    #[error("this sales unit must capture the full {0}")]
    MustCaptureAll(Amount),
    /// Capture after the deadline.
    #[error("the capture deadline has passed")]
    CaptureDeadlinePassed,
    /// Cancel after the deadline.
    #[error("the cancel deadline has passed")]
    CancelDeadlinePassed,
    /// Cancel when all has been captured.
    #[error("it has been captured: refund it instead")]
    CancelOfCaptured,
    /// Cancel when all has been released.
    #[error("nothing is reserved any more")]
    CancelOfCancelled,
    /// Cancel of the request only, when the customer has already approved.
    #[error("the customer has approved it, and only the request was to be cancelled")]
    CancelOfAuthorized,
    /// Cancel of a payment in a final state that holds no money.
    #[error("it is {0}, and nothing is reserved")]
    NotCancellable(&'static str),
    /// Refund before anything was captured.
    #[error("nothing has been captured")]
    RefundBeforeCapture,
    /// Refund of a payment in a final state that holds no money.
    #[error("it is {0}, and nothing was captured")]
    NotRefundable(&'static str),
    /// Refund of more than is left.
    #[error("{asked} is more than the {left} left to refund")]
    RefundTooHigh {
        /// What was asked for.
        asked: Amount,
        /// What is left.
        left: Amount,
    },
    /// Refund when all has been refunded.
    #[error("all that was captured has been refunded")]
    AlreadyRefunded,
    /// Refund after a year.
    #[error("the refund window has closed")]
    RefundWindowClosed,
    /// Capture or refund in another currency than the payment's.
    #[error("{asked} is not in the payment's currency, {currency}")]
    WrongCurrency {
        /// What was asked for.
        asked: Amount,
        /// What the payment is in.
        currency: Currency,
    },
    /// Capture or refund of nothing.
    #[error("the amount is zero")]
    NothingAsked,
    /// Approval of an approved payment.
    #[error("the customer has already approved it")]
    AlreadyAuthorized,
    /// Approval, rejection or expiry of a payment in another state.
    #[error("it is {0}")]
    NotOpen(&'static str),
}

/// How long a customer has to answer (ePayment API guide, timeouts).
pub const ANSWER_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// How long a card network vouches for a reservation: a Visa card's seven days
/// (ePayment API guide, reserve and capture).
pub const GUARANTEED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a refund is possible, counted from the reservation (ePayment API guide, refund).
pub const REFUND_WITHIN: SignedDuration = SignedDuration::from_hours(365 * 24);

impl Payment {
    /// A fresh payment, with the event that says so in its log.
    ///
    /// `redirect_token` names its landing page, where its flow has one.
    #[must_use]
    pub fn create(
        request: PaymentRequest,
        redirect_token: Option<Arc<str>>,
        psp_reference: Arc<str>,
        key: IdempotencyKey,
        now: Timestamp,
    ) -> Self {
        let event = PaymentEvent {
            psp_reference,
            name: EventName::Created,
            amount: request.amount,
            at: now,
            idempotency_key: Some(key),
            success: true,
        };
        let expires_at = request.expires_at.unwrap_or(now + ANSWER_WITHIN);
        let events = vec![event];
        let state = PaymentState::Created;
        Self { request, redirect_token, created_at: now, expires_at, state, events }
    }

    /// What the merchant asked for.
    #[must_use]
    pub fn request(&self) -> &PaymentRequest {
        &self.request
    }

    /// The merchant's name for this payment.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.request.reference
    }

    /// The platform's name for this payment: that of its first event.
    #[must_use]
    pub fn psp_reference(&self) -> &str {
        self.events.first().map_or("", |event| &event.psp_reference)
    }

    /// The key of the request that created it.
    #[must_use]
    pub fn create_key(&self) -> Option<&IdempotencyKey> {
        self.events.first()?.idempotency_key.as_ref()
    }

    /// The token of its landing page, where its flow has one.
    #[must_use]
    pub fn redirect_token(&self) -> Option<&str> {
        self.redirect_token.as_deref()
    }

    /// How much was asked for.
    #[must_use]
    pub fn amount(&self) -> Amount {
        self.request.amount
    }

    /// When it was created.
    #[must_use]
    pub fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// When it expires if nobody answers.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> PaymentState {
        self.state
    }

    /// Its log, oldest first.
    #[must_use]
    pub fn events(&self) -> &[PaymentEvent] {
        &self.events
    }

    /// The four totals.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let sum = |minor| Amount::new(self.amount().currency(), minor);
        let (authorized, cancelled, captured, refunded) = match self.state {
            PaymentState::Created | PaymentState::Aborted | PaymentState::Expired => (0, 0, 0, 0),
            // The merchant's cancel counts in full, though nothing was reserved.
            PaymentState::Terminated => (0, self.amount().minor(), 0, 0),
            PaymentState::Authorized(it) => {
                (it.authorized_minor, it.cancelled_minor, it.captured_minor, it.refunded_minor)
            }
        };
        Totals {
            authorized: sum(authorized),
            cancelled: sum(cancelled),
            captured: sum(captured),
            refunded: sum(refunded),
        }
    }

    /// Takes up what a move did: the one place where a payment changes.
    ///
    /// Gives back the line it added to the log.
    pub fn apply(
        &mut self,
        step: &Move,
        psp_reference: Arc<str>,
        key: Option<IdempotencyKey>,
        now: Timestamp,
    ) -> PaymentEvent {
        let event = PaymentEvent {
            psp_reference,
            name: step.event,
            amount: step.amount,
            at: now,
            idempotency_key: key,
            success: true,
        };
        self.state = step.state;
        self.events.push(event.clone());
        self.assert_totals();
        event
    }

    fn assert_totals(&self) {
        let totals = self.totals();
        debug_assert!(totals.refunded.minor() <= totals.captured.minor());
        if let PaymentState::Authorized(it) = self.state {
            debug_assert!(it.captured_minor + it.cancelled_minor <= it.authorized_minor);
        }
    }
}

impl PaymentState {
    /// The name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Authorized(_) => "AUTHORIZED",
            Self::Aborted => "ABORTED",
            Self::Expired => "EXPIRED",
            Self::Terminated => "TERMINATED",
        }
    }
}

impl PaymentMethod {
    /// Every method of the description.
    pub const ALL: [Self; 3] = [Self::Wallet, Self::Card, Self::CardPassthrough];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wallet => "WALLET",
            Self::Card => "CARD",
            Self::CardPassthrough => "CARD_PASSTHROUGH",
        }
    }
}

impl UserFlow {
    /// Every flow of the description.
    pub const ALL: [Self; 4] =
        [Self::PushMessage, Self::NativeRedirect, Self::WebRedirect, Self::Qr];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PushMessage => "PUSH_MESSAGE",
            Self::NativeRedirect => "NATIVE_REDIRECT",
            Self::WebRedirect => "WEB_REDIRECT",
            Self::Qr => "QR",
        }
    }
}

impl CustomerInteraction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Present, Self::NotPresent];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Present => "CUSTOMER_PRESENT",
            Self::NotPresent => "CUSTOMER_NOT_PRESENT",
        }
    }
}
