//! From the fare on the meter to receipt lines, with value added tax to the last minor unit.
//!
//! The tax is computed line by line from the sum the passenger pays, in whole numbers: first the
//! sum without tax, rounded half up, then the tax as what is left. So each line adds up, whatever
//! the rounding, which order management checks.

use super::money::{Amount, Currency, MoneyError};
use super::receipt::{BottomLine, OrderLine, Receipt, UnitInfo};

/// What a ride costs, line by line. It has a line at least, and its lines are in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fare {
    total: Amount,
    lines: Vec<FareLine>,
}

/// One part of a fare: the start, the distance, a road toll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FareLine {
    /// What our accounts call it, such as `km`.
    pub id: String,
    /// What the passenger reads.
    pub name: String,
    /// What the passenger pays for it, tax included.
    pub gross: Amount,
    /// The rate of the tax that is included.
    pub vat: VatRate,
    /// How many of what, for the reader.
    pub quantity: Option<Quantity>,
}

/// How many of what. The price of one times the quantity need not be the sum: meters round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quantity {
    /// The price of one, tax included.
    pub unit_price: Amount,
    /// How many, such as `8.2`: digits, and decimals after a point.
    pub count: String,
    /// What is counted.
    pub unit: Unit,
}

/// What a taxi counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Things, such as bicycles or road tolls.
    Piece,
    /// Kilometres.
    Kilometre,
    /// Minutes.
    Minute,
}

/// A rate of value added tax in hundredths of a percent: 1350 is 13.5 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VatRate(u16);

/// Where the sales unit is, which decides on currency and tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Market {
    /// 12 % on passenger transport.
    Norway,
    /// No tax on passenger transport.
    Denmark,
    /// 13.5 % on passenger transport since 2026.
    Finland,
}

/// What a receipt says besides its lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReceiptDetails {
    /// Which car.
    pub vehicle: Option<String>,
    /// The number of the legal receipt.
    pub receipt_number: Option<String>,
}

/// Why a fare cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FareError {
    /// There is nothing in it.
    #[error("a fare has at least one line")]
    NoLines,
    /// The lines cannot be added up.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// A tax rate is above 100 %.
    #[error("a tax rate is between 0 and 10000 hundredths of a percent, not {0}")]
    VatRate(u16),
    /// The currency tells no market, so the tax rate must be given.
    #[error("the tax rate for fares in {0} is not known")]
    UnknownMarket(Currency),
}

impl Fare {
    /// A fare of one line, "Taxi ride", taxed as in the market of its currency.
    ///
    /// # Errors
    ///
    /// [`FareError::UnknownMarket`] when the currency is none of NOK, DKK and EUR.
    pub fn taxi_ride(total: Amount) -> Result<Self, FareError> {
        let market = Market::of(total.currency())?;
        Self::of_lines(vec![FareLine {
            id: "ride".to_owned(),
            name: "Taxi ride".to_owned(),
            gross: total,
            vat: market.vat(),
            quantity: None,
        }])
    }

    /// A fare of these lines.
    ///
    /// # Errors
    ///
    /// [`FareError`] when there are none, or they do not add up.
    pub fn of_lines(lines: Vec<FareLine>) -> Result<Self, FareError> {
        let currency = lines.first().ok_or(FareError::NoLines)?.gross.currency();
        let mut total = Amount::new(currency, 0);
        for line in &lines {
            total = total.checked_add(line.gross)?;
        }
        // Receipts are written with signed numbers.
        i64::try_from(total.value()).map_err(|_| MoneyError::OutOfRange)?;
        Ok(Self { total, lines })
    }

    /// What the passenger pays in all.
    #[must_use]
    pub fn total(&self) -> Amount {
        self.total
    }

    /// What it is made of.
    #[must_use]
    pub fn lines(&self) -> &[FareLine] {
        &self.lines
    }

