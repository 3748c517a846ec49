//! Refuses features that would pass without checking anything, or that do not say what they rest on.

use std::fmt;

use cucumber::World as _;
use cucumber::gherkin::{Feature, Scenario, StepType};
use cucumber::step::Collection;

use super::catalogue::LoadedFeature;
use super::selection::{all_tags, scenarios};
use super::world::World;

/// What a scenario can rest on; every one of ours carries exactly one of these tags.
pub const EVIDENCE: [&str; 3] = ["official", "observed", "assumed"];

/// Something about a scenario that must be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file.
    pub path: String,
    /// The line of the scenario.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.message)
    }
}

/// Finds scenarios that would pass because there is nothing in them to fail: without steps, or
/// with a misspelt keyword that the parser takes for a description.
#[must_use]
pub fn idle(loaded: &LoadedFeature) -> Vec<Finding> {
    let mut findings = Vec::new();
    if scenarios(&loaded.feature).next().is_none() {
        findings.push(finding(loaded, 1, "the feature has no scenario".to_owned()));
    }
    for (_, scenario) in scenarios(&loaded.feature) {
        let line = scenario.position.line;
        if scenario.steps.is_empty() {
            let message = format!("the scenario \"{}\" has no steps", scenario.name);
            findings.push(finding(loaded, line, message));
        } else if let Some(text) = &scenario.description {
            let message = format!(
                "the scenario \"{}\" has text before its steps; is a keyword misspelt? {}",
                scenario.name,
                text.trim()
            );
            findings.push(finding(loaded, line, message));
        }
    }
    findings
}

/// Finds what our own features must not have: the idle scenarios, a scenario without exactly one
/// evidence tag, without an outcome, or with more than one action.
#[must_use]
pub fn house(loaded: &LoadedFeature) -> Vec<Finding> {
    let mut findings = idle(loaded);
    let mut seen = Vec::new();
    for (rule, scenario) in scenarios(&loaded.feature) {
        let tags = all_tags(&loaded.feature, rule, scenario);
        let evidence = tags.iter().filter(|tag| EVIDENCE.contains(&tag.as_str())).count();
        let mut refuse = |message: String| {
            findings.push(finding(loaded, scenario.position.line, message));
        };
        if evidence != 1 {
            refuse(format!(
                "the scenario \"{}\" has {evidence} of the evidence tags @official, @observed and @assumed; it needs exactly one",
                scenario.name
            ));
        }
        let (actions, outcomes) = actions_and_outcomes(&loaded.feature, scenario);
        if actions != 1 {
            refuse(format!("the scenario \"{}\" has {actions} When steps", scenario.name));
        }
        if outcomes == 0 {
            refuse(format!("the scenario \"{}\" has no Then step", scenario.name));
        }
        let place = (rule.map(|rule| &rule.name), &scenario.name);
        if seen.contains(&place) {
            refuse(format!("there are two scenarios \"{}\" here", scenario.name));
        }
        seen.push(place);
    }
    findings
}

/// Finds steps whose words mean nothing, or more than one thing.
#[must_use]
pub fn unclear(features: &[LoadedFeature]) -> Vec<Finding> {
    let known = World::collection();
    features.iter().flat_map(|loaded| unclear_in(&known, loaded)).collect()
}

fn unclear_in(known: &Collection<World>, loaded: &LoadedFeature) -> Vec<Finding> {
    let background = loaded.feature.background.iter().flat_map(|background| &background.steps);
    let steps = scenarios(&loaded.feature).flat_map(|(_, scenario)| &scenario.steps);
    let mut findings = Vec::new();
    for step in background.chain(steps) {
        let message = match known.find(step) {
            Ok(Some(_)) => continue,
            Ok(None) => format!("no step has the words \"{}\"", step.value),
            Err(error) => format!("\"{}\" has more than one meaning: {error}", step.value),
        };
        findings.push(finding(loaded, step.position.line, message));
    }
    findings
}

fn actions_and_outcomes(feature: &Feature, scenario: &Scenario) -> (usize, usize) {
    let background = feature.background.iter().flat_map(|background| &background.steps);
    let steps = || background.clone().chain(&scenario.steps);
    let count = |ty: StepType| steps().filter(|step| step.ty == ty).count();
    (count(StepType::When), count(StepType::Then))
}

fn finding(loaded: &LoadedFeature, line: usize, message: String) -> Finding {
    Finding { path: loaded.path.clone(), line, message }
}

#[cfg(test)]
mod tests {
    use cucumber::feature::Ext as _;
    use cucumber::gherkin::GherkinEnv;

    use super::*;

    fn feature(text: &str) -> LoadedFeature {
        let feature = Feature::parse(text, GherkinEnv::default()).unwrap().expand_examples();
        LoadedFeature { path: "a.feature".into(), embedded: true, feature: feature.unwrap() }
    }

    fn messages(text: &str) -> Vec<String> {
        house(&feature(text)).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_scenario_needs_exactly_one_evidence_tag_at_any_level() {
        let steps = "Given a\n When b\n Then c\n";
        let cases = [
            (format!("@official\nFeature: F\n Scenario: S\n {steps}"), true),
            (format!("Feature: F\n @observed\n Rule: R\n Scenario: S\n {steps}"), true),
            (format!("Feature: F\n @assumed @mock-only\n Scenario: S\n {steps}"), true),
            (format!("Feature: F\n Scenario: S\n {steps}"), false),
            (format!("Feature: F\n @mock-only\n Scenario: S\n {steps}"), false),
            (format!("@official\nFeature: F\n @assumed\n Scenario: S\n {steps}"), false),
        ];
        for (text, good) in cases {
            assert_eq!(messages(&text).is_empty(), good, "{text}");
        }
    }

    #[test]
    fn a_scenario_that_checks_nothing_is_refused() {
        let cases = [
            ("@official\nFeature: F\n", "no scenario"),
            ("@official\nFeature: F\n Scenario: S\n", "no steps"),
            ("@official\nFeature: F\n Scenario: S\n  Wehn b\n  Then c\n", "misspelt"),
            ("@official\nFeature: F\n Scenario: S\n  Given a\n  When b\n", "no Then"),
            ("@official\nFeature: F\n Scenario: S\n  Given a\n  Then b\n", "0 When"),
            ("@official\nFeature: F\n Scenario: S\n  When a\n  When b\n  Then c\n", "2 When"),
        ];
        for (text, expected) in cases {
            let messages = messages(text);
            assert!(messages.iter().any(|message| message.contains(expected)), "{messages:?}");
        }
    }

    #[test]
    fn two_rows_of_one_name_are_refused() {
        let text = "@official\nFeature: F\n Scenario Outline: <case>\n  When <case>\n  Then c\n\
                    \n  Examples:\n  | case |\n  | one |\n  | one |\n";
        assert_eq!(messages(text), ["there are two scenarios \"one\" here"]);
    }
}
