//! Use cases of the Order Management API.
//!
//! Nothing here looks at payments: an order need not exist to have a receipt or a link (Order
//! Management API guide).

mod categories;
mod images;
mod pictures;
pub(super) mod store;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    facts::Fact,
    unit::{Change, SalesUnit},
};
use crate::domain::{Category, CategoryId, ImageId, Receipt, Reference, reference::OrderId};

pub use crate::domain::{OrderKey, PaymentType};
pub use store::{
    CATEGORIES_MAX, IMAGE_BYTES_MAX, IMAGES_MAX, ORDERS_MAX, RECEIPT_BYTES_MAX, StorageFull,
};

/// What is stored for an order. Nothing checks that the order exists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Its receipt.
    pub receipt: Option<StoredReceipt>,
    /// Its links, oldest first. The app shows the last.
    pub categories: Vec<Category>,
}

/// A receipt, and how it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredReceipt {
    /// The receipt.
    pub receipt: Receipt,
    /// By which way.
    pub source: ReceiptSource,
    /// When.
    pub at: Timestamp,
}

/// By which way a receipt came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReceiptSource {
    /// With the request for payment.
    Create,
    /// Through Order Management.
    Posted,
}

/// An order with its name, and whether there is a payment of that name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FiledOrder {
    /// Its name.
    pub key: OrderKey,
    /// What is stored.
    pub order: Order,
    /// Whether no payment of the sales unit has its name: nobody will see it.
    pub is_orphan: bool,
}

/// Why Order Management refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    /// The order has a receipt, and receipts never change.
    #[error("the order {0} already has a receipt")]
    ReceiptExists(OrderId),
    /// The image id is taken, and images never change.
    #[error("there is an image {0} already")]
    ImageExists(ImageId),
    /// The image was not uploaded.
    #[error("no image {0} has been uploaded")]
    UnknownImage(ImageId),
    /// There is no such category, or it has been deleted or replaced.
    #[error("there is no category {0}")]
    UnknownCategory(CategoryId),
    /// The sales unit keeps as much as the mock will keep.
    #[error(transparent)]
    Full(#[from] StorageFull),
}

impl Order {
    /// The link that the app shows.
    #[must_use]
    pub fn category(&self) -> Option<&Category> {
        self.categories.last()
    }

    fn is_empty(&self) -> bool {
        self.receipt.is_none() && self.categories.is_empty()
    }
}

impl SalesUnit {
    /// Stores a receipt, and gives back an id for it.
    ///
    /// # Errors
    ///
    /// [`OrderError::ReceiptExists`] or [`OrderError::Full`]; then nothing has changed.
    pub fn post_receipt(&self, key: OrderKey, receipt: Receipt) -> Result<Arc<str>, OrderError> {
        self.change(|change| {
            if change.state.orders.has_receipt(&key) {
                return Err(OrderError::ReceiptExists(key.id));
            }
            change.state.orders.room_for_receipt(&key, &receipt)?;
            change.file_receipt(key, receipt, ReceiptSource::Posted);
            Ok(change.unit.entropy().uuid())
        })
    }

    /// What is stored for an order.
    #[must_use]
    pub fn order(&self, key: &OrderKey) -> Option<Order> {
        self.look(|state, _| state.orders.get(key).cloned())
    }

    /// What is stored for an order, with whether its payment exists.
    #[must_use]
    pub fn filed_order(&self, key: &OrderKey) -> Option<FiledOrder> {
        self.look(|state, _| {
            let order = state.orders.get(key)?.clone();
            Some(FiledOrder { key: key.clone(), order, is_orphan: !state.has_payment_of(key) })
        })
    }

    /// Every order, in the order in which they were first heard of.
    #[must_use]
    pub fn orders(&self) -> Vec<FiledOrder> {
        self.look(|state, _| {
            let filed = |(key, order): (&OrderKey, &Order)| FiledOrder {
                key: key.clone(),
                order: order.clone(),
                is_orphan: !state.has_payment_of(key),
            };
            state.orders.in_order().into_iter().map(filed).collect()
        })
    }
}

impl Change<'_> {
    /// Whether a receipt that comes with a request for payment can be stored.
    pub(super) fn room_for_first_receipt(
        &self,
        reference: &Reference,
        receipt: &Receipt,
    ) -> Result<(), StorageFull> {
        let key = OrderKey::of_payment(reference);
        if self.state.orders.has_receipt(&key) {
            return Ok(());
        }
        self.state.orders.room_for_receipt(&key, receipt)
    }

    /// Stores a receipt that came with a request for payment. One that was sent before the payment
    /// existed stays: it is immutable.
    pub(super) fn file_first_receipt(&mut self, reference: &Reference, receipt: Receipt) {
        let key = OrderKey::of_payment(reference);
        if !self.state.orders.has_receipt(&key) {
            self.file_receipt(key, receipt, ReceiptSource::Create);
        }
    }

    fn file_receipt(&mut self, key: OrderKey, receipt: Receipt, source: ReceiptSource) {
        let order = key.id.clone();
        let at = self.now;
        self.state.orders.put_receipt(key, StoredReceipt { receipt, source, at });
        self.note(Fact::Receipt { order });
    }
}
