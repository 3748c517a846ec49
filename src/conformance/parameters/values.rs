//! Sums, times, members and values: what stands in a step as itself.

use std::str::FromStr;

use cucumber::Parameter;
use jiff::SignedDuration;
use serde_json::Value;

use crate::conformance::failure::Failure;
use crate::taxi::money::{Amount, MoneyError};

/// A sum, `NOK 345.92`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(name = "money", regex = r"[A-Z]{3} \d+\.\d\d")]
pub(in crate::conformance) struct Money(pub(in crate::conformance) Amount);

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        text.parse().map(Self)
    }
}

/// A time, `9 minutes 59 seconds`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Parameter)]
#[param(
    name = "duration",
    regex = r"\d+ (?:second|minute|hour|day)s?(?: \d+ (?:second|minute|hour|day)s?)*"
)]
pub(in crate::conformance) struct Duration(pub(in crate::conformance) SignedDuration);

impl FromStr for Duration {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::new(format!("{text} is no duration"));
        let mut seconds = 0;
        let mut words = text.split(' ');
        while let Some(count) = words.next() {
            let count: i64 = count.parse().map_err(|_| wrong())?;
            let unit = match words.next().map(|unit| unit.trim_end_matches('s')) {
                Some("second") => 1,
                Some("minute") => 60,
                Some("hour") => 60 * 60,
                Some("day") => 24 * 60 * 60,
                _ => return Err(wrong()),
            };
            seconds += count * unit;
        }
        Ok(Self(SignedDuration::from_secs(seconds)))
    }
}

/// A member of a request, `amount.value`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "field", regex = r"[A-Za-z-]+(?:\.[A-Za-z-]+)*")]
pub(in crate::conformance) struct Field(pub(in crate::conformance) String);

impl FromStr for Field {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Self(text.to_owned()))
    }
}

impl Field {
    /// Sets the member of `body` that this names, or takes it out.
    pub(in crate::conformance) fn set(&self, body: &mut Value, value: Option<Value>) {
        let (parents, last) = self.0.rsplit_once('.').unwrap_or(("", &self.0));
        let mut place = body;
        for parent in parents.split('.').filter(|parent| !parent.is_empty()) {
            place = &mut place[parent];
        }
        match (value, place.as_object_mut()) {
            (Some(value), _) => place[last] = value,
            (None, Some(members)) => drop(members.remove(last)),
            (None, None) => {}
        }
    }
}

/// A value in JSON, or `nothing` for a member left out.
#[derive(Debug, Clone, PartialEq, Parameter)]
#[param(name = "json", regex = ".+")]
pub(in crate::conformance) struct Json(pub(in crate::conformance) Option<Value>);

impl FromStr for Json {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text == "nothing" {
            return Ok(Self(None));
        }
        serde_json::from_str(text)
            .map(|value| Self(Some(value)))
            .map_err(|error| Failure::new(format!("{text} is no JSON: {error}")))
    }
}

/// An idempotency key, `the key "fare-1"`, `no key` or `a key of 51 letters`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "key", regex = r#"no key|a key of \d+ letters|the key "[^"]*""#)]
pub(in crate::conformance) struct Key(pub(in crate::conformance) Option<String>);

impl FromStr for Key {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        if text == "no key" {
            return Ok(Self(None));
        }
        if let Some(name) = text.strip_prefix("the key ") {
            return Ok(Self(Some(name.trim_matches('"').to_owned())));
        }
        let letters = text.split(' ').find_map(|word| word.parse().ok()).unwrap_or_default();
        Ok(Self(Some("k".repeat(letters))))
    }
}

/// Names in a row, `amount, state, aggregate`.
#[derive(Debug, Clone, PartialEq, Eq, Parameter)]
#[param(name = "names", regex = r"[A-Za-z_]+(?:, [A-Za-z_]+)*")]
pub(in crate::conformance) struct Names(pub(in crate::conformance) Vec<String>);

impl FromStr for Names {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(Self(text.split(", ").map(str::to_owned).collect()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn durations_add_up() {
        let cases = [("0 seconds", 0), ("9 minutes 59 seconds", 599), ("2 days", 172_800)];
        for (text, seconds) in cases {
            let Duration(actual) = text.parse().unwrap();
            assert_eq!(actual.as_secs(), seconds, "{text}");
        }
    }

    #[test]
    fn a_field_is_set_or_taken_out_in_place() {
        let mut body = json!({ "amount": { "currency": "NOK", "value": 1 } });
        Field("amount.value".into()).set(&mut body, Some(json!("1")));
        Field("amount.currency".into()).set(&mut body, None);
        Field("customer.phoneNumber".into()).set(&mut body, Some(json!("47")));
        assert_eq!(
            body,
            json!({ "amount": { "value": "1" }, "customer": { "phoneNumber": "47" } })
        );
    }
}
