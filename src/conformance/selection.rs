//! Which scenarios to run: by path, by tag, by name. All of it is decided here, before the run.

use std::path::PathBuf;

use cucumber::gherkin::tagexpr::TagOperation;
use cucumber::gherkin::{Feature, Rule, Scenario};
use cucumber::tag::Ext as _;

use super::catalogue::{self, LoadedFeature};
use super::error::RunError;

/// Which scenarios are wanted; the default is every embedded one.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// A directory of features to choose from, instead of the embedded ones.
    pub features: Option<PathBuf>,
    /// Embedded features or directories, or files and directories on disk.
    pub paths: Vec<String>,
    /// A tag expression, `@taxi and not @mock-only`.
    pub tags: Option<String>,
    /// A part of the scenario's name, in any case.
    pub name: Option<String>,
}

/// A scenario as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedScenario {
    /// The file, `features/taxi/fare.feature`.
    pub path: String,
    /// The line of the scenario, or of its row in an outline.
    pub line: usize,
    /// The name of the feature.
    pub feature: String,
    /// The rule it is an example of.
    pub rule: Option<String>,
    /// Its own name.
    pub name: String,
    /// The tags of the feature, the rule and the scenario, without the `@`.
    pub tags: Vec<String>,
}

/// Loads the features of a selection and keeps the scenarios that are wanted.
///
/// # Errors
///
/// When a path is nowhere, a feature does not parse, or the tag expression does not.
pub fn select(selection: &Selection) -> Result<Vec<LoadedFeature>, RunError> {
    let tags = match &selection.tags {
        Some(expression) => Some(
            expression
                .parse::<TagOperation>()
                .map_err(|_| RunError::BadTags { expression: expression.clone() })?,
        ),
        None => None,
    };
    let name = selection.name.as_ref().map(|text| text.to_lowercase());
    let wanted = |feature: &Feature, rule: Option<&Rule>, scenario: &Scenario| {
        tags.as_ref().is_none_or(|tags| tags.eval(all_tags(feature, rule, scenario)))
            && name.as_ref().is_none_or(|text| scenario.name.to_lowercase().contains(text))
    };
    let mut loaded = catalogue::load(&selection.paths, selection.features.as_deref())?;
    for LoadedFeature { feature, .. } in &mut loaded {
        let whole = feature.clone();
        feature.scenarios.retain(|scenario| wanted(&whole, None, scenario));
        for (rule, whole_rule) in feature.rules.iter_mut().zip(&whole.rules) {
            rule.scenarios.retain(|scenario| wanted(&whole, Some(whole_rule), scenario));
        }
        feature.rules.retain(|rule| !rule.scenarios.is_empty());
    }
    loaded.retain(|loaded| scenarios(&loaded.feature).next().is_some());
    Ok(loaded)
}

/// Lists the scenarios of a selection in the order of the files.
///
/// # Errors
///
/// As [`select`].
pub fn list(selection: &Selection) -> Result<Vec<ListedScenario>, RunError> {
    let loaded = select(selection)?;
    Ok(loaded
        .iter()
        .flat_map(|LoadedFeature { path, feature, .. }| {
            scenarios(feature).map(move |(rule, scenario)| ListedScenario {
                path: path.clone(),
                line: scenario.position.line,
                feature: feature.name.clone(),
                rule: rule.map(|rule| rule.name.clone()),
                name: scenario.name.clone(),
                tags: all_tags(feature, rule, scenario),
            })
        })
        .collect())
}

/// Lists all that there is to choose from: more than the selection, never less.
///
/// # Errors
///
/// As [`select`].
pub(super) fn list_everything(selection: &Selection) -> Result<Vec<ListedScenario>, RunError> {
    let Selection { features, paths, .. } = selection.clone();
    let mut all = list(&Selection { features: features.clone(), ..Selection::default() })?;
    all.extend(list(&Selection { features, paths, ..Selection::default() })?);
    Ok(all)
}

/// The scenarios of a feature, each with the rule it stands under.
pub(super) fn scenarios(
    feature: &Feature,
) -> impl Iterator<Item = (Option<&Rule>, &Scenario)> + '_ {
    let free = feature.scenarios.iter().map(|scenario| (None, scenario));
    let ruled = feature
        .rules
        .iter()
        .flat_map(|rule| rule.scenarios.iter().map(move |scenario| (Some(rule), scenario)));
    free.chain(ruled)
}

/// The tags that hold for a scenario: the feature's, the rule's and its own.
pub(super) fn all_tags(feature: &Feature, rule: Option<&Rule>, scenario: &Scenario) -> Vec<String> {
    let rule = rule.map_or(&[][..], |rule| &rule.tags);
    let mut tags: Vec<String> = Vec::new();
    for tag in feature.tags.iter().chain(rule).chain(&scenario.tags) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    tags
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(paths: &[&str], tags: Option<&str>, name: Option<&str>) -> Vec<ListedScenario> {
        let paths = paths.iter().map(|path| (*path).to_owned()).collect();
        let (tags, name) = (tags.map(str::to_owned), name.map(str::to_owned));
        list(&Selection { paths, tags, name, ..Selection::default() }).unwrap()
    }

    #[test]
    fn tags_of_feature_rule_and_scenario_count() {
        let all = listed(&[], None, None);
        let mock_only = listed(&[], Some("@mock-only"), None);
        let portable = listed(&[], Some("not @mock-only"), None);
        assert!(!mock_only.is_empty() && !portable.is_empty());
        assert_eq!(mock_only.len() + portable.len(), all.len());
    }

    #[test]
    fn path_tag_and_name_all_have_to_hold() {
        let all = listed(&["taxi"], None, None);
        let first = all.first().unwrap();
        let name = first.name.to_uppercase();
        let found = listed(&["taxi"], Some(&format!("@{}", first.tags[0])), Some(&name));
        assert!(found.contains(first));
        assert!(listed(&["taxi"], Some("@no-such-tag"), Some(&name)).is_empty());
    }

    #[test]
    fn a_broken_tag_expression_is_shown() {
        let selection = Selection { tags: Some("@a and".into()), ..Selection::default() };
        assert!(list(&selection).unwrap_err().to_string().contains("@a and"));
    }
}
