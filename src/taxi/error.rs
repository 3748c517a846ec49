//! What can go wrong with a call, sorted by who has to do something about it.
//!
//! Three systems answer under one address, each in its own form: the API itself, the gateway in
//! front of it, and the identity service behind the token call. Order management has a fourth.

use std::fmt;

use super::advice;
use super::client::Unsent;
use super::credentials::Credentials;
use super::transport::TransportError;

/// A call that did not do what it was asked.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The payment or webhooks API refused, in the form of RFC 9457.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// The gateway refused before the API saw the call.
    #[error("the gateway answered {status}: {message}")]
    Gateway {
        /// The HTTP status.
        status: u16,
        /// What it said.
        message: String,
    },
    /// The token call was refused by the identity service.
    #[error("no access token, {status} {error}: {description}")]
    Token {
        /// The HTTP status.
        status: u16,
        /// The short name, such as `unauthorized_client`.
        error: String,
        /// The first line of the description.
        description: String,
    },
    /// Order management refused.
    #[error("order management answered {status} {title}: {detail}{}", FieldList(.fields))]
    OrderManagement {
        /// The HTTP status.
        status: u16,
        /// The short text.
        title: String,
        /// The longer text.
        detail: String,
        /// Which fields are wrong, and why.
        fields: Vec<(String, String)>,
    },
    /// There was no answer, so nobody knows whether the call had its effect.
    #[error("no answer ({kind}): {message}")]
    Transport {
        /// What happened to the call.
        kind: TransportKind,
        /// The cause, for a log.
        message: String,
    },
    /// There was an answer, in no form we know.
    #[error("an answer nobody can read, {status}: {message}")]
    Unexpected {
        /// The HTTP status.
        status: u16,
        /// What was wrong with it, or its first characters.
        message: String,
    },
    /// The call was not made, because it would have been wrong.
    #[error("not sent: {0}")]
    NotSent(#[from] Unsent),
    /// The call was not made, because this side is set up wrongly.
    #[error("the client is not set up: {0}")]
    Setup(String),
}

/// A refusal by the API, with everything its support team will ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The number of the error. It decides; title and detail may change at any time.
    pub code: Option<u32>,
    /// The short text.
    pub title: String,
    /// The longer text.
    pub detail: Option<String>,
    /// Which path refused.
    pub instance: Option<String>,
    /// What to name when asking support.
    pub trace_id: Option<String>,
    /// Which fields are wrong, and why. Empty when there is a code.
    pub fields: Vec<(String, String)>,
}

/// How a call got lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportKind {
    /// No connection could be made: the call was never sent.
    Connect,
    /// The answer took too long.
    Timeout,
    /// The connection broke, or something else happened on the way.
    Broken,
}

impl Error {
    /// The HTTP status, if there was an answer.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Problem(problem) => Some(problem.status),
            Self::Gateway { status, .. }
            | Self::Token { status, .. }
            | Self::OrderManagement { status, .. }
            | Self::Unexpected { status, .. } => Some(*status),
            Self::Transport { .. } | Self::NotSent(_) | Self::Setup(_) => None,
        }
    }

    /// The number of the error, if the API gave one.
    #[must_use]
    pub fn code(&self) -> Option<u32> {
        match self {
            Self::Problem(problem) => problem.code,
            _ => None,
        }
    }

    /// The wrong fields and why, if the answer names any.
    #[must_use]
    pub fn fields(&self) -> &[(String, String)] {
        match self {
            Self::Problem(problem) => &problem.fields,
            Self::OrderManagement { fields, .. } => fields,
            _ => &[],
        }
    }

    /// Whether the call may have had its effect all the same: only reading back can tell.
    #[must_use]
    pub fn leaves_outcome_open(&self) -> bool {
        match self {
            Self::Transport { kind, .. } => *kind != TransportKind::Connect,
            Self::Unexpected { status, .. } => *status < 300 || *status >= 500,
            Self::Problem(_) | Self::Gateway { .. } | Self::OrderManagement { .. } => {
                self.status().is_some_and(|status| status >= 500)
            }
            Self::Token { .. } | Self::NotSent(_) | Self::Setup(_) => false,
        }
    }

    /// Whether the same question may be answered later: nothing is wrong with it.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match (self.status(), self.code()) {
            // The payment is busy, whatever status says so.
            (_, Some(6160 | 6250 | 6280)) => true,
            (Some(status), _) => matches!(status, 423 | 429 | 500..),
            (None, _) => matches!(self, Self::Transport { .. }),
        }
    }

    /// One line for the operator: what to do now.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Problem(problem) => advice::for_problem(problem),
            Self::Gateway { status, .. } => advice::for_gateway(*status),
            Self::Token { status, .. } => advice::for_token(*status),
            Self::OrderManagement { status, .. } => advice::for_order_management(*status),
            Self::Transport { kind, .. } => advice::for_transport(*kind),
            Self::Unexpected { .. } => {
                "read the payment back before anything else, and keep the answer for support"
            }
            Self::NotSent(unsent) => unsent.advice(),
            Self::Setup(_) => "check the base URL and the other four VIPPS_ variables",
        }
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        Self::Setup(error.to_string())
    }
}

impl Error {
    /// The credentials cannot be used for calls.
    pub(super) fn unusable(credentials: &Credentials, reason: impl fmt::Display) -> Self {
        Self::Setup(format!("{}: {reason}", credentials.base_url))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.title)?;
        if let Some(code) = self.code {
            write!(f, " ({code})")?;
        }
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        write!(f, "{}", FieldList(&self.fields))?;
        if let Some(trace_id) = &self.trace_id {
            write!(f, " [trace {trace_id}]")?;
        }
        Ok(())
    }
}

impl fmt::Display for TransportKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Connect => "no connection",
            Self::Timeout => "timeout",
            Self::Broken => "connection broken",
        })
    }
}

/// Prints `; reference: too short; amount: missing`.
struct FieldList<'a>(&'a [(String, String)]);

impl fmt::Display for FieldList<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(name, reason)| write!(f, "; {name}: {reason}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(status: u16, code: Option<u32>) -> Error {
        Error::Problem(Box::new(Problem {
            status,
            code,
            title: "Cannot capture before reservation".to_owned(),
            detail: Some("not reserved".to_owned()),
            instance: None,
            trace_id: Some("00-ab-cd-01".to_owned()),
            fields: Vec::new(),
        }))
    }

    #[test]
    fn a_problem_prints_all_that_support_will_ask_for() {
        assert_eq!(
            problem(400, Some(6080)).to_string(),
            "400 Cannot capture before reservation (6080): not reserved [trace 00-ab-cd-01]"
        );
    }

    #[test]
    fn only_lost_answers_leave_the_outcome_open() {
        let lost = |kind| Error::Transport { kind, message: String::new() };
        let unreadable = |status| Error::Unexpected { status, message: String::new() };
        let cases = [
            (problem(400, Some(6080)), false),
            (problem(409, Some(4010)), false),
            (problem(500, Some(3010)), true),
            (lost(TransportKind::Timeout), true),
            (lost(TransportKind::Broken), true),
            (lost(TransportKind::Connect), false),
            (unreadable(200), true),
            (unreadable(418), false),
            (unreadable(502), true),
            (Error::Gateway { status: 429, message: String::new() }, false),
        ];
        for (error, open) in cases {
            assert_eq!(error.leaves_outcome_open(), open, "{error:?}");
        }
    }
}
