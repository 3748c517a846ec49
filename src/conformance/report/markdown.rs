//! The summary that CI servers show on the page of a run.

use std::fmt::Write as _;

use super::super::summary::{Outcome, ScenarioResult, Summary};
use super::seconds;

/// How many failures are shown in full: pages have limits.
const FAILURES_MAX: usize = 20;

/// The whole summary.
pub(super) fn text(summary: &Summary) -> String {
    let mut text = String::new();
    let verdict = if summary.succeeded() { "passed" } else { "did not pass" };
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(text, "## Conformance {verdict}\n");
    let time = seconds(summary.duration);
    let _ = writeln!(text, "Run against {} in {time}.\n", summary.target);
    text.push_str("| scenarios | |\n| --- | ---: |\n");
    for (words, count) in counts(summary) {
        let _ = writeln!(text, "| {words} | {count} |");
    }
    write_breaks(&mut text, summary);
    write_others(&mut text, summary);
    text
}

/// How many scenarios came to what, without what none came to.
pub(super) fn counts(summary: &Summary) -> Vec<(&'static str, usize)> {
    use Outcome::{Failed, FailedAsExpected, NotRun, Passed, PassedUnexpectedly};
    let outcomes = [Passed, Failed, PassedUnexpectedly, FailedAsExpected, NotRun];
    let mut counts = outcomes.map(|outcome| (outcome.word(), summary.count(outcome))).to_vec();
    counts.push(("not reached", summary.not_reached()));
    counts.retain(|(word, count)| *count > 0 || *word == Passed.word());
    counts
}

fn write_breaks(text: &mut String, summary: &Summary) {
    let breaks: Vec<&ScenarioResult> =
        summary.scenarios.iter().filter(|scenario| scenario.outcome.is_break()).collect();
    for scenario in breaks.iter().take(FAILURES_MAX) {
        let ScenarioResult { name, outcome, message, .. } = scenario;
        let message = message.as_deref().unwrap_or_default();
        let _ = write!(
            text,
            "\n### {}: {name}\n\n`{}`\n\n```text\n{}\n```\n",
            outcome.word(),
            scenario.place(),
            message.replace("```", "'''"),
        );
    }
    if let Some(more) = breaks.len().checked_sub(FAILURES_MAX).filter(|more| *more > 0) {
        let _ = writeln!(text, "\nand {more} more.");
    }
}

fn write_others(text: &mut String, summary: &Summary) {
    let obstacles = summary.obstacles();
    if !obstacles.is_empty() {
        text.push_str("\n<details><summary>Not run</summary>\n\n");
        for (reason, scenarios) in obstacles {
            let _ = writeln!(text, "- {}: {reason}", scenarios.len());
        }
        text.push_str("\n</details>\n");
    }
    for left in &summary.closing.left {
        let _ = writeln!(text, "\nStill open: {left}");
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::summary::tests::summary;
    use super::*;

    #[test]
    fn breaks_are_shown_in_full_and_the_rest_is_counted() {
        use Outcome::{Failed, NotRun, Passed};
        insta::assert_snapshot!(text(&summary(&[Passed, Failed, NotRun, NotRun], 5)), @r#"
        ## Conformance did not pass

        Run against a mock of its own in 0.00 s.

        | scenarios | |
        | --- | ---: |
        | passed | 1 |
        | failed | 1 |
        | not run | 2 |
        | not reached | 1 |

        ### failed: B2

        `features/a.feature:2`

        ```text
        because <of> it
        ```

        <details><summary>Not run</summary>

        - 2: because <of> it

        </details>
        "#);
    }
}
