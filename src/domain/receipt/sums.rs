//! What the app works out from a receipt: it believes the lines, and adds them up itself.

use std::fmt;

use super::{BottomLine, OrderLine, PaymentSources, Receipt};
use crate::domain::{Amount, Currency, money::decimal};

/// What the lines of a receipt come to, in minor units. Returns count negative.
///
/// Lines may be of any size that fits 64 bits; sums beyond that stay at the end of the range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// With tax, after discount.
    pub total_minor: i64,
    /// Without tax.
    pub net_minor: i64,
    /// The tax.
    pub tax_minor: i64,
    /// All discounts.
    pub discount_minor: i64,
    /// What of the total is shipping.
    pub shipping_minor: i64,
    /// What was given back for returns: zero or negative.
    pub returned_minor: i64,
    /// The same by tax rate, in the order in which the rates first appear.
    pub by_rate: Vec<RateSum>,
}

/// What the lines of one tax rate come to, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateSum {
    /// Hundredths of a percent; nothing for lines that say no rate.
    pub rate: Option<u16>,
    /// Without tax.
    pub net_minor: i64,
    /// The tax.
    pub tax_minor: i64,
}

/// Why the app would show the sum of a payment and none of the lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mismatch {
    /// The receipt is in another currency than the payment.
    Currency {
        /// The receipt's.
        receipt: Currency,
        /// The payment's.
        payment: Currency,
    },
    /// The lines do not come to what was paid, with or without tip and other sources.
    Sum {
        /// What they come to.
        total_minor: i64,
        /// What was paid.
        paid: Amount,
    },
}

impl OrderLine {
    /// What the line adds to the total: returns count negative, however they are written.
    #[must_use]
    pub fn counts_minor(&self) -> i64 {
        self.signed(self.total_minor)
    }

    fn signed(&self, minor: i64) -> i64 {
        match self.is_return {
            Some(true) => minor.saturating_abs().saturating_neg(),
            Some(false) | None => minor,
        }
    }
}

impl PaymentSources {
    /// What they come to, in minor units.
    #[must_use]
    pub fn total_minor(&self) -> i64 {
        let sources = [self.gift_card_minor, self.card_minor, self.voucher_minor, self.cash_minor];
        sources.into_iter().flatten().fold(0, i64::saturating_add)
    }
}

impl BottomLine {
    /// What else the sale was paid with: a gift card may have been told of in the deprecated way.
    #[must_use]
    pub fn sources(&self) -> PaymentSources {
        let mut sources = self.payment_sources.unwrap_or_default();
        let old = self.deprecated.gift_card_minor.and_then(|it| i64::try_from(it).ok());
        sources.gift_card_minor = sources.gift_card_minor.or(old);
        sources
    }
}

impl Receipt {
    /// What its lines come to.
    #[must_use]
    pub fn sums(&self) -> Sums {
        let mut sums = Sums::default();
        for line in &self.order_lines {
            sums.add(line);
        }
        sums
    }

    /// Why the app would hide the lines of a payment of this amount, if it would.
    ///
    /// No official page says how a tip or another source of money goes into the sum, so a receipt
    /// is taken to be right under any reading: lines alone, or with the tip, less what other
    /// sources have paid, or not.
    #[must_use]
    pub fn mismatch(&self, paid: Amount) -> Option<Mismatch> {
        let bottom = &self.bottom_line;
        if let Some(receipt) = bottom.currency.filter(|it| *it != paid.currency()) {
            return Some(Mismatch::Currency { receipt, payment: paid.currency() });
        }
        let total_minor = self.sums().total_minor;
        let tip = bottom.tip_minor.and_then(|tip| i64::try_from(tip).ok()).unwrap_or(0);
        let sources = bottom.sources().total_minor();
        let matches = |tip: i64, sources: i64| {
            let sum = total_minor.saturating_add(tip).saturating_sub(sources);
            u64::try_from(sum) == Ok(paid.minor())
        };
        let readings = [(0, 0), (tip, 0), (0, sources), (tip, sources)];
        let adds_up = readings.into_iter().any(|(tip, sources)| matches(tip, sources));
        (!adds_up).then_some(Mismatch::Sum { total_minor, paid })
    }
}

