//! What a merchant learns by an approval, as JSON: the same on GET and in the webhook (ePayment API
//! description, `UserDetails` and `ShippingDetails`).

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Address, ShippingDetails, UserDetails};

/// A customer, as far as the merchant may know it. What it may not know is left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UserDetailsBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_number: Option<String>,
    /// `1988-12-31`.
    #[serde(skip_serializing_if = "Option::is_none")]
    date_of_birth: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    addresses: Option<Vec<AddressBody>>,
}

/// How the goods are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ShippingDetailsBody {
    address: AddressBody,
    /// Minor units, without a currency.
    shipping_cost: u64,
    shipping_option_id: String,
    shipping_option_name: String,
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AddressBody {
    address_line1: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    address_line2: Option<String>,
    city: String,
    country: String,
    post_code: String,
}

impl From<&UserDetails> for UserDetailsBody {
    fn from(details: &UserDetails) -> Self {
        let text = |it: &Option<std::sync::Arc<str>>| it.as_ref().map(ToString::to_string);
        let addresses = details.addresses.as_ref();
        Self {
            email: text(&details.email),
            first_name: text(&details.first_name),
            last_name: text(&details.last_name),
            mobile_number: details.mobile_number.as_ref().map(ToString::to_string),
            date_of_birth: details.date_of_birth.map(|date| date.to_string()),
            addresses: addresses.map(|all| all.iter().map(AddressBody::from).collect()),
        }
    }
}

impl From<&ShippingDetails> for ShippingDetailsBody {
    fn from(details: &ShippingDetails) -> Self {
        Self {
            address: (&details.address).into(),
            shipping_cost: details.cost.minor(),
            shipping_option_id: details.option_id.to_string(),
            shipping_option_name: details.option_name.to_string(),
        }
    }
}

impl From<&Address> for AddressBody {
    fn from(address: &Address) -> Self {
        Self {
            address_line1: address.line1.to_string(),
            address_line2: address.line2.as_ref().map(ToString::to_string),
            city: address.city.to_string(),
            country: address.country.to_string(),
            post_code: address.post_code.to_string(),
        }
    }
}
