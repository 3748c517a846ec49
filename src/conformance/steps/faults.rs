//! What the tester wants to go wrong.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use crate::conformance::failure::{Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::Json;
use crate::conformance::world::World;

async fn add(world: &mut World, fault: Value) -> Held {
    world.ask_control(Method::POST, "/faults", Some(fault)).await
}

/// What features call an operation, and what the control API calls it.
fn operation(word: &str) -> Value {
    match word {
        "call" => Value::Null,
        "look" => "get".into(),
        "look at the events" => "events".into(),
        "new payment" => "create".into(),
        "forced approval" => "approve".into(),
        other => other.into(),
    }
}

#[given(
    regex = "^the next (call|look|look at the events|new payment|forced approval|capture|refund|cancel) is to fail with (\\d+)$"
)]
async fn next_fails(world: &mut World, word: String, code: u16) -> Held {
    add(world, json!({ "operation": operation(&word), "code": code })).await?;
    world.answer()?.expect_status(201)
}

#[given(
    regex = "^the next (call|capture|refund|cancel|new payment|forced approval) is to be carried out and answered with (\\d+)$"
)]
async fn next_is_lost(world: &mut World, word: String, code: u16) -> Held {
    let fault = json!({ "operation": operation(&word), "code": code, "commit": true });
    add(world, fault).await?;
    world.answer()?.expect_status(201)
}

#[given(regex = "^the next capture of the payment is to fail with (\\d+)$")]
async fn next_of_payment(world: &mut World, code: u16) -> Held {
    let fault = json!({ "operation": "capture", "reference": world.reference, "code": code });
    add(world, fault).await?;
    world.answer()?.expect_status(201)
}

#[given(regex = "^(\\d+) captures are to fail with (\\d+)$")]
async fn several_fail(world: &mut World, times: u32, code: u16) -> Held {
    add(world, json!({ "operation": "capture", "code": code, "times": times })).await?;
    world.answer()?.expect_status(201)
}

#[given(regex = "^every capture is to fail with (\\d+)$")]
async fn all_fail(world: &mut World, code: u16) -> Held {
    add(world, json!({ "operation": "capture", "code": code, "times": "always" })).await?;
    world.answer()?.expect_status(201)
}

#[when("the tester takes the faults away")]
async fn clears(world: &mut World) -> Held {
    world.ask_control(Method::DELETE, "/faults", None).await?;
    world.answer()?.expect_status(204)
}

#[when(expr = "the tester asks for the fault {json}")]
async fn asks_for(world: &mut World, fault: Json) -> Held {
    add(world, fault.0.unwrap_or_default()).await
}

#[when(expr = "the merchant does this to the payment: {word}")]
async fn does(world: &mut World, word: String) -> Held {
    let amount = world.request["amount"].clone();
    let key = world.fresh("key");
    let path = world.payment_path();
    let body = json!({ "modificationAmount": amount });
    let call = match word.as_str() {
        "look" => Call::get(path),
        "events" => Call::get(format!("{path}/events")),
        "approve" => {
            let path = format!("/epayment/v1/test/payments/{}/approve", world.reference);
            let customer = json!({ "customer": { "phoneNumber": world.merchant.phone() } });
            Call::post(path, &customer)
        }
        "cancel" => Call::post(format!("{path}/cancel"), &json!({})).key(Some(&key)),
        _ => Call::post(format!("{path}/{word}"), &body).key(Some(&key)),
    };
    world.act(call).await.map(drop)
}

#[then(expr = "{int} faults are waiting")]
async fn waiting(world: &mut World, count: usize) -> Held {
    let merchant = &world.merchant;
    let list = merchant.control.unit(&merchant.unit.msn, Method::GET, "/faults", None).await?;
    let actual = list.json()?.as_array().map_or(0, Vec::len);
    same("the number of faults", &actual, &count, &list)
}
