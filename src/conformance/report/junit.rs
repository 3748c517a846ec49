//! The report that CI servers read. What fails as expected is skipped there, with the reason: it is
//! no news.

use std::fmt::Write as _;

use super::super::summary::{Outcome, ScenarioResult, Summary};

/// The whole report.
pub(super) fn text(summary: &Summary) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let (total, seconds) = (summary.scenarios.len(), summary.duration.as_secs_f64());
    let (failed, skipped) =
        (count(&summary.scenarios, is_failure), count(&summary.scenarios, is_skip));
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(
        xml,
        "<testsuites name=\"vipps-mock conformance\" tests=\"{total}\" failures=\"{failed}\" skipped=\"{skipped}\" time=\"{seconds:.3}\">"
    );
    for suite in summary.scenarios.chunk_by(|one, other| one.path == other.path) {
        write_suite(&mut xml, suite);
    }
    xml + "</testsuites>\n"
}

fn write_suite(xml: &mut String, suite: &[ScenarioResult]) {
    let Some(first) = suite.first() else { return };
    let time: f64 = suite.iter().map(|scenario| scenario.duration.as_secs_f64()).sum();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{}\" file=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\" time=\"{time:.3}\">",
        escape(&first.feature),
        escape(&first.path),
        suite.len(),
        count(suite, is_failure),
        count(suite, is_skip),
    );
    for scenario in suite {
        write_case(xml, scenario);
    }
    xml.push_str("  </testsuite>\n");
}

fn write_case(xml: &mut String, scenario: &ScenarioResult) {
    let ScenarioResult { path, rule, feature, name, line, .. } = scenario;
    let class = path.trim_start_matches("features/").trim_end_matches(".feature");
    let rule = rule.as_ref().unwrap_or(feature);
    let _ = write!(
        xml,
        "    <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{line}\" time=\"{:.3}\"",
        escape(class),
        escape(&format!("{rule}: {name}")),
        escape(path),
        scenario.duration.as_secs_f64(),
    );
    let message = scenario.message.as_deref().unwrap_or_default();
    let short = escape(message.lines().find(|line| !line.starts_with("line ")).unwrap_or_default());
    let word = scenario.outcome.word();
    let inner = match scenario.outcome {
        Outcome::Passed => String::new(),
        Outcome::Failed | Outcome::PassedUnexpectedly => {
            format!("<failure message=\"{short}\" type=\"{word}\">{}</failure>", escape(message))
        }
        Outcome::FailedAsExpected | Outcome::NotRun => {
            format!("<skipped message=\"{word}: {short}\"/>")
        }
    };
    let end = if inner.is_empty() { "/>\n".to_owned() } else { format!(">{inner}</testcase>\n") };
    xml.push_str(&end);
}

fn is_failure(scenario: &ScenarioResult) -> bool {
    scenario.outcome.is_break()
}

fn is_skip(scenario: &ScenarioResult) -> bool {
    matches!(scenario.outcome, Outcome::NotRun | Outcome::FailedAsExpected)
}

fn count(scenarios: &[ScenarioResult], is: fn(&ScenarioResult) -> bool) -> usize {
    scenarios.iter().filter(|scenario| is(scenario)).count()
}

/// As it may stand in XML: without the signs that mark, and without those that are not allowed.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            sign if sign.is_control() && !matches!(sign, '\t' | '\n') => {}
            sign => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::super::super::summary::tests::summary;
    use super::*;

    #[test]
    fn failures_and_skips_are_counted_and_told() {
        use Outcome::{Failed, FailedAsExpected, NotRun, Passed, PassedUnexpectedly};
        let outcomes = [Passed, Failed, FailedAsExpected, PassedUnexpectedly, NotRun];
        insta::assert_snapshot!(text(&summary(&outcomes, 5)), @r#"
        <?xml version="1.0" encoding="utf-8"?>
        <testsuites name="vipps-mock conformance" tests="5" failures="2" skipped="2" time="0.000">
          <testsuite name="A" file="features/a.feature" tests="5" failures="2" skipped="2" time="0.000">
            <testcase classname="a" name="R: B1" file="features/a.feature" line="1" time="0.000"/>
            <testcase classname="a" name="R: B2" file="features/a.feature" line="2" time="0.000"><failure message="because &lt;of&gt; it" type="failed">because &lt;of&gt; it</failure></testcase>
            <testcase classname="a" name="R: B3" file="features/a.feature" line="3" time="0.000"><skipped message="failed as expected: because &lt;of&gt; it"/></testcase>
            <testcase classname="a" name="R: B4" file="features/a.feature" line="4" time="0.000"><failure message="because &lt;of&gt; it" type="passed unexpectedly">because &lt;of&gt; it</failure></testcase>
            <testcase classname="a" name="R: B5" file="features/a.feature" line="5" time="0.000"><skipped message="not run: because &lt;of&gt; it"/></testcase>
          </testsuite>
        </testsuites>
        "#);
    }
}