impl Sums {
    fn add(&mut self, line: &OrderLine) {
        let total = line.counts_minor();
        let net = line.signed(line.total_excluding_tax_minor);
        let tax = line.signed(line.tax_minor);
        let discount = line.discount_minor.map_or(0, |it| i64::try_from(it).unwrap_or(i64::MAX));
        let add = |sum: &mut i64, minor: i64| *sum = sum.saturating_add(minor);
        add(&mut self.total_minor, total);
        add(&mut self.net_minor, net);
        add(&mut self.tax_minor, tax);
        add(&mut self.discount_minor, line.signed(discount));
        if line.is_shipping == Some(true) {
            add(&mut self.shipping_minor, total);
        }
        if line.is_return == Some(true) {
            add(&mut self.returned_minor, total);
        }
        let rate = line.tax.hundredths();
        match self.by_rate.iter_mut().find(|it| it.rate == rate) {
            Some(sum) => {
                add(&mut sum.net_minor, net);
                add(&mut sum.tax_minor, tax);
            }
            None => self.by_rate.push(RateSum { rate, net_minor: net, tax_minor: tax }),
        }
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the app would hide these lines: ")?;
        match self {
            Self::Currency { receipt, payment } => {
                write!(f, "they are in {receipt}, and the payment in {payment}")
            }
            Self::Sum { total_minor, paid } => {
                let (currency, total) = (paid.currency(), decimal(*total_minor));
                write!(f, "they come to {currency} {total}, and {paid} was paid")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::receipt::{BottomLine, TaxRate};

    fn line(net_minor: i64, tax_minor: i64, tax: TaxRate) -> OrderLine {
        OrderLine {
            name: "Ride".into(),
            id: "ride".into(),
            total_minor: net_minor + tax_minor,
            total_excluding_tax_minor: net_minor,
            tax_minor,
            tax,
            unit: None,
            discount_minor: None,
            product_url: None,
            is_return: None,
            is_shipping: None,
        }
    }

    fn receipt(order_lines: Vec<OrderLine>) -> Receipt {
        let bottom_line = BottomLine { currency: Some(Currency::Nok), ..BottomLine::default() };
        Receipt { order_lines, bottom_line }
    }

    const TWELVE: TaxRate = TaxRate::HundredthsOfPercent(1200);

    #[test]
    fn returns_count_negative_and_rates_are_kept_apart() {
        let shipping = OrderLine { is_shipping: Some(true), ..line(80, 20, TaxRate::Percent(25)) };
        let back = OrderLine {
            is_return: Some(true),
            discount_minor: Some(5),
            ..line(800, 200, TaxRate::HundredthsOfPercent(2500))
        };
        let discounted = OrderLine { discount_minor: Some(40), ..line(8661, 1039, TWELVE) };
        let sums = receipt(vec![discounted, shipping, back.clone()]).sums();
        assert_eq!((sums.total_minor, sums.net_minor, sums.tax_minor), (8800, 7941, 859));
        assert_eq!((sums.discount_minor, sums.shipping_minor), (35, 100));
        assert_eq!(sums.returned_minor, -1000);
        let rates: Vec<_> =
            sums.by_rate.iter().map(|it| (it.rate, it.net_minor, it.tax_minor)).collect();
        assert_eq!(rates, [(Some(1200), 8661, 1039), (Some(2500), -720, -180)]);
        // Written negative already, a return still takes money off.
        let negative = OrderLine { total_minor: -1000, ..back };
        assert_eq!(negative.counts_minor(), -1000);
    }

    #[test]
    fn lines_must_come_to_what_was_paid_under_some_reading() {
        let mut ride = receipt(vec![line(30886, 3706, TWELVE)]);
        let paid = |minor| Amount::new(Currency::Nok, minor);
        assert_eq!(ride.mismatch(paid(34592)), None);
        let expected = Mismatch::Sum { total_minor: 34592, paid: paid(38051) };
        assert_eq!(ride.mismatch(paid(38051)), Some(expected));
        ride.bottom_line.tip_minor = Some(3459);
        assert_eq!(ride.mismatch(paid(38051)), None);
        let card = PaymentSources { card_minor: Some(10000), ..PaymentSources::default() };
        ride.bottom_line.payment_sources = Some(card);
        assert_eq!(ride.mismatch(paid(28051)), None);
        assert_eq!(ride.mismatch(paid(24592)), None);
        let found = ride.mismatch(paid(1)).unwrap().to_string();
        assert_eq!(
            found,
            "the app would hide these lines: they come to NOK 345.92, and NOK 0.01 was paid"
        );
        let euro = Amount::new(Currency::Eur, 34592);
        assert!(matches!(ride.mismatch(euro), Some(Mismatch::Currency { .. })));
    }

    proptest! {
        #[test]
        fn rates_come_to_the_whole(lines in prop::collection::vec((0..1_000_000_i64, 0..9_i64, any::<bool>()), 1..20)) {
            let lines = lines.into_iter().map(|(net, rate, is_return)| {
                let tax = TaxRate::Percent(u8::try_from(rate).unwrap());
                OrderLine { is_return: Some(is_return), ..line(net, net * rate / 100, tax) }
            });
            let sums = receipt(lines.collect()).sums();
            let net: i64 = sums.by_rate.iter().map(|it| it.net_minor).sum();
            let tax: i64 = sums.by_rate.iter().map(|it| it.tax_minor).sum();
            prop_assert_eq!((net, tax), (sums.net_minor, sums.tax_minor));
            prop_assert_eq!(net + tax, sums.total_minor);
        }
    }
}
