//! One payment: its state, its totals, and the moves it allows.
//!
//! Every move checks first and assigns last, so an error has changed nothing.
//! The arithmetic: a reservation of A, of which K is captured and X released;
//! of K, R is refunded. K + X never exceeds A, R never exceeds K, and a refund
//! gives no capture room back.

use std::{collections::VecDeque, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Amount, EventName, IdempotencyKey, PaymentEvent, Reference, card::DeclinedAttempt};

mod moves;

mod error;

mod features;

mod link;

mod request;

mod rules;

mod shopper;

mod urls;

pub use error::PaymentError;
pub use features::{Airline, Approval, Features, LegalLinks, Shared};
pub use link::{Link, LinkAddress, LinkKind, Payer, QR_SIZE_PX, QrFormat};
pub use moves::{Asked, CancelMode, Move};
pub use request::{CustomerInteraction, PaymentMethod, PaymentRequest, UserFlow};
pub use rules::Refusal;
pub use shopper::{AskedCustomer, Attention};
pub use urls::is_https_or_app;

/// A payment, its totals and its log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Payment {
    request: PaymentRequest,
    link: Option<Link>,
    asked: Option<AskedCustomer>,
    attention: Attention,
    approval: Option<Arc<Approval>>,
    created_at: Timestamp,
    expires_at: Timestamp,
    state: PaymentState,
    events: Vec<PaymentEvent>,
    declined: VecDeque<DeclinedAttempt>,
}

/// Where a payment stands. Captures, refunds and releases leave it `Authorized`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentState {
    /// The customer has not answered.
    Created,
    /// The customer has pressed Pay, and the bank has not answered. On the wire this is `CREATED`.
    Processing,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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

/// How long a customer has to answer (ePayment API guide, timeouts).
pub const ANSWER_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// How long a card network vouches for a reservation: a Visa card's seven days
/// (ePayment API guide, reserve and capture).
pub const GUARANTEED_FOR: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long a refund is possible, counted from the reservation (ePayment API guide, refund).
pub const REFUND_WITHIN: SignedDuration = SignedDuration::from_hours(365 * 24);

/// How many attempts that came to nothing are kept for looking at.
pub const DECLINED_KEPT: usize = 100;

impl Payment {
    /// A fresh payment, with the event that says so in its log.
    ///
    /// `link` is the customer's way to it, where its flow has one.
    #[must_use]
    pub fn create(
        request: PaymentRequest,
        link: Option<LinkAddress>,
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
        let link = link.map(Link::new);
        let declined = VecDeque::new();
        let (asked, approval) = (None, None);
        let attention = Attention::default();
        let created_at = now;
        Self {
            request,
            link,
            asked,
            attention,
            approval,
            created_at,
            expires_at,
            state,
            events,
            declined,
        }
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

    /// The customer's way to it, where its flow has one.
    #[must_use]
    pub fn link(&self) -> Option<&Link> {
        self.link.as_ref()
    }

    /// The same, for whoever follows it.
    pub fn link_mut(&mut self) -> Option<&mut Link> {
        self.link.as_mut()
    }

    /// How much it is about: what was asked for, and with Express the shipping that was chosen.
    #[must_use]
    pub fn amount(&self) -> Amount {
        let shipping = self.approval().and_then(|it| it.shipping.as_ref());
        self.request.amount_with(shipping)
    }

    /// What the customer has settled by approving, if it has.
    #[must_use]
    pub fn approval(&self) -> Option<&Approval> {
        self.approval.as_deref()
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

    /// What the customer's approval reserved, if there was one.
    #[must_use]
    pub fn reservation(&self) -> Option<Reservation> {
        match self.state {
            PaymentState::Authorized(reservation) => Some(reservation),
            PaymentState::Created
            | PaymentState::Processing
            | PaymentState::Aborted
            | PaymentState::Expired
            | PaymentState::Terminated => None,
        }
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
            PaymentState::Created
            | PaymentState::Processing
            | PaymentState::Aborted
            | PaymentState::Expired => (0, 0, 0, 0),
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

    /// What customers tried in vain, oldest first.
    pub fn declined(&self) -> impl Iterator<Item = &DeclinedAttempt> {
        self.declined.iter()
    }

    /// Notes that a customer tried to pay in vain, and is done with that. The merchant's log knows
    /// nothing of it.
    pub fn note_declined(&mut self, attempt: DeclinedAttempt) {
        self.attention = Attention::default();
        if self.declined.len() == DECLINED_KEPT {
            self.declined.pop_front();
        }
        self.declined.push_back(attempt);
    }

    /// Notes that the bank has been asked. Does nothing unless the payment waits for its customer.
    pub fn await_bank(&mut self) {
        if self.state == PaymentState::Created {
            self.state = PaymentState::Processing;
        }
    }

    /// Takes up what a move did: the one place where the money of a payment moves.
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
        if let Some(approval) = &step.approval {
            self.approval = Some(approval.clone());
        }
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
    /// Every name on the wire.
    pub const NAMES: [&'static str; 5] =
        ["CREATED", "AUTHORIZED", "ABORTED", "EXPIRED", "TERMINATED"];

    /// The name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created | Self::Processing => "CREATED",
            Self::Authorized(_) => "AUTHORIZED",
            Self::Aborted => "ABORTED",
            Self::Expired => "EXPIRED",
            Self::Terminated => "TERMINATED",
        }
    }
}
