//! What a run is going to do with each scenario: run it, or say why it cannot.

use std::fmt::Display;

use cucumber::gherkin::{Feature, Rule, Scenario, Step};

use super::capabilities::Capabilities;
use super::expectations::Expectations;
use super::obstacles::obstacle;
use super::selection::all_tags;

/// The tag of a scenario that is not run. Its only step, which nothing answers to, says why; so it
/// stands in every report.
pub(super) const NOT_RUN: &str = "not-run";
/// The keyword of the step that says why.
const KEYWORD: &str = "* ";

/// Puts the reason in place of the steps of each scenario that cannot run, or is to be left out.
pub(super) fn make(features: &mut [Feature], can: &Capabilities, expectations: &Expectations) {
    for feature in features {
        let path = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let whole = feature.clone();
        let plan = |rule: Option<&Rule>, scenario: &mut Scenario| {
            let tags = all_tags(&whole, rule, scenario);
            let reason = obstacle(&tags, scenario.steps.iter(), can);
            if let Some(reason) = reason.or_else(|| expectations.skips(&path, &scenario.name)) {
                leave_out(scenario, &reason);
            }
        };
        feature.scenarios.iter_mut().for_each(|scenario| plan(None, scenario));
        for (rule, whole_rule) in feature.rules.iter_mut().zip(&whole.rules) {
            rule.scenarios.iter_mut().for_each(|scenario| plan(Some(whole_rule), scenario));
        }
    }
}

fn leave_out(scenario: &mut Scenario, reason: &dyn Display) {
    let Some(first) = scenario.steps.first().cloned() else { return };
    scenario.tags.push(NOT_RUN.to_owned());
    let value = reason.to_string();
    let (docstring, table) = (None, None);
    scenario.steps = vec![Step { keyword: KEYWORD.to_owned(), value, docstring, table, ..first }];
}

/// Moves the steps of each background into the scenarios it stands before, where they would run
/// anyway: a scenario that is not run must not take them either.
pub(super) fn fold_backgrounds(feature: &mut Feature) {
    let general = feature.background.take().map(|it| it.steps).unwrap_or_default();
    let before = |scenario: &mut Scenario, steps: Vec<Step>| {
        scenario.steps.splice(0..0, steps);
    };
    for rule in &mut feature.rules {
        let own = rule.background.take().map(|it| it.steps).unwrap_or_default();
        for scenario in &mut rule.scenarios {
            before(scenario, [general.clone(), own.clone()].concat());
        }
    }
    for scenario in &mut feature.scenarios {
        before(scenario, general.clone());
    }
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::GherkinEnv;

    use super::*;

    const TEXT: &str = "Feature: F\n  Background:\n    Given a payment of NOK 1.00\n\
        \n  Rule: R\n    Background:\n      Given the customer has approved\n\
        \n    Scenario: S\n      When 1 hour passes\n      Then the payment is CREATED\n\
        \n    Scenario: T\n      When the merchant reads the payment\n";

    #[test]
    fn a_scenario_that_cannot_run_keeps_nothing_but_the_reason() {
        let mut feature = Feature::parse(TEXT, GherkinEnv::default()).unwrap();
        fold_backgrounds(&mut feature);
        let steps = |feature: &Feature, at: usize| feature.rules[0].scenarios[at].steps.len();
        assert_eq!((steps(&feature, 0), steps(&feature, 1)), (4, 3));
        let can = Capabilities { has_control: false, ..Capabilities::all() };
        let mut features = [feature];
        make(&mut features, &can, &Expectations::default());
        let [left_out, runs] = features[0].rules[0].scenarios.as_slice() else { panic!() };
        assert_eq!((left_out.steps.len(), runs.steps.len()), (1, 3));
        assert_eq!(left_out.tags, [NOT_RUN]);
        assert!(left_out.steps[0].value.contains("moves time"), "{left_out:?}");
    }
}
