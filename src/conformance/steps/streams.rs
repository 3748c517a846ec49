//! The stream of events.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use serde_json::Value;

use super::tables::rows;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::world::World;

fn path(world: &World, query: &str) -> String {
    format!("/control/v1/sales-units/{}/events{query}", world.merchant.unit.msn)
}

/// Reads all that has happened since that event, webhooks included.
async fn read_after(world: &mut World, after: &str) -> Held {
    world.merchant.clock.settle().await?;
    let path = path(world, &format!("?follow=false&after={after}"));
    world.heard.read(&world.merchant.control, &path).await
}

#[given("somebody listens to the events")]
async fn listens(world: &mut World) -> Held {
    let path = path(world, "");
    world.heard.listen(&world.merchant.control, &path).await
}

#[given("somebody listens to the events of all sales units")]
async fn listens_to_all(world: &mut World) -> Held {
    world.heard.listen(&world.merchant.control, "/control/v1/events").await
}

#[given("somebody has heard of all events so far")]
async fn has_heard(world: &mut World) -> Held {
    read_after(world, "start").await
}

#[when("the tester reads the events from the start")]
async fn reads_from_start(world: &mut World) -> Held {
    read_after(world, "start").await
}

#[when("the tester reads the events after the last one heard of")]
async fn reads_on(world: &mut World) -> Held {
    let last = world.heard.last_id()?.to_owned();
    read_after(world, &last).await
}

#[when("the tester reads the events after one of another sales unit")]
async fn reads_after_foreign(world: &mut World) -> Held {
    let foreign = &world.another_merchant().await?.unit.msn;
    let path = format!("/control/v1/sales-units/{foreign}/events?follow=false&after=start");
    world.heard.read(&world.merchant.control, &path).await?;
    reads_on(world).await
}

#[when(expr = "the tester asks for the events after {string}")]
async fn asks_after(world: &mut World, after: String) -> Held {
    let call = Call::get(path(world, &format!("?follow=false&after={after}")));
    let exchange = world.merchant.control.try_any(call).await?;
    world.keep(exchange);
    Ok(())
}

/// Whether an event is of a kind, and what it says has these words.
fn says(event: &Value, kind: &str, words: &str) -> bool {
    event["kind"] == kind && event["text"].as_str().is_some_and(|text| text.contains(words))
}

#[then("the events say, one after the other:")]
fn events_say(world: &mut World, step: &Step) -> Held {
    let mut events = world.heard.events.iter();
    for [kind, words] in rows(step, ["kind", "words"])? {
        if !events.any(|event| says(event, &kind, &words)) {
            let seen = world.heard.shown();
            return Err(Failure::new(format!("no {kind} event says {words:?} there:\n{seen}")));
        }
    }
    Ok(())
}

#[then("the listener hears, one after the other:")]
async fn listener_hears(world: &mut World, step: &Step) -> Held {
    for [kind, words] in rows(step, ["kind", "words"])? {
        loop {
            match world.heard.next().await? {
                Some(event) if says(event, &kind, &words) => break,
                Some(_) => {}
                None => return Err(Failure::new(format!("the stream ends before {words:?}"))),
            }
        }
    }
    Ok(())
}

#[then("the events of the payment are:")]
fn events_of_payment(world: &mut World, step: &Step) -> Held {
    let about = |event: &&Value| event["reference"] == world.reference.as_str();
    let line = |event: &Value| ["kind", "event"].map(|it| event[it].as_str().map(str::to_owned));
    let actual: Vec<_> = world.heard.events.iter().filter(about).map(line).collect();
    let expected: Vec<_> =
        rows(step, ["kind", "event"])?.into_iter().map(|row| row.map(Some)).collect();
    same("what the stream tells of the payment", &actual, &expected, &world.heard.shown())
}

#[then("the events are numbered in their order")]
fn numbered(world: &mut World) -> Held {
    let events = &world.heard.events;
    let number = |event: &Value| event["id"].as_str()?.rsplit('-').next()?.parse::<u64>().ok();
    let numbers: Vec<Option<u64>> = events.iter().map(number).collect();
    let first = numbers.first().copied().flatten().unwrap_or_default();
    let expected: Vec<_> = (first..).take(events.len()).map(Some).collect();
    same("the numbers", &numbers, &expected, &world.heard.shown())
}

#[then("the first event says that others were missed")]
fn missed(world: &mut World) -> Held {
    let kind = world.heard.events.first().map(|event| &event["kind"]);
    same("the first event", &kind, &Some(&Value::from("missed")), &world.heard.shown())
}

#[then("no event was missed")]
fn nothing_missed(world: &mut World) -> Held {
    let missed = world.heard.events.iter().filter(|event| event["kind"] == "missed").count();
    same("how often events were missed", &missed, &0, &world.heard.shown())
}

#[then("the listener hears of both merchants")]
async fn hears_of_both(world: &mut World) -> Held {
    let other = world.another_merchant().await?.unit.msn.clone();
    for msn in [world.merchant.unit.msn.clone(), other] {
        while !world.heard.events.iter().any(|event| event["msn"] == msn.as_str()) {
            if world.heard.next().await?.is_none() {
                return Err(Failure::new(format!("the stream ends before it tells of {msn}")));
            }
        }
    }
    Ok(())
}

#[then(expr = "the stream ends, and says last {string}")]
async fn ends(world: &mut World, words: String) -> Held {
    while world.heard.next().await?.is_some() {}
    let last = world.heard.events.last().and_then(|event| event["text"].as_str());
    same("the last event", &last, &Some(words.as_str()), &world.heard.shown())
}
