//! Time.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::tables::rows;
use crate::conformance::clock::now_in;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::Duration;

use crate::conformance::world::World;

/// Lets time pass; tokens may run out on the way.
async fn pass(world: &mut World, time: SignedDuration) -> Held {
    world.remember().await?;
    let exchange = world.merchant.clock.advance(time).await?;
    world.old_token = world.merchant.token().await?;
    if time.is_positive() {
        world.merchant.forget_token();
    }
    world.keep(exchange);
    Ok(())
}

#[given(expr = "{duration} has/have passed")]
async fn has_passed(world: &mut World, time: Duration) -> Held {
    pass(world, time.0).await
}

/// The taxi reads its own clock, which is moved by whoever waits on it; here nobody does.
#[given(expr = "{duration} have passed that the taxi knows nothing of")]
async fn has_passed_unnoticed(world: &mut World, time: Duration) -> Held {
    let by = format!("{}s", time.0.as_secs());
    world.ask_control(Method::POST, "/clock/advance", Some(json!({ "by": by }))).await?;
    world.merchant.forget_token();
    world.answer()?.expect_success()
}

#[when(expr = "{duration} pass(es)")]
async fn passes(world: &mut World, time: Duration) -> Held {
    pass(world, time.0).await
}

#[when(expr = "{duration} pass(es) for another merchant")]
async fn passes_for_other(world: &mut World, time: Duration) -> Held {
    let exchange = world.another_merchant().await?.clock.advance(time.0).await?;
    world.keep(exchange);
    Ok(())
}

#[when("the tester freezes the clock")]
async fn freeze(world: &mut World) -> Held {
    world.ask_control(Method::POST, "/clock/freeze", None).await
}

#[when("the tester lets the clock run on")]
async fn resume(world: &mut World) -> Held {
    world.ask_control(Method::POST, "/clock/resume", None).await?;
    world.answer()?.expect_success()
}

#[when(expr = "the tester sets the clock {duration} ahead")]
async fn set_ahead(world: &mut World, by: Duration) -> Held {
    set(world, by.0).await
}

#[when(expr = "the tester sets the clock {duration} back")]
async fn set_back(world: &mut World, by: Duration) -> Held {
    set(world, -by.0).await
}

async fn set(world: &mut World, by: SignedDuration) -> Held {
    let to = (world.began + by).to_string();
    world.ask_control(Method::POST, "/clock/set", Some(json!({ "to": to }))).await
}

#[when(expr = "the tester sets the clock to {string}")]
async fn set_to_words(world: &mut World, to: String) -> Held {
    world.ask_control(Method::POST, "/clock/set", Some(json!({ "to": to }))).await
}

#[when(expr = "the tester advances the clock by {string}")]
async fn advance_by_words(world: &mut World, by: String) -> Held {
    world.ask_control(Method::POST, "/clock/advance", Some(json!({ "by": by }))).await
}

#[then("the clock is frozen")]
async fn is_frozen(world: &mut World) -> Held {
    world.merchant.clock.shown().await?.expect("mode", &Value::from("frozen"))
}

#[then("the clock is no longer frozen")]
async fn is_running(world: &mut World) -> Held {
    let shown = world.merchant.clock.shown().await?;
    if shown.at("mode")? == "frozen" {
        return Err(Failure::new(format!("the clock is frozen\n{shown}")));
    }
    Ok(())
}

#[then("the clock has not moved")]
async fn has_not_moved(world: &mut World) -> Held {
    moved_by(world, SignedDuration::ZERO).await
}

#[then(expr = "the clock has moved by {duration}")]
async fn has_moved(world: &mut World, by: Duration) -> Held {
    moved_by(world, by.0).await
}

async fn moved_by(world: &mut World, by: SignedDuration) -> Held {
    let shown = world.merchant.clock.shown().await?;
    let moved = now_in(&shown)?.duration_since(world.began);
    same("the time that has passed", &moved, &by, &shown)
}

#[then(expr = "the clock shows {string}")]
async fn shows(world: &mut World, words: String) -> Held {
    let shown = world.merchant.clock.shown().await?;
    if shown.at("now")?.as_str().is_some_and(|now| now.contains(&words)) {
        return Ok(());
    }
    Err(Failure::new(format!("the clock does not show {words}\n{shown}")))
}

#[then("the advance reports nothing")]
fn advance_reports_nothing(world: &mut World) -> Held {
    let exchange = world.answer()?;
    exchange.expect("happened", &json!([]))
}

#[then("the advance reports nothing but:")]
fn advance_reports_only(world: &mut World, step: &Step) -> Held {
    reports(world, step, Others::None)
}

#[then("the advance reports, in this order:")]
fn advance_reports_in_order(world: &mut World, step: &Step) -> Held {
    reports(world, step, Others::Between)
}

/// Whether there may be other lines than those of the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Others {
    None,
    Between,
}

fn reports(world: &World, step: &Step, others: Others) -> Held {
    let exchange = world.answer()?;
    let happened = exchange.at("happened")?;
    let mut facts = happened.as_array().into_iter().flatten();
    for row in rows(step, ["after", "kind", "what"])? {
        let [after, kind, words] = row.each_ref().map(String::as_str);
        let at = world.began + after.parse::<Duration>()?.0;
        let is_meant = |fact: &Value| {
            let moment = fact["at"].as_str().and_then(|at| at.parse::<Timestamp>().ok());
            let told = fact["text"].as_str().is_some_and(|text| text.contains(words));
            told && moment == Some(at) && fact["kind"] == kind
        };
        let is_there = match others {
            Others::None => facts.next().is_some_and(is_meant),
            Others::Between => facts.any(is_meant),
        };
        if !is_there {
            let line = format!("{kind} {words:?} after {after}");
            return Err(Failure::new(format!("not in its place: {line}\n{exchange}")));
        }
    }
    match facts.next() {
        Some(more) if others == Others::None => {
            Err(Failure::new(format!("there is more: {more}\n{exchange}")))
        }
        _ => Ok(()),
    }
}

#[then(expr = "the advance reports {string} {string}")]
fn advance_reports(world: &mut World, kind: String, words: String) -> Held {
    let exchange = world.answer()?;
    let happened = exchange.at("happened")?;
    let told = happened.as_array().into_iter().flatten().any(|fact| {
        fact["kind"] == kind.as_str()
            && fact["text"].as_str().is_some_and(|text| text.contains(&words))
    });
    if told {
        return Ok(());
    }
    Err(Failure::new(format!("the advance reports no {kind} {words}\n{exchange}")))
}
