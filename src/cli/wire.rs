//! What the control API says, as far as the command line prints it.

use std::fmt;

use serde::Deserialize;

/// A refusal.
#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    title: String,
    #[serde(default)]
    detail: Option<String>,
    #[serde(default)]
    pub(crate) hint: Option<String>,
}

impl Problem {
    pub(crate) fn sentence(&self) -> String {
        self.detail.as_ref().unwrap_or(&self.title).clone()
    }
}

/// A sales unit and its keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SalesUnit {
    pub(crate) msn: String,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) subscription_key: String,
}

/// An amount of money in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Money {
    currency: String,
    value: u64,
}

impl fmt::Display for Money {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{} {}.{:02}", self.currency, self.value / 100, self.value % 100);
        formatter.pad(&text)
    }
}

/// What became of the money of a payment.
#[derive(Debug, Deserialize)]
pub(crate) struct Aggregate {
    #[serde(rename = "authorizedAmount")]
    pub(crate) authorized: Money,
    #[serde(rename = "capturedAmount")]
    pub(crate) captured: Money,
    #[serde(rename = "cancelledAmount")]
    pub(crate) cancelled: Money,
    #[serde(rename = "refundedAmount")]
    pub(crate) refunded: Money,
}

/// A payment, as everything the mock knows about it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Payment {
    pub(crate) reference: String,
    pub(crate) psp_reference: String,
    pub(crate) state: String,
    pub(crate) amount: Money,
    pub(crate) aggregate: Aggregate,
    pub(crate) user_flow: String,
    #[serde(default)]
    pub(crate) customer_interaction: Option<String>,
    #[serde(default)]
    pub(crate) phone_number: Option<String>,
    #[serde(default, rename = "paymentDescription")]
    pub(crate) description: Option<String>,
    #[serde(default)]
    pub(crate) redirect_url: Option<String>,
    #[serde(default)]
    pub(crate) landing_url: Option<String>,
    pub(crate) created_at: String,
    pub(crate) expires_at: String,
    #[serde(default)]
    pub(crate) authorized_at: Option<String>,
    #[serde(default)]
    pub(crate) capture_deadline: Option<String>,
    #[serde(default)]
    pub(crate) capture_guaranteed_until: Option<String>,
    #[serde(default)]
    pub(crate) events: Vec<PaymentEvent>,
    #[serde(default)]
    pub(crate) app: Option<AppView>,
}

/// One line of a payment's event log.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PaymentEvent {
    pub(crate) name: String,
    pub(crate) amount: Money,
    pub(crate) timestamp: String,
    #[serde(default)]
    pub(crate) idempotency_key: Option<String>,
    pub(crate) success: bool,
}

/// What the customer sees.
#[derive(Debug, Deserialize)]
pub(crate) struct AppView {
    pub(crate) merchant: String,
    pub(crate) amount: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) order: Option<Order>,
    #[serde(default)]
    pub(crate) declined: Vec<Declined>,
}

/// What Order Management keeps for an order.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Order {
    pub(crate) payment_type: String,
    #[serde(rename = "orderId")]
    pub(crate) id: String,
    pub(crate) orphan: bool,
    #[serde(default)]
    pub(crate) receipt: Option<Receipt>,
    #[serde(default)]
    pub(crate) link: Option<Link>,
    pub(crate) page: String,
}

/// A receipt, in minor units of its currency.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Receipt {
    pub(crate) currency: String,
    pub(crate) lines: Vec<ReceiptLine>,
    pub(crate) total: i64,
    pub(crate) discount: i64,
    pub(crate) shipping: i64,
    pub(crate) returned: i64,
    pub(crate) vat: Vec<Vat>,
    #[serde(default)]
    pub(crate) tip: Option<i64>,
    #[serde(default)]
    pub(crate) payment_sources: Vec<Source>,
    #[serde(default)]
    pub(crate) pos_id: Option<String>,
    #[serde(default, rename = "receiptNumber")]
    pub(crate) number: Option<String>,
    #[serde(default)]
    pub(crate) barcode: Option<Barcode>,
    #[serde(default)]
    pub(crate) notice: Option<String>,
}

/// A line of a receipt.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ReceiptLine {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) amount: i64,
    #[serde(default)]
    pub(crate) quantity: Option<String>,
    #[serde(default)]
    pub(crate) unit: Option<String>,
    #[serde(default)]
    pub(crate) unit_price: Option<i64>,
    #[serde(default)]
    pub(crate) discount: Option<i64>,
}

/// The tax of one rate, in hundredths of a percent.
#[derive(Debug, Deserialize)]
pub(crate) struct Vat {
    #[serde(default)]
    pub(crate) rate: Option<u16>,
    pub(crate) net: i64,
    pub(crate) tax: i64,
}

/// What else a sale was paid with.
#[derive(Debug, Deserialize)]
pub(crate) struct Source {
    pub(crate) source: String,
    pub(crate) amount: i64,
}

/// A barcode.
#[derive(Debug, Deserialize)]
pub(crate) struct Barcode {
    pub(crate) format: String,
    pub(crate) data: String,
}

