//! What a simulated customer does with a payment request.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::{Market, PhoneNumber};

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
}

/// What a customer will do with one payment, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Approves at this time.
    ApproveAt(Timestamp),
    /// Rejects at this time.
    RejectAt(Timestamp),
}

/// The last two digits of the test numbers, and what their owners do.
pub const TEST_USERS: [(u8, Behaviour); 6] = [
    (1, Behaviour::ApproveAfter(SignedDuration::ZERO)),
    (2, Behaviour::ApproveAfter(SignedDuration::from_secs(30))),
    (3, Behaviour::Reject),
    (4, Behaviour::Ignore),
    (8, Behaviour::ApproveAtTheLastSecond),
    (10, Behaviour::Unknown),
];

impl Behaviour {
    /// What this number's owner does, if it does anything by itself.
    #[must_use]
    pub fn of(phone: &PhoneNumber) -> Option<Self> {
        let last_two = phone.as_test_number()?;
        TEST_USERS.into_iter().find(|(it, _)| *it == last_two).map(|(_, behaviour)| behaviour)
    }

    /// What becomes of a request created and expiring at these times.
    #[must_use]
    pub fn answer(self, created_at: Timestamp, expires_at: Timestamp) -> Option<Answer> {
        match self {
            Self::ApproveAfter(wait) => Some(Answer::ApproveAt(created_at + wait)),
            Self::ApproveAtTheLastSecond => {
                Some(Answer::ApproveAt(expires_at - SignedDuration::from_secs(1)))
            }
            Self::Reject => Some(Answer::RejectAt(created_at)),
            Self::Ignore | Self::Unknown => None,
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
            ("4790000010", Some("unknown")),
            ("4790000099", None),
            ("4740000001", None),
        ];
        for (phone, expected) in cases {
            let actual = Behaviour::of(&phone.parse().unwrap()).map(|it| it.to_string());
            assert_eq!(actual.as_deref(), expected, "{phone}");
        }
    }
}
