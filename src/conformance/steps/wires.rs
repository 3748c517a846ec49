//! What befalls calls on their way, and what the tester is told about it.

use cucumber::{given, then, when};
use http::Method;
use serde_json::json;

use crate::conformance::exchange::FAULT;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Json, Key, Money};
use crate::conformance::world::World;

#[given(expr = "the tester has asked for a fault like {json}")]
async fn has_asked_for(world: &mut World, fault: Json) -> Held {
    world.ask_control(Method::POST, "/faults", fault.0).await?;
    world.answer()?.expect_status(201)
}

#[when("the tester lists the faults")]
async fn lists(world: &mut World) -> Held {
    world.ask_control(Method::GET, "/faults", None).await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the tester takes fault {int} away")]
async fn takes_away(world: &mut World, id: u64) -> Held {
    world.ask_control(Method::DELETE, &format!("/faults/{id}"), None).await
}

#[when(expr = "the merchant calls {string}")]
async fn calls(world: &mut World, call: String) -> Held {
    let (method, path) = call.split_once(' ').unwrap_or(("GET", &call));
    let method: Method =
        method.parse().map_err(|_| Failure::new(format!("{call} begins with no method")))?;
    let body = (method != Method::GET).then(|| "{}".to_owned());
    let key = world.fresh("key");
    let call = Call { body, ..Call::new(method, path) }.key(Some(&key));
    let exchange = world.merchant.call(call).await?;
    world.keep(exchange);
    Ok(())
}

#[given(expr = "a capture of {money} with {key} has had no answer")]
#[when(expr = "the merchant captures {money} with {key}, and has no answer")]
async fn captures_in_vain(world: &mut World, amount: Money, key: Key) -> Held {
    let path = format!("{}/capture", world.payment_path());
    let body = json!({ "modificationAmount": amount.0 });
    call_in_vain(world, Call::post(path, &body).key(key.0.as_deref())).await
}

#[when(expr = "the merchant asks for {money}, and has no answer")]
async fn asks_in_vain(world: &mut World, amount: Money) -> Held {
    let (reference, key) = (world.fresh("ride"), world.fresh("key"));
    let request = world.merchant.request_for(&reference, amount.0);
    call_in_vain(world, Call::post("/epayment/v1/payments", &request).key(Some(&key))).await?;
    world.reference = reference;
    Ok(())
}

/// The token is there before, so that it is this call that has no answer.
async fn call_in_vain(world: &mut World, call: Call) -> Held {
    world.merchant.token().await?;
    match world.merchant.call(call).await {
        Err(_) => Ok(()),
        Ok(exchange) => Err(Failure::new(format!("there is an answer\n{exchange}"))),
    }
}

#[then(expr = "fault {int} has hit {int} time(s) and is {word}")]
async fn has_hit(world: &mut World, id: u64, times: u64, state: String) -> Held {
    let merchant = &world.merchant;
    let list = merchant.control.unit(&merchant.unit.msn, Method::GET, "/faults", None).await?;
    let faults = list.json()?;
    let fault = faults.as_array().into_iter().flatten().find(|it| it["id"] == id);
    let fault = fault.ok_or_else(|| Failure::new(format!("there is no fault {id}\n{list}")))?;
    same(
        "hits and state",
        &(&fault["hits"], &fault["state"]),
        &(&json!(times), &json!(state)),
        &list,
    )
}

#[then(expr = "the answer is named as one of fault {int}")]
fn is_named(world: &mut World, id: u64) -> Held {
    let exchange = world.answer()?;
    same("the fault", &exchange.header(FAULT), &Some(id.to_string().as_str()), exchange)?;
    let reason = exchange.header("vipps-mock-reason").unwrap_or_default();
    let names_it = reason.starts_with(&format!("Fault {id} of the sales unit"));
    same(&format!("whether the fault is named in {reason}"), &names_it, &true, exchange)
}

#[then(expr = "some of the last {int} answers are {int}, and the others {int}")]
fn some_are(world: &mut World, count: usize, status: u16, other: u16) -> Held {
    let first = world.answers.len().saturating_sub(count);
    let latest = world.answers.get(first..).unwrap_or_default();
    let exchange = world.answer()?;
    let some = latest.iter().filter(|it| it.status == status).count();
    let others = latest.iter().filter(|it| it.status == other).count();
    same("the number of answers", &(some + others), &count, exchange)?;
    let are_mixed = 0 < some && 0 < others;
    same(&format!("whether {some} of {count} are some"), &are_mixed, &true, exchange)
}

#[then(expr = "the call names fault {int}, and says {string}")]
fn names_fault(world: &mut World, id: u64, words: String) -> Held {
    let exchange = world.answer()?;
    let fault = exchange.at("fault")?;
    let text = fault.as_str().unwrap_or_default();
    let fits = text.starts_with(&format!("fault {id}: ")) && text.contains(&words);
    same(&format!("whether it is so in {text}"), &fits, &true, exchange)
}

#[then(expr = "the last {word} took {int} milliseconds or more")]
async fn took(world: &mut World, operation: String, least: u32) -> Held {
    let merchant = &world.merchant;
    let path = format!("/requests?operation={operation}&limit=1");
    let list = merchant.control.unit(&merchant.unit.msn, Method::GET, &path, None).await?;
    let duration = list.json()?[0]["durationMs"].as_f64();
    let was_long = duration.is_some_and(|it| f64::from(least) <= it);
    same(&format!("whether {duration:?} is as long"), &was_long, &true, &list)
}
