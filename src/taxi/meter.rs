//! What the meter says at the end of a ride, and the fare made of it.
//!
//! Meters run on start, distance and time together, and the driver adds road tolls and supplements.
//! Each becomes a line of the receipt, so that the passenger can check the fare.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::fare::{Fare, FareError, FareLine, Quantity, Unit};
use super::money::{Amount, MoneyError};
use super::vat::{Market, VatRate};

/// A ride as the meter and its driver tell it. All sums are with tax, in the market's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meter {
    /// Where the taxi drives, which decides on the tax.
    pub market: Market,
    /// What it costs to get in.
    pub start: Amount,
    /// The kilometres, and the price of one.
    pub distance: Option<Metered>,
    /// The minutes, and the price of one.
    pub time: Option<Metered>,
    /// What the driver has added.
    pub extras: Vec<Extra>,
    /// What the passenger gives on top.
    pub tip: Option<Amount>,
}

/// How much of something the meter has counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metered {
    /// How much.
    pub count: Count,
    /// The price of one, with tax.
    pub unit_price: Amount,
}

/// Something that the meter does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// What our accounts call it.
    pub id: &'static str,
    /// What the passenger reads.
    pub name: String,
    /// What it costs, with tax.
    pub gross: Amount,
    /// Its tax, if it is not the ride's. Whether a toll that is passed on is taxed as the ride is
    /// for the company's accountant to say.
    pub vat: Option<VatRate>,
}

/// How many of something: digits, and at most eight decimals after a point, ten characters in all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Count {
    text: String,
    /// The digits without the point.
    digits: u64,
    /// How many of them are decimals.
    decimals: u32,
}

/// What order management takes for a quantity.
const COUNT_LENGTH_MAX: usize = 10;
/// The most decimals in it.
const COUNT_DECIMALS_MAX: usize = 8;

impl Meter {
    /// The fare, one line for each part that costs something.
    ///
    /// # Errors
    ///
    /// [`FareError`] when nothing costs anything, or the sums are of several currencies or too large.
    pub fn fare(&self) -> Result<Fare, FareError> {
        let vat = self.market.vat();
        let line = |id: &str, name: &str, gross, quantity| FareLine {
            id: id.to_owned(),
            name: name.to_owned(),
            gross,
            discount: None,
            vat,
            quantity,
        };
        let mut lines = vec![line("start", "Start", self.start, None)];
        let metered = [
            ("km", "Distance", &self.distance, Unit::Kilometre),
            ("min", "Time", &self.time, Unit::Minute),
        ];
        for (id, name, metered, unit) in metered {
            if let Some(Metered { count, unit_price }) = metered {
                let (count, unit_price) = (count.clone(), *unit_price);
                let gross = count.times(unit_price)?;
                lines.push(line(id, name, gross, Some(Quantity { unit_price, count, unit })));
            }
        }
        lines.extend(self.extras.iter().map(|extra| FareLine {
            vat: extra.vat.unwrap_or(vat),
            ..line(extra.id, &extra.name, extra.gross, None)
        }));
        lines.retain(|line| !line.gross.is_zero());
        let fare = Fare::of_lines(lines)?;
        match self.tip {
            Some(tip) => fare.with_tip(tip),
            None => Ok(fare),
        }
    }
}

impl Extra {
    /// A road toll.
    #[must_use]
    pub fn toll(gross: Amount) -> Self {
        Self { id: "toll", name: "Road toll".to_owned(), gross, vat: None }
    }

    /// Something for the night, the holiday or the bicycle.
    #[must_use]
    pub fn supplement(name: impl Into<String>, gross: Amount) -> Self {
        Self { id: "supp", name: name.into(), gross, vat: None }
    }
}

impl Count {
    /// What so many cost, rounded half up.
    ///
    /// # Errors
    ///
    /// [`MoneyError::OutOfRange`].
    pub fn times(&self, unit_price: Amount) -> Result<Amount, MoneyError> {
        let scale = 10_u128.pow(self.decimals);
        let exact = u128::from(self.digits) * u128::from(unit_price.value());
        let rounded = (2 * exact + scale) / (2 * scale);
        let value = u64::try_from(rounded).map_err(|_| MoneyError::OutOfRange)?;
        Ok(Amount::new(unit_price.currency(), value))
    }
}

impl TryFrom<String> for Count {
    type Error = FareError;

    fn try_from(text: String) -> Result<Self, FareError> {
        text.parse()
    }
}

impl From<Count> for String {
    fn from(count: Count) -> Self {
        count.text
    }
}

impl FromStr for Count {
    type Err = FareError;

