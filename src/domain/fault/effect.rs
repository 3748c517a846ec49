//! What a fault does.

use std::fmt;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::super::{EventType, durations::DurationText, webhook_effect::WebhookEffect};

/// What a fault does. Each kind strikes at a [`Stage`] of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// The operation is answered with this published error code.
    Refuse {
        /// The code.
        code: u16,
        /// Whether the operation takes effect all the same.
        commit: Commit,
    },
    /// The call goes wrong on its way, whatever it asks for.
    Wire(WireEffect),
    /// The answer comes late: after a time between these two.
    Latency {
        /// The shortest time.
        from: SignedDuration,
        /// The longest.
        to: SignedDuration,
    },
    /// Something goes wrong with a webhook. The matcher's operation says nothing about it.
    Webhook {
        /// Which events; any that the effect can strike if there is none.
        event: Option<EventType>,
        /// What.
        effect: WebhookEffect,
    },
}

/// What befalls a call between its caller and the service that it is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WireEffect {
    /// The gateway answers with this status, in its own shape.
    Gateway {
        /// Which status.
        status: u16,
        /// Whether the operation takes effect all the same.
        commit: Commit,
    },
    /// The answer has this status, in the shape in which its API says no.
    Status {
        /// Which status.
        status: u16,
        /// Whether the operation takes effect all the same.
        commit: Commit,
    },
    /// The answer is a page of HTML.
    Html {
        /// Its status.
        status: u16,
        /// Whether the operation takes effect all the same.
        commit: Commit,
    },
    /// There have been too many calls.
    RateLimit {
        /// How long to wait, in seconds, as the answer says.
        retry_after_s: u32,
    },
    /// There is never an answer, and nothing happens.
    Hang,
    /// The connection is closed without an answer, and nothing happens.
    Close,
    /// The operation takes effect, and the connection is closed without an answer.
    DropReply,
    /// The operation takes effect, and the connection is closed within the body of the answer.
    Truncate {
        /// How many bytes of it arrive; half of them if it is not said.
        bytes: Option<u32>,
    },
}

/// How long a call that is turned away as one too many is to wait, in seconds, where nobody said.
pub const RETRY_AFTER_S: u32 = 60;

/// Whether an operation that is answered by a fault takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Commit {
    /// Nothing happens.
    Never,
    /// It happens, and only the answer is wrong: as if the true one had been lost on the way.
    First,
}

/// Where on its way a call, or later a webhook, meets a fault. It meets one of each at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// When the gateway has let the call through.
    Wire,
    /// The same; what only makes an answer late does not keep others from striking.
    Latency,
    /// When the operation is about to be carried out: the call is well-formed, and its key new.
    Operation,
    /// When an event is queued for a registration.
    Event,
    /// When a webhook is about to be sent.
    Attempt,
}

impl Effect {
    /// Where it strikes.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::Refuse { .. } => Stage::Operation,
            Self::Wire(_) => Stage::Wire,
            Self::Latency { .. } => Stage::Latency,
            Self::Webhook { effect, .. } => effect.stage(),
        }
    }

    /// Whether an operation that is answered by it takes effect, where that can be chosen.
    #[must_use]
    pub const fn commit(self) -> Commit {
        match self {
            Self::Refuse { commit, .. }
            | Self::Wire(
                WireEffect::Gateway { commit, .. }
                | WireEffect::Status { commit, .. }
                | WireEffect::Html { commit, .. },
            ) => commit,
            Self::Wire(_) | Self::Latency { .. } | Self::Webhook { .. } => Commit::Never,
        }
    }

    /// Whether it is one that an event of this type can be struck by.
    pub(super) fn concerns(self, event: EventType) -> bool {
        match self {
            Self::Refuse { .. } | Self::Wire(_) | Self::Latency { .. } => false,
            Self::Webhook { event: wanted, effect } => {
                wanted.is_none_or(|it| it == event) && effect.can_strike(event)
            }
        }
    }
}

impl WireEffect {
    /// What the control API and the command line call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gateway { .. } => "gateway",
            Self::Status { .. } => "status",
            Self::Html { .. } => "html",
            Self::RateLimit { .. } => "rate-limit",
            Self::Hang => "hang",
            Self::Close => "close",
            Self::DropReply => "drop-reply",
            Self::Truncate { .. } => "truncate",
        }
    }
}

impl fmt::Display for Commit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => Ok(()),
            Self::First => f.write_str("carried out, and "),
        }
    }
}

impl fmt::Display for Effect {
    /// What becomes of the call or webhook.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse { code, commit: Commit::Never } => write!(f, "refused with {code}"),
            Self::Refuse { code, commit } => write!(f, "{commit}answered with {code}"),
            Self::Wire(effect) => effect.fmt(f),
            Self::Latency { from, to } if from == to => {
                write!(f, "answered {} late", DurationText(*from))
            }
            Self::Latency { from, to } => {
                write!(f, "answered {} to {} late", DurationText(*from), DurationText(*to))
            }
            Self::Webhook { event: Some(event), effect } => write!(f, "{effect} ({event} alone)"),
            Self::Webhook { event: None, effect } => effect.fmt(f),
        }
    }
}

impl fmt::Display for WireEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gateway { status, commit } => {
                write!(f, "{commit}answered with {status} by the gateway")
            }
            Self::Status { status, commit } => write!(f, "{commit}answered with status {status}"),
            Self::Html { status, commit } => {
                write!(f, "{commit}answered with a page of HTML and status {status}")
            }
            Self::RateLimit { retry_after_s } => {
                write!(f, "turned away as one too many, for {retry_after_s} s")
            }
            Self::Hang => f.write_str("left without an answer"),
            Self::Close => f.write_str("cut off"),
            Self::DropReply => f.write_str("carried out, and the answer dropped"),
            Self::Truncate { bytes: Some(bytes) } => {
                write!(f, "carried out, and the answer cut off after {bytes} bytes")
            }
            Self::Truncate { bytes: None } => {
                f.write_str("carried out, and the answer cut off in the middle")
            }
        }
    }
}
