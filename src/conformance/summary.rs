//! What a run came to.

use std::time::Duration;

use super::opened::Closing;

/// What a scenario came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Every step held.
    Passed,
    /// A step did not hold, or nothing answers to its words.
    Failed,
    /// It failed, as the expectations say it does.
    FailedAsExpected,
    /// It passed, and the expectations say that it fails: they are out of date.
    PassedUnexpectedly,
    /// It cannot run at this target, or the expectations leave it out.
    NotRun,
}

impl Outcome {
    /// The word for it in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::FailedAsExpected => "failed as expected",
            Self::PassedUnexpectedly => "passed unexpectedly",
            Self::NotRun => "not run",
        }
    }

    /// Whether the run breaks on it.
    #[must_use]
    pub fn is_break(self) -> bool {
        matches!(self, Self::Failed | Self::PassedUnexpectedly)
    }
}

/// One step of a scenario that ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepResult {
    /// `Given`, `When`, `Then`, `And`.
    pub keyword: String,
    /// Its words.
    pub text: String,
    /// Whether it held.
    pub holds: bool,
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
    /// The step that failed and why, or why it did not run.
    pub message: Option<String>,
    /// The steps that were taken, up to the one that failed.
    pub steps: Vec<StepResult>,
    /// Real time from its first step to its last.
    pub duration: Duration,
}

impl ScenarioResult {
    /// `features/taxi/fare.feature:12`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.path, self.line)
    }
}

/// What a run came to.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// What was run against, in words.
    pub target: String,
    /// The scenarios in the order of the files.
    pub scenarios: Vec<ScenarioResult>,
    /// How many were selected; more than there are results when something ended the run early.
    pub selected: usize,
    /// Real time of the whole run.
    pub duration: Duration,
    /// What was closed at the end in a sales unit that outlives the run, and what was not.
    pub closing: Closing,
    /// Whether somebody stopped the run.
    pub was_stopped: bool,
}

impl Summary {
    /// How many scenarios came to this.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        self.scenarios.iter().filter(|scenario| scenario.outcome == outcome).count()
    }

    /// How many scenarios passed.
    #[must_use]
    pub fn passed(&self) -> usize {
        self.count(Outcome::Passed)
    }

    /// How many scenarios failed that should not.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.count(Outcome::Failed)
    }

    /// How many scenarios could not run.
    #[must_use]
    pub fn not_run(&self) -> usize {
        self.count(Outcome::NotRun)
    }

    /// How many selected scenarios the run ended before.
    #[must_use]
    pub fn not_reached(&self) -> usize {
        self.selected.saturating_sub(self.scenarios.len())
    }

    /// Whether no scenario ran: a run that compared nothing shows nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.scenarios.len() == self.not_run()
    }

    /// Whether something was compared, and all of it came out as it should.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        let breaks = self.scenarios.iter().any(|scenario| scenario.outcome.is_break());
        !self.is_empty() && !breaks && self.not_reached() == 0 && !self.was_stopped
    }

    /// The slowest scenario of the run.
    #[must_use]
    pub fn slowest(&self) -> Option<&ScenarioResult> {
        self.scenarios.iter().max_by_key(|scenario| scenario.duration)
    }

    /// The scenarios that could not run, by the reason, most first.
    #[must_use]
    pub fn obstacles(&self) -> Vec<(&str, Vec<&ScenarioResult>)> {
        let mut obstacles: Vec<(&str, Vec<&ScenarioResult>)> = Vec::new();
        for scenario in self.scenarios.iter().filter(|it| it.outcome == Outcome::NotRun) {
            let reason = scenario.message.as_deref().unwrap_or_default();
            match obstacles.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, scenarios)) => scenarios.push(scenario),
                None => obstacles.push((reason, vec![scenario])),
            }
        }
        obstacles.sort_by_key(|(_, scenarios)| std::cmp::Reverse(scenarios.len()));
        obstacles
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A run in which the scenarios came to this.
    pub(in crate::conformance) fn summary(outcomes: &[Outcome], selected: usize) -> Summary {
        let scenario = |(line, outcome): (usize, &Outcome)| ScenarioResult {
            path: "features/a.feature".into(),
            feature: "A".into(),
            rule: Some("R".into()),
            name: format!("B{line}"),
            line,
            tags: vec!["official".into()],
            outcome: *outcome,
            message: (*outcome != Outcome::Passed).then(|| "because <of> it".into()),
            steps: Vec::new(),
            duration: Duration::ZERO,
        };
        let scenarios = (1..).zip(outcomes).map(scenario).collect();
        let target = "a mock of its own".to_owned();
        Summary { target, scenarios, selected, ..Summary::default() }
    }

    #[test]
    fn only_a_run_that_compared_something_and_came_out_as_it_should_succeeds() {
        use Outcome::{Failed, FailedAsExpected, NotRun, Passed, PassedUnexpectedly};
        let cases = [
            (summary(&[], 0), false),
            (summary(&[Passed], 1), true),
            (summary(&[Passed, Failed], 2), false),
            (summary(&[Passed], 2), false),
            (summary(&[Passed, NotRun], 2), true),
            (summary(&[NotRun, NotRun], 2), false),
            (summary(&[Passed, FailedAsExpected], 2), true),
            (summary(&[Passed, PassedUnexpectedly], 2), false),
            (Summary { was_stopped: true, ..summary(&[Passed], 1) }, false),
        ];
        for (summary, good) in cases {
            assert_eq!(summary.succeeded(), good, "{summary:?}");
        }
    }
}
