//! A category: the link that the customer's app shows with an order.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{ImageId, OrderKey};

/// A link to a page of the merchant's about an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    /// The platform's name for it.
    pub id: CategoryId,
    /// Which order it is about.
    pub order: OrderKey,
    /// What the merchant says about the order.
    pub link: Link,
}

/// What a category says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What is behind it: decides on the button's words and icon.
    pub kind: CategoryKind,
    /// Where it leads.
    pub url: Arc<str>,
    /// The picture beside it.
    pub image: Option<ImageId>,
}

/// The platform's name for a category: a UUID.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CategoryId(pub Arc<str>);

/// What is behind a link (Order Management API description, `CategoryEnum`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CategoryKind {
    /// Anything.
    General,
    /// A receipt.
    Receipt,
    /// The confirmation of an order.
    OrderConfirmation,
    /// Where the goods are.
    Delivery,
    /// A ticket.
    Ticket,
    /// A booking.
    Booking,
}

impl CategoryKind {
    /// Every kind of the description.
    pub const ALL: [Self; 6] = [
        Self::General,
        Self::Receipt,
        Self::OrderConfirmation,
        Self::Delivery,
        Self::Ticket,
        Self::Booking,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::General => "GENERAL",
            Self::Receipt => "RECEIPT",
            Self::OrderConfirmation => "ORDER_CONFIRMATION",
            Self::Delivery => "DELIVERY",
            Self::Ticket => "TICKET",
            Self::Booking => "BOOKING",
        }
    }
}

impl fmt::Display for CategoryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for CategoryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
