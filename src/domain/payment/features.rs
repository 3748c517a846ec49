//! The optional features of a payment (ePayment API guide, features).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::{Shipping, ShippingDetails, UserDetails};

/// What a merchant may ask for beyond the payment itself. The default asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Features {
    /// Shipping inside the app: Express.
    pub shipping: Option<Shipping>,
    /// How old the customer has to be, in years.
    pub minimum_age: Option<u8>,
    /// Where the customer can look at a receipt.
    pub receipt_url: Option<Arc<str>>,
    /// What the customer has to accept before it pays.
    pub legal_links: Option<LegalLinks>,
    /// What an airline tells the card companies.
    pub airline: Option<Airline>,
}

/// What the customer has to accept before it pays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LegalLinks {
    /// The terms of sale.
    pub terms: Arc<str>,
    /// What becomes of the customer's data.
    pub privacy: Arc<str>,
}

/// What an airline tells the card companies (ePayment API description, `AirlineData`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Airline {
    /// The agency's number of the invoice.
    pub agency_invoice_number: Arc<str>,
    /// The carrier: three digits.
    pub airline_code: Arc<str>,
    /// The carrier: two letters.
    pub airline_designator_code: Arc<str>,
    /// Who flies.
    pub passenger_name: Arc<str>,
    /// The ticket.
    pub ticket_number: Option<Arc<str>>,
}

/// What a customer has settled in the app by approving.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// What the merchant learns, if it asked.
    pub shared: Option<Shared>,
    /// How the goods are sent, if they are.
    pub shipping: Option<ShippingDetails>,
}

/// What a merchant learns about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The customer's name at this sales unit.
    pub sub: Arc<str>,
    /// The rest.
    pub details: UserDetails,
}
