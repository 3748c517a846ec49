//! Registrations of webhooks.

use std::sync::Arc;

use cucumber::{given, then, when};
use serde_json::{Value, json};

use crate::conformance::exchange::Exchange;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::Events;
use crate::conformance::receiver::{Manner, Receiver};
use crate::conformance::target::TARGET;
use crate::conformance::world::World;

const PATH: &str = "/webhooks/v1/webhooks";

async fn register(world: &mut World, url: Value, events: &[String]) -> Held {
    let mut body = json!({ "url": url, "events": events });
    if url.is_null()
        && let Some(members) = body.as_object_mut()
    {
        members.remove("url");
    }
    let exchange = world.act(Call::post(PATH, &body)).await?;
    let id = exchange.at("id").unwrap_or_default();
    id.as_str().unwrap_or_default().clone_into(&mut world.registration);
    Ok(())
}

/// Listens where the mock can reach it.
pub(super) async fn listen(path: &str, manner: Manner) -> Result<Receiver, Failure> {
    let target = TARGET.with(Arc::clone);
    Receiver::listen(&target, path, manner).await
}

/// Listens, and registers the address.
async fn receive(world: &mut World, path: &str, events: &Events, manner: Manner) -> Held {
    let mut receiver = listen(path, manner).await?;
    world.merchant.mark().clone_into(&mut receiver.only);
    register(world, Value::from(receiver.url.as_str()), &events.0).await?;
    let answer = world.answer()?;
    answer.expect_status(201)?;
    answer.at("id")?.as_str().unwrap_or_default().clone_into(&mut receiver.id);
    answer.at("secret")?.as_str().unwrap_or_default().clone_into(&mut receiver.secret);
    world.receivers.push(receiver);
    Ok(())
}

async fn list(world: &mut World) -> Result<Exchange, Failure> {
    let exchange = world.merchant.call(Call::get(PATH)).await?;
    exchange.expect_status(200)?;
    Ok(exchange)
}

fn registrations(exchange: &Exchange) -> Result<Vec<Value>, Failure> {
    Ok(exchange.at("webhooks")?.as_array().cloned().unwrap_or_default())
}

#[given(expr = "a receiver of {events}")]
async fn receiver(world: &mut World, events: Events) -> Held {
    receive(world, "/hooks", &events, Manner::Always(200)).await
}

#[given(expr = "a receiver of {events} at {string}")]
async fn receiver_at(world: &mut World, events: Events, path: String) -> Held {
    receive(world, &path, &events, Manner::Always(200)).await
}

#[given(expr = "a receiver of {events} that answers {int}")]
async fn receiver_answering(world: &mut World, events: Events, status: u16) -> Held {
    receive(world, "/hooks", &events, Manner::Always(status)).await
}

#[given(expr = "a receiver of {events} that answers {int} to the first {int} attempts")]
async fn receiver_recovering(
    world: &mut World,
    events: Events,
    status: u16,
    attempts: usize,
) -> Held {
    receive(world, "/hooks", &events, Manner::First { attempts, status }).await
}

#[given(expr = "a receiver of {events} that never answers")]
async fn receiver_silent(world: &mut World, events: Events) -> Held {
    receive(world, "/hooks", &events, Manner::Never).await
}

#[given(expr = "a receiver of {events} that answers {int} to the first payment")]
async fn receiver_refusing_one(world: &mut World, events: Events, status: u16) -> Held {
    receive(world, "/hooks", &events, Manner::FirstPayment(status)).await
}

#[given(expr = "a registration of {string} for {events}")]
async fn registration(world: &mut World, url: String, events: Events) -> Held {
    register(world, Value::from(url), &events.0).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "a registration of an address where nobody is, for {events}")]
async fn registration_of_nobody(world: &mut World, events: Events) -> Held {
    // A port that was free a moment ago, with nobody on it any more.
    let url = listen("/hooks", Manner::Always(200)).await?.url.clone();
    register(world, Value::from(url), &events.0).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "{int} registrations for {events}")]
async fn many_registrations(world: &mut World, count: usize, events: Events) -> Held {
    for number in 0..count {
        let url = format!("https://example.com/hooks/{number}");
        register(world, Value::from(url), &events.0).await?;
        world.answer()?.expect_status(201)?;
    }
    Ok(())
}

