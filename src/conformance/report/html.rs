//! One page of HTML with everything in it: no other file, no network, no script needed to read it.

use std::time::Duration;

use askama::Template;

use super::super::lint::EVIDENCE;
use super::super::summary::{Outcome, ScenarioResult, Summary};
use super::markdown::counts;
use super::seconds;

/// How many of the slowest scenarios are listed.
const SLOWEST_MAX: usize = 10;

#[derive(Template)]
#[template(path = "report.html", config = "src/conformance/report/askama.toml")]
struct Page<'a> {
    passed: bool,
    target: &'a str,
    time: String,
    counts: Vec<Count>,
    breaks: Vec<Row<'a>>,
    obstacles: Vec<(&'a str, Vec<Row<'a>>)>,
    features: Vec<Feature<'a>>,
    slowest: Vec<Row<'a>>,
    left: &'a [String],
    was_stopped: bool,
}

/// How many scenarios came to something, and their share of the bar.
struct Count {
    word: &'static str,
    class: String,
    scenarios: usize,
    share: f64,
}

struct Feature<'a> {
    path: &'a str,
    name: &'a str,
    is_open: bool,
    score: String,
    rules: Vec<(&'a str, Vec<Row<'a>>)>,
}

#[derive(Clone)]
struct Row<'a> {
    scenario: &'a ScenarioResult,
    /// The name of a style.
    class: String,
    word: &'static str,
    evidence: &'a str,
    time: String,
    message: &'a str,
}

/// The whole page.
pub(super) fn text(summary: &Summary) -> String {
    // The template writes into memory and asks nothing that could fail.
    page(summary).render().unwrap_or_default()
}

fn page(summary: &Summary) -> Page<'_> {
    let all = || summary.scenarios.iter();
    let mut slowest: Vec<&ScenarioResult> = all().filter(|it| !it.duration.is_zero()).collect();
    slowest.sort_by_key(|scenario| std::cmp::Reverse(scenario.duration));
    slowest.truncate(SLOWEST_MAX);
    Page {
        passed: summary.succeeded(),
        target: &summary.target,
        time: seconds(summary.duration),
        counts: bar(summary),
        breaks: all().filter(|scenario| scenario.outcome.is_break()).map(row).collect(),
        obstacles: summary
            .obstacles()
            .into_iter()
            .map(|(reason, scenarios)| (reason, scenarios.into_iter().map(row).collect()))
            .collect(),
        features: summary
            .scenarios
            .chunk_by(|one, other| one.path == other.path)
            .filter_map(feature)
            .collect(),
        slowest: slowest.into_iter().map(row).collect(),
        left: &summary.closing.left,
        was_stopped: summary.was_stopped,
    }
}

fn bar(summary: &Summary) -> Vec<Count> {
    let share = |count: usize| {
        let total = u32::try_from(summary.selected.max(1)).unwrap_or(u32::MAX);
        100.0 * f64::from(u32::try_from(count).unwrap_or(u32::MAX)) / f64::from(total)
    };
    counts(summary)
        .into_iter()
        .map(|(word, count)| Count {
            word,
            class: class(word),
            scenarios: count,
            share: share(count),
        })
        .collect()
}

fn feature(scenarios: &[ScenarioResult]) -> Option<Feature<'_>> {
    let first = scenarios.first()?;
    let rules = scenarios.chunk_by(|one, other| one.rule == other.rule).map(|rule| {
        let name = rule.first().and_then(|it| it.rule.as_deref()).unwrap_or_default();
        (name, rule.iter().map(row).collect())
    });
    let count = |outcome| scenarios.iter().filter(|it| it.outcome == outcome).count();
    let score = match (count(Outcome::Passed), count(Outcome::NotRun), scenarios.len()) {
        (_, not_run, total) if not_run == total => "not run".to_owned(),
        (passed, 0, total) => format!("{passed} of {total}"),
        (passed, not_run, total) => format!("{passed} of {}, {not_run} not run", total - not_run),
    };
    Some(Feature {
        path: &first.path,
        name: &first.feature,
        is_open: scenarios.iter().any(|scenario| scenario.outcome.is_break()),
        score,
        rules: rules.collect(),
    })
}

fn row(scenario: &ScenarioResult) -> Row<'_> {
    let is_evidence = |tag: &&String| EVIDENCE.contains(&tag.as_str());
    let word = scenario.outcome.word();
    let time = if scenario.duration < Duration::from_millis(1) {
        String::new()
    } else {
        seconds(scenario.duration)
    };
    Row {
        scenario,
        class: class(word),
        word,
        evidence: scenario.tags.iter().find(is_evidence).map_or("", String::as_str),
        time,
        message: scenario.message.as_deref().unwrap_or_default(),
    }
}

fn class(word: &str) -> String {
    word.replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::super::super::summary::tests::summary;
    use super::*;

    #[test]
    fn the_page_stands_alone_and_escapes_what_it_shows() {
        use Outcome::{Failed, FailedAsExpected, NotRun, Passed};
        let page = text(&summary(&[Passed, Failed, FailedAsExpected, NotRun], 4));
        for word in ["<!doctype html>", "features/a.feature:2", "because &#60;of&#62; it", "B4"] {
            assert!(page.contains(word), "{word} is missing in:\n{page}");
        }
        for outside in ["http://", "https://", "src=", "href=\"h", "@import", "url("] {
            assert!(!page.contains(outside), "{outside} leads out of the page");
        }
    }
}
