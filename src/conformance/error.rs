//! Why a run could not be made. A failing scenario is no such error: it is in the summary.

/// Why features could not be run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// A path is neither among the embedded features nor on disk.
    #[error(
        "no feature is called {path}, neither among the embedded ones nor on disk\n\nhint: `vipps-mock conformance list` names them"
    )]
    NoSuchFeature {
        /// The path as given.
        path: String,
    },
    /// A feature file is there and cannot be read.
    #[error("failed to read {path}: {source}")]
    Unreadable {
        /// The file or directory.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A feature file is no Gherkin, or an outline names a column that is not there.
    #[error("failed to parse {path}: {message}")]
    BadFeature {
        /// The file.
        path: String,
        /// Where and why.
        message: String,
    },
    /// The file of expectations says something that it may not.
    #[error("{path}:{line}: {message}")]
    BadExpectations {
        /// The file.
        path: String,
        /// The line of the entry.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A feature that would pass without checking anything.
    #[error("{path}:{line}: {message}")]
    Refused {
        /// The file.
        path: String,
        /// The line of the scenario.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// The tag expression does not parse.
    #[error("{expression} is no tag expression\n\nhint: `@taxi and not @mock-only` is one")]
    BadTags {
        /// The expression as given.
        expression: String,
    },
    /// TLS cannot be set up.
    #[error("{0}")]
    NoClient(String),
    /// The target does not answer as a mock does.
    #[error("failed to reach a mock at {url}: {message}")]
    NoTarget {
        /// The address asked.
        url: String,
        /// What came instead.
        message: String,
    },
    /// The target has no control API, and no sales unit was given to use instead.
    #[error(
        "what answers at {url} has no control API, so the run needs a sales unit's keys and a test user's phone\n\nhint: set VIPPS_CLIENT_ID, VIPPS_CLIENT_SECRET, VIPPS_SUBSCRIPTION_KEY, VIPPS_MSN and VIPPS_PHONE"
    )]
    NoUnit {
        /// The address asked.
        url: String,
    },
    /// The target has a control API, and does not let this run use it.
    #[error(
        "the control API at {url} says no: {message}\n\nhint: --control-token or VIPPS_MOCK_CONTROL_TOKEN gives the token that `serve` was started with"
    )]
    ControlRefused {
        /// The address asked.
        url: String,
        /// What it said.
        message: String,
    },
    /// The sales unit cannot be used for what every scenario needs.
    #[error("the sales unit cannot be used at {url}: {message}")]
    KeysRefused {
        /// The address asked.
        url: String,
        /// What came instead.
        message: String,
    },
    /// The address for webhooks cannot be listened on.
    #[error("cannot listen on {address}: {source}")]
    NoListener {
        /// The address.
        address: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A report file cannot be written.
    #[error("failed to write {path}: {source}")]
    Report {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
}
