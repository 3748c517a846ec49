//! What a delivery tells.

use serde::Deserialize;

use crate::taxi::client::EventName;
use crate::taxi::money::Amount;

/// The body of a payment webhook: one event, of which the payment's event log has the same.
///
/// It is a hint to look, not the truth: what is decided on its account is decided after reading
/// the payment. It carries neither the state nor the totals.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WebhookEvent {
    /// The sales unit.
    pub msn: String,
    /// The payment.
    pub reference: String,
    /// The id of this event, not of the payment.
    pub psp_reference: String,
    /// What happened.
    pub name: EventName,
    /// How much it was about.
    pub amount: Amount,
    /// When it happened, in UTC. The delivery may be much later.
    pub timestamp: String,
    /// The key of our call that caused it, if one did.
    pub idempotency_key: Option<String>,
    /// Whether it worked: an event may tell of a failure.
    pub success: bool,
}

impl WebhookEvent {
    /// Whether this says that the question of the payment is answered, one way or another.
    ///
    /// A failed event moves nothing.
    #[must_use]
    pub fn announces_answer(&self) -> bool {
        self.success
            && match self.name {
                EventName::Authorized
                | EventName::Aborted
                | EventName::Expired
                | EventName::Terminated => true,
                EventName::Created
                | EventName::Captured
                | EventName::Cancelled
                | EventName::Refunded
                | EventName::Unknown(_) => false,
            }
    }
}
