//! What is sent and what comes back, as the ePayment API writes it.
//!
//! Members and values we do not know are kept or skipped, never refused: the API may grow.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::taxi::money::Amount;
use crate::taxi::phone::Phone;
use crate::taxi::receipt::Receipt;
use crate::taxi::reference::Reference;

/// The body of the create call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatePayment {
    /// What to reserve.
    pub amount: Amount,
    /// How the passenger may pay.
    pub payment_method: PaymentMethod,
    /// Who pays; a push needs somebody to go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<Customer>,
    /// Whether the passenger is present. In a taxi, always.
    pub customer_interaction: CustomerInteraction,
    /// The payment's name, also shown to the passenger.
    pub reference: Reference,
    /// How the passenger is reached.
    pub user_flow: UserFlow,
    /// Where the app returns to; needed by [`UserFlow::WebRedirect`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// How old the passenger must be, in years up to 100, where the company has such a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum_user_age: Option<u8>,
    /// What the passenger reads in the app: 3 to 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_description: Option<String>,
    /// Up to five notes of ours, given back by every read. No personal data.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub metadata: Map<String, Value>,
    /// The receipt, if the fare is final already. It cannot be changed later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt: Option<Receipt>,
}

/// How the passenger may pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentMethod {
    /// `WALLET` for the app, `CARD` for a card form.
    pub r#type: String,
    /// The first digits of the card, once approved and if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_bin: Option<String>,
}

/// Who is asked to pay.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// The number the request is pushed to.
    pub phone_number: Phone,
}

/// Whether the passenger is where the payment is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerInteraction {
    /// In the car, or in the shop.
    CustomerPresent,
    /// Anywhere else, which is what the API assumes.
    CustomerNotPresent,
}

/// How the passenger is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UserFlow {
    /// A request in the app of a phone we know. Needs approval for the sales unit.
    PushMessage,
    /// A page or the app, opened on the passenger's own device.
    WebRedirect,
    /// As before, from an app of ours.
    NativeRedirect,
    /// A QR code on a screen of ours.
    Qr,
}

/// The answer to the create call.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CreatedPayment {
    /// The reference that was sent.
    pub reference: Reference,
    /// Where to send the passenger. Absent for a push.
    pub redirect_url: Option<String>,
}

/// A payment, as read or as answered to a capture, cancel or refund.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payment {
    /// Where the money is.
    pub aggregate: Aggregate,
    /// What was asked for.
    pub amount: Amount,
    /// What the passenger, or nobody, did.
    pub state: PaymentState,
    /// The id of the payment's first event.
    pub psp_reference: String,
    /// The payment's name.
    pub reference: Reference,
    /// How it is paid. Absent in answers to a capture, cancel or refund.
    pub payment_method: Option<PaymentMethod>,
    /// Our notes, as sent.
    #[serde(default)]
    pub metadata: Option<Map<String, Value>>,
    /// Until when the bank keeps the hold.
    pub capture_guaranteed_until: Option<String>,
}

/// Where the money of a payment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Aggregate {
    /// What the passenger approved. It never shrinks.
    pub authorized_amount: Amount,
    /// What was released again.
    pub cancelled_amount: Amount,
    /// What was taken.
    pub captured_amount: Amount,
    /// What was given back of it.
    pub refunded_amount: Amount,
}

impl Aggregate {
    /// What is still held: neither captured nor released.
    #[must_use]
    pub fn held(&self) -> Amount {
        let used = self.captured_amount.value().saturating_add(self.cancelled_amount.value());
        let held = self.authorized_amount.value().saturating_sub(used);
        Amount::new(self.authorized_amount.currency(), held)
    }
}

/// The answer to the question of the payment. Captures and refunds do not change it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum PaymentState {
    /// Nobody answered yet.
    Created,
    /// The passenger approved.
    Authorized,
    /// The passenger declined.
    Aborted,
    /// Nobody answered in time.
    Expired,
    /// We withdrew the request.
    Terminated,
    /// A state that was added after this was written.
    Unknown(String),
}

/// What happened to a payment once.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentEvent {
    /// The payment.
    pub reference: String,
    /// The id of this event.
    pub psp_reference: String,
    /// What happened.
    pub name: EventName,
    /// How much it was about.
    pub amount: Amount,
    /// When, in UTC.
    pub timestamp: String,
    /// The key of our call that caused it.
    pub idempotency_key: Option<String>,
    /// Whether it worked: an event may tell of a failure.
    pub success: bool,
}

