//! What a merchant has asked for beyond the payment itself, as it sent it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    domain::{
        Payment, Shipping,
        payment::{Airline, Features, LegalLinks},
        shipping::{Offer, ShippingGroup, ShippingOption},
    },
    http::fields::AmountBody,
};

/// The optional members of a create request. What was not sent is left out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct AskedBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    minimum_user_age: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    blocked_sources: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    merchant_legal_links: Option<LegalLinksBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    airline_data: Option<AirlineBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping: Option<ShippingBody>,
}

/// What the customer has to accept.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct LegalLinksBody {
    terms_of_sale_url: String,
    privacy_policy_url: String,
}

/// What an airline says about a ticket.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AirlineBody {
    agency_invoice_number: String,
    airline_code: String,
    airline_designator_code: String,
    passenger_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket_number: Option<String>,
}

/// How the goods can be sent: by options given at once, or to be asked for.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ShippingBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    callback_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed_options: Vec<GroupBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_countries: Option<Vec<String>>,
}

/// The options of one kind.
#[derive(Serialize, ToSchema)]
struct GroupBody {
    r#type: &'static str,
    brand: &'static str,
    options: Vec<OptionBody>,
}

/// One way to send the goods.
#[derive(Serialize, ToSchema)]
#[schema(as = ShippingOptionBody)]
#[serde(rename_all = "camelCase")]
struct OptionBody {
    id: String,
    name: String,
    amount: AmountBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_delivery: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meta: Option<String>,
}

impl AskedBody {
    pub(super) fn of(payment: &Payment) -> Self {
        let request = payment.request();
        let Features { shipping, minimum_age, receipt_url, legal_links, airline } =
            &request.features;
        let is_asked = !request.scope.is_empty();
        Self {
            return_url: request.return_url.as_ref().map(ToString::to_string),
            scope: is_asked.then(|| request.scope.join(" ")),
            minimum_user_age: *minimum_age,
            blocked_sources: if request.blocks_sources { vec!["COMMERCIAL_CARDS"] } else { vec![] },
            receipt_url: receipt_url.as_ref().map(ToString::to_string),
            merchant_legal_links: legal_links.as_ref().map(Into::into),
            airline_data: airline.as_ref().map(Into::into),
            shipping: shipping.as_ref().map(Into::into),
        }
    }
}

impl From<&LegalLinks> for LegalLinksBody {
    fn from(links: &LegalLinks) -> Self {
        Self {
            terms_of_sale_url: links.terms.to_string(),
            privacy_policy_url: links.privacy.to_string(),
        }
    }
}

impl From<&Airline> for AirlineBody {
    fn from(airline: &Airline) -> Self {
        Self {
            agency_invoice_number: airline.agency_invoice_number.to_string(),
            airline_code: airline.airline_code.to_string(),
            airline_designator_code: airline.airline_designator_code.to_string(),
            passenger_name: airline.passenger_name.to_string(),
            ticket_number: airline.ticket_number.as_ref().map(ToString::to_string),
        }
    }
}

impl From<&Shipping> for ShippingBody {
    fn from(shipping: &Shipping) -> Self {
        let (callback_url, fixed_options) = match &shipping.offer {
            Offer::Fixed(groups) => (None, groups.iter().map(Into::into).collect()),
            Offer::Dynamic(callback) => (Some(callback.url.to_string()), Vec::new()),
        };
        let countries = shipping.allowed_countries.as_ref();
        let allowed_countries = countries.map(|all| all.iter().map(ToString::to_string).collect());
        Self { callback_url, fixed_options, allowed_countries }
    }
}

impl From<&ShippingGroup> for GroupBody {
    fn from(group: &ShippingGroup) -> Self {
        Self {
            r#type: group.kind.code(),
            brand: group.brand.code(),
            options: group.options.iter().map(Into::into).collect(),
        }
    }
}

impl From<&ShippingOption> for OptionBody {
    fn from(option: &ShippingOption) -> Self {
        Self {
            id: option.id.to_string(),
            name: option.name.to_string(),
            amount: option.amount.into(),
            estimated_delivery: option.estimated_delivery.as_ref().map(ToString::to_string),
            meta: option.meta.as_ref().map(ToString::to_string),
        }
    }
}
