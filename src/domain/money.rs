//! Money in minor units (oere, cents). There is no floating point here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A sum in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    currency: Currency,
    /// Minor units: 4900 is NOK 49.00.
    minor: u64,
}

/// The currencies a payment can be in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Currency {
    /// Norwegian krone.
    Nok,
    /// Danish krone.
    Dkk,
    /// Euro.
    Eur,
    /// Swedish krona: accepted by the schema, by no sales unit.
    Sek,
    /// US dollar: accepted by the schema, by no sales unit.
    Usd,
    /// Pound sterling: accepted by the schema, by no sales unit.
    Gbp,
}

/// The text is no currency code of the API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a currency is one of NOK, DKK, EUR, SEK, USD and GBP")]
pub struct InvalidCurrency;

/// The largest amount the API takes, in minor units (ePayment API description, `Amount`).
pub const AMOUNT_MAX_MINOR: u64 = 65_000_000;

impl Amount {
    /// `minor` is in minor units: 4900 is NOK 49.00.
    #[must_use]
    pub const fn new(currency: Currency, minor: u64) -> Self {
        Self { currency, minor }
    }

    /// Nothing, in this currency.
    #[must_use]
    pub const fn zero(currency: Currency) -> Self {
        Self { currency, minor: 0 }
    }

    /// The currency of this sum.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum in minor units.
    #[must_use]
    pub const fn minor(self) -> u64 {
        self.minor
    }
}

/// A sum without its currency, which may be negative: `-10.05`.
#[must_use]
pub fn decimal(minor: i64) -> String {
    let (sign, minor) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
    format!("{sign}{}.{:02}", minor / 100, minor % 100)
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.{:02}", self.currency, self.minor / 100, self.minor % 100)
    }
}

impl Currency {
    /// Every currency the schema knows.
    pub const ALL: [Self; 6] = [Self::Nok, Self::Dkk, Self::Eur, Self::Sek, Self::Usd, Self::Gbp];

    /// The ISO 4217 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nok => "NOK",
            Self::Dkk => "DKK",
            Self::Eur => "EUR",
            Self::Sek => "SEK",
            Self::Usd => "USD",
            Self::Gbp => "GBP",
        }
    }

    /// The smallest payment in this currency, in minor units (ePayment API guide, error 6010).
    #[must_use]
    pub const fn minimum_minor(self) -> u64 {
        match self {
            Self::Nok | Self::Sek => 100,
            Self::Dkk | Self::Eur | Self::Usd | Self::Gbp => 1,
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.code() == text).ok_or(InvalidCurrency)
    }
}
