//! How values stand in the snapshot of a sales unit, where that is not what serde derives.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize as _, Deserializer};

use super::{EventType, IdempotencyKey, ImageId, Msn, PhoneNumber, Reference, reference::OrderId};

/// Keeps types as their text, which is checked when it is read back: no snapshot makes a value that
/// the rest of the mock takes for impossible.
macro_rules! kept_as_text {
    ($($type:ty: $text:expr;)+) => {$(
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let text: fn(&Self) -> &str = $text;
                serializer.serialize_str(text(self))
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(|error| serde::de::Error::custom(format!("{text}: {error}")))
            }
        }
    )+};
}

kept_as_text! {
    Msn: Msn::as_str;
    Reference: Reference::as_str;
    OrderId: OrderId::as_str;
    PhoneNumber: PhoneNumber::as_str;
    IdempotencyKey: IdempotencyKey::as_str;
    ImageId: ImageId::as_str;
    EventType: |it| it.name();
}

/// A word of ours in an error or a header: never a merchant's, so there are few of them.
pub type Word = &'static str;

/// Reads a [`Word`] back.
///
/// # Errors
///
/// Those of the format, if there is no text.
pub fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Word, D::Error> {
    String::deserialize(deserializer).map(known)
}

/// Reads one back where there may be none.
///
/// # Errors
///
/// Those of the format, if it is something else.
pub fn optional_word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Word>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(known))
}

/// Reads headers back whose names are ours.
///
/// # Errors
///
/// Those of the format, if it is something else.
pub fn headers<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(Word, String)>, D::Error> {
    let headers = Vec::<(String, String)>::deserialize(deserializer)?;
    Ok(headers.into_iter().map(|(name, value)| (known(name), value)).collect())
}

/// The same word for the rest of the program's life: each is kept once, however often it is read.
fn known(word: String) -> Word {
    static WORDS: Mutex<BTreeSet<Word>> = Mutex::new(BTreeSet::new());
    // Nothing can panic between taking and giving back.
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = words.get(word.as_str()) {
        return known;
    }
    let kept = Box::leak(word.into_boxed_str());
    words.insert(kept);
    kept
}

/// Numbers of 64 bits as text: not every reader of JSON has such numbers.
pub mod hex {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    /// Sixteen digits.
    ///
    /// # Errors
    ///
    /// Those of the format.
    pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{number:016x}"))
    }

    /// The number again.
    ///
    /// # Errors
    ///
    /// Those of the format, if it is none.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}
