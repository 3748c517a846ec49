//! The words for what customers do, written and looked up in one table.

use std::fmt;

use super::{Act, Attempt, Behaviour, Habit, Standing, Step, When};
use crate::domain::{card::Decline, durations::DurationText};

const fn refused(reason: Decline) -> Act {
    Act::Pay(Attempt::Refused(reason))
}

/// What may be said of a step: first as it is written, then what is read as the same.
pub(super) const ACTS: [(Act, &[&str]); 15] = [
    (Act::Pay(Attempt::Approve), &["approve", "approves"]),
    (Act::Reject, &["reject", "rejects"]),
    (Act::Ignore, &["ignore", "ignores"]),
    (
        refused(Decline::RefusedByIssuer),
        &["refused by issuer", "card refused", "first card refused"],
    ),
    (refused(Decline::InsufficientFunds), &["insufficient funds"]),
    (refused(Decline::SuspectedFraud), &["suspected fraud"]),
    (refused(Decline::WithdrawalLimitExceeded), &["withdrawal limit exceeded"]),
    (refused(Decline::ExpiredCard), &["expired card"]),
    (refused(Decline::InvalidCard), &["invalid card"]),
    (refused(Decline::SecureDenied), &["3-D Secure denied"]),
    (refused(Decline::AuthenticationRequired), &["strong customer authentication required"]),
    (refused(Decline::NoCard), &["no card"]),
    (refused(Decline::PaymentLimitExceeded), &["payment limit exceeded"]),
    (
        Act::Pay(Attempt::WithCommercialCard),
        &["approve with a commercial card", "approves with a commercial card"],
    ),
    (Act::Pay(Attempt::Unanswered), &["unknown result"]),
];

impl fmt::Display for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for habit in &self.once {
            write!(f, "once: {habit}, then ")?;
        }
        write!(f, "{}", self.always)
    }
}

impl fmt::Display for Habit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.standing, self.steps.is_empty()) {
            (Standing::Usual, true) => return f.write_str("wait"),
            (Standing::Usual, false) => {}
            (standing, true) => return write!(f, "{standing}"),
            (standing, false) => write!(f, "{standing} and ")?,
        }
        for (number, step) in self.steps.iter().enumerate() {
            let link = if number == 0 { "" } else { " then " };
            write!(f, "{link}{step}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usual => f.write_str("usual"),
            Self::Unknown => f.write_str("unknown"),
            Self::UnderAge(years) => write!(f, "under age {years}"),
            Self::Unidentified => f.write_str("not identified"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.when {
            When::Soon => write!(f, "{}", self.act),
            When::After(wait) => write!(f, "{} after {}", self.act, DurationText(wait)),
            When::AtTheLastSecond => write!(f, "{} at the last second", self.act),
        }
    }
}

impl fmt::Display for Act {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = ACTS.iter().find(|(it, _)| it == self);
        match (known.and_then(|(_, texts)| texts.first()), self) {
            (Some(text), _) => f.write_str(text),
            // A reason that no tester can ask for.
            (None, Self::Pay(Attempt::Refused(reason))) => write!(f, "{reason}"),
            (None, _) => Ok(()),
        }
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Act::Pay(*self).fmt(f)
    }
}
