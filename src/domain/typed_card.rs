//! A card as somebody types it into a form. Nothing is charged, so only what a form can see is
//! looked at: the number's own check digit, the date, and how long the code is.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A card that could be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypedCard {
    bin: Arc<str>,
}

/// Why a card cannot be one. What is said is for whoever typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCard {
    /// The number has other characters, another length or another check digit.
    #[error("Check the card number.")]
    Number,
    /// It is no month and year, or they are over.
    #[error("Check the expiry date: month and year, such as 12/30.")]
    Expiry,
    /// It is not three or four digits.
    #[error("Check the security code: the three or four digits on the card.")]
    Code,
}

impl TypedCard {
    /// The card with this number, which expires at the end of this month (`12/30`).
    ///
    /// # Errors
    ///
    /// The first [`InvalidCard`], in the order in which a card is typed.
    pub fn read(
        number: &str,
        expiry: &str,
        code: &str,
        now: Timestamp,
    ) -> Result<Self, InvalidCard> {
        let number: String = number.chars().filter(|it| !" -".contains(*it)).collect();
        if !(12..=19).contains(&number.len()) || !has_check_digit(&number) {
            return Err(InvalidCard::Number);
        }
        let today = now.to_zoned(TimeZone::UTC).date();
        if end_of(expiry).is_none_or(|end| end < today) {
            return Err(InvalidCard::Expiry);
        }
        let code = code.trim();
        if !(3..=4).contains(&code.len()) || !code.bytes().all(|it| it.is_ascii_digit()) {
            return Err(InvalidCard::Code);
        }
        Ok(Self { bin: number[..6].into() })
    }

    /// The six digits that say whose card it is (`cardBin`).
    #[must_use]
    pub fn bin(&self) -> &Arc<str> {
        &self.bin
    }
}

/// The last day of a month that is written `12/30`, `12 / 30` or `12/2030`.
fn end_of(expiry: &str) -> Option<Date> {
    let (month, year) = expiry.split_once('/')?;
    let year = match year.trim() {
        short if short.len() == 2 => 2000 + short.parse::<i16>().ok()?,
        long => long.parse().ok()?,
    };
    let first = Date::new(year, month.trim().parse().ok()?, 1).ok()?;
    Some(first.last_of_month())
}

/// The formula of Luhn (ISO/IEC 7812): every second digit from the right counts double.
fn has_check_digit(number: &str) -> bool {
    let mut sum = 0;
    for (place, letter) in number.chars().rev().enumerate() {
        let Some(digit) = letter.to_digit(10) else { return false };
        let doubled = if place % 2 == 1 { 2 * digit } else { digit };
        sum += doubled / 10 + doubled % 10;
    }
    sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_looked_at_as_a_form_can() {
        let now = "2030-06-30T23:59:59Z".parse().unwrap();
        let cases = [
            ("4111 1111 1111 1111", "06/30", "123", Ok("411111")),
            ("5555-5555-5555-4444", "7 / 2031", "1234", Ok("555555")),
            ("4111111111111112", "06/30", "123", Err(InvalidCard::Number)),
            ("411111", "06/30", "123", Err(InvalidCard::Number)),
            ("4111x11111111111", "06/30", "123", Err(InvalidCard::Number)),
            ("4111111111111111", "05/30", "123", Err(InvalidCard::Expiry)),
            ("4111111111111111", "13/30", "123", Err(InvalidCard::Expiry)),
            ("4111111111111111", "0630", "123", Err(InvalidCard::Expiry)),
            ("4111111111111111", "06/30", "12", Err(InvalidCard::Code)),
            ("4111111111111111", "06/30", "abc", Err(InvalidCard::Code)),
        ];
        for (number, expiry, code, expected) in cases {
            let read = TypedCard::read(number, expiry, code, now);
            let bin = read.as_ref().map(|card| &**card.bin()).map_err(|error| *error);
            assert_eq!(bin, expected, "{number} {expiry} {code}");
        }
    }
}
