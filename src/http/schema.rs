//! The schema of a body, checked in one pass over the parsed JSON: every
//! failing field is named at once, as the platform does.
//!
//! A parser that stops at its first error could not do that. Each failure keeps
//! its path and its rule; how they are worded is the concern of the API that answers.

use std::{borrow::Cow, convert::Infallible, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header::CONTENT_TYPE, request::Parts},
};

use super::{Edge, error::ApiError, json::Value, problem::Problem};
use crate::{
    app::SalesUnit,
    domain::{
        IdempotencyKey, Strictness,
        idempotency::{InvalidKey, KEY_LENGTH_MAX},
        payment::Refusal,
    },
};

mod failure;

use failure::ROOT;
pub(super) use failure::{Failure, Rule};

/// What has been found wrong so far. A handler that takes one gets it as strict as its sales unit.
#[derive(Debug, Default)]
pub(super) struct Check {
    strictness: Strictness,
    /// The body is said to be something else than JSON.
    is_other_media: bool,
    failures: Vec<Failure>,
    defect: Option<Refusal>,
}

impl FromRequestParts<Edge> for Check {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Edge) -> Result<Self, Infallible> {
        let unit = parts.extensions.get::<Arc<SalesUnit>>();
        let strictness = unit.map(|unit| unit.strictness()).unwrap_or_default();
        let is_other_media = strictness.is_strict() && !is_json(&parts.headers);
        Ok(Self { strictness, is_other_media, ..Self::default() })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let media_type = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok());
    media_type.is_some_and(|text| {
        let essence = text.split(';').next().unwrap_or_default().trim();
        essence.eq_ignore_ascii_case("application/json")
    })
}

/// A value and the way to it.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    parent: Option<&'a Node<'a>>,
    step: Step<'a>,
    value: &'a Value<'a>,
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Root,
    Member(&'a str),
    Index(usize),
}

impl Check {
    /// How strict it is.
    pub(super) fn strictness(&self) -> Strictness {
        self.strictness
    }

