//! A registration: where events go, and which of them it wants.

use std::{fmt, str::FromStr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{
    EventName,
    event::{CHECKED_IN, OTHER_EVENT_TYPES},
};

/// The id of a registration: a hyphenated lower-case UUID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RegistrationId(pub Arc<str>);

/// An event type that a webhook can be registered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EventType {
    /// Something happened to a payment.
    Payment(EventName),
    /// A customer scanned a code of the merchant's.
    CheckedIn,
    /// One of another API: accepted, never sent. The number is its place in the table.
    Other(u8),
}

/// The text names no event type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no event type")]
pub struct UnknownEventType(pub String);

/// A registered webhook. Never changed, only deleted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Named in the `Webhook-Id` of each delivery.
    pub id: RegistrationId,
    /// Where deliveries go.
    pub url: Arc<str>,
    /// Which events it wants, in the order registered.
    pub events: Vec<EventType>,
    /// The signing key: the bytes of this very text, not what it decodes to.
    pub secret: Arc<str>,
}

impl Registration {
    /// Whether it wants this event.
    #[must_use]
    pub fn wants(&self, event: EventType) -> bool {
        self.events.contains(&event)
    }
}

impl fmt::Debug for Registration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registration")
            .field("id", &self.id)
            .field("url", &self.url)
            .field("events", &self.events)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for RegistrationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl EventType {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Payment(name) => name.webhook(),
            Self::CheckedIn => CHECKED_IN,
            Self::Other(place) => OTHER_EVENT_TYPES[usize::from(place)],
        }
    }

    /// How many registrations a sales unit may have for it (Webhooks API guide, limits).
    #[must_use]
    pub const fn registrations_max(self) -> usize {
        match self {
            Self::CheckedIn => 1,
            Self::Payment(_) | Self::Other(_) => 25,
        }
    }

    /// Every event type that can be registered for.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = (0_u8..).zip(OTHER_EVENT_TYPES).map(|(place, _)| Self::Other(place));
        let payments = EventName::ALL.into_iter().map(Self::Payment);
        payments.chain([Self::CheckedIn]).chain(others)
    }
}

impl fmt::Display for EventType {
    /// Short for payments, as in their event log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Payment(name) => name.fmt(f),
            Self::CheckedIn | Self::Other(_) => f.write_str(self.name()),
        }
    }
}

impl FromStr for EventType {
    type Err = UnknownEventType;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().find(|it| it.name() == text).ok_or_else(|| UnknownEventType(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::EventType;

    #[test]
    fn every_event_type_is_found_by_its_name() {
        assert_eq!(EventType::all().count(), 24);
        for event in EventType::all() {
            assert_eq!(event.name().parse(), Ok(event));
        }
        assert!("epayment.payment.created.v1".parse::<EventType>().is_err());
    }
}
