//! The ePayment API: create, read, capture, cancel, refund.

use serde::Serialize;

use super::Client;
use super::call::Call;
use super::wire::{CreatePayment, CreatedPayment, Payment, PaymentEvent};
use crate::taxi::error::Error;
use crate::taxi::money::Amount;
use crate::taxi::phone::Phone;
use crate::taxi::reference::{IdempotencyKey, Reference};

/// What a cancel is meant to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelScope {
    /// The request if it is unanswered, otherwise all that is reserved and not captured.
    Everything,
    /// The request, and only while it is unanswered: if the passenger approves at the same moment,
    /// the approval wins and the call is refused with 6060.
    UnansweredRequest,
}

impl Client {
    /// Asks for a payment.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 7010 when the passenger cannot be asked, 4150 when the reference is taken.
    /// [`Error::NotSent`] when the request breaks the checklist.
    pub async fn create_payment(
        &self,
        payment: &CreatePayment,
        key: &IdempotencyKey,
    ) -> Result<CreatedPayment, Error> {
        payment.check()?;
        let call = Call::post(["epayment", "v1", "payments"]).json(payment)?.key(key);
        self.send(&call).await?.json()
    }

    /// Reads a payment: its state, and where the money is.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 404 when the sales unit has no such payment.
    pub async fn payment(&self, reference: &Reference) -> Result<Payment, Error> {
        let call = Call::get(["epayment", "v1", "payments", reference.as_str()]);
        self.send(&call).await?.json()
    }

    /// Reads what happened to a payment, oldest first.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 404 when the sales unit has no such payment.
    pub async fn events(&self, reference: &Reference) -> Result<Vec<PaymentEvent>, Error> {
        let call = Call::get(["epayment", "v1", "payments", reference.as_str(), "events"]);
        self.send(&call).await?.json()
    }

    /// Takes money that is reserved. The answer says how much is captured in all.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 6080 before approval, 6090 above the reservation.
    pub async fn capture(
        &self,
        reference: &Reference,
        amount: Amount,
        key: &IdempotencyKey,
    ) -> Result<Payment, Error> {
        self.modify(reference, "capture", &Modification { modification_amount: amount }, key).await
    }

    /// Gives captured money back.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 6150 when less than that was captured.
    pub async fn refund(
        &self,
        reference: &Reference,
        amount: Amount,
        key: &IdempotencyKey,
    ) -> Result<Payment, Error> {
        self.modify(reference, "refund", &Modification { modification_amount: amount }, key).await
    }

    /// Withdraws the request, or releases what is reserved and not captured.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 6060 when only an unanswered request was to be withdrawn and it is approved,
    /// 6040 when everything is captured.
    pub async fn cancel(
        &self,
        reference: &Reference,
        scope: CancelScope,
        key: &IdempotencyKey,
    ) -> Result<Payment, Error> {
        let cancel_transaction_only = scope == CancelScope::UnansweredRequest;
        self.modify(reference, "cancel", &Cancellation { cancel_transaction_only }, key).await
    }

    /// Approves as the passenger would, without the app. The test environment only.
    ///
    /// # Errors
    ///
    /// See [`Error`]; codes from 10010 on say what the test user lacks.
    pub async fn force_approve(&self, reference: &Reference, phone: &Phone) -> Result<(), Error> {
        let path = ["epayment", "v1", "test", "payments", reference.as_str(), "approve"];
        let body = Approval { customer: ApprovalCustomer { phone_number: phone } };
        // No key makes a second approval the same as the first, so a lost answer is not repeated.
        self.send(&Call::post(path).json(&body)?.only_once()).await.map(drop)
    }

    async fn modify<B: Serialize + Sync>(
        &self,
        reference: &Reference,
        operation: &str,
        body: &B,
        key: &IdempotencyKey,
    ) -> Result<Payment, Error> {
        let path = ["epayment", "v1", "payments", reference.as_str(), operation];
        self.send(&Call::post(path).json(body)?.key(key)).await?.json()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Modification {
    modification_amount: Amount,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Cancellation {
    cancel_transaction_only: bool,
}

#[derive(Serialize)]
struct Approval<'a> {
    customer: ApprovalCustomer<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApprovalCustomer<'a> {
    phone_number: &'a Phone,
}
