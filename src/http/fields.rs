//! Fields that several APIs share, read from JSON and printed to it.

use std::hash::{BuildHasher as _, Hasher};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    json::Value,
    schema::{Check, Node},
};
pub(super) use crate::app::webhooks::AmountBody;
use crate::domain::{
    Amount, Currency, Fingerprint, PhoneNumber, Totals, money::AMOUNT_MAX_MINOR, payment::Asked,
    phone::PHONE_PATTERN,
};

/// The four totals, in the order of the platform's samples.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "they are named as on the wire")]
pub(super) struct AggregateBody {
    authorized_amount: AmountBody,
    cancelled_amount: AmountBody,
    captured_amount: AmountBody,
    refunded_amount: AmountBody,
}

impl From<Totals> for AggregateBody {
    fn from(totals: Totals) -> Self {
        Self {
            authorized_amount: totals.authorized.into(),
            cancelled_amount: totals.cancelled.into(),
            captured_amount: totals.captured.into(),
            refunded_amount: totals.refunded.into(),
        }
    }
}

/// `{currency, value}`, the value within the schema's range. A value with decimals is no failure
/// of the schema: it has a code of its own.
pub(super) fn amount(check: &mut Check, node: &Node<'_>) -> Option<Asked> {
    check.members(node, "Amount", &["currency", "value"])?;
    let currency = check.required(node, "currency").and_then(|it| {
        check.word(it, "Currency", Currency::ALL.map(|currency| (currency.code(), currency)))
    });
    let value = check.required(node, "value")?;
    let max = i64::try_from(AMOUNT_MAX_MINOR).unwrap_or(i64::MAX);
    // Whole numbers too large for an integer arrive as decimals, and are out of range.
    if value.value().as_decimal().is_some_and(|it| it.abs() < MAX_F64) {
        return currency.map(|_| Asked::NotWhole);
    }
    let minor = check.integer(value, 0, max).and_then(|value| u64::try_from(value).ok());
    Some(Asked::Amount(Amount::new(currency?, minor?)))
}

/// Beyond every amount, and far from where decimals stop being exact.
const MAX_F64: f64 = 1e9;

/// A phone number, as text or as a number.
pub(super) fn phone(check: &mut Check, node: Node<'_>) -> Option<PhoneNumber> {
    let text = check.string_or_number(node)?;
    check.parsed(node, &text, PHONE_PATTERN)
}

/// What a body says, whatever its spacing and the order of its members.
pub(super) fn fingerprint(body: &Value<'_>) -> Fingerprint {
    let mut digest = foldhash::quality::FixedState::default().build_hasher();
    digest_of(body, &mut digest);
    Fingerprint(digest.finish())
}

/// Each value is prefixed by its kind and length, so that no two values read alike.
fn digest_of(value: &Value<'_>, digest: &mut impl Hasher) {
    let mut text = |kind: u8, text: &str| {
        digest.write_u8(kind);
        digest.write_usize(text.len());
        digest.write(text.as_bytes());
    };
    match value {
        Value::Null => text(b'n', ""),
        Value::Bool(it) => text(b'b', if *it { "1" } else { "0" }),
        Value::Number(it) => text(b'd', &it.to_string()),
        Value::Text(it) => text(b's', it),
        Value::List(items) => {
            digest.write_u8(b'[');
            for item in items {
                digest_of(item, digest);
            }
            digest.write_u8(b']');
        }
        Value::Object(members) => {
            // Absent and null are the same to the platform.
            let mut members: Vec<_> =
                members.iter().filter(|(_, value)| *value != Value::Null).collect();
            members.sort_by_key(|(name, _)| name);
            digest.write_u8(b'{');
            for (name, value) in members {
                digest.write_usize(name.0.len());
                digest.write(name.0.as_bytes());
                digest_of(value, digest);
            }
            digest.write_u8(b'}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_compared_by_what_they_say() {
        let of = |text: &str| fingerprint(&serde_json::from_str(text).unwrap());
        assert_eq!(of(r#"{"a":1,"b":[true,null]}"#), of("{ \"b\": [true, null], \"a\": 1 }"));
        assert_eq!(of(r#"{"a":1,"b":null}"#), of(r#"{"a":1}"#));
        assert_ne!(of(r#"{"a":1}"#), of(r#"{"a":"1"}"#));
        assert_ne!(of(r#"["a","b"]"#), of(r#"["b","a"]"#));
        assert_ne!(of(r#"["ab"]"#), of(r#"["a","b"]"#));
    }
}
