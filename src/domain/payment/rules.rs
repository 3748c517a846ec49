//! What a well-formed create request may still be refused for.
//!
//! The limits are those of the ePayment API guide and its error table.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{PaymentMethod, PaymentRequest, UserFlow};
use crate::domain::{Amount, Behaviour, Currency, Market, Permissions, PhoneNumber, Profile};

/// Why a create request was refused. Each is a row of the published error table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The phone number cannot be anybody's.
    #[error("{0} is no phone number of a market we know")]
    InvalidPhoneNumber(PhoneNumber),
    /// A word of the scope is not one of the published ones.
    #[error("{0} is no scope")]
    InvalidScope(Arc<str>),
    /// The return address is neither https nor of an app.
    #[error("{0} is neither an https address nor one of an app")]
    InvalidReturnUrl(Arc<str>),
    /// Too many pairs of metadata.
    #[error("metadata has {0} pairs, and may have 5")]
    MetadataTooMany(usize),
    /// A key of metadata stands there twice.
    #[error("the metadata key {0} stands there twice")]
    MetadataKeyTwice(Arc<str>),
    /// A key of metadata is too long.
    #[error("a key of metadata is longer than 100 characters")]
    MetadataKeyTooLong,
    /// A value of metadata is too long.
    #[error("a value of metadata is longer than 500 characters")]
    MetadataValueTooLong,
    /// The user flow needs something that is not there.
    #[error("{0} is required with this user flow")]
    MissingParameter(&'static str),
    /// This kind of payment is not for this sales unit, or not for the test environment.
    #[error("paymentMethod.type {0} is not available to this sales unit")]
    MethodNotAvailable(&'static str),
    /// The card details of a payment service provider, with another kind of payment.
    #[error("cardPassthrough and paymentMethod.type CARD_PASSTHROUGH need each other")]
    MethodMismatch,
    /// An amount with decimals.
    #[error("the amount must be a whole number of minor units")]
    AmountNotWhole,
    /// The scanned code of a customer is none.
    #[error("the parameter PersonalQr is invalid")]
    InvalidPersonalQr,
    /// Nobody holds this check-in token.
    #[error("the customer token is unknown or has expired")]
    InvalidCustomerToken,
    /// The sales unit may not sell with shipping inside the app.
    #[error("the sales unit is not allowed to use Express")]
    ExpressNotAllowed,
    /// Blocking sources is not for this market.
    #[error("not possible to block payment sources for market: '{0}'")]
    BlockedSources(&'static str),
    /// The sales unit may not ask for this about its customers.
    #[error("the sales unit is not allowed to ask for the scope {0}")]
    IllegalScope(Arc<str>),
    /// The sales unit's money would have nowhere to go.
    #[error("the bank account of the sales unit is not verified")]
    BankAccountNotVerified,
    /// The currency is not that of the sales unit.
    #[error("the sales unit is paid in {expected}, not in {asked}")]
    WrongCurrency {
        /// What was asked for.
        asked: Currency,
        /// What the sales unit has.
        expected: Currency,
    },
    /// The sales unit may not choose when a payment expires.
    #[error("the sales unit is not allowed to create long-living payments")]
    LongLivingNotAllowed,
    /// The sales unit may not send push messages.
    #[error("the sales unit is not allowed to use PUSH_MESSAGE")]
    PushNotAllowed,
    /// The amount is below the currency's minimum.
    #[error("{asked} is below the minimum, {minimum}")]
    AmountTooSmall {
        /// What was asked for.
        asked: Amount,
        /// The least there may be.
        minimum: Amount,
    },
    /// It would expire too far ahead.
    #[error("expiresAt is more than 60 days ahead")]
    ExpiresTooLate,
    /// It would expire too soon.
    #[error("expiresAt is less than 10 minutes ahead")]
    ExpiresTooSoon,
    /// A long-living payment without a receipt.
    #[error("a payment with expiresAt needs a receipt")]
    ReceiptRequired,
    /// The customer is no user, or may not pay.
    #[error("the customer was not found, or may not pay this business")]
    CustomerNotFound,
}

/// The words of `profile.scope`.
const SCOPES: [&str; 6] = ["name", "address", "email", "phoneNumber", "birthDate", "nin"];

const METADATA_PAIRS_MAX: usize = 5;
const METADATA_KEY_MAX: usize = 100;
const METADATA_VALUE_MAX: usize = 500;
const LONG_LIVING_AT_LEAST: SignedDuration = SignedDuration::from_mins(10);
const LONG_LIVING_AT_MOST: SignedDuration = SignedDuration::from_hours(60 * 24);

impl PaymentRequest {
    /// Whether this sales unit may create this payment now.
    ///
    /// # Errors
    ///
    /// The first [`Refusal`], in the order of the published codes.
    pub fn check(
        &self,
        market: Market,
        permissions: Permissions,
        profile: Profile,
        has_receipt: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check_input()?;
        self.check_method(profile)?;
        self.check_sales_unit(market, permissions)?;
        self.check_amount_and_time(has_receipt, now)?;
        // By any other flow the number is a suggestion: another one may pay.
        let asked = self.phone.as_ref().filter(|_| self.user_flow == UserFlow::PushMessage);
        match asked.and_then(Behaviour::of) {
            Some(Behaviour::Unknown) => Err(Refusal::CustomerNotFound),
            Some(_) | None => Ok(()),
        }
    }

    fn check_input(&self) -> Result<(), Refusal> {
        if let Some(phone) = self.phone.as_ref().filter(|it| !it.is_of_a_known_market()) {
            return Err(Refusal::InvalidPhoneNumber(phone.clone()));
        }
        if let Some(word) = self.scope.iter().find(|word| !SCOPES.contains(&&***word)) {
            return Err(Refusal::InvalidScope(word.clone()));
        }
        if let Some(url) = self.return_url.as_ref().filter(|url| !is_return_url(url)) {
            return Err(Refusal::InvalidReturnUrl(url.clone()));
        }
        if METADATA_PAIRS_MAX < self.metadata.len() {
            return Err(Refusal::MetadataTooMany(self.metadata.len()));
        }
        if self.metadata.iter().any(|(key, _)| METADATA_KEY_MAX < key.chars().count()) {
            return Err(Refusal::MetadataKeyTooLong);
        }
        if self.metadata.iter().any(|(_, value)| METADATA_VALUE_MAX < value.chars().count()) {
            return Err(Refusal::MetadataValueTooLong);
        }
        match (self.user_flow, &self.phone, &self.return_url) {
            (UserFlow::PushMessage, None, _) => Err(Refusal::MissingParameter("customer")),
            (UserFlow::WebRedirect | UserFlow::NativeRedirect, _, None) => {
                Err(Refusal::MissingParameter("returnUrl"))
            }
            _ => Ok(()),
        }
    }

    /// The card form does not exist in the test environment, and passthrough is for payment service
    /// providers only.
    fn check_method(&self, profile: Profile) -> Result<(), Refusal> {
        match (self.method, profile) {
            (PaymentMethod::Wallet, _) | (PaymentMethod::Card, Profile::Production) => Ok(()),
            (PaymentMethod::Card, Profile::Test) | (PaymentMethod::CardPassthrough, _) => {
                Err(Refusal::MethodNotAvailable(self.method.code()))
            }
        }
    }

    fn check_sales_unit(&self, market: Market, permissions: Permissions) -> Result<(), Refusal> {
        if self.blocks_sources && market == Market::Norway {
            return Err(Refusal::BlockedSources(market.adjective()));
        }
        self.check_scope(permissions)?;
        if self.amount.currency() != market.currency() {
            let (asked, expected) = (self.amount.currency(), market.currency());
            return Err(Refusal::WrongCurrency { asked, expected });
        }
        if self.expires_at.is_some() && !permissions.long_living {
            return Err(Refusal::LongLivingNotAllowed);
        }
        if !permissions.bank_account_verified {
            return Err(Refusal::BankAccountNotVerified);
        }
        if self.user_flow == UserFlow::PushMessage && !permissions.push_message {
            return Err(Refusal::PushNotAllowed);
        }
        Ok(())
    }

    fn check_scope(&self, permissions: Permissions) -> Result<(), Refusal> {
        let may_ask =
            |word: &str| permissions.profile_sharing && (word != "nin" || permissions.nin);
        match self.scope.iter().find(|word| !may_ask(word)) {
            Some(word) => Err(Refusal::IllegalScope(word.clone())),
            None => Ok(()),
        }
    }

    fn check_amount_and_time(&self, has_receipt: bool, now: Timestamp) -> Result<(), Refusal> {
        let currency = self.amount.currency();
        if self.amount.minor() < currency.minimum_minor() {
            let minimum = Amount::new(currency, currency.minimum_minor());
            return Err(Refusal::AmountTooSmall { asked: self.amount, minimum });
        }
        let Some(expires_at) = self.expires_at else { return Ok(()) };
        let ahead = expires_at.duration_since(now);
        if LONG_LIVING_AT_MOST <= ahead {
            Err(Refusal::ExpiresTooLate)
        } else if ahead <= LONG_LIVING_AT_LEAST {
            Err(Refusal::ExpiresTooSoon)
        } else if !has_receipt {
            Err(Refusal::ReceiptRequired)
        } else {
            Ok(())
        }
    }
}

/// `https://host...`, or `scheme:...` of an app; plain http is neither.
fn is_return_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let valid_scheme = scheme.starts_with(|it: char| it.is_ascii_alphabetic())
        && scheme.chars().all(|it| it.is_ascii_alphanumeric() || "+-.".contains(it));
    let valid_rest = !rest.is_empty() && !rest.contains(char::is_whitespace);
    let host = rest.strip_prefix("//").unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "http" | "javascript" | "data" => false,
        "https" => valid_rest && !host.is_empty() && !host.starts_with('/'),
        _ => valid_scheme && valid_rest,
    }
}

#[cfg(test)]
mod tests {
    use super::is_return_url;

    #[test]
    fn a_return_address_is_https_or_of_an_app() {
        let cases = [
            ("https://taxi.example/return", true),
            ("taxiapp://paid", true),
            ("http://taxi.example/return", false),
            ("https://", false),
            ("https:///path", false),
            ("taxi.example", false),
            ("", false),
            ("https://taxi example", false),
        ];
        for (text, valid) in cases {
            assert_eq!(is_return_url(text), valid, "{text}");
        }
    }
}
