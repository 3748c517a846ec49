//! Keys that stand twice in `metadata`. Parsed JSON has forgotten the first of them, so the text
//! is read once more, by a reader that keeps nothing else. Most requests have no metadata, and need
//! no second reading.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

/// The first key of the body's `metadata` that has stood there before.
pub(super) fn duplicate_metadata_key(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Body>(body).ok()?.metadata.0
}

#[derive(Deserialize)]
struct Body {
    #[serde(default)]
    metadata: Twice,
}

/// The first name that occurs twice among the members of an object.
#[derive(Default)]
struct Twice(Option<String>);

impl<'de> Deserialize<'de> for Twice {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Twice;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Twice, A::Error> {
        let mut seen = HashSet::new();
        let mut twice = None;
        while let Some((name, _)) = members.next_entry::<String, IgnoredAny>()? {
            if twice.is_none() && !seen.insert(name.clone()) {
                twice = Some(name);
            }
        }
        Ok(Twice(twice))
    }
}

#[cfg(test)]
mod tests {
    use super::duplicate_metadata_key;

    #[test]
    fn only_keys_of_metadata_count() {
        let cases = [
            (r#"{"metadata": {"a": "1", "b": "2", "a": "3"}}"#, Some("a")),
            (r#"{"metadata": {"a": "1", "b": "2"}}"#, None),
            (r#"{"a": 1, "a": 2, "metadata": {"a": {"b": 1, "b": 2}}}"#, None),
            (r#"{"metadata": null}"#, None),
            ("{", None),
        ];
        for (body, expected) in cases {
            assert_eq!(duplicate_metadata_key(body.as_bytes()).as_deref(), expected, "{body}");
        }
    }
}
