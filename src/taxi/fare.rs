//! From the fare on the meter to receipt lines, with value added tax to the last minor unit.
//!
//! The tax is computed line by line from the sum the passenger pays, in whole numbers: first the
//! sum without tax, rounded half up, then the tax as what is left. So each line adds up, whatever
//! the rounding, which order management checks.

use serde::{Deserialize, Serialize};

use super::meter::Count;
use super::money::{Amount, Currency, MoneyError};
use super::receipt::{BottomLine, OrderLine, Receipt, UnitInfo};
use super::vat::{Market, VatRate};

/// What a ride costs, line by line. It has a line at least, and its lines are in one currency.
///
/// A tip is no part of the price: it comes on top, is not taxed, and stands below the lines. No
/// official page says whether the amount of a payment holds the tip; here it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Fare {
    total: Amount,
    lines: Vec<FareLine>,
    tip: Amount,
    to_pay: Amount,
}

/// A fare in the journal: what the sums can be made of again.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Written {
    lines: Vec<FareLine>,
    tip: Amount,
}

/// One part of a fare: the start, the distance, a road toll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FareLine {
    /// What our accounts call it, such as `km`.
    pub id: String,
    /// What the passenger reads.
    pub name: String,
    /// What the passenger pays for it, tax included and discount taken off.
    pub gross: Amount,
    /// What was taken off, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<Amount>,
    /// The rate of the tax that is included.
    pub vat: VatRate,
    /// How many of what, for the reader.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Quantity>,
}

/// How many of what. The price of one times the quantity need not be the sum: meters round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// The price of one, tax included.
    pub unit_price: Amount,
    /// How many, such as `8.2`.
    pub count: Count,
    /// What is counted.
    pub unit: Unit,
}

