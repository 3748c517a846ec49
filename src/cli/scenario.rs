//! `vipps-mock scenario`: recipes of what a customer, a bank, the network or the clock do, ready to run.

use std::fs;
use std::path::{Path, PathBuf};

use clap::builder::NonEmptyStringValueParser;
use clap::{Args, Subcommand};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::control::{Control, UnitControl};
use super::events::{Following, News, Stream, harmless};
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output::{self, Align, Colour, Format, Table};
use super::serve::StopSignal;
use super::target::ClientArgs;
use crate::app::clock::within;
use crate::scenario::{self, Bench, Call, Cause, Done, Given, Recipe, Report, RunError};

/// Flags of `vipps-mock scenario`.
#[derive(Debug, Args)]
#[command(
    subcommand_required = true,
    arg_required_else_help = true,
    after_long_help = exit::help(
        &[
            "vipps-mock scenario list",
            "vipps-mock scenario show capture-fails-late",
            "vipps-mock scenario run capture-fails-late --payment ride-0001",
            "vipps-mock scenario run webhook-twice    # with the payment that waits, or the next one",
            "vipps-mock scenario run --file ours.toml",
        ],
        &[
            Exit::Done,
            Exit::NotMet,
            Exit::Usage,
            Exit::Unreachable,
            Exit::Refused,
            Exit::Config,
            Exit::NothingMatched,
            Exit::Stopped,
        ],
    )
)]
pub(crate) struct ScenarioArgs {
    #[command(flatten)]
    client: ClientArgs,
    #[command(subcommand)]
    command: ScenarioCommand,
}

#[derive(Debug, Subcommand)]
enum ScenarioCommand {
    /// List the scenarios there are
    List,
    /// Show what a scenario does, as the file that it is: a start for one of your own
    Show {
        #[command(flatten)]
        name: NameArg,
    },
    /// Run a scenario against a sales unit, step by step
    ///
    /// Most are about one payment: the one that --payment names, or else the newest that waits for its
    /// customer, or else the next one that is created. Steps are calls of the control API.
    Run(RunArgs),
}

#[derive(Debug, Args)]
struct NameArg {
    /// The scenario's name, as `list` shows it
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    name: String,
}

#[derive(Debug, Args)]
struct RunArgs {
    /// The scenario's name, as `list` shows it
    #[arg(
        value_name = "NAME",
        value_parser = NonEmptyStringValueParser::new(),
        required_unless_present = "file",
        conflicts_with = "file"
    )]
    name: Option<String>,

    /// Run the scenario in this file instead
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Which payment it is about, whether it exists already or is yet to be created
    #[arg(long, value_name = "REF", value_parser = NonEmptyStringValueParser::new())]
    payment: Option<String>,

    /// Which customer it is about, where the payment does not say so
    #[arg(long, value_name = "PHONE", value_parser = NonEmptyStringValueParser::new())]
    phone: Option<String>,
}

/// Lists, shows or runs.
pub(crate) async fn run(args: ScenarioArgs) -> Result<Exit, Failure> {
    let format = args.client.output.output;
    match args.command {
        ScenarioCommand::List => list(&shipped()?, format),
        ScenarioCommand::Show { name } => show(&named(&name.name)?, format),
        ScenarioCommand::Run(run_args) => {
            let recipe = match (&run_args.file, &run_args.name) {
                (Some(file), _) => in_file(file)?,
                (None, name) => named(name.as_deref().unwrap_or_default())?,
            };
            play(&recipe, run_args, &args.client).await
        }
    }
}

fn shipped() -> Result<Vec<Recipe>, Failure> {
    scenario::shipped().map_err(|error| Failure::Recipe {
        message: format!("in the program: {error}"),
        hint: error.hint,
    })
}

fn named(name: &str) -> Result<Recipe, Failure> {
    let recipes = shipped()?;
    let alike = recipes.iter().map(|it| it.name.as_str()).filter(|it| is_alike(it, name));
    let alike = alike.collect::<Vec<_>>().join(", ");
    let found = recipes.iter().find(|it| it.name == name).cloned();
    found.ok_or_else(|| Failure::NoScenario {
        name: name.to_owned(),
        hint: if alike.is_empty() {
            "vipps-mock scenario list has them all; one in a file is run with --file".to_owned()
        } else {
            format!("is it one of these: {alike}?")
        },
    })
}

/// Whether the names share a word that says something.
fn is_alike(name: &str, other: &str) -> bool {
    let words = |name: &str| name.split(['-', '_', ' ']).map(str::to_lowercase).collect::<Vec<_>>();
    let other = words(other);
    words(name).iter().any(|word| 3 < word.len() && other.contains(word))
}

fn in_file(path: &Path) -> Result<Recipe, Failure> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| Failure::Recipe {
        message: format!("cannot read {shown}: {error}"),
        hint: "a start for one of your own: vipps-mock scenario show webhook-twice".to_owned(),
    })?;
    Recipe::read(&text)
        .map_err(|error| Failure::Recipe { message: format!("{shown}, {error}"), hint: error.hint })
}

fn list(recipes: &[Recipe], format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => {
            let short = |it: &Recipe| json!({ "name": it.name, "shows": it.shows });
            output::json(&recipes.iter().map(short).collect())?;
        }
        Format::Table => output::table(&recipes_table(recipes), "there are none")?,
    }
    Ok(Exit::Done)
}

