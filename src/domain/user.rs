//! What a simulated customer does with a payment request.
//!
//! A [`Behaviour`] says it payment after payment; for each of them it has a [`Habit`]: who the
//! customer is, and the steps it takes by itself. Testers write behaviours in words, which
//! `parse` reads and `Display` writes.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Market, PhoneNumber, card::Decline};

mod parse;

mod words;

pub use parse::{BehaviourError, Outcome};

/// What the customer behind a phone number does by itself, payment after payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Behaviour {
    /// With the first payments, one habit each.
    pub once: Vec<Habit>,
    /// With all that follow.
    pub always: Habit,
}

/// What a customer does with one payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Habit {
    /// Who it is.
    pub standing: Standing,
    /// What it does by itself, in order; without any it waits for the tester.
    pub steps: Cow<'static, [Step]>,
}

/// Who a customer is, as far as the platform makes a difference.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    /// Identified, of age, with a card.
    #[default]
    Usual,
    /// No user at all: creating the payment fails with 7010.
    Unknown,
    /// Younger than this many years, by one: a `minimumUserAge` may fail with 7010.
    UnderAge(u8),
    /// Never identified, which paying in the app would do.
    Unidentified,
}

/// Something that a customer does by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What.
    pub act: Act,
    /// When.
    pub when: When,
}

/// When a customer takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// At once, or as soon as it can after the step before.
    Soon,
    /// This long after it was asked, or after the step before.
    After(SignedDuration),
    /// One second before the request expires.
    AtTheLastSecond,
}

/// What a customer does in the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// Presses Pay.
    Pay(Attempt),
    /// Rejects.
    Reject,
    /// Never answers, even though a tester may.
    Ignore,
}

/// What comes of pressing Pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Attempt {
    /// The money is reserved.
    Approve,
    /// The same, unless the merchant has blocked commercial cards.
    WithCommercialCard,
    /// Nothing, and the customer may try again.
    Refused(Decline),
    /// Nobody knows for an hour; then the money is reserved.
    Unanswered,
}

const fn step(act: Act) -> Step {
    Step { act, when: When::Soon }
}

const fn does(steps: &'static [Step]) -> Habit {
    Habit { standing: Standing::Usual, steps: Cow::Borrowed(steps) }
}

const fn is(standing: Standing) -> Habit {
    Habit { standing, steps: Cow::Borrowed(&[]) }
}

const APPROVE: Act = Act::Pay(Attempt::Approve);
const AT_ONCE: Step = step(APPROVE);
const LATER: Step = Step { act: APPROVE, when: When::After(SignedDuration::from_secs(30)) };
const AT_THE_LAST_SECOND: Step = Step { act: APPROVE, when: When::AtTheLastSecond };
const REJECT: Step = step(Act::Reject);
const IGNORE: Step = step(Act::Ignore);
const NO_MONEY: Step = step(Act::Pay(Attempt::Refused(Decline::InsufficientFunds)));
const REFUSED: Step = step(Act::Pay(Attempt::Refused(Decline::RefusedByIssuer)));
const NO_CARD: Step = step(Act::Pay(Attempt::Refused(Decline::NoCard)));
const OVER_THE_LIMIT: Step = step(Act::Pay(Attempt::Refused(Decline::PaymentLimitExceeded)));
const EXPIRED_CARD: Step = step(Act::Pay(Attempt::Refused(Decline::ExpiredCard)));
const COMMERCIAL_CARD: Step = step(Act::Pay(Attempt::WithCommercialCard));

/// The last two digits of the test numbers, and what their owners do with every payment.
pub static TEST_USERS: [(u8, Habit); 15] = [
    (1, does(&[AT_ONCE])),
    (2, does(&[LATER])),
    (3, does(&[REJECT])),
    (4, does(&[IGNORE])),
    (5, does(&[REFUSED, AT_ONCE])),
    (6, does(&[NO_MONEY])),
    (7, does(&[REFUSED])),
    (8, does(&[AT_THE_LAST_SECOND])),
    (10, is(Standing::Unknown)),
    (11, is(Standing::UnderAge(16))),
    (12, does(&[NO_CARD])),
    (13, is(Standing::Unidentified)),
    (14, does(&[OVER_THE_LIMIT])),
    (15, does(&[EXPIRED_CARD])),
    (16, does(&[COMMERCIAL_CARD])),
];

/// How long a customer needs for another step, such as choosing another card.
const ANOTHER_STEP_AFTER: SignedDuration = SignedDuration::from_secs(10);

const A_SECOND: SignedDuration = SignedDuration::from_secs(1);

