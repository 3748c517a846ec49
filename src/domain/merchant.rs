//! A sales unit: its number, its market, what it is permitted.

use std::{fmt, str::FromStr, sync::Arc};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::Currency;

/// A merchant serial number: 4 to 10 digits. It names a sales unit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Msn(Arc<str>);

/// The text is not a valid [`Msn`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a merchant serial number is 4 to 10 digits")]
pub struct InvalidMsn;

/// Where a sales unit sells. It decides currency, brand and deadlines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Market {
    /// Norway: Vipps, NOK.
    Norway,
    /// Denmark: MobilePay, DKK.
    Denmark,
    /// Finland: MobilePay, EUR.
    Finland,
}

/// The text names no market.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a market is one of NO, DK and FI")]
pub struct InvalidMarket;

/// How the calls of a sales unit are read where the platform's own rules are not enforced, or not
/// known to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strictness {
    /// As the platform is seen to do: what it does not know, it ignores.
    #[default]
    Lenient,
    /// As it is written: what is not described is refused.
    Strict,
}

/// Which environment a sales unit is in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    /// The test environment: force approve, special amounts, tokens of an hour, no `CARD`.
    #[default]
    Test,
    /// Production: none of those, and `CARD`.
    Production,
}

/// The text names no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a profile is one of test and production")]
pub struct InvalidProfile;

/// Makes the structure, what is usual, and the list by name out of one table.
macro_rules! permissions {
    ($($(#[$doc:meta])+ $name:ident: $usually:literal;)+) => {
        /// What the platform has approved a sales unit for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub struct Permissions {
            $($(#[$doc])+ pub $name: bool,)+
        }

        impl Permissions {
            /// The name of each, in `snake_case`.
            pub const NAMES: &[&str] = &[$(stringify!($name)),+];

            /// Everything a test sales unit usually has.
            #[must_use]
            pub const fn all() -> Self {
                Self { $($name: $usually),+ }
            }

            /// Each of them by its name, in `snake_case`.
            pub fn each(self) -> impl Iterator<Item = (&'static str, bool)> {
                [$((stringify!($name), self.$name)),+].into_iter()
            }

            /// The permission of this name, in `snake_case`.
            pub fn named(&mut self, name: &str) -> Option<&mut bool> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)+
                    _ => None,
                }
            }
        }
    };
}

permissions! {
    /// May send `PUSH_MESSAGE` requests (else error 5080).
    push_message: true;
    /// May give payments an `expiresAt` of their own (else error 5050).
    long_living: true;
    /// May capture less than the reservation (else error 6140).
    partial_capture: true;
    /// May capture for 180 days where the market has 14.
    late_capture: false;
    /// May sell with shipping inside the app (else error 5020).
    express: true;
    /// May ask who the customer is: `profile.scope` (else error 5030).
    profile_sharing: true;
    /// May ask for the national identity number too, the scope `nin` (else error 5030). The platform
    /// grants it to few.
    nin: false;
    /// Has a bank account that the platform has verified (else error 5060).
    bank_account_verified: true;
    /// May give money back (else error 5100).
    refund: true;
}

impl Msn {
    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Msn {
    type Err = InvalidMsn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if (4..=10).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.into()))
        } else {
            Err(InvalidMsn)
        }
    }
}

impl fmt::Display for Msn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Market {
    /// Every market, in the order of the default sandbox.
    pub const ALL: [Self; 3] = [Self::Norway, Self::Denmark, Self::Finland];

    /// The ISO 3166-1 code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Norway => "NO",
            Self::Denmark => "DK",
            Self::Finland => "FI",
        }
    }

    /// The adjective in the platform's own error texts.
    #[must_use]
    pub const fn adjective(self) -> &'static str {
        match self {
            Self::Norway => "Norwegian",
            Self::Denmark => "Danish",
            Self::Finland => "Finnish",
        }
    }

    /// What its sales units are paid in.
    #[must_use]
    pub const fn currency(self) -> Currency {
        match self {
            Self::Norway => Currency::Nok,
            Self::Denmark => Currency::Dkk,
            Self::Finland => Currency::Eur,
        }
    }

    /// The country code its phone numbers begin with.
    #[must_use]
    pub const fn calling_code(self) -> &'static str {
        match self {
            Self::Norway => "47",
            Self::Denmark => "45",
            Self::Finland => "358",
        }
    }

    /// How long after the reservation a capture is accepted: 180 days in Norway,
    /// 14 in Denmark and Finland, 180 there too with late capture (ePayment API guide, capture).
    #[must_use]
    pub const fn capture_window(self, permissions: Permissions) -> SignedDuration {
        let days = match (self, permissions.late_capture) {
            (Self::Norway, _) | (_, true) => 180,
            (Self::Denmark | Self::Finland, false) => 14,
        };
        SignedDuration::from_hours(24 * days)
    }
}

impl Profile {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Test, Self::Production];

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Production => "production",
        }
    }
}

impl FromStr for Profile {
    type Err = InvalidProfile;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or(InvalidProfile)
    }
}

impl Strictness {
    /// Strict, if it is asked for.
    #[must_use]
    pub const fn when(strict: bool) -> Self {
        if strict { Self::Strict } else { Self::Lenient }
    }

    /// Whether what is not described is refused.
    #[must_use]
    pub const fn is_strict(self) -> bool {
        matches!(self, Self::Strict)
    }
}

impl fmt::Display for Market {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Market {
    type Err = InvalidMarket;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.code() == text).ok_or(InvalidMarket)
    }
}