/// The names of events, in the log and in webhooks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(from = "String")]
pub enum EventName {
    /// The payment was asked for.
    Created,
    /// The passenger approved.
    Authorized,
    /// The passenger declined.
    Aborted,
    /// Nobody answered in time.
    Expired,
    /// The unanswered request was withdrawn.
    Terminated,
    /// Money was taken.
    Captured,
    /// The rest was released.
    Cancelled,
    /// Money was given back.
    Refunded,
    /// A name that was added after this was written.
    Unknown(String),
}

impl From<String> for PaymentState {
    fn from(text: String) -> Self {
        match text.as_str() {
            "CREATED" => Self::Created,
            "AUTHORIZED" => Self::Authorized,
            "ABORTED" => Self::Aborted,
            "EXPIRED" => Self::Expired,
            "TERMINATED" => Self::Terminated,
            _ => Self::Unknown(text),
        }
    }
}

impl From<PaymentState> for String {
    fn from(state: PaymentState) -> Self {
        state.to_string()
    }
}

impl fmt::Display for PaymentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Created => "CREATED",
            Self::Authorized => "AUTHORIZED",
            Self::Aborted => "ABORTED",
            Self::Expired => "EXPIRED",
            Self::Terminated => "TERMINATED",
            Self::Unknown(text) => text,
        })
    }
}

impl From<String> for EventName {
    fn from(text: String) -> Self {
        match text.as_str() {
            "CREATED" => Self::Created,
            "AUTHORIZED" => Self::Authorized,
            "ABORTED" => Self::Aborted,
            "EXPIRED" => Self::Expired,
            "TERMINATED" => Self::Terminated,
            "CAPTURED" => Self::Captured,
            "CANCELLED" => Self::Cancelled,
            "REFUNDED" => Self::Refunded,
            _ => Self::Unknown(text),
        }
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Created => "CREATED",
            Self::Authorized => "AUTHORIZED",
            Self::Aborted => "ABORTED",
            Self::Expired => "EXPIRED",
            Self::Terminated => "TERMINATED",
            Self::Captured => "CAPTURED",
            Self::Cancelled => "CANCELLED",
            Self::Refunded => "REFUNDED",
            Self::Unknown(text) => text,
        })
    }
}

impl CreatePayment {
    /// A request in the app of this phone, as a taxi makes it: from the wallet, passenger present.
    #[must_use]
    pub fn push(reference: Reference, amount: Amount, phone: Phone) -> Self {
        Self {
            amount,
            payment_method: PaymentMethod { r#type: "WALLET".to_owned(), card_bin: None },
            customer: Some(Customer { phone_number: phone }),
            customer_interaction: CustomerInteraction::CustomerPresent,
            reference,
            user_flow: UserFlow::PushMessage,
            return_url: None,
            minimum_user_age: None,
            payment_description: None,
            metadata: Map::new(),
            receipt: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_push_request_has_what_the_taxi_pages_ask_for() {
        let phone = "+47 900 00 001".parse().unwrap();
        let reference = "ride-0001-1".parse().unwrap();
        let body = CreatePayment::push(reference, Amount::nok(34592), phone);
        assert_eq!(
            serde_json::to_value(&body).unwrap(),
            json!({
                "amount": {"currency": "NOK", "value": 34592},
                "paymentMethod": {"type": "WALLET"},
                "customer": {"phoneNumber": "4790000001"},
                "customerInteraction": "CUSTOMER_PRESENT",
                "reference": "ride-0001-1",
                "userFlow": "PUSH_MESSAGE",
            })
        );
    }

    #[test]
    fn what_the_api_adds_later_is_no_reason_to_fail() {
        let nok = |value: u64| json!({"currency": "NOK", "value": value});
        let payment: Payment = serde_json::from_value(json!({
            "aggregate": {
                "authorizedAmount": nok(50000), "cancelledAmount": nok(0),
                "capturedAmount": nok(34592), "refundedAmount": nok(0), "pendingAmount": nok(1),
            },
            "amount": nok(50000),
            "state": "PAUSED",
            "paymentMethod": {"type": "WALLET", "cardBin": "429198", "colour": "blue"},
            "profile": {},
            "pspReference": "37c34d8c-2649-448e-864b-060d5d93e4c4",
            "reference": "ride-0001-1",
            "metadata": {"orderid": 123},
        }))
        .unwrap();
        assert_eq!(payment.state, PaymentState::Unknown("PAUSED".to_owned()));
        assert_eq!(payment.aggregate.held(), Amount::nok(15408));
        assert_eq!(payment.metadata.unwrap()["orderid"], 123);
    }
}