/// What a taxi counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Things, such as bicycles or road tolls.
    Piece,
    /// Kilometres.
    Kilometre,
    /// Minutes.
    Minute,
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
    /// A fare cannot be cut there.
    #[error("a fare of {total} cannot be cut at {first}: each part must be something")]
    Cut {
        /// Where.
        first: Amount,
        /// How much there is.
        total: Amount,
    },
    /// The text is not how many there are of something.
    #[error("`{0}` is no quantity: write digits, and decimals after a point, such as 8.2")]
    Count(String),
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
            discount: None,
            vat: market.vat(),
            quantity: None,
        }])
    }

    /// What a passenger owes who has ordered and does not come, where the terms say so.
    ///
    /// It is taxed as the ride would have been; whether it should be, no official page says.
    ///
    /// # Errors
    ///
    /// [`FareError::UnknownMarket`] when the currency is none of NOK, DKK and EUR.
    pub fn no_show(fee: Amount) -> Result<Self, FareError> {
        let mut fare = Self::taxi_ride(fee)?;
        for line in &mut fare.lines {
            "noshow".clone_into(&mut line.id);
            "No-show fee".clone_into(&mut line.name);
        }
        Ok(fare)
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
        let tip = Amount::new(currency, 0);
        Ok(Self { total, lines, tip, to_pay: receipt_can_say(total)? })
    }

    /// The payment of a tip that is not paid together with its ride.
    ///
    /// A receipt must have a line, so here the tip is one.
    ///
    /// # Errors
    ///
    /// [`FareError`] when it is too large.
    pub fn tip_alone(tip: Amount) -> Result<Self, FareError> {
        Self::of_lines(vec![FareLine {
            id: "tip".to_owned(),
            name: "Tip".to_owned(),
            gross: tip,
            discount: None,
            vat: VatRate::NONE,
            quantity: None,
        }])
    }

    /// The same fare with this tip on top.
    ///
    /// # Errors
    ///
    /// [`FareError`] when it is in another currency or too large.
    pub fn with_tip(self, tip: Amount) -> Result<Self, FareError> {
        let to_pay = receipt_can_say(self.total.checked_add(tip)?)?;
        Ok(Self { tip, to_pay, ..self })
    }

    /// The same fare without its tip.
    #[must_use]
    pub fn without_tip(&self) -> Self {
        let tip = Amount::new(self.total.currency(), 0);
        Self { tip, to_pay: self.total, ..self.clone() }
    }

    /// Two fares, the first of this sum: one payment could not hold all of it. A line that is cut
    /// stands in both, without its quantity. The tip goes with the second.
    ///
    /// # Errors
    ///
    /// [`FareError::Cut`] when one of them would be nothing.
    pub fn split_at(&self, first: Amount) -> Result<(Self, Self), FareError> {
        let mut parts = self.split_into(&[first])?.into_iter();
        match (parts.next(), parts.next()) {
            (Some(before), Some(after)) => Ok((before, after)),
            _ => Err(FareError::Cut { first, total: self.total }),
        }
    }

    /// As many fares as there are sums, and one more for what is left if anything is. The tip goes
    /// with the last.
    ///
    /// # Errors
    ///
    /// [`FareError::Cut`] when one of them would be nothing, or they come to more than the fare.
    pub fn split_into(&self, sums: &[Amount]) -> Result<Vec<Self>, FareError> {
        let mut sums = sums.to_vec();
        let mut rest = self.total;
        for &sum in &sums {
            let left = rest.checked_sub(sum).ok().filter(|_| !sum.is_zero());
            rest = left.ok_or(FareError::Cut { first: sum, total: self.total })?;
        }
        if !rest.is_zero() {
            sums.push(rest);
        }
        if sums.len() == 1 {
            // A fare that is not cut is no part of anything.
            return Ok(vec![self.clone()]);
        }
        let mut parts = self.cut(&sums)?;
        if let Some(last) = parts.pop() {
            parts.push(last.with_tip(self.tip)?);
        }
        Ok(parts)
    }

    /// Goes along the lines and cuts wherever a sum is full.
    fn cut(&self, sums: &[Amount]) -> Result<Vec<Self>, FareError> {
        let mut lines = self.lines.iter().filter(|line| !line.gross.is_zero());
        let mut line = lines.next().cloned();
        let mut parts = Vec::new();
        for (number, &sum) in (1..).zip(sums) {
            let (mut room, mut part) = (sum, Vec::new());
            while let Some(whole) = line.take_if(|_| !room.is_zero()) {
                let taken = if room.value() < whole.gross.value() { room } else { whole.gross };
                room = room.checked_sub(taken)?;
                let left = whole.gross.checked_sub(taken)?;
                let is_cut = !left.is_zero();
                part.push(FareLine {
                    gross: taken,
                    name: format!("{}, part {number} of {}", whole.name, sums.len()),
                    quantity: whole.quantity.clone().filter(|_| !is_cut),
                    ..whole.clone()
                });
                // What was taken off is told once.
                let rest = FareLine { gross: left, quantity: None, discount: None, ..whole };
                line = if is_cut { Some(rest) } else { lines.next().cloned() };
            }
            parts.push(Self::of_lines(part)?);
        }
        Ok(parts)
    }

    /// The same fare, but at most this sum: what it is above is a discount on its lines, from the
    /// last to the first. The tip stays.
    ///
    /// # Errors
    ///
    /// [`FareError`] when the sum is in another currency.
    pub fn at_most(&self, cap: Amount) -> Result<Self, FareError> {
        let mut above = match self.total.checked_sub(cap) {
            Err(MoneyError::OutOfRange) => return Ok(self.clone()),
            above => above?,
        };
        let mut lines = self.lines.clone();
        for line in lines.iter_mut().rev().filter(|line| !line.gross.is_zero()) {
            let off = if above.value() < line.gross.value() { above } else { line.gross };
            if off.is_zero() {
                break;
            }
            above = above.checked_sub(off)?;
            line.gross = line.gross.checked_sub(off)?;
            let before = line.discount.unwrap_or(Amount::new(off.currency(), 0));
            line.discount = Some(before.checked_add(off)?);
        }
        Self::of_lines(lines)?.with_tip(self.tip)
    }

    /// What the ride costs: the sum of the lines.
    #[must_use]
    pub fn total(&self) -> Amount {
        self.total
    }

    /// The tip; zero when there is none.
    #[must_use]
    pub fn tip(&self) -> Amount {
        self.tip
    }

    /// What the passenger pays in all, the tip included.
    #[must_use]
    pub fn to_pay(&self) -> Amount {
        self.to_pay
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
                tip_amount: (!self.tip.is_zero()).then(|| signed(self.tip)),
                pos_id: details.vehicle,
                receipt_number: details.receipt_number,
            },
        }
    }
}

impl TryFrom<Written> for Fare {
    type Error = FareError;

    fn try_from(written: Written) -> Result<Self, FareError> {
        Self::of_lines(written.lines)?.with_tip(written.tip)
    }
}

