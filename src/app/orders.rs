//! Use cases of the Order Management API.

use std::sync::Arc;

use super::{
    facts::Fact,
    unit::{Change, SalesUnit},
};
use crate::domain::{Receipt, Reference, reference::OrderId};

/// Which API an order belongs to. One id may stand for an order of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaymentType {
    /// ePayment, and eCom before it.
    Ecom,
    /// Recurring.
    Recurring,
}

/// The name of an order within a sales unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OrderKey {
    /// Which API it belongs to.
    pub payment_type: PaymentType,
    /// Its id there.
    pub id: OrderId,
}

/// What is stored for an order. Nothing checks that the order exists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Order {
    /// Its receipt.
    pub receipt: Option<Receipt>,
}

/// The order has a receipt, and receipts never change.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the order {0} already has a receipt")]
pub struct ReceiptExists(pub OrderId);

impl OrderKey {
    /// The order of an ePayment payment.
    #[must_use]
    pub fn of_payment(reference: &Reference) -> Self {
        Self { payment_type: PaymentType::Ecom, id: reference.into() }
    }
}

impl SalesUnit {
    /// Stores a receipt, and gives back an id for it.
    ///
    /// # Errors
    ///
    /// [`ReceiptExists`]; then nothing has changed.
    pub fn post_receipt(&self, key: OrderKey, receipt: Receipt) -> Result<Arc<str>, ReceiptExists> {
        self.change(|change: &mut Change<'_>| {
            let id = key.id.clone();
            let order = change.state.orders.entry(key).or_default();
            if order.receipt.is_some() {
                return Err(ReceiptExists(id));
            }
            order.receipt = Some(receipt);
            change.note(Fact::Receipt { order: id });
            Ok(change.unit.entropy().uuid())
        })
    }

    /// What is stored for an order.
    #[must_use]
    pub fn order(&self, key: &OrderKey) -> Option<Order> {
        self.look(|state, _| state.orders.get(key).cloned())
    }
}
