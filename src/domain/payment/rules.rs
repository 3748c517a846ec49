//! What a well-formed create request may still be refused for.
//!
//! The limits are those of the ePayment API guide and its error table.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{PaymentMethod, PaymentRequest, UserFlow};
use crate::domain::{
    Amount, Currency, Market, Permissions, Person, PhoneNumber, Profile, Scope, Shipping, Standing,
    kept::{Word, word},
    shipping::Offer,
};

/// Why a create request was refused. Each is a row of the published error table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The phone number cannot be anybody's.
    #[error("{0} is no phone number of a market we know")]
    InvalidPhoneNumber(PhoneNumber),
    /// A word of the scope is not one of the published ones.
    #[error("the word {0} in profile.scope is no scope")]
    InvalidScope(Arc<str>),
    /// An address is not one that the customer, or the platform, could go to. Its name, and what it
    /// is.
    #[error("the address {0} cannot be {1}")]
    InvalidUrl(Arc<str>, Arc<str>),
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
    /// The user flow, or Express, needs something that is not there.
    #[error("the parameter {0} is required with a payment of this kind")]
    MissingParameter(#[serde(deserialize_with = "word")] Word),
    /// This kind of payment is not for this sales unit, or not for the test environment.
    #[error("the paymentMethod.type {0} is not available to this sales unit")]
    MethodNotAvailable(#[serde(deserialize_with = "word")] Word),
    /// A card form opens in a browser only.
    #[error("the paymentMethod.type CARD needs WEB_REDIRECT, not {0}")]
    CardNeedsBrowser(#[serde(deserialize_with = "word")] Word),
    /// The card details of a payment service provider, with another kind of payment.
    #[error("the members cardPassthrough and paymentMethod.type CARD_PASSTHROUGH need each other")]
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
    BlockedSources(#[serde(deserialize_with = "word")] Word),
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
    #[error("the time in expiresAt is more than 60 days ahead")]
    ExpiresTooLate,
    /// It would expire too soon.
    #[error("the time in expiresAt is less than 10 minutes ahead")]
    ExpiresTooSoon,
    /// A long-living payment without a receipt.
    #[error("a payment with expiresAt needs a receipt")]
    ReceiptRequired,
    /// The customer is no user, or may not pay.
    #[error("the customer was not found, or may not pay this business")]
    CustomerNotFound,
}

const METADATA_PAIRS_MAX: usize = 5;
const METADATA_KEY_MAX: usize = 100;
const METADATA_VALUE_MAX: usize = 500;
const LONG_LIVING_AT_LEAST: SignedDuration = SignedDuration::from_mins(10);
const LONG_LIVING_AT_MOST: SignedDuration = SignedDuration::from_hours(60 * 24);

impl PaymentRequest {
    /// Whether this sales unit may create this payment now, for a customer of this standing.
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
        customer: Standing,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check_input()?;
        self.check_method(profile)?;
        self.check_sales_unit(market, permissions)?;
        self.check_amount_and_time(has_receipt, now)?;
        // By any other flow the number is a suggestion: another one may pay.
        let asked = self.phone.as_ref().filter(|_| self.user_flow == UserFlow::PushMessage);
        let may_pay = |phone: &PhoneNumber| {
            customer != Standing::Unknown && self.is_for_the_age_of(phone, customer, now)
        };
        if asked.is_none_or(may_pay) { Ok(()) } else { Err(Refusal::CustomerNotFound) }
    }

    /// Whether the owner of this number is old enough to pay (`minimumUserAge`).
    #[must_use]
    pub fn is_for_the_age_of(
        &self,
        phone: &PhoneNumber,
        standing: Standing,
        now: Timestamp,
    ) -> bool {
        let age = || Person::of(phone, standing, now).age(now);
        self.features.minimum_age.is_none_or(|least| least <= age())
    }

    fn check_input(&self) -> Result<(), Refusal> {
        if let Some(phone) = self.phone.as_ref().filter(|it| !it.is_of_a_known_market()) {
            return Err(Refusal::InvalidPhoneNumber(phone.clone()));
        }
        if let Some(word) = self.scope.iter().find(|word| word.parse::<Scope>().is_err()) {
            return Err(Refusal::InvalidScope(word.clone()));
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
            _ if self.is_express() && !self.scopes().contains(&Scope::Address) => {
                Err(Refusal::MissingParameter("address in profile.scope"))
            }
            _ => Ok(()),
        }
    }

    /// The card form does not exist in the test environment, and passthrough is for payment service
    /// providers only.
    fn check_method(&self, profile: Profile) -> Result<(), Refusal> {
        match (self.method, profile) {
            (PaymentMethod::Wallet, _) => Ok(()),
            (PaymentMethod::Card, Profile::Production) => self.check_card(),
            (PaymentMethod::Card, Profile::Test) | (PaymentMethod::CardPassthrough, _) => {
                Err(Refusal::MethodNotAvailable(self.method.code()))
            }
        }
    }

    /// A card form is a page in a browser, filled in at once and for nothing but money (ePayment API
    /// guide, freestanding card payments).
    fn check_card(&self) -> Result<(), Refusal> {
        if self.user_flow != UserFlow::WebRedirect {
            Err(Refusal::CardNeedsBrowser(self.user_flow.code()))
        } else if self.is_express() {
            Err(Refusal::ExpressNotAllowed)
        } else if self.expires_at.is_some() {
            Err(Refusal::LongLivingNotAllowed)
        } else {
            Ok(())
        }
    }

    fn check_sales_unit(&self, market: Market, permissions: Permissions) -> Result<(), Refusal> {
        if self.blocks_sources && market == Market::Norway {
            return Err(Refusal::BlockedSources(market.adjective()));
        }
        if self.is_express() && !permissions.express {
            return Err(Refusal::ExpressNotAllowed);
        }
        self.check_scope(permissions)?;
        if self.amount.currency() != market.currency() {
            let (asked, expected) = (self.amount.currency(), market.currency());
            return Err(Refusal::WrongCurrency { asked, expected });
        }
        self.check_shipping_currency()?;
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

    /// Shipping is paid together with the goods.
    fn check_shipping_currency(&self) -> Result<(), Refusal> {
        let expected = self.amount.currency();
        let Some(Shipping { offer: Offer::Fixed(groups), .. }) = &self.features.shipping else {
            return Ok(());
        };
        let mut currencies =
            groups.iter().flat_map(|it| &it.options).map(|it| it.amount.currency());
        match currencies.find(|asked| *asked != expected) {
            Some(asked) => Err(Refusal::WrongCurrency { asked, expected }),
            None => Ok(()),
        }
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
