//! Why a step does not hold, in words for whoever reads the report.

use std::fmt;

/// Why a step does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure(String);

/// What steps answer.
pub(super) type Held = Result<(), Failure>;

impl Failure {
    /// A failure in these words.
    pub(super) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

/// Holds when both are equal; `place` is what differs, `evidence` what was seen.
pub(super) fn same<T: PartialEq + fmt::Debug>(
    place: &str,
    actual: &T,
    expected: &T,
    evidence: &dyn fmt::Display,
) -> Held {
    if actual == expected {
        return Ok(());
    }
    Err(Failure::new(format!("{place} is {actual:?}, expected {expected:?}\n{evidence}")))
}
