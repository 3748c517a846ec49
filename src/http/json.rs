//! JSON as it comes and goes.
//!
//! `serde_json`'s own tree would forget the first of two members of one name, which the ePayment API
//! refuses, and it copies and hashes every name and text, which took a third of a call. This one
//! borrows from the body and keeps all members; of two of one name, the last is the one that counts.

use std::{borrow::Cow, collections::BTreeSet, fmt};

use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_json::Number;

/// A parsed value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    Object(Vec<(Name<'a>, Value<'a>)>),
}

/// The name of a member.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(transparent)]
pub(super) struct Name<'a>(#[serde(borrow)] pub(super) Cow<'a, str>);

impl<'a> Value<'a> {
    /// The member of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        let member = self.members().iter().rev().find(|(it, _)| it.0 == name);
        member.map(|(_, value)| value)
    }

    /// All members, in the order sent; none if this is no object.
    pub(super) fn members(&self) -> &[(Name<'a>, Self)] {
        match self {
            Self::Object(members) => members,
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) | Self::List(_) => &[],
        }
    }

    /// The first name among the members that has stood there before.
    pub(super) fn name_given_twice(&self) -> Option<&str> {
        let mut seen = BTreeSet::new();
        let mut names = self.members().iter().map(|(name, _)| &*name.0);
        names.find(|name| !seen.insert(*name))
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Text, or a number as text.
    pub(super) fn as_text(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Number(number) => Some(Cow::Owned(number.to_string())),
            Self::Null | Self::Bool(_) | Self::List(_) | Self::Object(_) => None,
        }
    }

    /// A number that is no integer, or too large to be held as one.
    pub(super) fn as_decimal(&self) -> Option<f64> {
        if let Self::Number(number) = self {
            number.as_f64().filter(|_| number.is_f64())
        } else {
            None
        }
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        // The parser has refused what is not finite.
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value<'de>, A::Error> {
        let mut object = Vec::new();
        while let Some(member) = members.next_entry()? {
            object.push(member);
        }
        Ok(Value::Object(object))
    }
}

/// A body of JSON. Unlike axum's, it begins with room for a whole reply.
pub(super) struct Json<T>(pub(super) T);

/// A payment with several amounts takes some 500 bytes.
const REPLY_CAPACITY: usize = 1024;

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let mut text = Vec::with_capacity(REPLY_CAPACITY);
        // Strings, numbers and lists of them always serialise, and memory always takes them.
        let _ = serde_json::to_writer(&mut text, &self.0);
        ([(CONTENT_TYPE, "application/json")], text).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::Value;

    fn read(text: &str) -> Value<'_> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn the_last_of_two_members_counts() {
        let body = read(r#"{"a": 1, "b": {"a": 2}, "a": 3}"#);
        assert_eq!(body.get("a"), Some(&read("3")));
        assert_eq!(body.get("b").and_then(|it| it.get("a")), Some(&read("2")));
        assert_eq!(body.get("c"), None);
    }

    #[test]
    fn a_name_given_twice_is_seen_at_its_own_level_only() {
        let cases = [
            (r#"{"a": "1", "b": "2", "a": "3", "b": "4"}"#, Some("a")),
            (r#"{"a": "1", "\u0061": "2"}"#, Some("a")),
            (r#"{"a": "1", "b": "2"}"#, None),
            (r#"{"a": {"b": 1, "b": 2}}"#, None),
            ("null", None),
        ];
        for (text, expected) in cases {
            assert_eq!(read(text).name_given_twice(), expected, "{text}");
        }
    }
}
