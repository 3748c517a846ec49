//! What a merchant can ask of a payment.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An operation of the ePayment API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Operation {
    /// Create payment.
    Create,
    /// Get payment.
    Get,
    /// Get event log.
    Events,
    /// Capture.
    Capture,
    /// Refund.
    Refund,
    /// Cancel.
    Cancel,
    /// Force approve.
    Approve,
}

/// The text names no operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an operation is one of create, get, events, capture, refund, cancel and approve")]
pub struct InvalidOperation;

impl Operation {
    /// Every operation, in the order of the API description.
    pub const ALL: [Self; 7] = [
        Self::Create,
        Self::Get,
        Self::Events,
        Self::Cancel,
        Self::Capture,
        Self::Refund,
        Self::Approve,
    ];

    /// What the control API and the command line call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Get => "get",
            Self::Events => "events",
            Self::Capture => "capture",
            Self::Refund => "refund",
            Self::Cancel => "cancel",
            Self::Approve => "approve",
        }
    }
}

impl FromStr for Operation {
    type Err = InvalidOperation;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.name() == text).ok_or(InvalidOperation)
    }
}
