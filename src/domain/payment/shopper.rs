//! What a payment's customer does besides answering it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Payment;
use crate::domain::{Habit, PhoneNumber};

/// A customer who has been asked to pay: it has the payment before it in the app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedCustomer {
    /// Its number.
    pub phone: PhoneNumber,
    /// When it was asked.
    pub at: Timestamp,
    /// What it does with this payment, if it does anything by itself.
    pub habit: Option<Habit>,
}

/// What the customer of a payment that waits for it is about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attention {
    /// Something else: it may answer at any time.
    #[default]
    Elsewhere,
    /// It has opened the app and is confirming this payment. The merchant cannot take the request
    /// back meanwhile (ePayment API guide, error codes).
    Confirming,
    /// It has seen the request and will not answer.
    Ignoring,
}

impl Payment {
    /// Who was asked to pay last, if anybody was.
    #[must_use]
    pub fn asked(&self) -> Option<&AskedCustomer> {
        self.asked.as_ref()
    }

    /// Notes that a customer is asked, whatever became of those who were asked before.
    pub fn ask(&mut self, asked: AskedCustomer) {
        self.asked = Some(asked);
        self.attention = Attention::default();
    }

    /// What its customer is about. It is of interest as long as the payment waits.
    #[must_use]
    pub fn attention(&self) -> Attention {
        self.attention
    }

    /// Notes what its customer is about from now on.
    pub fn attend(&mut self, attention: Attention) {
        self.attention = attention;
    }
}
