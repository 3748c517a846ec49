//! The ledger of evidence: each rule of the features, and what it rests on.

use std::fmt::Write as _;

use cucumber::gherkin::{Feature, Rule};

use super::catalogue::{LoadedFeature, load};
use super::error::RunError;
use super::lint::EVIDENCE;
use super::selection::{all_tags, scenarios};

/// What stands above the generated part, and is not to be changed by hand.
const MARK: &str =
    "<!-- From here on `vipps-mock conformance ledger` writes: change the features instead. -->";
/// How a line in the description of a feature or a rule begins that says where it is from.
const SOURCE: &str = "Source:";

/// The whole document: what stands above the mark in the old one, and the ledger of the embedded
/// features below it.
///
/// # Errors
///
/// When an embedded feature does not parse.
pub fn document(old: &str) -> Result<String, RunError> {
    let head = old.split(MARK).next().unwrap_or_default().trim_end();
    let head = if head.is_empty() { "# Fidelity" } else { head };
    Ok(format!("{head}\n\n{MARK}\n\n{}", generated()?))
}

fn generated() -> Result<String, RunError> {
    let features = load(&[], None)?;
    let mut text = String::from("## The ledger\n\n");
    write_sum(&mut text, &features);
    for part in features.chunk_by(|one, other| part_of(one) == part_of(other)) {
        let Some(first) = part.first() else { continue };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "\n### {}\n", part_of(first).replace('_', " "));
        text.push_str("| rule | evidence of its scenarios | where it rests |\n");
        text.push_str("| --- | --- | --- |\n");
        for loaded in part {
            write_feature(&mut text, loaded);
        }
    }
    Ok(text)
}

/// `features/webhooks/retries.feature` is of the part `webhooks`.
fn part_of(loaded: &LoadedFeature) -> &str {
    loaded.path.split('/').nth(1).unwrap_or_default()
}

fn write_sum(text: &mut String, features: &[LoadedFeature]) {
    let tags: Vec<Vec<String>> = features
        .iter()
        .flat_map(|loaded| {
            let feature = &loaded.feature;
            scenarios(feature).map(|(rule, scenario)| all_tags(feature, rule, scenario))
        })
        .collect();
    let count = |tag: &str| tags.iter().filter(|tags| tags.iter().any(|it| it == tag)).count();
    let total = tags.len();
    let _ = write!(text, "{total} scenarios");
    for tag in EVIDENCE {
        let _ = write!(text, ", {} `@{tag}`", count(tag));
    }
    let mock_only = count("mock-only");
    let _ = writeln!(
        text,
        "; {mock_only} need a mock (`@mock-only`), the other {} run anywhere.",
        total - mock_only
    );
}

fn write_feature(text: &mut String, loaded: &LoadedFeature) {
    let feature = &loaded.feature;
    let rules = feature.rules.iter().map(Some);
    let free = (!feature.scenarios.is_empty()).then_some(None);
    for rule in free.into_iter().chain(rules) {
        let name = rule.map_or(&feature.name, |rule| &rule.name);
        let _ = writeln!(
            text,
            "| [{}](../{}) | {} | {} |",
            cell(name),
            loaded.path,
            evidence(feature, rule),
            cell(&sources(feature, rule)),
        );
    }
}

/// How many scenarios of a rule have which evidence, and whether they need a mock.
fn evidence(feature: &Feature, rule: Option<&Rule>) -> String {
    let own = scenarios(feature).filter(|(of, _)| of.map(|it| &it.name) == rule.map(|it| &it.name));
    let tags: Vec<Vec<String>> =
        own.map(|(rule, scenario)| all_tags(feature, rule, scenario)).collect();
    let count = |tag: &str| tags.iter().filter(|tags| tags.iter().any(|it| it == tag)).count();
    let mut words: Vec<String> = EVIDENCE
        .into_iter()
        .map(|tag| (tag, count(tag)))
        .filter(|(_, count)| *count > 0)
        .map(|(tag, count)| format!("{count} {tag}"))
        .collect();
    match count("mock-only") {
        0 => {}
        all if all == tags.len() => words.push("mock only".to_owned()),
        some => words.push(format!("{some} of them mock only")),
    }
    words.join(", ")
}

/// What the rule's description says of its sources, or else the feature's.
fn sources(feature: &Feature, rule: Option<&Rule>) -> String {
    let of_rule = rule.and_then(|rule| source(rule.description.as_deref()));
    of_rule.or_else(|| source(feature.description.as_deref())).unwrap_or_default()
}

fn source(description: Option<&str>) -> Option<String> {
    let mut lines = description?.lines().map(str::trim).skip_while(|it| !it.starts_with(SOURCE));
    let first = lines.next()?.trim_start_matches(SOURCE).trim().to_owned();
    let text =
        lines.take_while(|line| !line.is_empty()).fold(first, |text, line| text + " " + line);
    Some(text.trim_end_matches('.').to_owned())
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use cucumber::gherkin::GherkinEnv;

    use super::*;

    const TEXT: &str = "Feature: F\n  What it is.\n\n  Source: A guide, the part\n  on errors.\n\n  \
        @official\n  Rule: R | S\n    Scenario: A\n      When a\n    @mock-only\n    Scenario: B\n      When b\n\
        \n  @assumed\n  Rule: T\n    Source: nobody.\n\n    Scenario: C\n      When c\n";

    #[test]
    fn a_rule_has_a_row_with_its_evidence_and_its_nearest_source() {
        let feature = Feature::parse(TEXT, GherkinEnv::default()).unwrap();
        let path = "features/a/b.feature".to_owned();
        let mut text = String::new();
        write_feature(&mut text, &LoadedFeature { path, embedded: true, feature });
        insta::assert_snapshot!(text, @r#"
        | [R \| S](../features/a/b.feature) | 2 official, 1 of them mock only | A guide, the part on errors |
        | [T](../features/a/b.feature) | 1 assumed | nobody |
        "#);
    }

    #[test]
    fn the_head_is_kept_and_the_rest_is_written_anew() {
        let first = document("# Ours\n\nBy hand.\n").unwrap();
        assert!(first.starts_with("# Ours\n\nBy hand.\n\n<!--"), "{first}");
        assert_eq!(document(&first).unwrap(), first);
        assert_eq!(document(&format!("{first}more\n")).unwrap(), first);
    }
}