    fn from_str(text: &str) -> Result<Self, FareError> {
        let wrong = || FareError::Count(text.to_owned());
        let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let has_decimals =
            !text.contains('.') || (1..=COUNT_DECIMALS_MAX).contains(&decimals.len());
        if whole.is_empty() || !is_number(whole) || !is_number(decimals) || !has_decimals {
            return Err(wrong());
        }
        if COUNT_LENGTH_MAX < text.len() {
            return Err(wrong());
        }
        let digits = format!("{whole}{decimals}").parse().map_err(|_| wrong())?;
        let decimals = u32::try_from(decimals.len()).map_err(|_| wrong())?;
        Ok(Self { text: text.to_owned(), digits, decimals })
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::taxi::fare::ReceiptDetails;

    /// How many random rides the law is held against, each in three markets.
    const CASES: u32 = 2_000;

    fn metered(count: &str, unit_price: Amount) -> Metered {
        Metered { count: count.parse().unwrap(), unit_price }
    }

    #[test]
    fn a_day_ride_is_metered_line_by_line() {
        let meter = Meter {
            market: Market::Norway,
            start: Amount::nok(9700),
            distance: Some(metered("8.2", Amount::nok(1220))),
            time: Some(metered("14", Amount::nok(842))),
            extras: vec![Extra::toll(Amount::nok(3100))],
            tip: Some(Amount::nok(3459)),
        };
        let fare = meter.fare().unwrap();
        assert_eq!((fare.total(), fare.to_pay()), (Amount::nok(34592), Amount::nok(38051)));
        let receipt = fare.receipt(ReceiptDetails::default());
        let lines: Vec<_> = receipt
            .order_lines
            .iter()
            .map(|it| {
                (
                    it.id.as_str(),
                    it.total_amount,
                    it.total_amount_excluding_tax,
                    it.total_tax_amount,
                )
            })
            .collect();
        assert_eq!(
            lines,
            [
                ("start", 9700, 8661, 1039),
                ("km", 10004, 8932, 1072),
                ("min", 11788, 10525, 1263),
                ("toll", 3100, 2768, 332),
            ]
        );
    }

    #[test]
    fn a_quantity_is_what_order_management_takes() {
        let cases = [
            ("8.2", true),
            ("14", true),
            ("0.12345678", true),
            ("1234567890", true),
            ("0.123456789", false),
            ("12345678901", false),
            ("8,2", false),
            ("8.", false),
            (".5", false),
            ("-1", false),
            ("", false),
        ];
        for (text, valid) in cases {
            assert_eq!(text.parse::<Count>().is_ok(), valid, "{text}");
        }
        let half: Count = "0.5".parse().unwrap();
        assert_eq!(half.times(Amount::nok(1)).unwrap(), Amount::nok(1));
        assert_eq!(half.times(Amount::nok(3)).unwrap(), Amount::nok(2));
    }

    #[test]
    fn a_ride_that_costs_nothing_is_no_fare() {
        let start = Amount::nok(0);
        let (market, extras) = (Market::Norway, Vec::new());
        let meter = Meter { market, start, distance: None, time: None, extras, tip: None };
        assert_eq!(meter.fare(), Err(FareError::NoLines));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: CASES, ..ProptestConfig::default() })]

        #[test]
        fn every_receipt_comes_to_what_is_captured(
            start in 1..100_000_u64,
            (km, per_km) in ("[0-9]{1,3}(\\.[0-9]{1,3})?", 0..10_000_u64),
            (minutes, per_minute) in ("[0-9]{1,3}", 0..10_000_u64),
            tolls in prop::collection::vec(0..50_000_u64, 0..4),
            supplements in prop::collection::vec(0..50_000_u64, 0..4),
            tip in prop::option::of(0..100_000_u64),
        ) {
            for market in [Market::Norway, Market::Denmark, Market::Finland] {
                let sum = |minor| Amount::new(market.currency(), minor);
                let tolls = tolls.iter().map(|it| Extra::toll(sum(*it)));
                let supplements = supplements.iter().map(|it| Extra::supplement("Night", sum(*it)));
                let meter = Meter {
                    market,
                    start: sum(start),
                    distance: Some(metered(&km, sum(per_km))),
                    time: Some(metered(&minutes, sum(per_minute))),
                    extras: tolls.chain(supplements).collect(),
                    tip: tip.map(sum),
                };
                let fare = meter.fare().unwrap();
                let receipt = fare.receipt(ReceiptDetails::default());
                let tip = receipt.bottom_line.tip_amount.unwrap_or(0);
                let total = receipt.total() + tip;
                prop_assert_eq!(u64::try_from(total).unwrap(), fare.to_pay().value());
                for line in &receipt.order_lines {
                    let (net, tax) = (line.total_amount_excluding_tax, line.total_tax_amount);
                    prop_assert_eq!(net + tax, line.total_amount);
                    prop_assert!(0 <= tax && 0 <= net && 0 < line.total_amount);
                    prop_assert_eq!(line.tax_rate, Some(market.vat().hundredths()));
                }
            }
        }
    }
}
