//! What a fault does to webhooks: the ways in which a delivery goes wrong in the world.

use std::{fmt, str::FromStr};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{EventType, fault::Stage};

/// What goes wrong with a webhook. The first half befalls the event, once for each registration
/// that wants it; the second half befalls one attempt, and the next one is right again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WebhookEffect {
    /// It is never sent.
    Drop,
    /// It is sent twice, one after the other.
    Duplicate,
    /// It is sent this much later, and what follows it in its payment waits.
    Delay(SignedDuration),
    /// It is sent after an event of another payment that happened later.
    Reorder,
    /// It says that the operation failed.
    Unsuccessful,
    /// The body is changed after it was signed.
    CorruptBody,
    /// The signature is made with another secret.
    CorruptSignature,
    /// The date is an hour old, and signed.
    StaleDate,
    /// There is no `Authorization`; its copy is there.
    NoAuthorization,
    /// `Webhook-Id` names no registration.
    WrongId,
}

/// The text names no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no such effect on webhooks")]
pub struct UnknownEffect;

/// How long an event that is to be overtaken waits at most, and the delay where none is given.
pub const HELD_BACK: SignedDuration = SignedDuration::from_mins(1);

impl WebhookEffect {
    /// Every effect, in the order of its definition.
    pub const ALL: [Self; 10] = [
        Self::Drop,
        Self::Duplicate,
        Self::Delay(HELD_BACK),
        Self::Reorder,
        Self::Unsuccessful,
        Self::CorruptBody,
        Self::CorruptSignature,
        Self::StaleDate,
        Self::NoAuthorization,
        Self::WrongId,
    ];

    /// What the control API and the command line call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Duplicate => "duplicate",
            Self::Delay(_) => "delay",
            Self::Reorder => "reorder",
            Self::Unsuccessful => "unsuccessful",
            Self::CorruptBody => "corrupt-body",
            Self::CorruptSignature => "corrupt-signature",
            Self::StaleDate => "stale-date",
            Self::NoAuthorization => "no-authorization",
            Self::WrongId => "wrong-id",
        }
    }

    /// Where it strikes.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::Drop | Self::Duplicate | Self::Delay(_) | Self::Reorder | Self::Unsuccessful => {
                Stage::Event
            }
            Self::CorruptBody
            | Self::CorruptSignature
            | Self::StaleDate
            | Self::NoAuthorization
            | Self::WrongId => Stage::Attempt,
        }
    }

    /// Whether an event of this type can be struck: only payments succeed, fail and overtake.
    #[must_use]
    pub const fn can_strike(self, event: EventType) -> bool {
        match self {
            Self::Unsuccessful | Self::Reorder => matches!(event, EventType::Payment(_)),
            _ => true,
        }
    }
}

impl FromStr for WebhookEffect {
    type Err = UnknownEffect;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or(UnknownEffect)
    }
}

impl fmt::Display for WebhookEffect {
    /// What becomes of the webhook.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Drop => "lost",
            Self::Duplicate => "sent twice",
            Self::Delay(by) => return write!(f, "delayed by {by:#}"),
            Self::Reorder => "overtaken by another payment's",
            Self::Unsuccessful => "sent as one of a failure",
            Self::CorruptBody => "sent with another body than was signed",
            Self::CorruptSignature => "signed with another secret",
            Self::StaleDate => "dated an hour ago",
            Self::NoAuthorization => "sent without Authorization",
            Self::WrongId => "sent under another registration's id",
        })
    }
}