#[given("the merchant has deleted the registration")]
async fn has_deleted(world: &mut World) -> Held {
    // What is due before the deletion is still delivered.
    world.merchant.clock.settle().await?;
    delete(world).await?;
    world.answer()?.expect_status(204)
}

#[when(expr = "the merchant registers {string} for {events}")]
async fn registers(world: &mut World, url: String, events: Events) -> Held {
    register(world, Value::from(url), &events.0).await
}

#[when(expr = "the merchant registers nothing for {events}")]
async fn registers_nothing(world: &mut World, events: Events) -> Held {
    register(world, Value::Null, &events.0).await
}

#[when(expr = "the merchant registers {string} for the events {string}")]
async fn registers_names(world: &mut World, url: String, events: String) -> Held {
    let names = events.split(", ").filter(|name| !name.is_empty()).map(str::to_owned);
    register(world, Value::from(url), &names.collect::<Vec<_>>()).await
}

#[when("the merchant lists its registrations")]
async fn lists(world: &mut World) -> Held {
    world.act(Call::get(PATH)).await.map(drop)
}

#[when("the merchant deletes the registration")]
async fn delete(world: &mut World) -> Held {
    let id = world.registration.clone();
    delete_by_id(world, id).await
}

#[when(expr = "the merchant deletes the registration {string}")]
async fn delete_by_id(world: &mut World, id: String) -> Held {
    let call = Call::new(http::Method::DELETE, format!("{PATH}/{id}"));
    world.act(call).await.map(drop)
}

#[then(regex = r"^the secret is (\d+) characters of base64$")]
fn secret_shape(world: &mut World, length: usize) -> Held {
    use base64::Engine as _;

    let exchange = world.answer()?;
    let secret = exchange.at("secret")?;
    let text = secret.as_str().unwrap_or_default();
    same("the length of the secret", &text.len(), &length, exchange)?;
    let bytes = base64::prelude::BASE64_STANDARD.decode(text).map(|bytes| bytes.len()).ok();
    same("the length of what it encodes", &bytes, &Some(64), exchange)
}

#[then(expr = "the list has one registration of {string} for {events}")]
fn list_has_one(world: &mut World, url: String, events: Events) -> Held {
    let exchange = world.answer()?;
    let expected = json!([{ "id": world.registration, "url": url, "events": events.0 }]);
    exchange.expect("webhooks", &expected)
}

#[then("the list has no registration")]
fn list_is_empty(world: &mut World) -> Held {
    world.answer()?.expect("webhooks", &json!([]))
}

#[then("no registration in the list shows a secret")]
fn no_secrets(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let shown = registrations(exchange)?.iter().any(|entry| entry.get("secret").is_some());
    same("whether a secret is shown", &shown, &false, exchange)
}

#[then("no registration is left")]
async fn none_left(world: &mut World) -> Held {
    left(world, 0).await
}

#[then(expr = "{int} registration(s) is/are left")]
async fn some_left(world: &mut World, count: usize) -> Held {
    left(world, count).await
}

async fn left(world: &mut World, count: usize) -> Held {
    let exchange = list(world).await?;
    same("the number of registrations", &registrations(&exchange)?.len(), &count, &exchange)
}

#[then(expr = "the registration is refused because of {string}")]
fn refused_because_of(world: &mut World, name: String) -> Held {
    refused(world, &name, None)
}

#[then(expr = "the registration is refused because {string} is {string}")]
fn refused_because(world: &mut World, name: String, reason: String) -> Held {
    refused(world, &name, Some(&reason))
}

/// The problems of this API have a trace id as type, and their own wording.
fn refused(world: &World, name: &str, reason: Option<&str>) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(400)?;
    exchange.expect("title", &Value::from("Bad Request"))?;
    exchange.expect("status", &Value::from(400))?;
    exchange.expect("detail", &Value::from("One or more validation errors occurred."))?;
    exchange.expect("instance", &Value::from("/v1/webhooks"))?;
    let details = exchange.details()?;
    let Some((_, actual)) = details.iter().find(|(entry, _)| entry == name) else {
        return Err(Failure::new(format!("extraDetails do not name {name}\n{exchange}")));
    };
    match reason {
        Some(reason) => same("the reason", &actual.as_str(), &reason, exchange),
        None => Ok(()),
    }
}
