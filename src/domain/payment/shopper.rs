//! What a payment's customer does besides answering it.

use jiff::Timestamp;

use super::Payment;
use crate::domain::{Habit, PhoneNumber};

/// A customer who has been asked to pay: it has the payment before it in the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedCustomer {
    /// Its number.
    pub phone: PhoneNumber,
    /// When it was asked.
    pub at: Timestamp,
    /// What it does with this payment, if it does anything by itself.
    pub habit: Option<Habit>,
}

impl Payment {
    /// Who was asked to pay last, if anybody was.
    #[must_use]
    pub fn asked(&self) -> Option<&AskedCustomer> {
        self.asked.as_ref()
    }

    /// Notes that a customer is asked.
    pub fn ask(&mut self, asked: AskedCustomer) {
        self.asked = Some(asked);
    }
}
