//! Express: what is offered to send the goods with, and what the customer chooses (ePayment API
//! guide, Express; its API description, `Shipping`).

use std::{cmp::Reverse, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    Amount, Receipt,
    person::Address,
    receipt::{OrderLine, TaxRate},
};

/// What a merchant offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shipping {
    /// Where the choices come from.
    pub offer: Offer,
    /// Where to, as two letters a country; else only the country of the payment's currency.
    pub allowed_countries: Option<Vec<Arc<str>>>,
}

/// Where the choices come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Offer {
    /// From the request: the same for everybody.
    Fixed(Vec<ShippingGroup>),
    /// From the merchant, who is asked when the customer has chosen an address.
    Dynamic(Callback),
}

/// Whom to ask for choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// The merchant's address.
    pub url: Arc<str>,
    /// What it wants to see in the `Authorization` header.
    pub token: Option<Arc<str>>,
}

/// Ways of one carrier and one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingGroup {
    /// What kind of delivery.
    pub kind: ShippingType,
    /// Who carries.
    pub brand: ShippingBrand,
    /// Selected unless the customer says otherwise.
    pub is_default: bool,
    /// Lower ones come first.
    pub priority: Option<i64>,
    /// At least one.
    pub options: Vec<ShippingOption>,
}

/// One way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingOption {
    /// The merchant's name for it.
    pub id: Arc<str>,
    /// What it costs.
    pub amount: Amount,
    /// What the customer reads.
    pub name: Arc<str>,
    /// Selected unless the customer says otherwise.
    pub is_default: bool,
    /// Lower ones come first.
    pub priority: Option<i64>,
    /// More for the customer to read.
    pub meta: Option<Arc<str>>,
    /// When it arrives, in words.
    pub estimated_delivery: Option<Arc<str>>,
}

/// What the customer has chosen (ePayment API description, `ShippingDetails`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingDetails {
    /// Where to.
    pub address: Address,
    /// What it costs.
    pub cost: Amount,
    /// Which way.
    pub option_id: Arc<str>,
    /// What the customer read.
    pub option_name: Arc<str>,
}

/// Why nothing was chosen. The payment then waits on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ShippingError {
    /// The customer lives nowhere we know of.
    #[error("the customer has no address, and none was given")]
    NoAddress,
    /// Not to that country.
    #[error("nothing is shipped to {country}, only to {allowed}")]
    CountryNotServed {
        /// The address's.
        country: Arc<str>,
        /// Those that are served.
        allowed: String,
    },
    /// The merchant has not been asked what it offers.
    #[error("the merchant has to be asked for its shipping options first")]
    NotAsked,
    /// The merchant does not ship there.
    #[error("the merchant cannot ship to this address")]
    NotShippedThere,
    /// The merchant could not be asked, or its answer could not be read.
    #[error("the merchant's shipping callback failed: {0}")]
    CallbackFailed(Arc<str>),
    /// The goods and this way of shipping come to more than a payment may.
    #[error("with the shipping option {0} the payment would come to more than it may")]
    TooMuch(Arc<str>),
    /// There is no such way.
    #[error("there is no shipping option {0}")]
    NoSuchOption(Arc<str>),
}

/// Makes an enumeration and the words on the wire out of one table.
macro_rules! words {
    ($(#[$doc:meta])* $type:ident: $count:literal { $($(#[$variant_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $type {
            /// All of the description.
            pub const ALL: [Self; $count] = [$(Self::$variant),*];

            /// The word on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }
    };
}

words!(
    /// A kind of delivery.
    ShippingType: 5 {
        /// To the door.
        HomeDelivery = "HOME_DELIVERY",
        /// To a place where the customer fetches it.
        PickupPoint = "PICKUP_POINT",
        /// Into the mailbox.
        Mailbox = "MAILBOX",
        /// The customer comes to the merchant.
        InStore = "IN_STORE",
        /// Some other.
        Other = "OTHER",
    }
);

words!(
    /// A carrier.
    ShippingBrand: 13 {
        /// Posten, Norway's mail.
        Posten = "POSTEN",
        /// Bring.
        Bring = "BRING",
        /// `PostNord`.
        Postnord = "POSTNORD",
        /// Helthjem.
        Helthjem = "HELTHJEM",
        /// Porterbuddy.
        Porterbuddy = "PORTERBUDDY",
        /// DHL.
        Dhl = "DHL",
        /// Instabox.
        Instabox = "INSTABOX",
        /// `FedEx`.
        Fedex = "FEDEX",
        /// Matkahuolto.
        Matkahuolto = "MATKAHUOLTO",
        /// GLS.
        Gls = "GLS",
        /// Posti, Finland's mail.
        Posti = "POSTI",
        /// Gordon: in the description, though not in all lists of the guide.
        Gordon = "GORDON",
        /// Some other.
        Other = "OTHER",
    }
);

impl Shipping {
    /// Whether the goods go to this country. `home` is that of the payment's currency.
    ///
    /// # Errors
    ///
    /// [`ShippingError::CountryNotServed`].
    pub fn check_country(&self, country: &Arc<str>, home: &str) -> Result<(), ShippingError> {
        let allowed = match &self.allowed_countries {
            Some(countries) => countries.iter().map(|it| &**it).collect(),
            None => vec![home],
        };
        if allowed.contains(&&**country) {
            return Ok(());
        }
        let (country, allowed) = (country.clone(), allowed.join(", "));
        Err(ShippingError::CountryNotServed { country, allowed })
    }
}

impl Receipt {
    /// Makes the line that is about shipping say what the customer has chosen. Says whether there is
    /// such a line.
    pub fn rewrite_shipping(&mut self, details: &ShippingDetails) -> bool {
        let line = self.order_lines.iter_mut().find(|line| line.is_shipping == Some(true));
        let Some(line) = line else { return false };
        let total = details.cost.minor().cast_signed();
        let net = without_tax(total, line.tax);
        *line = OrderLine {
            name: details.option_name.clone(),
            id: details.option_id.clone(),
            total_minor: total,
            total_excluding_tax_minor: net,
            tax_minor: total - net,
            tax: line.tax,
            unit: None,
            discount_minor: None,
            product_url: None,
            is_return: line.is_return,
            is_shipping: line.is_shipping,
        };
        true
    }
}

/// What is left of a total without its tax, rounded half up. Minor units.
fn without_tax(total: i64, tax: TaxRate) -> i64 {
    let hundredths = match tax {
        TaxRate::Percent(percent) => i64::from(percent) * 100,
        TaxRate::HundredthsOfPercent(rate) => i64::from(rate),
        TaxRate::Unsaid => 0,
    };
    let whole = 10_000 + hundredths;
    (total * 10_000 * 2 + whole) / (whole * 2)
}

/// The way of this name; without a name the one that is selected when the customer first looks: of
/// the default group, or else the first, the default way, or else the first.
///
/// # Errors
///
/// [`ShippingError::NoSuchOption`], or [`ShippingError::NotShippedThere`] where nothing is offered.
pub fn choose<'a>(
    groups: &'a [ShippingGroup],
    id: Option<&str>,
) -> Result<&'a ShippingOption, ShippingError> {
    if let Some(id) = id {
        let mut all = groups.iter().flat_map(|group| &group.options);
        return all
            .find(|option| &*option.id == id)
            .ok_or_else(|| ShippingError::NoSuchOption(id.into()));
    }
    let group = first(groups, |it| (it.is_default, it.priority));
    let option = group.and_then(|group| first(&group.options, |it| (it.is_default, it.priority)));
    option.ok_or(ShippingError::NotShippedThere)
}