    /// The receipt of this fare.
    #[must_use]
    pub fn receipt(&self, details: ReceiptDetails) -> Receipt {
        Receipt {
            order_lines: self.lines.iter().map(order_line).collect(),
            bottom_line: BottomLine {
                currency: self.total.currency(),
                pos_id: details.vehicle,
                receipt_number: details.receipt_number,
            },
        }
    }
}

fn order_line(line: &FareLine) -> OrderLine {
    let total_amount = signed(line.gross);
    let net = line.vat.net_of(total_amount);
    OrderLine {
        name: line.name.clone(),
        id: line.id.clone(),
        total_amount,
        total_amount_excluding_tax: net,
        total_tax_amount: total_amount - net,
        tax_rate: Some(line.vat.0),
        unit_info: line.quantity.as_ref().map(|quantity| UnitInfo {
            unit_price: Some(signed(quantity.unit_price)),
            quantity: quantity.count.clone(),
            quantity_unit: Some(quantity.unit.code().to_owned()),
        }),
    }
}

/// A fare's sums were found to fit when it was made; a unit price that does not is only for show.
fn signed(amount: Amount) -> i64 {
    i64::try_from(amount.value()).unwrap_or(i64::MAX)
}

impl VatRate {
    /// A rate in hundredths of a percent: 1200 is 12 %.
    ///
    /// # Errors
    ///
    /// [`FareError::VatRate`] above 100 %.
    pub fn new(hundredths_of_percent: u16) -> Result<Self, FareError> {
        match hundredths_of_percent {
            0..=10_000 => Ok(Self(hundredths_of_percent)),
            _ => Err(FareError::VatRate(hundredths_of_percent)),
        }
    }

    /// The part of a sum that is not tax, rounded half up.
    fn net_of(self, gross: i64) -> i64 {
        let divisor = 10_000 + i128::from(self.0);
        let rounded = (2 * 10_000 * i128::from(gross) + divisor) / (2 * divisor);
        // What is not tax is at most everything.
        i64::try_from(rounded).unwrap_or(gross)
    }
}

impl Market {
    /// The market that pays in this currency.
    ///
    /// # Errors
    ///
    /// [`FareError::UnknownMarket`] for a currency of none of them.
    pub fn of(currency: Currency) -> Result<Self, FareError> {
        match currency {
            Currency::NOK => Ok(Self::Norway),
            Currency::DKK => Ok(Self::Denmark),
            Currency::EUR => Ok(Self::Finland),
            _ => Err(FareError::UnknownMarket(currency)),
        }
    }

    /// The currency of the market.
    #[must_use]
    pub const fn currency(self) -> Currency {
        match self {
            Self::Norway => Currency::NOK,
            Self::Denmark => Currency::DKK,
            Self::Finland => Currency::EUR,
        }
    }

    /// The tax rate of a taxi ride.
    #[must_use]
    pub const fn vat(self) -> VatRate {
        match self {
            Self::Norway => VatRate(1200),
            Self::Denmark => VatRate(0),
            // Half percents exist only in this form; a whole percentage could not say it.
            Self::Finland => VatRate(1350),
        }
    }
}

impl Unit {
    /// The name on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Piece => "PCS",
            Self::Kilometre => "KM",
            Self::Minute => "MINUTE",
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(id: &str, gross: Amount, vat: VatRate) -> FareLine {
        FareLine { id: id.to_owned(), name: id.to_owned(), gross, vat, quantity: None }
    }

    fn tax_of(total: Amount) -> (i64, i64) {
        let receipt = Fare::taxi_ride(total).unwrap().receipt(ReceiptDetails::default());
        let line = &receipt.order_lines[0];
        (line.total_amount_excluding_tax, line.total_tax_amount)
    }

