//! The journal of calls.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use http::Method;
use serde_json::Value;

use super::tables::column;
use crate::conformance::exchange::Exchange;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Money, Names};
use crate::conformance::world::World;

/// What holds the rule that refused a call.
const REASON: &str = "vipps-mock-reason";

async fn has_called(world: &mut World, call: Call) -> Held {
    let exchange = world.merchant.call(call).await?;
    world.keep(exchange);
    Ok(())
}

#[given("the merchant has read the payment")]
async fn has_read(world: &mut World) -> Held {
    has_called(world, Call::get(world.payment_path())).await
}

#[given(expr = "the merchant has called with the header {string} set to {string}")]
async fn has_called_with(world: &mut World, name: String, value: String) -> Held {
    has_called(world, Call::get("/epayment/v1/payments/ride-0000").header(&name, &value)).await
}

#[given("the merchant has called with nobody's keys")]
async fn has_called_as_nobody(world: &mut World) -> Held {
    let call = Call::get(nobodys_path(world)).without("Authorization");
    has_called(world, call.header("Ocp-Apim-Subscription-Key", "0000000000000000")).await
}

/// A path that no other scenario calls.
fn nobodys_path(world: &World) -> String {
    format!("/epayment/v1/payments/{}", nobodys_reference(world))
}

fn nobodys_reference(world: &World) -> String {
    format!("nobodys-{}", world.merchant.unit.msn)
}

#[given("the tester has reset the sales unit")]
async fn has_reset(world: &mut World) -> Held {
    world.ask_control(Method::POST, "/reset", None).await?;
    world.answer()?.expect_status(204)
}

async fn look(world: &mut World, id: &str, query: &str) -> Held {
    world.ask_control(Method::GET, &format!("/requests/{id}{query}"), None).await
}

/// The number of the only call in a list.
fn id_of_one(list: &Exchange) -> Result<String, Failure> {
    let calls = list.json()?;
    match calls.as_array().map(Vec::as_slice) {
        Some([call]) => Ok(call["id"].as_str().unwrap_or_default().to_owned()),
        _ => Err(Failure::new(format!("there is not exactly one call\n{list}"))),
    }
}

async fn last_call(world: &World) -> Result<String, Failure> {
    let merchant = &world.merchant;
    let path = "/requests?limit=1";
    id_of_one(&merchant.control.unit(&merchant.unit.msn, Method::GET, path, None).await?)
}

#[when("the tester looks at the last call")]
async fn look_at_last(world: &mut World) -> Held {
    let id = last_call(world).await?;
    look(world, &id, "").await?;
    world.answer()?.expect_status(200)
}

#[when("the tester looks at the last call unmasked")]
async fn look_unmasked(world: &mut World) -> Held {
    let id = last_call(world).await?;
    look(world, &id, "?unmasked=true").await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the tester looks at call {string}")]
async fn look_at(world: &mut World, id: String) -> Held {
    look(world, &id, "").await
}

#[when("the tester looks at the last call of nobody")]
async fn look_at_nobodys(world: &mut World) -> Held {
    let query = format!("/control/v1/requests?reference={}", nobodys_reference(world));
    let control = &world.merchant.control;
    let id = id_of_one(&control.try_any(Call::get(query)).await?)?;
    let exchange = control.try_any(Call::get(format!("/control/v1/requests/{id}"))).await?;
    world.keep(exchange).expect_status(200)
}

#[when(expr = "the tester lists the calls with {word} {string}")]
async fn list_with(world: &mut World, member: String, value: String) -> Held {
    world.ask_control(Method::GET, &format!("/requests?{member}={value}"), None).await
}

#[when(expr = "the tester exports the calls with {word} {string}")]
async fn export(world: &mut World, member: String, value: String) -> Held {
    world.ask_control(Method::GET, &format!("/requests.har?{member}={value}"), None).await
}

#[when("the tester lists the calls about the payment")]
async fn list_about(world: &mut World) -> Held {
    let path = format!("/requests?reference={}", world.reference);
    world.ask_control(Method::GET, &path, None).await
}

#[then(expr = "the list has the calls {names}")]
fn list_has(world: &mut World, expected: Names) -> Held {
    let exchange = world.answer()?;
    let calls = exchange.json()?;
    let operation = |call: &Value| call["operation"].as_str().unwrap_or_default().to_owned();
    let actual: Vec<_> = calls.as_array().into_iter().flatten().map(operation).collect();
    same("the calls", &actual, &expected.0, exchange)
}

#[then(expr = "the archive is one of HAR {word} with the calls {names}")]
fn archive_has(world: &mut World, version: String, expected: Names) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(200)?;
    exchange.expect("log.version", &Value::from(version))?;
    let entries = exchange.at("log.entries")?;
    let operation = |call: &Value| call["_operation"].as_str().unwrap_or_default().to_owned();
    let actual: Vec<_> = entries.as_array().into_iter().flatten().map(operation).collect();
    same("the calls", &actual, &expected.0, exchange)
}