/// The button beside a receipt.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Link {
    pub(crate) category: String,
    pub(crate) url: String,
    #[serde(default)]
    pub(crate) image_id: Option<String>,
}

/// An attempt to pay that came to nothing.
#[derive(Debug, Deserialize)]
pub(crate) struct Declined {
    pub(crate) at: String,
    pub(crate) reason: String,
}

/// What a tester does to a payment in place of the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Approve,
    Reject,
    Expire,
    Ignore,
    OpenApp,
    CloseBrowser,
}

impl Move {
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::Expire => "expire",
            Self::Ignore => "ignore",
            Self::OpenApp => "open-app",
            Self::CloseBrowser => "close-browser",
        }
    }
}

/// A customer, and what it does without being told.
#[derive(Debug, Deserialize)]
pub(crate) struct TestUser {
    pub(crate) phone: String,
    #[serde(default)]
    pub(crate) market: Option<String>,
    #[serde(default)]
    pub(crate) behaviour: Option<String>,
    #[serde(default)]
    pub(crate) next: Option<String>,
    #[serde(default)]
    pub(crate) planned: Vec<PlannedAct>,
}

/// Something that a customer will do with a payment that waits for it.
#[derive(Debug, Deserialize)]
pub(crate) struct PlannedAct {
    pub(crate) reference: String,
    pub(crate) at: String,
    pub(crate) act: String,
}

/// A payment that waits in a customer's app.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InboxItem {
    pub(crate) phone: String,
    pub(crate) reference: String,
    pub(crate) amount: Money,
    pub(crate) merchant: String,
    #[serde(default)]
    pub(crate) description: Option<String>,
    pub(crate) since: String,
    pub(crate) expires_at: String,
    pub(crate) open: bool,
    #[serde(default)]
    pub(crate) declined: Option<String>,
}

/// What links begin with.
#[derive(Debug, Deserialize)]
pub(crate) struct PublicUrl {
    pub(crate) url: String,
}

/// What a check-in brought the merchant.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CheckIn {
    pub(crate) customer_token: String,
    pub(crate) expires_at: String,
}

/// Something that is to go wrong, or did.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Fault {
    pub(crate) id: u64,
    #[serde(default)]
    pub(crate) operation: Option<String>,
    #[serde(default)]
    pub(crate) reference: Option<String>,
    pub(crate) effect: String,
    #[serde(default)]
    pub(crate) code: Option<u32>,
    #[serde(default)]
    pub(crate) event: Option<String>,
    #[serde(default)]
    pub(crate) by: Option<String>,
    #[serde(default)]
    pub(crate) header: Option<FaultHeader>,
    #[serde(default)]
    pub(crate) nth: Option<u32>,
    #[serde(default)]
    pub(crate) probability: Option<f64>,
    #[serde(default)]
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) from: Option<String>,
    #[serde(default)]
    pub(crate) to: Option<String>,
    #[serde(default)]
    pub(crate) bytes: Option<u32>,
    #[serde(default)]
    pub(crate) retry_after: Option<String>,
    #[serde(default)]
    pub(crate) commit: bool,
    pub(crate) hits: u32,
    #[serde(default)]
    pub(crate) left: Option<u32>,
    #[serde(default)]
    pub(crate) expires_at: Option<String>,
    pub(crate) state: String,
}

/// A header that a call has to carry.
#[derive(Debug, Deserialize)]
pub(crate) struct FaultHeader {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) value: Option<String>,
}

/// The time in a sales unit.
#[derive(Debug, Deserialize)]
pub(crate) struct Clock {
    pub(crate) now: String,
    pub(crate) mode: String,
}

/// The time in a sales unit after a move, and what was due on the way.
#[derive(Debug, Deserialize)]
pub(crate) struct Moved {
    pub(crate) now: String,
    pub(crate) mode: String,
    #[serde(default)]
    pub(crate) happened: Vec<Happening>,
}

/// Something that was due.
#[derive(Debug, Deserialize)]
pub(crate) struct Happening {
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) text: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_printed_in_major_units() {
        let cases = [(34_592, "NOK 345.92"), (5, "NOK 0.05"), (0, "NOK 0.00"), (100, "NOK 1.00")];
        for (value, expected) in cases {
            assert_eq!(Money { currency: "NOK".to_owned(), value }.to_string(), expected);
        }
    }

    #[test]
    fn a_refusal_says_its_detail_and_otherwise_its_title() {
        let with_detail = r#"{"type":"about:blank","title":"Not Found","status":404,
            "detail":"no payment has the reference ride-0001","hint":"vipps-mock payments"}"#;
        let problem: Problem = serde_json::from_str(with_detail).expect("valid");
        assert_eq!(problem.sentence(), "no payment has the reference ride-0001");
        assert_eq!(problem.hint.as_deref(), Some("vipps-mock payments"));
        let bare: Problem = serde_json::from_str(r#"{"title":"Conflict"}"#).expect("valid");
        assert_eq!(bare.sentence(), "Conflict");
    }
}