impl From<Fare> for Written {
    fn from(fare: Fare) -> Self {
        Self { lines: fare.lines, tip: fare.tip }
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
        tax_rate: Some(line.vat.hundredths()),
        discount: line.discount.map(signed),
        unit_info: line.quantity.as_ref().map(|quantity| UnitInfo {
            unit_price: Some(signed(quantity.unit_price)),
            quantity: quantity.count.to_string(),
            quantity_unit: Some(quantity.unit.code().to_owned()),
        }),
    }
}

/// Receipts are written with signed numbers.
fn receipt_can_say(sum: Amount) -> Result<Amount, MoneyError> {
    i64::try_from(sum.value()).map(|_| sum).map_err(|_| MoneyError::OutOfRange)
}

/// A fare's sums were found to fit when it was made; a unit price that does not is only for show.
fn signed(amount: Amount) -> i64 {
    i64::try_from(amount.value()).unwrap_or(i64::MAX)
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

    /// How many random fares each law is held against.
    const CASES: u32 = 2_000;

    fn line(id: &str, gross: Amount, vat: VatRate) -> FareLine {
        FareLine {
            id: id.to_owned(),
            name: id.to_owned(),
            gross,
            discount: None,
            vat,
            quantity: None,
        }
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
        let count = "8.2".parse().unwrap();
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
    }

    #[test]
    fn a_tip_stands_below_the_lines_and_is_paid_with_them() {
        let ride = Fare::taxi_ride(Amount::nok(34592)).unwrap();
        let tipped = ride.clone().with_tip(Amount::nok(3459)).unwrap();
        assert_eq!((tipped.total(), tipped.to_pay()), (Amount::nok(34592), Amount::nok(38051)));
        let receipt = tipped.receipt(ReceiptDetails::default());
        assert_eq!((receipt.total(), receipt.bottom_line.tip_amount), (34592, Some(3459)));
        assert_eq!(tipped.without_tip(), ride);
        let euro = ride.with_tip(Amount::new(Currency::EUR, 1));
        assert!(matches!(euro, Err(FareError::Money(_))));
        let alone = Fare::tip_alone(Amount::nok(3459)).unwrap();
        assert_eq!(alone.receipt(ReceiptDetails::default()).order_lines[0].total_tax_amount, 0);
    }

    #[test]
    fn a_fare_beyond_the_hold_is_cut_in_two_receipts() {
        let fare = Fare::taxi_ride(Amount::nok(38950)).unwrap();
        let (first, second) = fare.split_at(Amount::nok(31400)).unwrap();
        let lines = [first, second].map(|part| {
            let line = part.receipt(ReceiptDetails::default()).order_lines.remove(0);
            (line.name, line.total_amount, line.total_amount_excluding_tax, line.total_tax_amount)
        });
        assert_eq!(
            lines,
            [
                ("Taxi ride, part 1 of 2".to_owned(), 31400, 28036, 3364),
                ("Taxi ride, part 2 of 2".to_owned(), 7550, 6741, 809),
            ]
        );
        for nothing in [0, 38950, 40000] {
            let error = fare.split_at(Amount::nok(nothing)).unwrap_err();
            assert!(matches!(error, FareError::Cut { .. }), "{error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: CASES, ..ProptestConfig::default() })]

        #[test]
        fn parts_of_a_fare_come_to_the_whole(
            parts in prop::collection::vec((1..65_000_000_u64, 0..=10_000_u16), 1..20),
            tip in 0..1_000_000_u64,
            cut in 1..10_000_u64,
        ) {
            let lines = parts.iter().map(|&(gross, rate)| {
                line("part", Amount::nok(gross), VatRate::new(rate).unwrap())
            });
            let fare = Fare::of_lines(lines.collect()).unwrap().with_tip(Amount::nok(tip)).unwrap();
            let first = 1 + fare.total().value() * cut / 10_001;
            prop_assume!(first < fare.total().value());
            let (before, after) = fare.split_at(Amount::nok(first)).unwrap();
            prop_assert_eq!(before.to_pay(), Amount::nok(first));
            prop_assert_eq!(before.to_pay().checked_add(after.to_pay()).unwrap(), fare.to_pay());
            for part in [before, after] {
                let receipt = part.receipt(ReceiptDetails::default());
                let tip = receipt.bottom_line.tip_amount.unwrap_or(0);
                prop_assert_eq!(
                    u64::try_from(receipt.total() + tip).unwrap(),
                    part.to_pay().value()
                );
                for line in receipt.order_lines {
                    let net = line.total_amount_excluding_tax;
                    prop_assert_eq!(line.total_amount - net, line.total_tax_amount);
                }
            }
        }

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
