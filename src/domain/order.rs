//! What Order Management files things under.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::reference::{OrderId, Reference};

/// Which API an order belongs to. One id may stand for an order of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum PaymentType {
    /// ePayment, and eCom before it.
    Ecom,
    /// Recurring.
    Recurring,
}

/// The text is no payment type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a payment type is ECOM or RECURRING")]
pub struct InvalidPaymentType;

/// The name of an order within a sales unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrderKey {
    /// Which API it belongs to.
    pub payment_type: PaymentType,
    /// Its id there.
    pub id: OrderId,
}

impl OrderKey {
    /// The order of an ePayment payment.
    #[must_use]
    pub fn of_payment(reference: &Reference) -> Self {
        Self { payment_type: PaymentType::Ecom, id: reference.into() }
    }
}

impl PaymentType {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Ecom, Self::Recurring];

    /// The word of the Order Management API description.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ecom => "ECOM",
            Self::Recurring => "RECURRING",
        }
    }
}

impl FromStr for PaymentType {
    type Err = InvalidPaymentType;

    /// In any case: the description has capitals, guides and plugins have not.
    fn from_str(text: &str) -> Result<Self, InvalidPaymentType> {
        let named = |it: &Self| it.code().eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(named).ok_or(InvalidPaymentType)
    }
}

impl fmt::Display for PaymentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for OrderKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.payment_type, self.id)
    }
}
