//! Value added tax on taxi rides, by market, in whole numbers.

use serde::{Deserialize, Serialize};

use super::fare::FareError;
use super::money::Currency;

/// A rate of value added tax in hundredths of a percent: 1350 is 13.5 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
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

impl VatRate {
    /// No tax.
    pub const NONE: Self = Self(0);

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

    /// The rate in hundredths of a percent.
    #[must_use]
    pub const fn hundredths(self) -> u16 {
        self.0
    }

    /// The part of a sum that is not tax, rounded half up.
    pub(super) fn net_of(self, gross: i64) -> i64 {
        let divisor = 10_000 + i128::from(self.0);
        let rounded = (2 * 10_000 * i128::from(gross) + divisor) / (2 * divisor);
        // What is not tax is at most everything.
        i64::try_from(rounded).unwrap_or(gross)
    }
}

impl TryFrom<u16> for VatRate {
    type Error = FareError;

    fn try_from(hundredths: u16) -> Result<Self, FareError> {
        Self::new(hundredths)
    }
}

impl From<VatRate> for u16 {
    fn from(rate: VatRate) -> Self {
        rate.0
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
            Self::Denmark => VatRate::NONE,
            // Half percents exist only in this form; a whole percentage could not say it.
            Self::Finland => VatRate(1350),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_tax_is_rounded_half_up() {
        let cases = [(5, 10_000, 3), (7, 10_000, 4), (112, 1200, 100), (2850, 1350, 2511)];
        for (gross, rate, net) in cases {
            assert_eq!(VatRate::new(rate).unwrap().net_of(gross), net, "{gross} at {rate}");
        }
    }

    #[test]
    fn no_rate_is_above_the_whole() {
        assert_eq!(VatRate::new(10_001), Err(FareError::VatRate(10_001)));
    }
}
