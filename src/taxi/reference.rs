//! Names that are made from the ride and from nothing else.
//!
//! A taxi that crashed and started again makes the same references and the same keys, so the API
//! recognises what it has seen. Random keys would be lost with the process that drew them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// One ride of one car, `n02272-20261008-0431`: licence, day, number of the trip.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RideKey(String);

/// One attempt to get a ride paid; its reference is what the API knows the payment by.
///
/// A declined or expired payment is over for good, so the next attempt is a new payment.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Attempt {
    ride: RideKey,
    purpose: Purpose,
    number: u8,
}

/// What a payment of a ride is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// The fare, and the tip with it where there is room.
    Fare,
    /// What the first payment has no room for, or what is owed afterwards.
    Extra,
    /// A tip for which there was no room.
    Tip,
}

/// The name of a payment: 8 to 64 of `a-z`, `A-Z`, `0-9` and `-`, unique within a sales unit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// What makes repeating a call harmless: the same key and body is the same call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct IdempotencyKey(String);

/// Why a text is not a ride, a reference or a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    /// Not a ride.
    #[error("`{0}` is not a ride id: use 6 to 37 letters, digits and dashes, a letter first")]
    Ride(String),
    /// Not a payment reference.
    #[error("`{0}` is not a reference: use 8 to 64 letters, digits and dashes")]
    Reference(String),
    /// Not an idempotency key.
    #[error("`{0}` is not an idempotency key: use 1 to 50 visible characters")]
    Key(String),
}

/// Leaves room for attempt, part and prefix within the 50 characters of the longest key.
const RIDE_LENGTH_MAX: usize = 37;
/// Makes the shortest reference, `<ride>-1`, eight characters long.
const RIDE_LENGTH_MIN: usize = 6;

impl RideKey {
    /// The key of the trip number `trip` of the car with this licence on this day.
    ///
    /// # Errors
    ///
    /// [`ReferenceError::Ride`] when the licence has characters a reference cannot carry.
    pub fn new(licence: &str, day: jiff::civil::Date, trip: u32) -> Result<Self, ReferenceError> {
        let day = day.strftime("%Y%m%d");
        format!("{}-{day}-{trip:04}", licence.to_ascii_lowercase()).parse()
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The attempt with this number, counted from one.
    #[must_use]
    pub fn attempt(&self, number: u8) -> Attempt {
        Attempt { ride: self.clone(), purpose: Purpose::Fare, number }
    }

    /// The extra payment with this number, counted from one.
    #[must_use]
    pub fn extra(&self, number: u8) -> Attempt {
        Attempt { ride: self.clone(), purpose: Purpose::Extra, number }
    }

    /// The attempt with this number to get the ride's tip paid by itself.
    #[must_use]
    pub fn tip(&self, number: u8) -> Attempt {
        Attempt { ride: self.clone(), purpose: Purpose::Tip, number }
    }
}

/// A ride's key begins with a letter: spreadsheets turn long numbers into something else.
impl FromStr for RideKey {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        let length = RIDE_LENGTH_MIN..=RIDE_LENGTH_MAX;
        let letter_first = text.starts_with(|first: char| first.is_ascii_alphabetic());
        if letter_first && length.contains(&text.len()) && is_plain(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Ride(text.to_owned()))
        }
    }
}

impl Attempt {
    /// The ride that is to be paid.
    #[must_use]
    pub fn ride(&self) -> &RideKey {
        &self.ride
    }

    /// What it is for.
    #[must_use]
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The same with the next number, after this one has ended unpaid.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { number: self.number.saturating_add(1), ..self.clone() }
    }

    /// Which attempt this is, counted from one.
    #[must_use]
    pub fn number(&self) -> u8 {
        self.number
    }

    /// The payment's reference, `<ride>-<attempt>`; an extra payment is `<ride>-x<attempt>`, a tip
    /// `<ride>-t<attempt>`.
    #[must_use]
    pub fn reference(&self) -> Reference {
        let mark = match self.purpose {
            Purpose::Fare => "",
            Purpose::Extra => "x",
            Purpose::Tip => "t",
        };
        Reference(format!("{}-{mark}{}", self.ride, self.number))
    }

    /// The key of the create call, `cr-<reference>`.
    #[must_use]
    pub fn create_key(&self) -> IdempotencyKey {
        self.key("cr", None)
    }

    /// The key of the capture of this part, `cap-<reference>-<part>`.
    ///
    /// Two captures of one payment need two parts: under one key the second would be taken for a
    /// repetition of the first.
    #[must_use]
    pub fn capture_key(&self, part: u8) -> IdempotencyKey {
        self.key("cap", Some(part))
    }

    /// The key of the call that releases what is left, `can-<reference>`.
    #[must_use]
    pub fn cancel_key(&self) -> IdempotencyKey {
        self.key("can", None)
    }

    /// The key of the same call made once more, `can-<reference>-<k>`, because the first was refused
    /// for a reason that has passed: a refusal sticks to its key.
    #[must_use]
    pub fn cancel_again_key(&self, k: u8) -> IdempotencyKey {
        self.key("can", Some(k))
    }

    /// The key of the call that withdraws an unanswered request, `wdr-<reference>`.
    ///
    /// It has another body than [`Self::cancel_key`]'s call, so it must have another key.
    #[must_use]
    pub fn withdraw_key(&self) -> IdempotencyKey {
        self.key("wdr", None)
    }

    /// The key of the refund number `k`, `ref-<reference>-<k>`: one for each decision to refund.
    #[must_use]
    pub fn refund_key(&self, k: u8) -> IdempotencyKey {
        self.key("ref", Some(k))
    }

    fn key(&self, prefix: &str, part: Option<u8>) -> IdempotencyKey {
        let reference = self.reference();
        IdempotencyKey(match part {
            Some(part) => format!("{prefix}-{reference}-{part}"),
            None => format!("{prefix}-{reference}"),
        })
    }
}