/// The default one, then the one of the lowest priority, then the one that stands first.
fn first<T>(items: &[T], order: impl Fn(&T) -> (bool, Option<i64>)) -> Option<&T> {
    items.iter().min_by_key(|it| {
        let (is_default, priority) = order(it);
        (Reverse(is_default), priority.unwrap_or(i64::MAX))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Currency;

    fn option(id: &str, is_default: bool, priority: Option<i64>) -> ShippingOption {
        ShippingOption {
            id: id.into(),
            amount: Amount::new(Currency::Nok, 9900),
            name: id.into(),
            is_default,
            priority,
            meta: None,
            estimated_delivery: None,
        }
    }

    fn group(is_default: bool, priority: Option<i64>, ids: &[&str]) -> ShippingGroup {
        ShippingGroup {
            kind: ShippingType::Mailbox,
            brand: ShippingBrand::Posten,
            is_default,
            priority,
            options: ids.iter().map(|id| option(id, false, None)).collect(),
        }
    }

    #[test]
    fn the_customer_takes_what_is_selected_unless_it_says_otherwise() {
        let of = |groups: &[ShippingGroup], id| {
            choose(groups, id).map(|it| it.id.to_string()).map_err(|error| error.to_string())
        };
        let plain = [group(false, None, &["a", "b"]), group(false, None, &["c"])];
        assert_eq!(of(&plain, None).as_deref(), Ok("a"));
        assert_eq!(of(&plain, Some("c")).as_deref(), Ok("c"));
        assert_eq!(of(&plain, Some("d")), Err("there is no shipping option d".to_owned()));
        let priority = [group(false, Some(2), &["a"]), group(false, Some(1), &["b"])];
        assert_eq!(of(&priority, None).as_deref(), Ok("b"));
        let default = [group(false, Some(1), &["a"]), group(true, Some(2), &["b"])];
        assert_eq!(of(&default, None).as_deref(), Ok("b"));
        let mut within = [group(false, None, &["a", "b", "c"])];
        within[0].options[1].priority = Some(1);
        assert_eq!(of(&within, None).as_deref(), Ok("b"));
        within[0].options[2].is_default = true;
        assert_eq!(of(&within, None).as_deref(), Ok("c"));
        assert_eq!(of(&[], None), Err("the merchant cannot ship to this address".to_owned()));
    }

    #[test]
    fn the_shipping_line_of_a_receipt_adds_up_at_every_rate() {
        for total in [0, 1, 99, 4900, 9900, 65_000_000] {
            for tax in [
                TaxRate::Percent(25),
                TaxRate::HundredthsOfPercent(1200),
                TaxRate::HundredthsOfPercent(10_000),
                TaxRate::Unsaid,
            ] {
                let net = without_tax(total, tax);
                assert!((0..=total).contains(&net), "{total} {tax:?}: {net}");
            }
        }
        assert_eq!(without_tax(9900, TaxRate::Percent(25)), 7920);
        assert_eq!(without_tax(100, TaxRate::HundredthsOfPercent(1200)), 89);
        assert_eq!(without_tax(100, TaxRate::Unsaid), 100);
    }

    #[test]
    fn goods_go_to_the_country_of_the_currency_or_to_those_named() {
        let offer = Offer::Fixed(vec![group(false, None, &["a"])]);
        let home = Shipping { offer: offer.clone(), allowed_countries: None };
        let nordic = Shipping { offer, allowed_countries: Some(vec!["DK".into(), "SE".into()]) };
        let goes = |shipping: &Shipping, country: &str| {
            shipping.check_country(&country.into(), "NO").is_ok()
        };
        assert_eq!(["NO", "DK", "SE"].map(|it| goes(&home, it)), [true, false, false]);
        assert_eq!(["NO", "DK", "SE"].map(|it| goes(&nordic, it)), [false, true, true]);
    }
}