impl Behaviour {
    /// What it does with the payment that comes after this many.
    #[must_use]
    pub fn habit(&self, met: usize) -> &Habit {
        self.once.get(met).unwrap_or(&self.always)
    }
}

impl Habit {
    /// What this number's owner does with every payment, if the number says anything.
    #[must_use]
    pub fn of(phone: &PhoneNumber) -> Option<&'static Self> {
        let last_two = phone.as_test_number()?;
        TEST_USERS.iter().find(|(it, _)| *it == last_two).map(|(_, habit)| habit)
    }

    /// What it does by itself when it is asked for money, and when.
    pub fn plan(
        &self,
        asked_at: Timestamp,
        expires_at: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Act)> {
        let mut soon = asked_at;
        let mut before = asked_at;
        let timed = self.steps.iter().map(move |step| {
            before = match step.when {
                When::Soon => soon,
                When::After(wait) => before + wait,
                When::AtTheLastSecond => expires_at - A_SECOND,
            };
            soon = before + ANOTHER_STEP_AFTER;
            (before, step.act)
        });
        timed.filter(|(_, act)| *act != Act::Ignore)
    }

    /// What comes of pressing Pay after so many attempts in vain. The last thing said holds on.
    #[must_use]
    pub fn attempt(&self, in_vain: usize) -> Attempt {
        let attempts = self.steps.iter().filter_map(|step| match step.act {
            Act::Pay(attempt) => Some(attempt),
            Act::Reject | Act::Ignore => None,
        });
        attempts.take(in_vain + 1).last().unwrap_or(Attempt::Approve)
    }
}

/// Every test number, market by market.
pub fn test_users() -> impl Iterator<Item = (PhoneNumber, &'static Habit)> {
    Market::ALL.into_iter().flat_map(|market| {
        let number = move |last_two| PhoneNumber::test_number(market, last_two);
        TEST_USERS.iter().map(move |(last_two, habit)| (number(*last_two), habit))
    })
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
            ("4790000005", Some("refused by issuer then approve")),
            ("4590000006", Some("insufficient funds")),
            ("4790000008", Some("approve at the last second")),
            ("4790000010", Some("unknown")),
            ("4790000011", Some("under age 16")),
            ("358900000014", Some("payment limit exceeded")),
            ("4790000099", None),
            ("4740000001", None),
        ];
        for (phone, expected) in cases {
            let actual = Habit::of(&phone.parse().unwrap()).map(ToString::to_string);
            assert_eq!(actual.as_deref(), expected, "{phone}");
        }
    }

    #[test]
    fn steps_follow_each_other() {
        let cases = [
            ("approve", &[(0, "approve")][..]),
            ("approve after 5s", &[(5, "approve")]),
            ("approve at the last second", &[(599, "approve")]),
            ("card refused then approve", &[(0, "refused by issuer"), (10, "approve")]),
            ("no card after 1m then approve after 2s", &[(60, "no card"), (62, "approve")]),
            (
                "no card then expired card then reject after 5s",
                &[(0, "no card"), (10, "expired card"), (15, "reject")],
            ),
            ("expired card then ignore", &[(0, "expired card")]),
            ("wait", &[]),
            ("unknown", &[]),
        ];
        let start = Timestamp::UNIX_EPOCH;
        for (text, expected) in cases {
            let behaviour: Behaviour = text.parse().unwrap();
            let planned = behaviour.always.plan(start, start + SignedDuration::from_mins(10));
            let planned: Vec<_> =
                planned.map(|(at, act)| (at.as_second(), act.to_string())).collect();
            let planned: Vec<_> = planned.iter().map(|(at, act)| (*at, act.as_str())).collect();
            assert_eq!(planned, expected, "{text}");
        }
    }

    #[test]
    fn attempts_go_as_said_and_the_last_thing_said_holds_on() {
        let cases = [
            ("card refused then approve", ["refused by issuer", "approve", "approve"]),
            ("insufficient funds", ["insufficient funds"; 3]),
            ("no card then reject", ["no card"; 3]),
            ("reject", ["approve"; 3]),
            ("wait", ["approve"; 3]),
        ];
        for (text, expected) in cases {
            let behaviour: Behaviour = text.parse().unwrap();
            let attempts = [0, 1, 2].map(|in_vain| behaviour.always.attempt(in_vain).to_string());
            assert_eq!(attempts, expected, "{text}");
        }
    }

    #[test]
    fn each_payment_meets_the_next_habit() {
        let behaviour: Behaviour =
            "once: reject, then once: no card, then approve".parse().unwrap();
        let habits = [0, 1, 2, 3].map(|met| behaviour.habit(met).to_string());
        assert_eq!(habits, ["reject", "no card", "approve", "approve"]);
    }
}
