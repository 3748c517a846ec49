//! What a simulated customer does with a payment request.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{
    Market, PhoneNumber,
    card::{Card, Decline},
};

/// What the customer behind a phone number does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    /// Approves, this long after the request arrived.
    ApproveAfter(SignedDuration),
    /// Approves one second before the request expires.
    ApproveAtTheLastSecond,
    /// Rejects at once.
    Reject,
    /// Never answers, even though a tester may.
    Ignore,
    /// Is no user at all: creating the payment fails with 7010.
    Unknown,
    /// Pays at once with a card that is refused, and a little later with another.
    PayWithSecondCard,
    /// Pays at once, which comes to nothing.
    BeDeclined(Decline),
    /// Is under age: payments with a `minimumUserAge` fail with 7010. Waits for the tester.
    BeUnderAge,
    /// Has never been identified, which paying in the app would do. Waits for the tester.
    BeUnidentified,
    /// Pays at once with its only card, a commercial one, which a merchant may have blocked.
    PayWithCommercialCard,
}

/// What a customer does in the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Presses Pay.
    Pay(Card),
    /// Rejects.
    Reject,
}

/// The last two digits of the test numbers, and what their owners do.
pub const TEST_USERS: [(u8, Behaviour); 15] = [
    (1, Behaviour::ApproveAfter(SignedDuration::ZERO)),
    (2, Behaviour::ApproveAfter(SignedDuration::from_secs(30))),
    (3, Behaviour::Reject),
    (4, Behaviour::Ignore),
    (5, Behaviour::PayWithSecondCard),
    (6, Behaviour::BeDeclined(Decline::InsufficientFunds)),
    (7, Behaviour::BeDeclined(Decline::RefusedByIssuer)),
    (8, Behaviour::ApproveAtTheLastSecond),
    (10, Behaviour::Unknown),
    (11, Behaviour::BeUnderAge),
    (12, Behaviour::BeDeclined(Decline::NoCard)),
    (13, Behaviour::BeUnidentified),
    (14, Behaviour::BeDeclined(Decline::PaymentLimitExceeded)),
    (15, Behaviour::BeDeclined(Decline::ExpiredCard)),
    (16, Behaviour::PayWithCommercialCard),
];

/// How long a customer needs to choose another card.
const ANOTHER_CARD_AFTER: SignedDuration = SignedDuration::from_secs(10);

impl Behaviour {
    /// What this number's owner does, if it does anything by itself.
    #[must_use]
    pub fn of(phone: &PhoneNumber) -> Option<Self> {
        let last_two = phone.as_test_number()?;
        TEST_USERS.into_iter().find(|(it, _)| *it == last_two).map(|(_, behaviour)| behaviour)
    }

    /// What it does by itself when it is asked for money, and when.
    pub fn acts(
        self,
        asked_at: Timestamp,
        expires_at: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Act)> {
        let pay = Act::Pay(Card::First);
        let acts = match self {
            Self::ApproveAfter(wait) => [Some((asked_at + wait, pay)), None],
            Self::ApproveAtTheLastSecond => {
                [Some((expires_at - SignedDuration::from_secs(1), pay)), None]
            }
            Self::Reject => [Some((asked_at, Act::Reject)), None],
            Self::PayWithSecondCard => {
                let another = (asked_at + ANOTHER_CARD_AFTER, Act::Pay(Card::Another));
                [Some((asked_at, pay)), Some(another)]
            }
            Self::BeDeclined(_) | Self::PayWithCommercialCard => [Some((asked_at, pay)), None],
            Self::Ignore | Self::Unknown | Self::BeUnderAge | Self::BeUnidentified => [None; 2],
        };
        acts.into_iter().flatten()
    }

    /// Why it cannot pay with this card, if it cannot.
    #[must_use]
    pub const fn declines(self, card: Card, blocks_commercial: bool) -> Option<Decline> {
        match (self, card) {
            (Self::PayWithSecondCard, Card::First) => Some(Decline::RefusedByIssuer),
            (Self::BeDeclined(reason), _) => Some(reason),
            (Self::PayWithCommercialCard, _) if blocks_commercial => Some(Decline::BlockedSource),
            _ => None,
        }
    }
}

/// Every test number, market by market.
pub fn test_users() -> impl Iterator<Item = (PhoneNumber, Market, Behaviour)> {
    Market::ALL.into_iter().flat_map(|market| {
        TEST_USERS.into_iter().map(move |(last_two, behaviour)| {
            (PhoneNumber::test_number(market, last_two), market, behaviour)
        })
    })
}

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ApproveAfter(SignedDuration::ZERO) => f.write_str("approve"),
            Self::ApproveAfter(wait) => write!(f, "approve after {}s", wait.as_secs()),
            Self::ApproveAtTheLastSecond => f.write_str("approve at the last second"),
            Self::Reject => f.write_str("reject"),
            Self::Ignore => f.write_str("ignore"),
            Self::Unknown => f.write_str("unknown"),
            Self::PayWithSecondCard => f.write_str("first card refused, then approve"),
            Self::BeDeclined(reason) => write!(f, "{reason}"),
            Self::BeUnderAge => f.write_str("under age"),
            Self::BeUnidentified => f.write_str("not identified"),
            Self::PayWithCommercialCard => f.write_str("approve with a commercial card"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_says_what_the_customer_does() {
        let cases = [
            ("4790000001", Some("approve")),
            ("4590000002", Some("approve after 30s")),
            ("358900000003", Some("reject")),
            ("3589000000003", None),
            ("4790000004", Some("ignore")),
            ("4790000005", Some("first card refused, then approve")),
            ("4590000006", Some("insufficient funds")),
            ("4790000010", Some("unknown")),
            ("358900000014", Some("payment limit exceeded")),
            ("4790000099", None),
            ("4740000001", None),
        ];
        for (phone, expected) in cases {
            let actual = Behaviour::of(&phone.parse().unwrap()).map(|it| it.to_string());
            assert_eq!(actual.as_deref(), expected, "{phone}");
        }
    }
}