impl Reference {
    /// The reference as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RideKey {
    type Error = ReferenceError;

    fn try_from(text: String) -> Result<Self, ReferenceError> {
        text.parse()
    }
}

impl From<RideKey> for String {
    fn from(ride: RideKey) -> Self {
        ride.0
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if (8..=64).contains(&text.len()) && is_plain(text) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Reference(text.to_owned()))
        }
    }
}

impl TryFrom<String> for Reference {
    type Error = ReferenceError;

    fn try_from(text: String) -> Result<Self, ReferenceError> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> Self {
        reference.0
    }
}

impl IdempotencyKey {
    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for IdempotencyKey {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if (1..=50).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReferenceError::Key(text.to_owned()))
        }
    }
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl fmt::Display for RideKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn everything_is_named_after_the_ride() {
        let ride = RideKey::new("N02272", jiff::civil::date(2026, 10, 8), 431).unwrap();
        assert_eq!(ride.as_str(), "n02272-20261008-0431");
        let attempt = ride.attempt(2);
        assert_eq!(attempt.reference().as_str(), "n02272-20261008-0431-2");
        assert_eq!(attempt.create_key().as_str(), "cr-n02272-20261008-0431-2");
        assert_eq!(attempt.capture_key(1).as_str(), "cap-n02272-20261008-0431-2-1");
        assert_eq!(attempt.cancel_key().as_str(), "can-n02272-20261008-0431-2");
        assert_eq!(attempt.cancel_again_key(2).as_str(), "can-n02272-20261008-0431-2-2");
        assert_eq!(attempt.withdraw_key().as_str(), "wdr-n02272-20261008-0431-2");
        assert_eq!(attempt.refund_key(3).as_str(), "ref-n02272-20261008-0431-2-3");
        assert_eq!(ride.tip(1).reference().as_str(), "n02272-20261008-0431-t1");
        assert_eq!(ride.extra(1).next().reference().as_str(), "n02272-20261008-0431-x2");
    }

    #[test]
    fn a_ride_id_is_short_plain_and_begins_with_a_letter() {
        let cases = [
            ("ride-0001", true),
            ("n02272-20261008-0431", true),
            ("abcdef", true),
            ("abcde", false),
            ("0001-ride", false),
            ("ride_0001", false),
            ("ride 0001", false),
            ("r234567890123456789012345678901234-37", true),
            ("r2345678901234567890123456789012345-38", false),
        ];
        for (text, valid) in cases {
            assert_eq!(text.parse::<RideKey>().is_ok(), valid, "{text}");
        }
    }

    #[test]
    fn a_key_is_refused_here_before_the_api_refuses_it() {
        assert!("k".repeat(50).parse::<IdempotencyKey>().is_ok());
        assert!("k".repeat(51).parse::<IdempotencyKey>().is_err());
        assert!("".parse::<IdempotencyKey>().is_err());
        assert!("a key".parse::<IdempotencyKey>().is_err());
    }

    proptest! {
        #[test]
        fn every_name_of_every_ride_is_valid(
            ride in "[a-zA-Z][a-zA-Z0-9-]{5,36}", attempt: u8, part: u8, is_tip: bool,
        ) {
            let ride = ride.parse::<RideKey>().unwrap();
            let attempt = if is_tip { ride.tip(attempt) } else { ride.attempt(attempt) };
            attempt.reference().as_str().parse::<Reference>().unwrap();
            let keys = [
                attempt.create_key(),
                attempt.capture_key(part),
                attempt.cancel_key(),
                attempt.cancel_again_key(part),
                attempt.withdraw_key(),
                attempt.refund_key(part),
            ];
            for key in keys {
                key.as_str().parse::<IdempotencyKey>().unwrap();
            }
        }
    }
}
