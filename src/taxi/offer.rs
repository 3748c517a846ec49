//! A price that was offered before the ride.
//!
//! A Norwegian taxi that is told where to go must offer a price unasked, and the passenger pays the
//! lower of offer and meter. Who then goes somewhere else has set the offer aside.
//!
//! Source: the regulation on price information for taxis, chapter 7B, as the Norwegian consumer
//! authority explains it.

use super::fare::{Fare, FareError};
use super::money::Amount;

/// An offer, and what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The price for the way that was asked for.
    pub price: Amount,
    /// Whether the way stayed the one that was asked for.
    pub stands: bool,
}

impl Offer {
    /// What is owed: what the meter shows, or less by the discount that the offer is.
    ///
    /// # Errors
    ///
    /// [`FareError`] when the offer is in another currency.
    pub fn fare_due(&self, meter: &Fare) -> Result<Fare, FareError> {
        if self.stands { meter.at_most(self.price) } else { Ok(meter.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxi::fare::{FareLine, ReceiptDetails};
    use crate::taxi::vat::Market;

    fn meter() -> Fare {
        let line = |id: &str, gross| FareLine {
            id: id.to_owned(),
            name: id.to_owned(),
            gross: Amount::nok(gross),
            discount: None,
            vat: Market::Norway.vat(),
            quantity: None,
        };
        Fare::of_lines(vec![line("km", 31492), line("toll", 3100)]).unwrap()
    }

    fn due(price: u64, stands: bool) -> (u64, Vec<Option<i64>>) {
        let fare = Offer { price: Amount::nok(price), stands }.fare_due(&meter()).unwrap();
        let receipt = fare.receipt(ReceiptDetails::default());
        let discounts = receipt.order_lines.iter().map(|line| line.discount).collect();
        (fare.total().value(), discounts)
    }

    #[test]
    fn the_passenger_pays_the_lower_of_offer_and_meter() {
        assert_eq!(due(40000, true), (34592, vec![None, None]));
        assert_eq!(due(34592, true), (34592, vec![None, None]));
        assert_eq!(due(33000, true), (33000, vec![None, Some(1592)]));
        assert_eq!(due(30000, true), (30000, vec![Some(1492), Some(3100)]));
        assert_eq!(due(0, true), (0, vec![Some(31492), Some(3100)]));
    }

    #[test]
    fn who_goes_elsewhere_pays_what_the_meter_shows() {
        assert_eq!(due(30000, false), (34592, vec![None, None]));
    }
}
