//! What a person reads at the end: what broke and how, what could not run and why, and the sum.

use std::fmt::Write as _;
use std::io::{self, Write};

use super::super::summary::{Outcome, ScenarioResult, Summary};
use super::markdown::counts;
use super::seconds;

/// How many scenarios are named under each reason why they could not run.
const NAMES_MAX: usize = 3;

/// Writes the end of a run. With `all`, every scenario that could not run is named.
///
/// # Errors
///
/// When the output cannot be written.
pub fn write(summary: &Summary, all: bool, output: &mut dyn Write) -> io::Result<()> {
    output.write_all(text(summary, all).as_bytes())
}

fn text(summary: &Summary, all: bool) -> String {
    let mut text = String::new();
    write_features(&mut text, summary);
    write_breaks(&mut text, summary);
    write_obstacles(&mut text, summary, all);
    write_sum(&mut text, summary);
    text
}

/// A line a feature: how many of its scenarios ran, and whether they held.
fn write_features(text: &mut String, summary: &Summary) {
    for feature in summary.scenarios.chunk_by(|one, other| one.path == other.path) {
        let Some(ScenarioResult { path, feature: name, .. }) = feature.first() else { continue };
        let count = |outcome| feature.iter().filter(|it| it.outcome == outcome).count();
        let broken = feature.iter().filter(|it| it.outcome.is_break()).count();
        let not_run = count(Outcome::NotRun);
        let mark = match (broken, not_run) {
            (1.., _) => "FAILED",
            (0, not_run) if not_run == feature.len() => "-",
            _ => "ok",
        };
        let mut notes = vec![format!("{} passed", count(Outcome::Passed))];
        for (count, word) in [(broken, "failed"), (not_run, "not run")] {
            if count > 0 {
                notes.push(format!("{count} {word}"));
            }
        }
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{mark:<7}{path}  {name}: {}", notes.join(", "));
    }
}

fn write_breaks(text: &mut String, summary: &Summary) {
    for scenario in summary.scenarios.iter().filter(|scenario| scenario.outcome.is_break()) {
        let ScenarioResult { rule, name, outcome, message, .. } = scenario;
        let rule = rule.as_ref().map(|rule| format!("{rule}: ")).unwrap_or_default();
        let _ = writeln!(text, "\n{} ({})\n{rule}{name}", scenario.place(), outcome.word());
        for line in message.as_deref().unwrap_or_default().lines() {
            let _ = writeln!(text, "  {line}");
        }
    }
}

fn write_obstacles(text: &mut String, summary: &Summary, all: bool) {
    let obstacles = summary.obstacles();
    if obstacles.is_empty() {
        return;
    }
    text.push_str("\nNot run:\n");
    for (reason, scenarios) in obstacles {
        let _ = writeln!(text, "{:>4}  {reason}", scenarios.len());
        let shown = if all { scenarios.len() } else { NAMES_MAX };
        for scenario in scenarios.iter().take(shown) {
            let _ = writeln!(text, "        {} {}", scenario.place(), scenario.name);
        }
        if let Some(more) = scenarios.len().checked_sub(shown).filter(|more| *more > 0) {
            let _ = writeln!(text, "        and {more} more");
        }
    }
}

fn write_sum(text: &mut String, summary: &Summary) {
    let words: Vec<String> =
        counts(summary).iter().map(|(word, count)| format!("{count} {word}")).collect();
    let _ = write!(text, "\n{} scenarios: {}", summary.selected, words.join(", "));
    let _ = writeln!(text, "; {} against {}", seconds(summary.duration), summary.target);
    let ran = summary.slowest().filter(|slowest| !slowest.duration.is_zero());
    if let Some(slowest) = ran {
        let (time, name) = (seconds(slowest.duration), &slowest.name);
        let _ = writeln!(text, "the slowest took {time}: {} {name}", slowest.place());
    }
    if summary.was_stopped {
        text.push_str("stopped before the end\n");
    }
    if summary.closing.closed > 0 {
        let _ = writeln!(
            text,
            "{} things that were open at the end are closed",
            summary.closing.closed
        );
    }
    for left in &summary.closing.left {
        let _ = writeln!(text, "still open: {left}");
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::summary::tests::summary;
    use super::*;

    #[test]
    fn a_run_reads_from_the_features_to_the_sum() {
        use Outcome::{Failed, NotRun, Passed};
        let outcomes = [Passed, Failed, NotRun, NotRun, NotRun, NotRun];
        insta::assert_snapshot!(text(&summary(&outcomes, 7), false), @r#"
        FAILED features/a.feature  A: 1 passed, 1 failed, 4 not run

        features/a.feature:2 (failed)
        R: B2
          because <of> it

        Not run:
           4  because <of> it
                features/a.feature:3 B3
                features/a.feature:4 B4
                features/a.feature:5 B5
                and 1 more

        7 scenarios: 1 passed, 1 failed, 4 not run, 1 not reached; 0.00 s against a mock of its own
        "#);
        assert!(text(&summary(&outcomes, 7), true).contains("B6"));
    }
}
