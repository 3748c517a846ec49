//! What a merchant asks for, in the words of the ePayment API description.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Features;
use crate::domain::{Amount, PhoneNumber, Reference, Scope, ShippingDetails};

/// What a merchant asked for. Never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRequest {
    /// The merchant's name for it.
    pub reference: Reference,
    /// How much.
    pub amount: Amount,
    /// What the customer pays with.
    pub method: PaymentMethod,
    /// How the customer gets to it.
    pub user_flow: UserFlow,
    /// Whether the customer stands before the merchant.
    pub customer_interaction: CustomerInteraction,
    /// Whom to ask, where the merchant knows.
    pub phone: Option<PhoneNumber>,
    /// Where the customer goes afterwards.
    pub return_url: Option<Arc<str>>,
    /// What the customer reads.
    pub description: Option<Arc<str>>,
    /// The merchant's own notes, in the order sent.
    pub metadata: Vec<(Arc<str>, Arc<str>)>,
    /// A time of its own to expire at.
    pub expires_at: Option<Timestamp>,
    /// What the merchant wants to know about the customer: words of `profile.scope`.
    pub scope: Vec<Arc<str>>,
    /// Whether business cards are to be refused (`blockedSources`).
    pub blocks_sources: bool,
    /// What else it asks for.
    pub features: Features,
}

impl PaymentRequest {
    /// What the payment comes to with this way of shipping.
    #[must_use]
    pub fn amount_with(&self, shipping: Option<&ShippingDetails>) -> Amount {
        let cost = shipping.map_or(0, |it| it.cost.minor());
        Amount::new(self.amount.currency(), self.amount.minor() + cost)
    }

    /// What the merchant wants to know about the customer.
    #[must_use]
    pub fn scopes(&self) -> Vec<Scope> {
        self.scope.iter().filter_map(|word| word.parse().ok()).collect()
    }

    /// Whether goods are shipped, which the customer settles in the app.
    #[must_use]
    pub fn is_express(&self) -> bool {
        self.features.shipping.is_some()
    }
}

/// What the customer pays with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum PaymentMethod {
    /// The app.
    Wallet,
    /// A card form in the browser.
    Card,
    /// A card that a payment service provider charges.
    CardPassthrough,
}

/// How the customer gets to the payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum UserFlow {
    /// A message to a known phone number.
    PushMessage,
    /// An app of the merchant's opens the wallet.
    NativeRedirect,
    /// The browser opens a landing page.
    WebRedirect,
    /// The customer scans a code.
    Qr,
}

/// Whether the customer stands before the merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CustomerInteraction {
    /// In the shop, in the car.
    Present,
    /// Elsewhere.
    NotPresent,
}

impl PaymentMethod {
    /// Every method of the description.
    pub const ALL: [Self; 3] = [Self::Wallet, Self::Card, Self::CardPassthrough];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wallet => "WALLET",
            Self::Card => "CARD",
            Self::CardPassthrough => "CARD_PASSTHROUGH",
        }
    }
}

impl UserFlow {
    /// Every flow of the description.
    pub const ALL: [Self; 4] =
        [Self::PushMessage, Self::NativeRedirect, Self::WebRedirect, Self::Qr];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::PushMessage => "PUSH_MESSAGE",
            Self::NativeRedirect => "NATIVE_REDIRECT",
            Self::WebRedirect => "WEB_REDIRECT",
            Self::Qr => "QR",
        }
    }
}

impl CustomerInteraction {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Present, Self::NotPresent];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Present => "CUSTOMER_PRESENT",
            Self::NotPresent => "CUSTOMER_NOT_PRESENT",
        }
    }
}
