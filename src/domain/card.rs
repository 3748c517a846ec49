//! What comes of a customer's attempt to pay: the answer of the bank, of the card, or of the app.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Amount, Market, PaymentError, PhoneNumber, Profile, user::Attempt};

/// What a customer pays with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Card {
    /// The one that the app offers, of which the customer's behaviour says what comes.
    #[default]
    Usual,
    /// One of which this comes, unless the amount says otherwise.
    With(Attempt),
    /// One of which this comes, whatever the amount: a tester says so.
    Certain(Attempt),
    /// None: the test endpoint approves without asking a card.
    Forced,
}

/// What comes of an attempt to pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The money is reserved.
    Approved,
    /// It is not, and the customer may try again.
    Declined(Decline),
    /// Nobody knows for this long; then the money is reserved.
    ApprovedAfter(SignedDuration),
}

/// Why an attempt to pay failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Decline {
    /// There is not enough money on the account.
    #[error("insufficient funds")]
    InsufficientFunds,
    /// The bank that issued the card refused.
    #[error("refused by issuer")]
    RefusedByIssuer,
    /// The payment looks like fraud.
    #[error("suspected fraud")]
    SuspectedFraud,
    /// More has been paid than the card allows.
    #[error("withdrawal limit exceeded")]
    WithdrawalLimitExceeded,
    /// The card has expired.
    #[error("expired card")]
    ExpiredCard,
    /// There is no such card.
    #[error("invalid card")]
    InvalidCard,
    /// The customer did not pass 3-D Secure.
    #[error("3-D Secure denied")]
    SecureDenied,
    /// The bank wants strong customer authentication.
    #[error("strong customer authentication required")]
    AuthenticationRequired,
    /// The customer has no card at all.
    #[error("no card")]
    NoCard,
    /// The customer's only card is one that the merchant has blocked.
    #[error("the only card is a commercial one, and those are blocked")]
    BlockedSource,
    /// More than the customer may pay in the app.
    #[error("payment limit exceeded")]
    PaymentLimitExceeded,
}

/// An attempt to pay that came to nothing. The merchant never hears of it; the customer does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeclinedAttempt {
    /// When, by the unit's clock.
    pub at: Timestamp,
    /// Who tried.
    pub phone: PhoneNumber,
    /// Why it failed.
    pub reason: Decline,
}

/// Amounts that the cards of the test environment refuse, in minor units of any currency (Test
/// environment page, special amounts). The last column says whether only in Norway.
const DECLINED_AMOUNTS: [(u64, Decline, bool); 8] = [
    (151, Decline::InsufficientFunds, false),
    (182, Decline::RefusedByIssuer, false),
    (183, Decline::SuspectedFraud, false),
    (184, Decline::WithdrawalLimitExceeded, false),
    (186, Decline::ExpiredCard, false),
    (187, Decline::InvalidCard, false),
    (197, Decline::SecureDenied, true),
    (202, Decline::AuthenticationRequired, true),
];

/// The amount whose outcome is unknown for an hour (same page).
const UNKNOWN_FOR_AN_HOUR: u64 = 201;

const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What comes of an attempt to pay this much: what amounts say in the test environment, or else what
/// the card says.
#[must_use]
pub fn verdict(
    amount: Amount,
    market: Market,
    profile: Profile,
    attempt: Attempt,
    blocks_sources: bool,
) -> Verdict {
    let by_amount = match profile {
        Profile::Test => of_special_amount(amount.minor(), market),
        Profile::Production => None,
    };
    by_amount.unwrap_or_else(|| attempt.verdict(blocks_sources))
}

impl Attempt {
    /// What comes of it by itself, where the merchant has blocked commercial cards or not.
    #[must_use]
    pub const fn verdict(self, blocks_sources: bool) -> Verdict {
        match self {
            Self::Refused(reason) => Verdict::Declined(reason),
            Self::WithCommercialCard if blocks_sources => Verdict::Declined(Decline::BlockedSource),
            Self::Approve | Self::WithCommercialCard => Verdict::Approved,
            Self::Unanswered => Verdict::ApprovedAfter(AN_HOUR),
        }
    }
}

/// Why a refund of this much comes to nothing, in the test environment only (same page).
#[must_use]
pub fn refused_refund(amount: Amount, profile: Profile) -> Option<PaymentError> {
    match (profile, amount.minor()) {
        (Profile::Test, 123) => Some(PaymentError::NoReceiver),
        (Profile::Test, 124) => Some(PaymentError::RefundWindowClosed),
        _ => None,
    }
}

fn of_special_amount(minor: u64, market: Market) -> Option<Verdict> {
    if minor == UNKNOWN_FOR_AN_HOUR {
        return Some(Verdict::ApprovedAfter(AN_HOUR));
    }
    let declined = DECLINED_AMOUNTS.into_iter().find(|(it, _, in_norway_only)| {
        *it == minor && (market == Market::Norway || !in_norway_only)
    });
    declined.map(|(_, reason, _)| Verdict::Declined(reason))
}

impl fmt::Display for DeclinedAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Currency;

    #[test]
    fn amounts_say_what_becomes_of_them_in_the_test_environment_only() {
        let cases = [
            (150, Market::Norway, Verdict::Approved),
            (151, Market::Norway, Verdict::Declined(Decline::InsufficientFunds)),
            (187, Market::Denmark, Verdict::Declined(Decline::InvalidCard)),
            (197, Market::Norway, Verdict::Declined(Decline::SecureDenied)),
            (197, Market::Denmark, Verdict::Approved),
            (201, Market::Finland, Verdict::ApprovedAfter(AN_HOUR)),
            (202, Market::Finland, Verdict::Approved),
        ];
        for (minor, market, expected) in cases {
            let amount = Amount::new(Currency::Nok, minor);
            let of = |profile| verdict(amount, market, profile, Attempt::Approve, false);
            assert_eq!(of(Profile::Test), expected, "{minor} {market}");
            assert_eq!(of(Profile::Production), Verdict::Approved, "{minor} {market}");
        }
    }
}