#[then(
    expr = "its last call was a {word} of the payment, answered with {int} within the scenario's time"
)]
fn archive_call(world: &mut World, method: String, status: u16) -> Held {
    let exchange = world.answer()?;
    let entries = exchange.at("log.entries")?;
    let last = entries.as_array().and_then(|it| it.last()).cloned().unwrap_or_default();
    same("the method", &last["request"]["method"], &Value::from(method), exchange)?;
    same("the status", &last["response"]["status"], &Value::from(status), exchange)?;
    same("the reference", &last["_reference"], &world.reference.clone().into(), exchange)?;
    let url = last["request"]["url"].as_str().unwrap_or_default();
    let is_ours = url.starts_with("http://") && url.contains(&world.payment_path());
    same("whether the address is the payment's", &is_ours, &true, exchange)?;
    let at = last["startedDateTime"].as_str().unwrap_or_default().parse::<jiff::Timestamp>();
    same("whether it has its time", &at.is_ok_and(|at| world.began <= at), &true, exchange)
}

#[then(expr = "the command to make the call again has {string}")]
fn command_has(world: &mut World, words: String) -> Held {
    let exchange = world.answer()?;
    let command = exchange.at("curl")?;
    if command.as_str().is_some_and(|it| it.contains(&words)) {
        return Ok(());
    }
    Err(Failure::new(format!("the command has no {words}:\n{command}")))
}

#[then("the list is empty")]
fn list_is_empty(world: &mut World) -> Held {
    let exchange = world.answer()?;
    same("the list", &exchange.json()?, &Value::Array(Vec::new()), exchange)
}

#[then(expr = "the call was sent with the header {string} set to {string}")]
fn sent_with(world: &mut World, name: String, value: String) -> Held {
    let exchange = world.answer()?;
    let headers = exchange.at("request.headers")?;
    let header = Value::from(vec![name, value]);
    let is_there = headers.as_array().is_some_and(|headers| headers.contains(&header));
    same(&format!("whether {header} was sent"), &is_there, &true, exchange)
}

#[then(expr = "the call was answered with {money} captured")]
fn answered_with(world: &mut World, amount: Money) -> Held {
    let exchange = world.answer()?;
    let body = exchange.at("response.body")?;
    let body: Value = serde_json::from_str(body.as_str().unwrap_or_default())
        .map_err(|error| Failure::new(format!("the body is no JSON: {error}\n{exchange}")))?;
    let expected = serde_json::json!(amount.0);
    same("what is captured", &body["aggregate"]["capturedAmount"], &expected, exchange)
}

#[then("of the call came:")]
fn came(world: &mut World, step: &Step) -> Held {
    let exchange = world.answer()?;
    let events = exchange.at("events")?;
    let text = |event: &Value| event["text"].as_str().unwrap_or_default().to_owned();
    let actual: Vec<_> = events.as_array().into_iter().flatten().map(text).collect();
    let prefix = format!("payment {}: ", world.reference);
    let expected: Vec<_> = column(step)?.into_iter().map(|it| format!("{prefix}{it}")).collect();
    same("what came of the call", &actual, &expected, exchange)
}

#[then("nothing came of the call")]
fn nothing_came(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let nothing = Value::Array(Vec::new());
    same("what came of the call", &exchange.at("events")?, &nothing, exchange)?;
    same("the webhooks", &exchange.at("deliveries")?, &nothing, exchange)
}

#[then(expr = "the call sent out {int} webhook(s)")]
fn sent_out(world: &mut World, count: usize) -> Held {
    let exchange = world.answer()?;
    let deliveries = exchange.at("deliveries")?.as_array().map_or(0, Vec::len);
    same("the number of webhooks", &deliveries, &count, exchange)
}

#[then("the reason is the one that the merchant was given")]
fn reason_is_given(world: &mut World) -> Held {
    let refused = world.answers.iter().rev().find_map(|answer| answer.header(REASON));
    let given = refused.ok_or_else(|| Failure::new("the merchant was given no reason"))?;
    world.answer()?.expect("reason", &Value::from(given))
}

#[then(expr = "the fault of the call is one that refuses with {int}")]
fn fault_is(world: &mut World, code: u16) -> Held {
    let exchange = world.answer()?;
    let fault = exchange.at("fault")?;
    let ending = format!("refused with {code}");
    let fits = fault.as_str().is_some_and(|text| text.ends_with(&ending));
    same(&format!("whether the fault is {ending}"), &fits, &true, exchange)
}

/// What must not be seen: the keys, the token and the phone number of the last request.
async fn secrets(world: &mut World) -> Result<Vec<String>, Failure> {
    let token = world.merchant.token().await?;
    let unit = &world.merchant.unit;
    let keys = [unit.subscription_key.clone(), token, world.merchant.phone()];
    Ok(keys.into())
}

#[then("the call shows no key, no token and no phone number")]
async fn shows_nothing(world: &mut World) -> Held {
    let mut hidden = secrets(world).await?;
    hidden.push(world.merchant.unit.client_secret.clone());
    let exchange = world.answer()?;
    match hidden.iter().find(|it| exchange.body.contains(*it)) {
        Some(shown) => Err(Failure::new(format!("{shown} is shown\n{exchange}"))),
        None => Ok(()),
    }
}

#[then("the call shows the merchant's key, its token and the phone number")]
async fn shows_everything(world: &mut World) -> Held {
    let shown = secrets(world).await?;
    let exchange = world.answer()?;
    match shown.iter().find(|it| !exchange.body.contains(*it)) {
        Some(hidden) => Err(Failure::new(format!("{hidden} is not shown\n{exchange}"))),
        None => Ok(()),
    }
}
