//! Money in minor units. There is no floating point here.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A sum in one currency, which is also how the API writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Amount {
    currency: Currency,
    /// Minor units: 34592 is NOK 345.92.
    value: u64,
}

/// A currency by its ISO 4217 code.
///
/// A closed list would make the client fail on the day the API adds a currency, so any code is
/// read. What may be charged is for the sales unit's market to say.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

/// Why a text is not an amount, or two amounts do not combine.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text has the wrong form.
    #[error("`{0}` is not an amount: write it as 345.92, with two decimals or none")]
    Malformed(String),
    /// The text is not a currency code.
    #[error("`{0}` is not a currency: write its three capital letters, such as NOK")]
    UnknownCurrency(String),
    /// The two sums are in different currencies.
    #[error("{0} and {1} are different currencies")]
    CurrencyMismatch(Currency, Currency),
    /// The result is below zero or too large.
    #[error("the amount is out of range")]
    OutOfRange,
}

impl Amount {
    /// A sum of `value` minor units: 34592 is NOK 345.92.
    #[must_use]
    pub const fn new(currency: Currency, value: u64) -> Self {
        Self { currency, value }
    }

    /// A sum in Norwegian kroner, in minor units.
    #[must_use]
    pub const fn nok(value: u64) -> Self {
        Self::new(Currency::NOK, value)
    }

    /// Reads `345.92` or `345` as a sum in `currency`.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Malformed`] when the text is anything else, `345.9` and `345,92` included.
    pub fn parse(currency: Currency, text: &str) -> Result<Self, MoneyError> {
        let malformed = || MoneyError::Malformed(text.to_owned());
        let (major, minor) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(major) || !digits(minor) || minor.len() != 2 {
            return Err(malformed());
        }
        // Joined, the digits are the minor units; what does not fit is no amount either.
        let value = format!("{major}{minor}").parse().map_err(|_| malformed())?;
        Ok(Self { currency, value })
    }

    /// The currency of this sum.
    #[must_use]
    pub const fn currency(self) -> Currency {
        self.currency
    }

    /// The sum in minor units.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.value
    }

    /// Whether there is nothing here.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.value == 0
    }

    /// Adds a sum of the same currency.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] when the currencies differ or the total does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let value = self.value.checked_add(other.value).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { value, ..self })
    }

    /// Takes a sum of the same currency away.
    ///
    /// # Errors
    ///
    /// [`MoneyError`] when the currencies differ or `other` is larger.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        let value = self.value.checked_sub(other.value).ok_or(MoneyError::OutOfRange)?;
        Ok(Self { value, ..self })
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::CurrencyMismatch(self.currency, other.currency))
        }
    }
}

/// Reads `NOK 345.92`, the form [`Amount`] prints.
impl FromStr for Amount {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let (currency, number) =
            text.split_once(' ').ok_or_else(|| MoneyError::Malformed(text.to_owned()))?;
        Self::parse(currency.parse()?, number)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}.{:02}", self.currency, self.value / 100, self.value % 100)
    }
}

impl Currency {
    /// Norwegian krone.
    pub const NOK: Self = Self(*b"NOK");
    /// Danish krone.
    pub const DKK: Self = Self(*b"DKK");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");

    /// The three capital letters.
    #[must_use]
    pub fn code(&self) -> &str {
        // Only capital ASCII letters are ever stored, so this is always text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        match <[u8; 3]>::try_from(text.as_bytes()) {
            Ok(code) if code.iter().all(u8::is_ascii_uppercase) => Ok(Self(code)),
            _ => Err(MoneyError::UnknownCurrency(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_with_two_decimals_or_none() {
        let cases = [
            ("345.92", Some(34592)),
            ("345", Some(34500)),
            ("0.05", Some(5)),
            ("0", Some(0)),
            ("345.9", None),
            ("345,92", None),
            ("345.921", None),
            (".92", None),
            ("345.", None),
            ("-1.00", None),
            ("+1.00", None),
            ("1e2", None),
            ("", None),
            ("99999999999999999999", None),
        ];
        for (text, expected) in cases {
            let amount = Amount::parse(Currency::NOK, text).ok().map(Amount::value);
            assert_eq!(amount, expected, "{text}");
        }
    }

    #[test]
    fn an_amount_is_an_object_on_the_wire() {
        let json = serde_json::to_string(&Amount::nok(34592)).unwrap();
        assert_eq!(json, r#"{"currency":"NOK","value":34592}"#);
    }

    #[test]
    fn a_currency_we_do_not_charge_in_can_still_be_read() {
        let amount: Amount = serde_json::from_str(r#"{"currency":"SEK","value":100}"#).unwrap();
        assert_eq!(amount.to_string(), "SEK 1.00");
        serde_json::from_str::<Amount>(r#"{"currency":"kr","value":100}"#).unwrap_err();
    }

    #[test]
    fn currencies_do_not_mix() {
        let error = Amount::nok(1).checked_add(Amount::new(Currency::EUR, 1)).unwrap_err();
        assert_eq!(error.to_string(), "NOK and EUR are different currencies");
    }

    proptest! {
        #[test]
        fn what_is_printed_can_be_read_again(value: u64) {
            let amount = Amount::nok(value);
            prop_assert_eq!(amount.to_string().parse::<Amount>().unwrap(), amount);
        }

        #[test]
        fn taking_away_undoes_adding(a in 0..u64::MAX / 2, b in 0..u64::MAX / 2) {
            let sum = Amount::nok(a).checked_add(Amount::nok(b)).unwrap();
            prop_assert_eq!(sum.checked_sub(Amount::nok(b)).unwrap(), Amount::nok(a));
        }
    }
}
