//! What a run came to.

use std::time::Duration;

/// What a scenario came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every step held.
    Passed,
    /// A step did not hold, or nothing answers to its words.
    Failed,
}

/// One scenario of a run, or one row of an outline.
#[derive(Debug, Clone)]
pub struct ScenarioResult {
    /// The file, `features/taxi/fare.feature`.
    pub path: String,
    /// The name of the feature.
    pub feature: String,
    /// The rule it is an example of.
    pub rule: Option<String>,
    /// Its own name.
    pub name: String,
    /// The line of the scenario, or of its row in an outline.
    pub line: usize,
    /// The tags of the feature, the rule and the scenario, without the `@`.
    pub tags: Vec<String>,
    /// What it came to.
    pub outcome: Outcome,
    /// The step that failed and why.
    pub message: Option<String>,
    /// Real time from its first step to its last.
    pub duration: Duration,
}

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// The scenarios in the order of the files.
    pub scenarios: Vec<ScenarioResult>,
    /// How many were selected; more than ran when the first failure ended the run.
    pub selected: usize,
    /// Real time of the whole run.
    pub duration: Duration,
}

impl Summary {
    /// How many scenarios passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.count(Outcome::Passed)
    }

    /// How many scenarios failed.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(Outcome::Failed)
    }

    /// How many selected scenarios did not run.
    #[must_use]
    pub fn not_run(&self) -> usize {
        self.selected.saturating_sub(self.scenarios.len())
    }

    /// Whether nothing was selected: a run that compared nothing shows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.selected == 0
    }

    /// Whether something was compared, and all of it held.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        !self.is_empty() && self.passed() == self.selected
    }

    /// The slowest scenario of the run.
    #[must_use]
    pub fn slowest(&self) -> Option<&ScenarioResult> {
        self.scenarios.iter().max_by_key(|scenario| scenario.duration)
    }

    fn count(&self, outcome: Outcome) -> usize {
        self.scenarios.iter().filter(|scenario| scenario.outcome == outcome).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summary(outcomes: &[Outcome], selected: usize) -> Summary {
        let scenario = |outcome: &Outcome| ScenarioResult {
            path: "features/a.feature".into(),
            feature: "A".into(),
            rule: None,
            name: "B".into(),
            line: 1,
            tags: Vec::new(),
            outcome: *outcome,
            message: None,
            duration: Duration::ZERO,
        };
        let scenarios = outcomes.iter().map(scenario).collect();
        Summary { scenarios, selected, duration: Duration::ZERO }
    }

    #[test]
    fn only_a_run_that_compared_something_and_held_succeeds() {
        let cases = [
            (summary(&[], 0), false),
            (summary(&[Outcome::Passed], 1), true),
            (summary(&[Outcome::Passed, Outcome::Failed], 2), false),
            (summary(&[Outcome::Passed], 2), false),
        ];
        for (summary, good) in cases {
            assert_eq!(summary.succeeded(), good, "{summary:?}");
        }
    }
}