fn recipes_table(recipes: &[Recipe]) -> Table {
    let mut table = Table::new(&[("NAME", Align::Left), ("SHOWS", Align::Left)]);
    for recipe in recipes {
        table.row([recipe.name.clone(), recipe.shows.clone()]);
    }
    table
}

fn show(recipe: &Recipe, format: Format) -> Result<Exit, Failure> {
    match format {
        Format::Json => output::json(&recipe.json())?,
        Format::Table => output::line(recipe.text.trim_end())?,
    }
    Ok(Exit::Done)
}

async fn play(recipe: &Recipe, args: RunArgs, client: &ClientArgs) -> Result<Exit, Failure> {
    if let (Some(reference), false) = (&args.payment, recipe.has_payment()) {
        let message = format!("--payment {reference}: {} is about no payment", recipe.name);
        return Err(Failure::Usage { message, hint: None });
    }
    let mut told_to_stop = StopSignal::new()?;
    let format = client.output.output;
    let playing = async {
        let mut bench = Terminal::open(client, format).await?;
        if format == Format::Table {
            let name = Colour::of_stdout().bold(&recipe.name);
            output::line(&format!("{name}: {}", recipe.shows))?;
        }
        let given = Given { payment: args.payment, phone: args.phone };
        let report = scenario::run(recipe, given, &mut bench).await;
        report.map_err(|error| broken_off(recipe, error))
    };
    let report = tokio::select! {
        () = told_to_stop.wait() => return Ok(Exit::Stopped),
        played = playing => played?,
    };
    match format {
        Format::Json => output::json(&told(recipe, &report))?,
        Format::Table => output::line(&format!("What to watch: {}", recipe.watch))?,
    }
    Ok(Exit::Done)
}

fn told(recipe: &Recipe, report: &Report) -> Value {
    let steps: Vec<Value> = report.done.iter().map(Done::json).collect();
    json!({
        "scenario": recipe.name,
        "payment": report.payment,
        "steps": steps,
        "watch": recipe.watch,
    })
}

/// What stopped a scenario, with the line where it was.
fn broken_off(recipe: &Recipe, error: RunError<Failure>) -> Failure {
    let RunError { line, cause } = error;
    let at = |text: &dyn std::fmt::Display| format!("{}, line {line}: {text}", recipe.name);
    match cause {
        Cause::Call(Failure::Refused { detail, hint }) => {
            Failure::Refused { detail: at(&detail), hint }
        }
        Cause::Call(failure) => failure,
        other => Failure::NotMet { message: at(&other), hint: other.hint() },
    }
}

/// Runs a scenario in a terminal, against a mock elsewhere.
struct Terminal {
    unit: UnitControl,
    following: Following,
    format: Format,
}

impl Terminal {
    async fn open(client: &ClientArgs, format: Format) -> Result<Self, Failure> {
        let unit = UnitControl::open(client).await?;
        let stream = Stream { msn: Some(unit.msn().to_owned()), after: None, waits: true };
        let following = Following::open(Control::of(&client.mock)?, stream).await?;
        Ok(Self { unit, following, format })
    }
}

impl Bench for Terminal {
    type Error = Failure;

    async fn call(&mut self, call: Call) -> Result<Value, Failure> {
        self.unit.any(call.method, &call.path, call.body).await
    }

    async fn next_event(&mut self, limit: SignedDuration) -> Result<Option<Value>, Failure> {
        let hearing = async {
            loop {
                match self.following.next().await? {
                    Some(News::Event(event)) => {
                        let json = serde_json::from_str(&event.json);
                        return json.map(Some).map_err(|error| self.unit.unreadable(&error));
                    }
                    Some(other) => output::note(&other.note()),
                    None => return Ok(None),
                }
            }
        };
        within(limit, hearing).await.unwrap_or(Ok(None))
    }

    fn waits(&mut self, for_what: &str) {
        output::note(&format!("waiting for {}; Ctrl-C ends it", harmless(for_what)));
    }

    fn did(&mut self, done: &Done) {
        if self.format == Format::Json {
            return;
        }
        for line in lines(done) {
            // Nobody may be reading any more, and then the end of the scenario will say so.
            let _ = output::line(&line);
        }
    }
}

/// What was done, and what happened because of it.
fn lines(done: &Done) -> Vec<String> {
    let width = scenario::KIND_WIDTH;
    let first = format!("  {:width$}  {}", done.kind, harmless(&done.text));
    let rest = done.happened.iter().map(|text| format!("  {:width$}    {}", "", harmless(text)));
    [first.trim_end().to_owned()].into_iter().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_none_is_answered_with_those_like_it() {
        let failure = named("capture-fails").unwrap_err();
        assert_eq!(failure.exit(), Exit::NothingMatched);
        let hint = failure.hint().unwrap();
        assert!(hint.contains("capture-fails-late") && !hint.contains("webhook"), "{hint}");
        assert!(named("x").unwrap_err().hint().unwrap().contains("scenario list"));
        assert_eq!(named("webhook-twice").unwrap().name, "webhook-twice");
    }

    #[test]
    fn what_was_done_is_a_line_with_what_happened_below() {
        let done = Done {
            line: 9,
            kind: "advance".to_owned(),
            text: "8d, to 2030-01-09T12:00:00.000Z".to_owned(),
            happened: vec!["payment ride-0001: EXPIRED NOK 345.92".to_owned()],
            answer: Value::Null,
        };
        insta::assert_snapshot!(lines(&done).join("\n"), @"
          advance            8d, to 2030-01-09T12:00:00.000Z
                               payment ride-0001: EXPIRED NOK 345.92
        ");
    }
}
