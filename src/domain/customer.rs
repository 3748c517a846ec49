//! How a merchant says who is to pay (ePayment API description, `Customer`; QR API guide).

use std::{str::FromStr, sync::Arc};

use jiff::SignedDuration;

use super::PhoneNumber;

/// One of the three ways in which a request may name its customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CustomerIdentity {
    /// By phone number.
    Phone(PhoneNumber),
    /// By what was scanned from the customer's app.
    PersonalQr(PersonalQr),
    /// By the token of a check-in.
    Token(Arc<str>),
}

/// What a customer's own code says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonalQr {
    /// The phone number itself: content of version 1.0, deprecated.
    ClearText(PhoneNumber),
    /// A token that the platform can look up: content of version 2.0.
    Tokenised(Arc<str>),
}

/// The text is not the content of a [`PersonalQr`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it is not what a customer's own code says")]
pub struct InvalidPersonalQr;

/// How long the token of a check-in may be paid with (QR API guide, merchant callback).
pub const CUSTOMER_TOKEN_LIFETIME: SignedDuration = SignedDuration::from_mins(15);

/// What clear-text contents begin with; the number and the version follow.
const CLEAR_TEXT: &str = "https://qr.vipps.no/28/2/01/031/";

/// What tokenised contents begin with; the token follows.
const TOKENISED: &str = "https://qr.vipps.no/p/";

impl PersonalQr {
    /// The content as a scanner reads it.
    #[must_use]
    pub fn content(&self) -> String {
        match self {
            Self::ClearText(phone) => format!("{CLEAR_TEXT}{phone}?v=1"),
            Self::Tokenised(token) => format!("{TOKENISED}{token}"),
        }
    }

    /// The version of the content, as the QR API names it.
    #[must_use]
    pub const fn version(&self) -> &'static str {
        match self {
            Self::ClearText(_) => "1.0",
            Self::Tokenised(_) => "2.0",
        }
    }
}

impl FromStr for PersonalQr {
    type Err = InvalidPersonalQr;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(rest) = text.strip_prefix(CLEAR_TEXT) {
            let number = rest.split_once('?').map_or(rest, |(number, _)| number);
            return number.parse().map(Self::ClearText).map_err(|_| InvalidPersonalQr);
        }
        let token = text.strip_prefix(TOKENISED).ok_or(InvalidPersonalQr)?;
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if token.is_empty() || !token.bytes().all(allowed) {
            return Err(InvalidPersonalQr);
        }
        Ok(Self::Tokenised(token.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_of_the_content_are_read_and_no_other() {
        let cases = [
            ("https://qr.vipps.no/28/2/01/031/4790000001?v=1", Some("1.0")),
            ("https://qr.vipps.no/28/2/01/031/4790000001", Some("1.0")),
            ("https://qr.vipps.no/28/2/01/031/+4790000001?v=1", None),
            ("https://qr.vipps.no/28/2/01/031/", None),
            ("https://qr.vipps.no/p/aBc-_9", Some("2.0")),
            ("https://qr.vipps.no/p/", None),
            ("https://qr.vipps.no/p/a/b", None),
            ("https://qr.example/p/aBc", None),
            ("4790000001", None),
        ];
        for (text, version) in cases {
            let actual = text.parse::<PersonalQr>().ok();
            assert_eq!(actual.as_ref().map(PersonalQr::version), version, "{text}");
        }
    }

    #[test]
    fn content_is_read_as_it_was_written() {
        let phone = "4790000001".parse().unwrap();
        for code in [PersonalQr::ClearText(phone), PersonalQr::Tokenised("aBc".into())] {
            assert_eq!(code.content().parse(), Ok(code));
        }
    }
}
