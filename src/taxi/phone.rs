//! The passenger's phone number, in the one form the API takes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

/// A phone number with its country code and nothing else: 9 to 15 digits.
///
/// It prints masked, so that a number reaches a log only when somebody asks for it by name.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct Phone(String);

/// Why a text is not a phone number. It does not repeat the number: errors end in logs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// There is something else than digits in it.
    #[error("a phone number has digits only, after spaces, dashes, brackets and `+` are taken off")]
    NotDigits,
    /// There are too few digits, most often because the country code is missing.
    #[error("a phone number needs its country code, such as 47, and 9 digits or more in all")]
    TooShort,
    /// There are too many digits.
    #[error("a phone number has at most 15 digits")]
    TooLong,
}

impl Phone {
    /// The number as the API takes it. Keep it out of logs.
    #[must_use]
    pub fn msisdn(&self) -> &str {
        &self.0
    }

    /// The number as a person may see it: `47****0001`.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{}****{}", &self.0[..2], &self.0[self.0.len() - 4..])
    }
}

/// Reads what a driver types: `+47 400 00 001`, `0047-40000001`, `4740000001`.
impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let compact: String =
            text.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '-' | '(' | ')')).collect();
        let digits =
            compact.strip_prefix('+').or_else(|| compact.strip_prefix("00")).unwrap_or(&compact);
        if !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError::NotDigits);
        }
        match digits.len() {
            0..9 => Err(PhoneError::TooShort),
            9..=15 => Ok(Self(digits.to_owned())),
            _ => Err(PhoneError::TooLong),
        }
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.masked())
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Phone({})", self.masked())
    }
}

impl TryFrom<String> for Phone {
    type Error = PhoneError;

    fn try_from(text: String) -> Result<Self, PhoneError> {
        text.parse()
    }
}

/// On the wire and in the journal, and only there, the number is whole.
impl Serialize for Phone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_normalised_as_people_write_them() {
        let cases = [
            ("4740000001", Ok("4740000001")),
            ("+47 400 00 001", Ok("4740000001")),
            ("0047 400-00-001", Ok("4740000001")),
            ("(+358) 40 123 4567", Ok("358401234567")),
            ("40000001", Err(PhoneError::TooShort)),
            ("", Err(PhoneError::TooShort)),
            ("1234567890123456", Err(PhoneError::TooLong)),
            ("47 4000 000l", Err(PhoneError::NotDigits)),
            ("47+40000001", Err(PhoneError::NotDigits)),
        ];
        for (text, expected) in cases {
            let phone = text.parse::<Phone>();
            assert_eq!(phone.as_ref().map(Phone::msisdn), expected.as_ref().copied(), "{text}");
        }
    }

    #[test]
    fn a_number_is_masked_unless_asked_for() {
        let phone: Phone = "4740000001".parse().unwrap();
        assert_eq!(phone.to_string(), "47****0001");
        assert_eq!(format!("{phone:?}"), "Phone(47****0001)");
        assert_eq!(serde_json::to_string(&phone).unwrap(), r#""4740000001""#);
    }
}
