//! A cucumber writer that keeps results, in whatever order they come, and tells of each.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use cucumber::event::{Cucumber, Feature, Hook, Rule, Scenario, Step, StepError};
use cucumber::writer::{NonTransforming, Normalized};
use cucumber::{Event, Writer, cli, event, gherkin, parser};

use super::plan::NOT_RUN;
use super::progress::Progress;
use super::selection::all_tags;
use super::summary::{Outcome, ScenarioResult, StepResult};
use super::vocabulary;
use super::world::World;

/// Collects results; clones share them, because cucumber hands back its writers wrapped up.
#[derive(Debug, Clone)]
pub(super) struct Collector {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    running: HashMap<(String, usize), Running>,
    done: Vec<ScenarioResult>,
    progress: Progress,
}

/// A scenario that has begun.
#[derive(Debug)]
struct Running {
    since: SystemTime,
    steps: Vec<StepResult>,
    failure: Option<String>,
    not_run: Option<String>,
}

impl Collector {
    /// Tells this of each result.
    pub(super) fn new(progress: Progress) -> Self {
        let (running, done) = (HashMap::new(), Vec::new());
        Self { state: Arc::new(Mutex::new(State { running, done, progress })) }
    }

    /// What has been collected, in the order of the files.
    pub(super) fn results(&self) -> Vec<ScenarioResult> {
        let mut results = self.with(|state| {
            state.progress.end();
            state.done.clone()
        });
        results.sort_by(|one, other| (&one.path, one.line).cmp(&(&other.path, other.line)));
        results
    }

    // The state is lists that are whole between any two statements, so a panic elsewhere leaves
    // nothing half done in it.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl NonTransforming for Collector {}
// Scenarios are told apart by their place, so that the order of events is of no matter.
impl Normalized for Collector {}

impl Writer<World> for Collector {
    type Cli = cli::Empty;

    async fn handle_event(
        &mut self,
        event: parser::Result<Event<Cucumber<World>>>,
        _cli: &Self::Cli,
    ) {
        // Features are parsed before the run, so that no parser error can come here.
        let Ok((event, moment)) = event.map(Event::split) else { return };
        let at = moment.at;
        self.with(|state| match event {
            Cucumber::Feature(feature, Feature::Scenario(scenario, event)) => {
                state.scenario(&feature, None, &scenario, event.event, at);
            }
            Cucumber::Feature(feature, Feature::Rule(rule, Rule::Scenario(scenario, event))) => {
                state.scenario(&feature, Some(&rule), &scenario, event.event, at);
            }
            Cucumber::Feature(..)
            | Cucumber::Started
            | Cucumber::Finished
            | Cucumber::ParsingFinished { .. } => {}
        });
    }
}

impl State {
    fn scenario(
        &mut self,
        feature: &gherkin::Feature,
        rule: Option<&gherkin::Rule>,
        scenario: &gherkin::Scenario,
        event: event::Scenario<World>,
        at: SystemTime,
    ) {
        let place = (path_of(feature), scenario.position.line);
        match event {
            Scenario::Started => {
                let (steps, failure, not_run) = (Vec::new(), None, None);
                self.running.insert(place, Running { since: at, steps, failure, not_run });
            }
            Scenario::Hook(_, Hook::Failed(_, cause)) => {
                if let Some(running) = self.running.get_mut(&place) {
                    running.failure = Some(panic_text(cause.as_ref()));
                }
            }
            Scenario::Background(step, event) | Scenario::Step(step, event) => {
                if let Some(running) = self.running.get_mut(&place) {
                    running.step(&step, event);
                }
            }
            Scenario::Finished => {
                let Some(running) = self.running.remove(&place) else { return };
                let result = running.result(feature, rule, scenario, at);
                self.progress.tell(&result);
                self.done.push(result);
            }
            Scenario::Hook(..) | Scenario::Log(_) => {}
        }
    }
}

impl Running {
    fn step(&mut self, step: &gherkin::Step, event: Step<World>) {
        let holds = match event {
            Step::Started => return,
            Step::Passed(..) => true,
            Step::Skipped => {
                self.not_run = Some(step.value.clone());
                return;
            }
            Step::Failed(_, _, world, cause) => {
                self.failure = Some(describe(step, &cause, world.as_deref()));
                false
            }
        };
        let (keyword, text) = (step.keyword.trim().to_owned(), step.value.clone());
        self.steps.push(StepResult { keyword, text, holds });
    }

    fn result(
        self,
        feature: &gherkin::Feature,
        rule: Option<&gherkin::Rule>,
        scenario: &gherkin::Scenario,
        at: SystemTime,
    ) -> ScenarioResult {
        let outcome = match (&self.failure, &self.not_run) {
            (Some(_), _) => Outcome::Failed,
            (None, Some(_)) => Outcome::NotRun,
            (None, None) => Outcome::Passed,
        };
        let mut tags = all_tags(feature, rule, scenario);
        tags.retain(|tag| tag != NOT_RUN);
        ScenarioResult {
            path: path_of(feature),
            feature: feature.name.clone(),
            rule: rule.map(|rule| rule.name.clone()),
            name: scenario.name.clone(),
            line: scenario.position.line,
            tags,
            outcome,
            message: self.failure.or(self.not_run),
            steps: self.steps,
            duration: at.duration_since(self.since).unwrap_or(Duration::ZERO),
        }
    }
}

fn path_of(feature: &gherkin::Feature) -> String {
    feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
}

/// The step and why it does not hold, with the last exchange if the reason shows none.
fn describe(step: &gherkin::Step, cause: &StepError, world: Option<&World>) -> String {
    let mut why = match cause {
        StepError::NotFound => vocabulary::unknown(step),
        StepError::AmbiguousMatch(_) => vocabulary::ambiguous(step),
        StepError::Panic(cause) => panic_text(cause.as_ref()),
    };
    let last = world.and_then(|world| world.answers.last());
    let has_said_all = why.contains("request: ") || vocabulary::is_about_words(&why);
    if let (Some(last), false) = (last, has_said_all) {
        why = format!("{why}\n{last}");
    }
    format!("line {}: {}{}\n{why}", step.position.line, step.keyword, step.value)
}

fn panic_text(cause: &(dyn Any + Send)) -> String {
    cause
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without words".to_owned())
}
