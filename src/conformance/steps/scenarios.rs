//! Named scenarios, and those of somebody's own.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use futures::future::{Either, select};
use jiff::SignedDuration;
use serde_json::Value;

use crate::conformance::control::Control;
use crate::conformance::failure::{Failure, Held};
use crate::conformance::http_call::Call;
use crate::conformance::stream::Heard;
use crate::conformance::world::World;
use crate::scenario::{self, Bench, Given, Recipe, Report};
use crate::taxi::clock::{Clock as _, RealClock};

/// The tester at the control API, with an ear on the stream.
struct Tester {
    control: Control,
    path: String,
    heard: Heard,
}

impl Tester {
    async fn of(world: &World) -> Result<Self, Failure> {
        let control = world.merchant.control.clone();
        let path = format!("/control/v1/sales-units/{}", world.merchant.unit.msn);
        let mut heard = Heard::default();
        heard.listen(&control, &format!("{path}/events")).await?;
        Ok(Self { control, path, heard })
    }
}

impl Bench for Tester {
    type Error = Failure;

    async fn call(&mut self, call: scenario::Call) -> Result<Value, Failure> {
        let path = format!("{}/{}", self.path, call.path.join("/"));
        let body = call.body.map(|body| body.to_string());
        let call = Call { body, ..Call::new(call.method, path) };
        let exchange = self.control.try_any(call).await?;
        exchange.expect_success()?;
        if exchange.body.is_empty() { Ok(Value::Null) } else { exchange.json() }
    }

    async fn next_event(&mut self, within: SignedDuration) -> Result<Option<Value>, Failure> {
        let hearing = std::pin::pin!(self.heard.next());
        match select(hearing, RealClock.sleep(within)).await {
            Either::Left((heard, _)) => Ok(heard?.cloned()),
            Either::Right(_) => Ok(None),
        }
    }
}

async fn play(world: &mut World, recipe: Result<Recipe, String>) -> Result<Report, String> {
    let recipe = recipe?;
    let mut tester = Tester::of(world).await.map_err(|error| error.to_string())?;
    let given = Given { payment: Some(world.reference.clone()), phone: None };
    let report = scenario::run(&recipe, given, &mut tester).await;
    // It may have moved time, of which neither the clock nor the token of the feature know, and have
    // let calls fail.
    world.merchant.clock.settle().await.map_err(|error| error.to_string())?;
    world.merchant.forget_token();
    world.merchant.expects_faults = true;
    report.map_err(|error| format!("line {}: {}", error.line, error.cause))
}

fn shipped(name: &str) -> Result<Recipe, String> {
    let recipes = scenario::shipped().map_err(|error| error.to_string())?;
    let found = recipes.into_iter().find(|it| it.name == name);
    found.ok_or_else(|| format!("there is no scenario {name}"))
}

fn own(step: &Step) -> Result<Recipe, String> {
    let steps = step.docstring.as_deref().unwrap_or_default().trim_start();
    let head = "name = \"own\"\nshows = \"Something.\"\nwatch = \"Anything.\"\n";
    Recipe::read(&format!("{head}{steps}")).map_err(|error| error.to_string())
}

#[given(expr = "the tester has run the scenario {word}")]
#[when(expr = "the tester runs the scenario {word}")]
async fn runs(world: &mut World, name: String) -> Held {
    let played = play(world, shipped(&name)).await;
    let failed = played.as_ref().err().map(Failure::new);
    world.scenario = Some(played);
    failed.map_or(Ok(()), Err)
}

#[given("the tester has run a scenario with the steps:")]
#[when("the tester runs a scenario with the steps:")]
async fn runs_own(world: &mut World, step: &Step) -> Held {
    world.scenario = Some(play(world, own(step)).await);
    Ok(())
}

fn played(world: &World) -> Result<&Result<Report, String>, Failure> {
    world.scenario.as_ref().ok_or_else(|| Failure::new("no scenario was run"))
}

#[then("the scenario comes to its end")]
fn ends(world: &mut World) -> Held {
    match played(world)? {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(error)),
    }
}

#[then(expr = "the scenario tells of {string}")]
fn tells(world: &mut World, words: String) -> Held {
    let report = played(world)?.as_ref().map_err(Failure::new)?;
    let said = report.done.iter().flat_map(|it| [&it.text].into_iter().chain(&it.happened));
    let said: Vec<&String> = said.collect();
    if said.iter().any(|text| text.contains(&words)) {
        return Ok(());
    }
    Err(Failure::new(format!("nothing that was done has {words:?}: {said:#?}")))
}

#[then(expr = "the scenario breaks off with {string}")]
fn breaks_off(world: &mut World, words: String) -> Held {
    match played(world)? {
        Err(error) if error.contains(&words) => Ok(()),
        Err(error) => Err(Failure::new(error)),
        Ok(report) => Err(Failure::new(format!("it came to its end: {report:?}"))),
    }
}
