//! Why a command ended without doing what it was asked, in a sentence, with a hint and an exit code.

use std::io;

use super::exit::Exit;
use super::server::StartError;
use crate::config::ConfigError;
use crate::conformance::RunError;
use crate::taxi;
use crate::taxi::transport::TransportError;

/// What stopped a command.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// Nothing answered.
    #[error("cannot reach a mock at {url}: {cause}")]
    Unreachable { url: String, cause: String },
    /// Nothing answered a taxi.
    #[error("cannot reach the API at {url}: {cause}")]
    NoApi { url: String, cause: String },
    /// Somebody answered who is not a mock.
    #[error("what answers at {url} is not vipps-mock: no Vipps-Mock header in its answer")]
    NotAMock { url: String },
    /// A mock answered in a form this program does not know.
    #[error("cannot read the answer of {url}: {cause}")]
    Unreadable { url: String, cause: String },
    /// The mock has no control API.
    #[error("the mock at {url} was started without its control API")]
    NoControl { url: String },
    /// The mock said no.
    #[error("{detail}")]
    Refused { detail: String, hint: Option<String> },
    /// The command line or the environment is wrong in a way the parser of flags cannot see.
    #[error("{message}")]
    Usage { message: String, hint: Option<String> },
    /// The config file cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A scenario of the user's cannot be used.
    #[error("{message}")]
    Recipe { message: String, hint: String },
    /// No scenario has this name.
    #[error("there is no scenario {name}")]
    NoScenario { name: String, hint: String },
    /// The mock could not be started.
    #[error("cannot listen on {}: {}", .0.address, .0.cause.kind())]
    Start(#[from] StartError),
    /// Something needed to listen on an address and could not.
    #[error("cannot listen on {address}: {cause}")]
    Listen { address: String, cause: String },
    /// The features could not be run.
    #[error(transparent)]
    Features(#[from] RunError),
    /// No HTTP client can be had.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The program worked, the world did not.
    #[error("{message}")]
    NotMet { message: String, hint: Option<String> },
    /// A call of the taxi failed for good.
    #[error("could not {doing}: {error}")]
    Call { doing: &'static str, error: Box<taxi::error::Error> },
    /// Standard output went away or is full.
    #[error("cannot write the output: {0}")]
    Output(io::Error),
    /// The system gives no signal handler.
    #[error("cannot wait for signals: {0}")]
    Signals(io::Error),
}

impl Failure {
    /// The code the program ends with.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unreachable { .. }
            | Self::NoApi { .. }
            | Self::NotAMock { .. }
            | Self::Unreadable { .. } => Exit::Unreachable,
            Self::Features(error) => exit_without_run(error),
            Self::NoControl { .. } | Self::Refused { .. } => Exit::Refused,
            Self::Usage { .. } => Exit::Usage,
            Self::Config(_) | Self::Recipe { .. } => Exit::Config,
            Self::NoScenario { .. } => Exit::NothingMatched,
            Self::Start(_) | Self::Listen { .. } => Exit::Listen,
            // A reader that has seen enough, as in `vipps-mock payments | head`, is no failure.
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Done,
            Self::Call { error, .. } => exit_of_call(error),
            Self::NotMet { .. } | Self::Output(_) | Self::Signals(_) | Self::Transport(_) => {
                Exit::NotMet
            }
        }
    }

    /// What to try next, when there is something.
    pub(crate) fn hint(&self) -> Option<&str> {
        match self {
            Self::Unreachable { .. } | Self::NotAMock { .. } => {
                Some("start one with: vipps-mock serve")
            }
            Self::NoApi { .. } => {
                Some("for a mock: vipps-mock serve, and then eval \"$(vipps-mock env)\"")
            }
            Self::NoControl { .. } => Some("start it without --no-control"),
            Self::Refused { hint, .. } | Self::Usage { hint, .. } | Self::NotMet { hint, .. } => {
                hint.as_deref()
            }
            Self::Recipe { hint, .. } | Self::NoScenario { hint, .. } => Some(hint),
            Self::Call { error, .. } => Some(error.advice()),
            Self::Start(_) | Self::Listen { .. } => {
                Some("choose another address; port 0 takes any free port")
            }
            Self::Unreadable { .. }
            | Self::Config(_)
            | Self::Features(_)
            | Self::Transport(_)
            | Self::Output(_)
            | Self::Signals(_) => None,
        }
    }
}

fn exit_without_run(error: &RunError) -> Exit {
    match error {
        RunError::NoSuchFeature { .. } => Exit::NothingMatched,
        RunError::Unreadable { .. }
        | RunError::BadFeature { .. }
        | RunError::BadExpectations { .. }
        | RunError::Refused { .. } => Exit::Config,
        RunError::BadTags { .. } | RunError::NoUnit { .. } => Exit::Usage,
        RunError::KeysRefused { .. } | RunError::ControlRefused { .. } => Exit::Refused,
        RunError::NoListener { .. } => Exit::Listen,
        RunError::NoTarget { .. } => Exit::Unreachable,
        RunError::Report { .. } | RunError::NoClient(_) => Exit::NotMet,
    }
}

fn exit_of_call(error: &taxi::error::Error) -> Exit {
    match error {
        taxi::error::Error::Transport { .. } => Exit::Unreachable,
        taxi::error::Error::NotSent(_) | taxi::error::Error::Setup(_) => Exit::Usage,
        taxi::error::Error::Problem(_)
        | taxi::error::Error::Gateway { .. }
        | taxi::error::Error::Token { .. }
        | taxi::error::Error::OrderManagement { .. }
        | taxi::error::Error::Unexpected { .. } => Exit::Refused,
    }
}
