//! `conformance list` and `conformance steps`: what there is to run, and to write.

use clap::Args;
use serde_json::{Value, json};

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::output::{self, Align, Format, Table};
use super::super::target::OutputArgs;
use super::flags::SelectionArgs;
use crate::conformance::{self, KnownStep, ListedScenario};

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    selection: SelectionArgs,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Debug, Args)]
pub(super) struct StepsArgs {
    /// Only steps with this in their words, or about this, in any case
    #[arg(value_name = "TEXT")]
    text: Option<String>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Lists the selected scenarios.
pub(super) fn list(args: ListArgs) -> Result<Exit, Failure> {
    let scenarios = conformance::list(&args.selection.into())?;
    match args.output.output {
        Format::Json => output::json(&scenarios.iter().map(as_json).collect())?,
        Format::Table => output::table(&scenarios_table(&scenarios), "no scenario matched")?,
    }
    Ok(found(scenarios.is_empty()))
}

fn as_json(scenario: &ListedScenario) -> Value {
    let ListedScenario { path, line, feature, rule, name, tags } = scenario;
    json!({ "path": path, "line": line, "feature": feature, "rule": rule, "name": name, "tags": tags })
}

fn scenarios_table(scenarios: &[ListedScenario]) -> Table {
    let mut table =
        Table::new(&[("WHERE", Align::Left), ("SCENARIO", Align::Left), ("TAGS", Align::Left)]);
    for ListedScenario { path, line, name, tags, .. } in scenarios {
        let tags: Vec<String> = tags.iter().map(|tag| format!("@{tag}")).collect();
        table.row([format!("{path}:{line}"), name.clone(), tags.join(" ")]);
    }
    table
}

/// Prints the steps, each with an example.
pub(super) fn steps(args: &StepsArgs) -> Result<Exit, Failure> {
    let mut steps = conformance::steps();
    if let Some(text) = args.text.as_ref().map(|text| text.to_lowercase()) {
        steps.retain(|step| step.concept == text || step.words.to_lowercase().contains(&text));
    }
    match args.output.output {
        Format::Json => output::json(&steps.iter().map(step_as_json).collect())?,
        Format::Table => print_steps(&steps)?,
    }
    Ok(found(steps.is_empty()))
}

fn step_as_json(step: &KnownStep) -> Value {
    let KnownStep { concept, keyword, words, example } = step;
    json!({ "concept": concept, "keyword": keyword, "words": words, "example": example })
}

/// A heading for each concept, below it a line a step and one for its example.
fn print_steps(steps: &[KnownStep]) -> Result<(), Failure> {
    if steps.is_empty() {
        output::note("no step matched");
    }
    let colour = output::Colour::of_stdout();
    for group in steps.chunk_by(|one, other| one.concept == other.concept) {
        let concept = group.first().map_or("", |step| step.concept.as_str());
        output::line(&colour.bold(&concept.to_uppercase()))?;
        for KnownStep { keyword, words, example, .. } in group {
            output::line(&format!("  {keyword:<5} {words}"))?;
            if let Some(example) = example.as_ref().filter(|example| *example != words) {
                output::line(&format!("            {example}"))?;
            }
        }
        output::line("")?;
    }
    Ok(())
}

fn found(nothing: bool) -> Exit {
    if nothing { Exit::NothingMatched } else { Exit::Done }
}
