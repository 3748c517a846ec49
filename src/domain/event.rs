//! What happened to a payment: the one table of event names.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Amount, IdempotencyKey};

/// The eight things that can happen to a payment (ePayment API description, `PaymentEventName`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EventName {
    /// The merchant created it.
    Created,
    /// The customer rejected it.
    Aborted,
    /// Nobody answered in time.
    Expired,
    /// What was left of the reservation was released.
    Cancelled,
    /// Money was taken.
    Captured,
    /// Money was given back.
    Refunded,
    /// The customer approved; the money is reserved.
    Authorized,
    /// The merchant cancelled before the customer answered.
    Terminated,
}

/// One line of a payment's event log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentEvent {
    /// The event's own reference at the platform. That of `Created` is the payment's.
    pub psp_reference: Arc<str>,
    /// What happened.
    pub name: EventName,
    /// How much it was about: the slice, not the total.
    pub amount: Amount,
    /// When, by the sales unit's clock.
    pub at: Timestamp,
    /// The key of the request that caused it, where there was one.
    pub idempotency_key: Option<IdempotencyKey>,
    /// Whether the operation succeeded.
    pub success: bool,
}

impl EventName {
    /// Every event, in the order of the API description.
    pub const ALL: [Self; 8] = [
        Self::Created,
        Self::Aborted,
        Self::Expired,
        Self::Cancelled,
        Self::Captured,
        Self::Refunded,
        Self::Authorized,
        Self::Terminated,
    ];

    /// The name in the event log and in webhook bodies.
    #[must_use]
    pub const fn api(self) -> &'static str {
        self.names().0
    }

    /// The event type a webhook is registered for.
    #[must_use]
    pub const fn webhook(self) -> &'static str {
        self.names().1
    }

    /// Whether it is the customer's approval.
    #[must_use]
    pub const fn is_approval(self) -> bool {
        matches!(self, Self::Authorized)
    }

    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Created => ("CREATED", "epayments.payment.created.v1"),
            Self::Aborted => ("ABORTED", "epayments.payment.aborted.v1"),
            Self::Expired => ("EXPIRED", "epayments.payment.expired.v1"),
            Self::Cancelled => ("CANCELLED", "epayments.payment.cancelled.v1"),
            Self::Captured => ("CAPTURED", "epayments.payment.captured.v1"),
            Self::Refunded => ("REFUNDED", "epayments.payment.refunded.v1"),
            Self::Authorized => ("AUTHORIZED", "epayments.payment.authorized.v1"),
            Self::Terminated => ("TERMINATED", "epayments.payment.terminated.v1"),
        }
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.api())
    }
}

/// A customer has scanned a code of the merchant's (QR API guide, merchant callback).
pub const CHECKED_IN: &str = "user.checked-in.v1";

/// Event types of other APIs that can be registered for, though the mock produces none of them
/// (Webhooks API guide, event types).
pub const OTHER_EVENT_TYPES: [&str; 15] = [
    "recurring.agreement-activated.v1",
    "recurring.agreement-rejected.v1",
    "recurring.agreement-stopped.v1",
    "recurring.agreement-expired.v1",
    "recurring.charge-reserved.v1",
    "recurring.charge-captured.v1",
    "recurring.charge-canceled.v1",
    "recurring.charge-refunded.v1",
    "recurring.charge-failed.v1",
    "recurring.charge-creation-failed.v1",
    "login.merchant-initiated.ping.v1",
    "donations.agreement.started.v1",
    "donations.agreement.stopped.v1",
    "donations.agreement.withdrawal-day-changed.v1",
    "donations.agreement.amount-changed.v1",
];
