//! Phone numbers as the API writes them: digits with the country code.

use std::{fmt, str::FromStr, sync::Arc};

use super::Market;

/// An MSISDN: 9 to 15 digits, no plus sign, no spaces.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneNumber(Arc<str>);

/// The text is not a valid [`PhoneNumber`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a phone number is 9 to 15 digits, country code first")]
pub struct InvalidPhoneNumber;

/// The pattern of a phone number, as the ePayment API description writes it.
pub const PHONE_PATTERN: &str = r"^\d{9,15}$";

/// Country codes whose people can have the app: the three markets, Sweden and Greenland.
const KNOWN_CALLING_CODES: [&str; 5] = ["47", "45", "358", "46", "299"];

impl PhoneNumber {
    /// What a person means who types a number into a page of this market: with spaces and a plus
    /// sign perhaps, and perhaps without the country's own code.
    ///
    /// # Errors
    ///
    /// [`InvalidPhoneNumber`].
    pub fn typed(text: &str, market: Market) -> Result<Self, InvalidPhoneNumber> {
        let kept = |it: &char| !it.is_whitespace() && !"-.()".contains(*it);
        let text: String = text.chars().filter(kept).collect();
        if let Some(whole) = text.strip_prefix('+').or_else(|| text.strip_prefix("00")) {
            return whole.parse();
        }
        let national = match market {
            Market::Norway | Market::Denmark => (text.len() == 8).then_some(text.as_str()),
            Market::Finland => text.strip_prefix('0'),
        };
        match national {
            Some(national) => format!("{}{national}", market.calling_code()).parse(),
            None => text.parse(),
        }
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it begins with the country code of a market the platform knows.
    #[must_use]
    pub fn is_of_a_known_market(&self) -> bool {
        KNOWN_CALLING_CODES.iter().any(|code| self.0.starts_with(code))
    }

    /// Whether it begins with the country code of this market.
    #[must_use]
    pub fn is_of(&self, market: Market) -> bool {
        self.0.starts_with(market.calling_code())
    }

    /// The test number of this market that ends in these two digits.
    #[must_use]
    pub fn test_number(market: Market, last_two: u8) -> Self {
        let (code, national) = (market.calling_code(), test_number_start(market));
        Self(format!("{code}{national}{last_two:02}").into())
    }

    /// The last two digits, if this is a test number of any market.
    #[must_use]
    pub fn as_test_number(&self) -> Option<u8> {
        Market::ALL.into_iter().find_map(|market| {
            let national = self.0.strip_prefix(market.calling_code())?;
            let last_two = national.strip_prefix(test_number_start(market))?;
            if last_two.len() == 2 { last_two.parse().ok() } else { None }
        })
    }
}

/// Norwegian and Danish numbers have eight digits after the code, Finnish ones nine.
const fn test_number_start(market: Market) -> &'static str {
    match market {
        Market::Norway | Market::Denmark => "900000",
        Market::Finland => "9000000",
    }
}

impl FromStr for PhoneNumber {
    type Err = InvalidPhoneNumber;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if (9..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidPhoneNumber)
        }
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_type_numbers_in_many_ways() {
        let cases = [
            (Market::Norway, "90 00 00 01", Some("4790000001")),
            (Market::Norway, "+47 900-00-001", Some("4790000001")),
            (Market::Norway, "004790000001", Some("4790000001")),
            (Market::Norway, "4790000001", Some("4790000001")),
            (Market::Norway, "+45 90 00 00 01", Some("4590000001")),
            (Market::Denmark, "(90) 000.001", Some("4590000001")),
            (Market::Finland, "0900000001", Some("358900000001")),
            (Market::Finland, "358900000001", Some("358900000001")),
            (Market::Norway, "900", None),
            (Market::Norway, "my number", None),
            (Market::Norway, "", None),
            (Market::Finland, "+358 ", None),
        ];
        for (market, text, expected) in cases {
            let typed = PhoneNumber::typed(text, market).ok();
            assert_eq!(typed.as_ref().map(PhoneNumber::as_str), expected, "{market} {text}");
        }
    }
}