    #[test]
    fn tax_is_the_markets() {
        let cases = [
            (Amount::nok(9700), (8661, 1039)),
            (Amount::nok(10004), (8932, 1072)),
            (Amount::nok(31400), (28036, 3364)),
            (Amount::new(Currency::DKK, 24500), (24500, 0)),
            (Amount::new(Currency::EUR, 2850), (2511, 339)),
            (Amount::nok(0), (0, 0)),
        ];
        for (total, expected) in cases {
            assert_eq!(tax_of(total), expected, "{total}");
        }
        let dollars = Amount::new("USD".parse().unwrap(), 100);
        let error = Fare::taxi_ride(dollars).unwrap_err();
        assert_eq!(error.to_string(), "the tax rate for fares in USD is not known");
    }

    #[test]
    fn a_day_ride_has_the_receipt_of_its_meter() {
        let vat = Market::Norway.vat();
        let mut lines = [("start", 9700), ("km", 10004), ("min", 11788), ("toll", 3100)]
            .map(|(id, gross)| line(id, Amount::nok(gross), vat))
            .to_vec();
        let count = "8.2".to_owned();
        let unit_price = Amount::nok(1220);
        lines[1].quantity = Some(Quantity { unit_price, count, unit: Unit::Kilometre });
        let fare = Fare::of_lines(lines).unwrap();
        assert_eq!(fare.total(), Amount::nok(34592));

        let receipt = fare.receipt(ReceiptDetails {
            vehicle: Some("N-02272".to_owned()),
            receipt_number: Some("20261008-000431".to_owned()),
        });
        assert_eq!(receipt.total(), 34592);
        let net: i64 = receipt.order_lines.iter().map(|l| l.total_amount_excluding_tax).sum();
        assert_eq!(net, 30886);
        insta::assert_json_snapshot!(receipt.order_lines[1], @r#"
        {
          "name": "km",
          "id": "km",
          "totalAmount": 10004,
          "totalAmountExcludingTax": 8932,
          "totalTaxAmount": 1072,
          "taxRate": 1200,
          "unitInfo": {
            "unitPrice": 1220,
            "quantity": "8.2",
            "quantityUnit": "KM"
          }
        }
        "#);
    }

    #[test]
    fn a_fare_without_lines_or_in_two_currencies_is_none() {
        assert_eq!(Fare::of_lines(Vec::new()), Err(FareError::NoLines));
        let vat = Market::Norway.vat();
        let mixed = vec![
            line("start", Amount::nok(1), vat),
            line("km", Amount::new(Currency::EUR, 1), vat),
        ];
        assert!(matches!(Fare::of_lines(mixed), Err(FareError::Money(_))));
        let huge = vec![line("start", Amount::nok(u64::MAX), vat)];
        assert_eq!(Fare::of_lines(huge), Err(FareError::Money(MoneyError::OutOfRange)));
        assert_eq!(VatRate::new(10_001), Err(FareError::VatRate(10_001)));
    }

    proptest! {
        #[test]
        fn lines_always_add_up(
            parts in prop::collection::vec((0..65_000_000_u64, 0..=10_000_u16), 1..20),
        ) {
            let lines = parts.iter().map(|&(gross, rate)| {
                line("part", Amount::nok(gross), VatRate::new(rate).unwrap())
            });
            let fare = Fare::of_lines(lines.collect()).unwrap();
            let receipt = fare.receipt(ReceiptDetails::default());
            prop_assert_eq!(i128::from(receipt.total()), i128::from(fare.total().value()));
            for (line, (gross, rate)) in receipt.order_lines.iter().zip(parts) {
                let net = line.total_amount_excluding_tax;
                prop_assert_eq!(line.total_amount, i64::try_from(gross).unwrap());
                prop_assert_eq!(line.total_amount - net, line.total_tax_amount);
                prop_assert!(line.total_tax_amount >= 0 && net >= 0);
                // Adding the tax back to what is left of it misses by half a unit at most.
                let off = 2 * (i128::from(net) * (10_000 + i128::from(rate)) - i128::from(gross) * 10_000);
                prop_assert!(off.abs() <= 10_000 + i128::from(rate));
            }
        }
    }
}
