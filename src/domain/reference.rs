//! Names of a payment: the merchant's own, and the platform's.

use std::{fmt, str::FromStr, sync::Arc};

/// The merchant's name for a payment: 8 to 64 of `a-z`, `A-Z`, `0-9` and `-`,
/// case-sensitive, unique within a sales unit. Valid by construction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(Arc<str>);

/// The text is not a valid [`Reference`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a reference is 8 to 64 letters, digits or hyphens")]
pub struct InvalidReference;

/// The pattern of a reference, as the ePayment API description writes it.
pub const REFERENCE_PATTERN: &str = "^[a-zA-Z0-9-]{8,64}$";

impl Reference {
    /// The text of the reference.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Reference {
    type Err = InvalidReference;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if (8..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidReference)
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What an order is called in Order Management: letters, digits, `-`, `_` and `.`.
///
/// For an ePayment payment it is the payment's reference; nothing checks that
/// such a payment exists (Order Management API guide).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId(Arc<str>);

/// The text is not a valid [`OrderId`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an order id is made of letters, digits, hyphens, underscores and full stops")]
pub struct InvalidOrderId;

/// The pattern of an order id, as the Order Management API description writes it.
pub const ORDER_ID_PATTERN: &str = r"^[0-9A-Za-z-_\.]+$";

impl OrderId {
    /// The text of the order id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for OrderId {
    type Err = InvalidOrderId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if !text.is_empty() && text.bytes().all(allowed) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidOrderId)
        }
    }
}

impl From<&Reference> for OrderId {
    /// Every reference is an order id: its alphabet is a part of the other.
    fn from(reference: &Reference) -> Self {
        Self(reference.0.clone())
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{OrderId, Reference};

    #[test]
    fn reference_accepts_only_the_documented_shape() {
        let longest = "r".repeat(64);
        let too_long = "r".repeat(65);
        let cases = [
            ("ride-0001", true),
            ("RIDE-0001", true),
            (longest.as_str(), true),
            (too_long.as_str(), false),
            ("ride-00", false),
            ("ride 0001", false),
            ("ride_0001", false),
            ("r\u{ef}de-0001", false),
        ];
        for (text, valid) in cases {
            assert_eq!(text.parse::<Reference>().is_ok(), valid, "{text}");
        }
    }

    #[test]
    fn order_id_accepts_only_the_documented_shape() {
        let cases =
            [("a", true), ("ride_1.b-2", true), ("", false), ("a/b", false), ("a b", false)];
        for (text, valid) in cases {
            assert_eq!(text.parse::<OrderId>().is_ok(), valid, "{text}");
        }
    }
}