    /// Parses a body. What is not JSON is a failure of the body as a whole.
    pub(super) fn json<'a>(&mut self, body: &'a [u8]) -> Option<Value<'a>> {
        let parsed = serde_json::from_slice(body);
        parsed.map_err(|error| self.fail(ROOT.to_owned(), Rule::Said(not_json(body, &error)))).ok()
    }

    /// A body that may be missing, and is: then nobody minds what it is said to be.
    pub(super) fn no_body(&mut self) {
        self.is_other_media = false;
    }

    /// Ends the check: the value, or everything that is wrong.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<(T, Option<Refusal>), ApiError> {
        if self.is_other_media {
            let detail = "The Content-Type of the body is not application/json.";
            return Err(ApiError::Problem(Problem::UnsupportedMediaType, detail.to_owned()));
        }
        match value {
            Some(value) if self.failures.is_empty() => Ok((value, self.defect)),
            _ => Err(ApiError::Invalid(self.failures)),
        }
    }

    /// Notes what is wrong beyond the schema. The first such thing counts.
    pub(super) fn refuse(&mut self, defect: Refusal) {
        self.defect.get_or_insert(defect);
    }

    pub(super) fn fail(&mut self, path: String, rule: Rule) {
        self.failures.push(Failure { path, rule });
    }

    pub(super) fn fail_at(&mut self, node: &Node<'_>, rule: Rule) {
        self.fail(node.path(), rule);
    }

    /// The `Idempotency-Key` header, which must be there.
    pub(super) fn required_key(&mut self, headers: &HeaderMap) -> Option<IdempotencyKey> {
        if headers.contains_key(IDEMPOTENCY_KEY) {
            return self.optional_key(headers);
        }
        self.fail(IDEMPOTENCY_KEY.into(), Rule::Required);
        None
    }

    /// The `Idempotency-Key` header, which may be there.
    pub(super) fn optional_key(&mut self, headers: &HeaderMap) -> Option<IdempotencyKey> {
        let text = headers.get(IDEMPOTENCY_KEY)?;
        let rule = match std::str::from_utf8(text.as_bytes()) {
            Ok("") => Rule::Required,
            Ok(text) => match text.parse() {
                Ok(key) => return Some(key),
                Err(InvalidKey) => Rule::LengthMax(KEY_LENGTH_MAX),
            },
            Err(_) => Rule::Said("The Idempotency-Key is not UTF-8 text.".to_owned()),
        };
        self.fail(IDEMPOTENCY_KEY.into(), rule);
        None
    }

    /// Anything with members.
    pub(super) fn object(&mut self, node: &Node<'_>, type_name: &'static str) -> Option<()> {
        if let Value::Object(_) = node.value {
            return Some(());
        }
        self.fail_at(node, Rule::Type(type_name));
        None
    }

    /// Anything with these members. A strict sales unit may send no others.
    pub(super) fn members(
        &mut self,
        node: &Node<'_>,
        type_name: &'static str,
        known: &[&str],
    ) -> Option<()> {
        self.object(node, type_name)?;
        if self.strictness.is_strict() {
            for member in node.members().filter(|it| !known.contains(&it.name())) {
                self.fail_at(&member, Rule::Unknown(type_name));
            }
        }
        Some(())
    }

    /// A member that must be there, and not null.
    pub(super) fn required<'a>(&mut self, parent: &'a Node<'a>, name: &'a str) -> Option<Node<'a>> {
        let member = parent.member(name);
        if member.is_none() {
            self.fail(parent.path_of(name), Rule::Required);
        }
        member
    }

    /// Text.
    pub(super) fn string<'a>(&mut self, node: Node<'a>) -> Option<&'a str> {
        let text = node.value.as_str();
        if text.is_none() {
            self.fail_at(&node, Rule::Type("System.String"));
        }
        text
    }

    /// Text, or a number that is taken as text, as the platform does with a few fields.
    pub(super) fn string_or_number<'a>(&mut self, node: Node<'a>) -> Option<Cow<'a, str>> {
        match node.value {
            Value::Number(number) => Some(Cow::Owned(number.to_string())),
            _ => self.string(node).map(Cow::Borrowed),
        }
    }

    /// Text of a length between these two, in characters.
    pub(super) fn text<'a>(&mut self, node: Node<'a>, min: usize, max: usize) -> Option<&'a str> {
        let text = self.string(node)?;
        if (min..=max).contains(&text.chars().count()) {
            return Some(text);
        }
        let rule = if min == 0 { Rule::LengthMax(max) } else { Rule::Length(min, max) };
        self.fail_at(&node, rule);
        None
    }

    /// Text that parses, or else is not like this pattern.
    pub(super) fn parsed<T: std::str::FromStr>(
        &mut self,
        node: Node<'_>,
        text: &str,
        pattern: &'static str,
    ) -> Option<T> {
        let value = text.parse().ok();
        if value.is_none() {
            self.fail_at(&node, Rule::Pattern(pattern));
        }
        value
    }

    /// One of the words of an enumeration.
    pub(super) fn word<T: Copy>(
        &mut self,
        node: Node<'_>,
        type_name: &'static str,
        words: impl IntoIterator<Item = (&'static str, T)>,
    ) -> Option<T> {
        let text = node.value.as_str();
        let value = words.into_iter().find(|(word, _)| Some(*word) == text).map(|(_, it)| it);
        if value.is_none() {
            self.fail_at(&node, Rule::Type(type_name));
        }
        value
    }

    /// A whole number within this range.
    pub(super) fn integer(&mut self, node: Node<'_>, min: i64, max: i64) -> Option<i64> {
        match node.value {
            Value::Number(number) if number.is_f64() => {
                self.fail_at(&node, Rule::Type("System.Int64"));
                None
            }
            Value::Number(number) => {
                let value = number.as_i64().filter(|it| (min..=max).contains(it));
                if value.is_none() {
                    self.fail_at(&node, Rule::Range(min, max));
                }
                value
            }
            _ => {
                self.fail_at(&node, Rule::Type("System.Int64"));
                None
            }
        }
    }

    /// True or false.
    pub(super) fn boolean(&mut self, node: Node<'_>) -> Option<bool> {
        if let Value::Bool(value) = node.value {
            return Some(*value);
        }
        self.fail_at(&node, Rule::Type("System.Boolean"));
        None
    }

    /// A list.
    pub(super) fn list<'a>(
        &mut self,
        node: &'a Node<'a>,
        type_name: &'static str,
    ) -> Option<impl Iterator<Item = Node<'a>> + use<'a>> {
        let Value::List(list) = node.value else {
            self.fail_at(node, Rule::Type(type_name));
            return None;
        };
        Some(list.iter().enumerate().map(move |(index, value)| Node {
            parent: Some(node),
            step: Step::Index(index),
            value,
        }))
    }
}

