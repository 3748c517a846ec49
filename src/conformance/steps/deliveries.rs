//! Webhooks on their way.

use cucumber::gherkin::Step;
use cucumber::then;
use jiff::SignedDuration;
use serde_json::Value;

use super::payments::{expected_events, name_and_amount};
use super::tables::{column, rows};
use crate::conformance::control::{Attempt, Delivery};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Duration, Event, Names};
use crate::conformance::receiver::{Received, Receiver, header_names};
use crate::conformance::world::World;

/// All webhooks, one below the other, for whoever reads a failure.
fn shown(webhooks: &[Received]) -> String {
    if webhooks.is_empty() {
        return "  nothing was received".to_owned();
    }
    webhooks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

fn got(webhooks: &[Received], step: &Step) -> Held {
    let actual: Vec<_> = webhooks.iter().map(|webhook| name_and_amount(&webhook.json())).collect();
    same("what was received", &actual, &expected_events(step)?, &shown(webhooks))
}

/// Every webhook that came, with the receiver it came to; there has to be one.
async fn all(world: &World) -> Result<Vec<(&Receiver, Received)>, Failure> {
    world.receiver().await?;
    let mut all = Vec::new();
    for receiver in &world.receivers {
        all.extend(receiver.received().into_iter().map(|webhook| (receiver, webhook)));
    }
    if all.is_empty() {
        return Err(Failure::new("nothing was received"));
    }
    Ok(all)
}

#[then("the receiver gets:")]
async fn receiver_gets(world: &mut World, step: &Step) -> Held {
    got(&world.receiver().await?.received(), step)
}

#[then("every receiver gets:")]
async fn every_receiver_gets(world: &mut World, step: &Step) -> Held {
    world.receiver().await?;
    world.receivers.iter().try_for_each(|receiver| got(&receiver.received(), step))
}

#[then("the receiver gets nothing")]
async fn receiver_gets_nothing(world: &mut World) -> Held {
    let received = world.receiver().await?.received();
    same("the number of webhooks", &received.len(), &0, &shown(&received))
}

#[then("the receiver accepts, in this order:")]
async fn receiver_accepts(world: &mut World, step: &Step) -> Held {
    got(&world.receiver().await?.accepted(), step)
}

#[then("each delivery names its own registration and is signed with its secret")]
async fn verified(world: &mut World) -> Held {
    all(world).await?.iter().try_for_each(|(receiver, webhook)| receiver.verify(webhook))
}

#[then(expr = "each delivery goes to {string}")]
async fn goes_to(world: &mut World, path: String) -> Held {
    let webhooks = all(world).await?;
    webhooks.iter().try_for_each(|(receiver, webhook)| {
        let path = format!("{}{path}", receiver.base_path);
        same("the path", &webhook.path, &path, webhook)
    })
}

#[then("each delivery has these headers and no others:")]
async fn has_headers(world: &mut World, step: &Step) -> Held {
    let expected = column(step)?.into_iter().collect();
    let webhooks = all(world).await?;
    webhooks.iter().try_for_each(|(_, webhook)| {
        same("the headers", &header_names(webhook), &expected, webhook)
    })
}

#[then(expr = "the header {string} of each delivery is {string}")]
async fn header_is(world: &mut World, name: String, value: String) -> Held {
    let webhooks = all(world).await?;
    let value = value.as_str();
    webhooks
        .iter()
        .try_for_each(|(_, webhook)| same(&name, &webhook.header(&name), &value, webhook))
}

#[then(expr = "each delivery is compact JSON with the members {names}")]
async fn compact(world: &mut World, names: Names) -> Held {
    for (_, webhook) in all(world).await? {
        let body = webhook.json();
        let members: Vec<&String> =
            body.as_object().into_iter().flat_map(|body| body.keys()).collect();
        same("the members", &members, &names.0.iter().collect(), &webhook)?;
        same("the body", &webhook.body, &body.to_string(), &webhook)?;
    }
    Ok(())
}

#[then("each delivery has the pspReference of its event in the log")]
async fn matches_log(world: &mut World) -> Held {
    let received = world.receiver().await?.received();
    let log = world.events().await?;
    let reference = |event: &Value| event["pspReference"].clone();
    let events = log.json()?;
    let logged: Vec<Value> = events.as_array().into_iter().flatten().map(reference).collect();
    let delivered: Vec<Value> = received.iter().map(|webhook| reference(&webhook.json())).collect();
    same("what was delivered", &delivered, &logged, &log)
}

#[then(expr = "{int} attempt(s) is/are made")]
async fn attempts_made(world: &mut World, count: usize) -> Held {
    let deliveries = world.deliveries().await?;
    let attempts: usize = deliveries.iter().map(|delivery| delivery.attempts.len()).sum();
    same("the number of attempts", &attempts, &count, &format!("  {deliveries:?}"))
}

#[then(expr = "the attempt fails because of {string}")]
async fn attempt_fails(world: &mut World, reason: String) -> Held {
    let delivery = delivery(world).await?;
    let error = delivery.attempts.last().and_then(|attempt| attempt.error.clone());
    let fits = error.as_deref().is_some_and(|error| error.starts_with(&reason));
    same("whether the attempt fails so", &fits, &true, &format!("  {delivery:?}"))
}

#[then("all attempts have the same body")]
async fn same_bodies(world: &mut World) -> Held {
    let received = world.receiver().await?.received();
    let mut bodies: Vec<&str> = received.iter().map(|webhook| webhook.body.as_str()).collect();
    bodies.dedup();
    same("the number of different bodies", &bodies.len(), &1, &shown(&received))
}

#[then(expr = "all attempts are for {event}")]
async fn attempts_for(world: &mut World, name: Event) -> Held {
    let received = world.receiver().await?.received();
    let mut names: Vec<Value> =
        received.iter().map(|webhook| webhook.json()["name"].clone()).collect();
    names.dedup();
    same("what was attempted", &names, &vec![Value::from(name.0)], &shown(&received))
}

/// The only delivery about the payment that is spoken of.
async fn delivery(world: &World) -> Result<Delivery, Failure> {
    let deliveries = world.deliveries().await?;
    match deliveries.as_slice() {
        [delivery] => Ok(delivery.clone()),
        _ => Err(Failure::new(format!("there is not one delivery: {deliveries:?}"))),
    }
}

#[then("the attempts follow each other after:")]
async fn waits(world: &mut World, step: &Step) -> Held {
    let delivery = delivery(world).await?;
    let at = delivery.attempts.iter().map(Attempt::at).collect::<Result<Vec<_>, _>>()?;
    let mut expected = Vec::new();
    for [attempts, wait] in rows(step, ["attempts", "wait"])? {
        let (first, last) = attempts.split_once(" to ").unwrap_or((&attempts, &attempts));
        let number = |text: &str| {
            text.parse::<usize>().map_err(|error| Failure::new(format!("{text}: {error}")))
        };
        let Duration(wait) = wait.parse()?;
        expected.extend((number(first)?..=number(last)?).map(|attempt| (attempt, wait)));
    }
    let pairs = at.windows(2).map(|pair| pair[1].duration_since(pair[0]));
    let actual: Vec<(usize, SignedDuration)> = (2..).zip(pairs).collect();
    same("the waits", &actual, &expected, &format!("  {delivery:?}"))
}

/// The table of waits names every attempt, so all that is left is that the week is over.
#[then("no attempt comes later")]
async fn no_more_attempts(world: &mut World) -> Held {
    let before = delivery(world).await?;
    world.merchant.clock.advance(SignedDuration::from_hours(24)).await?;
    let after = delivery(world).await?;
    same("the number of attempts", &after.attempts.len(), &before.attempts.len(), &after.event)
}

#[then(expr = "the delivery is {word}")]
async fn delivery_is(world: &mut World, status: String) -> Held {
    let delivery = delivery(world).await?;
    same("the delivery", &delivery.status, &status, &format!("  {delivery:?}"))
}
