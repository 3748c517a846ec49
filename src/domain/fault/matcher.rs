//! Which calls a fault strikes.

use std::{fmt, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{super::kept, Glob};

/// What a fault strikes: every call that has all of what is named here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matcher {
    /// Which operation, as the journal calls it; any that the effect can strike if there is none.
    #[serde(deserialize_with = "kept::optional_word")]
    pub operation: Option<kept::Word>,
    /// Which payments or orders; any, or none, if there is none.
    pub reference: Option<Glob>,
    /// Which header the call carries.
    pub header: Option<HeaderMatcher>,
    /// From the how-manieth such call on, from 1: those before it pass.
    pub nth: u32,
    /// How likely it is that such a call is struck.
    pub probability: Probability,
}

/// A header that a call may carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeaderMatcher {
    /// Its name, in lower case.
    pub name: Arc<str>,
    /// What it says; anything if there is none.
    pub value: Option<Glob>,
}

/// How likely something is, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probability(u32);

/// What a fault can see of a call.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traits<'a> {
    /// What it asks for, as the journal calls it, if that is anything.
    pub operation: Option<&'a str>,
    /// The payment or order that it is about.
    pub reference: Option<&'a str>,
    /// Names, in lower case, and values.
    pub headers: &'a [(Box<str>, Box<[u8]>)],
}

impl Default for Matcher {
    /// Strikes any call.
    fn default() -> Self {
        Self {
            operation: None,
            reference: None,
            header: None,
            nth: 1,
            probability: Probability::CERTAIN,
        }
    }
}

impl Matcher {
    /// Whether this is such a call, whatever the dice say.
    #[must_use]
    pub fn matches(&self, call: Traits<'_>) -> bool {
        self.operation.is_none_or(|it| Some(it) == call.operation)
            && self.concerns(call.reference)
            && self.header.as_ref().is_none_or(|wanted| {
                call.headers.iter().any(|(name, value)| wanted.matches(name, value))
            })
    }

    /// Whether it is about this payment.
    #[must_use]
    pub fn concerns(&self, reference: Option<&str>) -> bool {
        let Some(wanted) = &self.reference else { return true };
        reference.is_some_and(|it| wanted.matches(it))
    }
}

impl HeaderMatcher {
    fn matches(&self, name: &str, value: &[u8]) -> bool {
        *self.name == *name && self.value.as_ref().is_none_or(|it| it.matches(value))
    }
}

impl Probability {
    /// Every time.
    pub const CERTAIN: Self = Self(Self::ALL);

    /// What the dice show is below this.
    pub const ALL: u32 = 1_000_000;

    /// A share of all times: more than 0, at most 1. Nothing if it is not one.
    #[must_use]
    pub fn of_share(share: f64) -> Option<Self> {
        let millionths = (share * f64::from(Self::ALL)).round();
        let is_one = 1.0 <= millionths && millionths <= f64::from(Self::ALL);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is whole, and from 1 to a million"
        )]
        is_one.then_some(Self(millionths as u32))
    }

    /// The share of all times, more than 0, at most 1.
    #[must_use]
    pub fn share(self) -> f64 {
        f64::from(self.0) / f64::from(Self::ALL)
    }

    /// Whether it comes about, by dice that show a number below [`Self::ALL`].
    pub(super) fn comes_about(self, dice: &mut dyn FnMut() -> u32) -> bool {
        self == Self::CERTAIN || dice() < self.0
    }
}

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.unwrap_or("any call"))?;
        if let Some(reference) = &self.reference {
            write!(f, " of {reference}")?;
        }
        if let Some(HeaderMatcher { name, value }) = &self.header {
            write!(f, " with {name}")?;
            if let Some(value) = value {
                write!(f, ": {value}")?;
            }
        }
        if 1 < self.nth {
            write!(f, " from no. {} on", self.nth)?;
        }
        if self.probability != Probability::CERTAIN {
            write!(f, " in {} of all cases", self.probability.share())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_has_to_have_all_that_is_named() {
        let headers = [("x-try".into(), Box::from(&b"first-1"[..]))];
        let call =
            Traits { operation: Some("capture"), reference: Some("ride-0001"), headers: &headers };
        let header = |name: &str, value: Option<&str>| {
            Some(HeaderMatcher { name: name.into(), value: value.map(Glob::new) })
        };
        let any = Matcher::default;
        let cases = [
            (any(), true),
            (Matcher { operation: Some("capture"), ..any() }, true),
            (Matcher { operation: Some("refund"), ..any() }, false),
            (Matcher { reference: Some(Glob::new("ride-*")), ..any() }, true),
            (Matcher { reference: Some(Glob::new("fare-*")), ..any() }, false),
            (Matcher { header: header("x-try", None), ..any() }, true),
            (Matcher { header: header("x-try", Some("first*")), ..any() }, true),
            (Matcher { header: header("x-try", Some("second")), ..any() }, false),
            (Matcher { header: header("x-other", None), ..any() }, false),
            (Matcher { operation: Some("refund"), header: header("x-try", None), ..any() }, false),
        ];
        for (matcher, expected) in cases {
            assert_eq!(matcher.matches(call), expected, "{matcher}");
        }
        let of_a_ride = Matcher { reference: Some(Glob::new("*")), ..any() };
        assert!(!of_a_ride.matches(Traits { reference: None, ..call }), "a call about nothing");
    }

    #[test]
    fn a_share_is_more_than_nothing_and_at_most_all() {
        for (share, expected) in
            [(0.3, Some(0.3)), (1.0, Some(1.0)), (0.0, None), (1.1, None), (f64::NAN, None)]
        {
            assert_eq!(Probability::of_share(share).map(Probability::share), expected);
        }
    }
}