const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

impl<'a> Node<'a> {
    /// The body as a whole.
    pub(super) fn root(value: &'a Value<'a>) -> Self {
        Self { parent: None, step: Step::Root, value }
    }

    /// A member, unless it is absent or null.
    pub(super) fn member(&'a self, name: &'a str) -> Option<Node<'a>> {
        let value = self.value.get(name).filter(|value| **value != Value::Null)?;
        Some(Node { parent: Some(self), step: Step::Member(name), value })
    }

    /// Its members, in the order sent.
    pub(super) fn members(&'a self) -> impl Iterator<Item = Node<'a>> {
        self.value.members().iter().map(|(name, value)| Node {
            parent: Some(self),
            step: Step::Member(&name.0),
            value,
        })
    }

    /// The name it has in its parent.
    pub(super) fn name(&self) -> &'a str {
        match self.step {
            Step::Member(name) => name,
            Step::Root | Step::Index(_) => "",
        }
    }

    /// The JSON.
    pub(super) fn value(&self) -> &'a Value<'a> {
        self.value
    }

    /// The way to it, as failures name it.
    pub(super) fn path(&self) -> String {
        let parent = self.parent.map(Node::path).unwrap_or_default();
        match self.step {
            Step::Root => String::new(),
            Step::Member(name) if parent.is_empty() => name.to_owned(),
            Step::Member(name) => format!("{parent}.{name}"),
            Step::Index(index) => format!("{parent}[{index}]"),
        }
    }

    fn path_of(&self, name: &str) -> String {
        match self.path() {
            path if path.is_empty() => name.to_owned(),
            path => format!("{path}.{name}"),
        }
    }
}

fn not_json(body: &[u8], error: &serde_json::Error) -> String {
    if body.is_empty() {
        "A non-empty request body is required.".to_owned()
    } else {
        format!("The body is not valid JSON: {error}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_failing_field_is_named_at_once() {
        let body = r#"{"amount": {"value": "4900"}, "lines": [{"name": 5}], "on": "yes"}"#;
        let body = serde_json::from_str(body).unwrap();
        let root = Node::root(&body);
        let mut check = Check::default();
        check.required(&root, "reference");
        let amount = check.required(&root, "amount").unwrap();
        check.required(&amount, "value").and_then(|it| check.integer(it, 0, 10));
        let lines = check.required(&root, "lines").unwrap();
        for line in check.list(&lines, "List").unwrap() {
            check.required(&line, "name").and_then(|it| check.string(it));
        }
        root.member("on").and_then(|it| check.boolean(it));
        let found: Vec<_> = check.failures.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "reference: The Reference field is required.",
                "amount.value: The JSON value could not be converted to System.Int64. Path: \
                 $.amount.value.",
                "lines[0].name: The JSON value could not be converted to System.String. Path: \
                 $.lines[0].name.",
                "on: The JSON value could not be converted to System.Boolean. Path: $.on.",
            ]
        );
        assert_eq!(check.failures[2].class_path(), "Lines[0].Name");
    }
}
