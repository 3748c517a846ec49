//! A cucumber writer that keeps results instead of printing them.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use cucumber::event::{Cucumber, Feature, Hook, Rule, Scenario, Step, StepError};
use cucumber::writer::NonTransforming;
use cucumber::{Event, Writer, cli, event, gherkin, parser};

use super::selection::all_tags;
use super::summary::{Outcome, ScenarioResult, Summary};
use super::world::World;

/// Collects results; clones share them, because cucumber hands back its writers wrapped up.
#[derive(Debug, Clone, Default)]
pub(super) struct Collector {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    run_started: Option<SystemTime>,
    scenario_started: Option<SystemTime>,
    failure: Option<String>,
    summary: Summary,
}

impl Collector {
    /// What has been collected, once the run is over.
    pub(super) fn summary(&self) -> Summary {
        self.with(|state| state.summary.clone())
    }

    // The state is counters and lists that are whole between any two statements, so a panic
    // elsewhere leaves nothing half done in it.
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl NonTransforming for Collector {}

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
            Cucumber::Started => state.run_started = Some(at),
            Cucumber::Finished => state.summary.duration = since(state.run_started, at),
            Cucumber::Feature(feature, Feature::Scenario(scenario, event)) => {
                state.scenario(&feature, None, &scenario, event.event, at);
            }
            Cucumber::Feature(feature, Feature::Rule(rule, Rule::Scenario(scenario, event))) => {
                state.scenario(&feature, Some(&rule), &scenario, event.event, at);
            }
            Cucumber::Feature(..) | Cucumber::ParsingFinished { .. } => {}
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
        match event {
            Scenario::Started => {
                self.scenario_started = Some(at);
                self.failure = None;
            }
            Scenario::Hook(_, Hook::Failed(_, cause)) => {
                self.failure = Some(panic_text(cause.as_ref()));
            }
            Scenario::Background(step, Step::Failed(_, _, _, cause))
            | Scenario::Step(step, Step::Failed(_, _, _, cause)) => {
                self.failure = Some(describe(&step, &cause));
            }
            Scenario::Finished => {
                let result = ScenarioResult {
                    path: path_of(feature),
                    feature: feature.name.clone(),
                    rule: rule.map(|rule| rule.name.clone()),
                    name: scenario.name.clone(),
                    line: scenario.position.line,
                    tags: all_tags(feature, rule, scenario),
                    outcome: if self.failure.is_some() { Outcome::Failed } else { Outcome::Passed },
                    message: self.failure.take(),
                    duration: since(self.scenario_started.take(), at),
                };
                self.summary.scenarios.push(result);
            }
            Scenario::Hook(..)
            | Scenario::Background(..)
            | Scenario::Step(..)
            | Scenario::Log(_) => {}
        }
    }
}

fn path_of(feature: &gherkin::Feature) -> String {
    feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default()
}

fn since(start: Option<SystemTime>, end: SystemTime) -> Duration {
    start.and_then(|start| end.duration_since(start).ok()).unwrap_or_default()
}

fn describe(step: &gherkin::Step, cause: &StepError) -> String {
    let cause = match cause {
        StepError::NotFound => "no step has these words".to_owned(),
        StepError::AmbiguousMatch(error) => error.to_string(),
        StepError::Panic(cause) => panic_text(cause.as_ref()),
    };
    format!("line {}: {}{}\n{cause}", step.position.line, step.keyword, step.value)
}

fn panic_text(cause: &(dyn Any + Send)) -> String {
    cause
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| cause.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "a panic without words".to_owned())
}
