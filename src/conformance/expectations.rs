//! Which scenarios are known to fail at a target, and which are to be left out: read from a file.

use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::error::RunError;
use super::selection::ListedScenario;
use super::summary::{Outcome, Summary};

/// What is known of a target beforehand.
#[derive(Debug, Clone, Default)]
pub(super) struct Expectations {
    known: Vec<Known>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    known: Vec<Spanned<Known>>,
}

/// One entry: which scenarios, what they come to, and why.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    /// A feature or a directory, as on the command line: `epayment/capture`.
    feature: String,
    /// The name of one scenario of it; none means all.
    scenario: Option<String>,
    outcome: KnownOutcome,
    because: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum KnownOutcome {
    Fails,
    Skip,
}

impl Expectations {
    /// Reads a file of expectations about some of these scenarios, which are all that there are.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, says something that it may not, or names a scenario that
    /// does not exist: what has disappeared is to be taken out.
    pub(super) fn read(path: &Path, all: &[ListedScenario]) -> Result<Self, RunError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|source| RunError::Unreadable { path: name.clone(), source })?;
        Self::parse(&text, all).map_err(|(offset, message)| {
            let line = text[..offset.min(text.len())].matches('\n').count() + 1;
            RunError::BadExpectations { path: name, line, message }
        })
    }

    fn parse(text: &str, all: &[ListedScenario]) -> Result<Self, (usize, String)> {
        let file: File = toml::from_str(text).map_err(|error| {
            let message = error.message().split_whitespace().collect::<Vec<_>>().join(" ");
            (error.span().unwrap_or(0..0).start, message)
        })?;
        let mut known = Vec::new();
        for entry in file.known {
            let (start, entry) = (entry.span().start, entry.into_inner());
            let wrong = |message: String| Err((start, message));
            if !all.iter().any(|scenario| entry.is_about(&scenario.path, &scenario.name)) {
                let of = entry.scenario.as_ref().map(|name| format!(" called {name:?}"));
                let of = of.unwrap_or_default();
                return wrong(format!("there is no scenario{of} in {:?}", entry.feature));
            }
            if entry.because.trim().is_empty() {
                return wrong("because: must say why".to_owned());
            }
            known.push(entry);
        }
        Ok(Self { known })
    }

    /// Why a scenario is to be left out, if it is.
    pub(super) fn skips(&self, path: &str, name: &str) -> Option<String> {
        let entry = self.find(KnownOutcome::Skip, path, name)?;
        Some(format!("the expectations leave it out: {}", entry.because))
    }

    /// Compares what came out with what was expected.
    pub(super) fn apply(&self, summary: &mut Summary) {
        for scenario in &mut summary.scenarios {
            let entry = self.find(KnownOutcome::Fails, &scenario.path, &scenario.name);
            let Some(Known { because, .. }) = entry else { continue };
            match scenario.outcome {
                Outcome::Failed => {
                    scenario.outcome = Outcome::FailedAsExpected;
                    let message = scenario.message.take().unwrap_or_default();
                    scenario.message = Some(format!("{because}\n{message}"));
                }
                Outcome::Passed => {
                    scenario.outcome = Outcome::PassedUnexpectedly;
                    scenario.message = Some(format!(
                        "it passes, and was expected to fail because {because:?}\n  take the entry out of the expectations"
                    ));
                }
                Outcome::FailedAsExpected | Outcome::PassedUnexpectedly | Outcome::NotRun => {}
            }
        }
    }

    fn find(&self, outcome: KnownOutcome, path: &str, name: &str) -> Option<&Known> {
        self.known.iter().find(|entry| entry.outcome == outcome && entry.is_about(path, name))
    }
}

impl Known {
    fn is_about(&self, path: &str, name: &str) -> bool {
        let bare = |path: &str| {
            let path = path.trim_start_matches("./").trim_start_matches("features/");
            path.trim_end_matches('/').trim_end_matches(".feature").to_owned()
        };
        let (feature, path) = (bare(&self.feature), bare(path));
        let is_in = path == feature
            || path.strip_prefix(&feature).is_some_and(|rest| rest.starts_with('/'))
            || path.strip_suffix(&feature).is_some_and(|rest| rest.ends_with('/'));
        is_in && self.scenario.as_ref().is_none_or(|wanted| wanted == name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::summary::tests::summary;
    use super::*;

    fn all() -> Vec<ListedScenario> {
        let listed = |line: usize| ListedScenario {
            path: "features/a.feature".into(),
            line,
            feature: "A".into(),
            rule: None,
            name: format!("B{line}"),
            tags: Vec::new(),
        };
        vec![listed(1), listed(2), listed(3)]
    }

    const KNOWN: &str = "[[known]]\nfeature = \"a\"\nscenario = \"B1\"\noutcome = \"fails\"\n\
                         because = \"it is so\"\n";

    #[test]
    fn a_known_failure_is_none_and_one_that_has_gone_is_one() {
        let expectations = Expectations::parse(KNOWN, &all()).unwrap();
        let cases = [
            (Outcome::Failed, Outcome::FailedAsExpected, true),
            (Outcome::Passed, Outcome::PassedUnexpectedly, false),
            (Outcome::NotRun, Outcome::NotRun, true),
        ];
        for (before, after, good) in cases {
            let mut summary = summary(&[before, Outcome::Passed], 2);
            expectations.apply(&mut summary);
            assert_eq!(summary.scenarios[0].outcome, after, "{before:?}");
            assert_eq!(summary.scenarios[1].outcome, Outcome::Passed, "{before:?}");
            assert_eq!(summary.succeeded(), good, "{before:?}");
        }
    }

    #[test]
    fn scenarios_are_left_out_by_name_feature_or_directory() {
        let text = |feature: &str| {
            format!("[[known]]\nfeature = \"{feature}\"\noutcome = \"skip\"\nbecause = \"slow\"\n")
        };
        for feature in ["a", "features/a", "features/a.feature", "./features/a.feature"] {
            let expectations = Expectations::parse(&text(feature), &all()).unwrap();
            let reason = expectations.skips("features/a.feature", "B3").unwrap();
            assert!(reason.ends_with("slow"), "{feature}: {reason}");
            assert_eq!(expectations.skips("features/b.feature", "B3"), None, "{feature}");
        }
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_its_place() {
        let gone = KNOWN.replace("B1", "B9");
        let silent = KNOWN.replace("it is so", " ");
        let cases = [
            (gone.as_str(), "there is no scenario called \"B9\" in \"a\""),
            (silent.as_str(), "because: must say why"),
            ("[[known]]\nfeature = \"a\"\n", "missing field `outcome`"),
        ];
        for (text, expected) in cases {
            let (_, message) = Expectations::parse(text, &all()).unwrap_err();
            assert_eq!(message, expected, "{text}");
        }
    }
}
