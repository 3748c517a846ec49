//! Profile sharing: what a merchant may learn about a customer who consents (ePayment API guide,
//! profile sharing; Userinfo API guide).

use std::{str::FromStr, sync::Arc};

use jiff::{SignedDuration, Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Person, PhoneNumber, person::Address};

/// A word of `profile.scope`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Scope {
    /// First and last name.
    Name,
    /// Where it lives.
    Address,
    /// The e-mail address.
    Email,
    /// The phone number.
    PhoneNumber,
    /// The day of birth.
    BirthDate,
    /// The national identity number.
    Nin,
}

/// The text is no [`Scope`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a scope is one of name, address, email, phoneNumber, birthDate and nin")]
pub struct InvalidScope;

/// How long a consent is not asked for again, and what was consented to can be read.
pub const CONSENT_LASTS: SignedDuration = SignedDuration::from_hours(168);

/// What a customer has consented to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The customer's name at this sales unit: always the same one.
    pub sub: Arc<str>,
    /// What may be known.
    pub scopes: Vec<Scope>,
    /// Since when.
    pub at: Timestamp,
    /// The customer, as it was then.
    pub person: Person,
}

/// What a merchant learns with the payment (ePayment API description, `UserDetails`). What was not
/// asked for is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserDetails {
    /// The e-mail address.
    pub email: Option<Arc<str>>,
    /// The first name.
    pub first_name: Option<Arc<str>>,
    /// The last name.
    pub last_name: Option<Arc<str>>,
    /// The phone number.
    pub mobile_number: Option<PhoneNumber>,
    /// The day of birth.
    pub date_of_birth: Option<Date>,
    /// Where it lives, if the merchant may know; none if nobody does.
    pub addresses: Option<Vec<Address>>,
}

impl Scope {
    /// Every word, in the order of the guide.
    pub const ALL: [Self; 6] =
        [Self::Name, Self::Address, Self::Email, Self::PhoneNumber, Self::BirthDate, Self::Nin];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Address => "address",
            Self::Email => "email",
            Self::PhoneNumber => "phoneNumber",
            Self::BirthDate => "birthDate",
            Self::Nin => "nin",
        }
    }
}

impl FromStr for Scope {
    type Err = InvalidScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.code() == text).ok_or(InvalidScope)
    }
}

impl Consent {
    /// Whether all of this may be known already, so that the customer is not asked again.
    #[must_use]
    pub fn covers(&self, scopes: &[Scope], now: Timestamp) -> bool {
        self.is_fresh(now) && scopes.iter().all(|it| self.scopes.contains(it))
    }

    /// Whether what was consented to can still be read.
    #[must_use]
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.at) < CONSENT_LASTS
    }

    /// Whether the merchant may know this.
    #[must_use]
    pub fn shares(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

impl UserDetails {
    /// What these words say about a customer.
    #[must_use]
    pub fn of(person: &Person, scopes: &[Scope]) -> Self {
        let mut details = Self::default();
        for scope in scopes {
            match scope {
                Scope::Name => {
                    details.first_name = Some(person.given_name.clone());
                    details.last_name = Some(person.family_name.clone());
                }
                Scope::Address => {
                    details.addresses = Some(person.home.iter().cloned().collect());
                }
                Scope::Email => details.email = Some(person.email.clone()),
                Scope::PhoneNumber => details.mobile_number = Some(person.phone.clone()),
                Scope::BirthDate => details.date_of_birth = Some(person.birth_date),
                // Only the Userinfo API tells it.
                Scope::Nin => {}
            }
        }
        details
    }
}
