//! What the tester wants to go wrong.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use crate::conformance::failure::{Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Json, Key, Money, Operation};
use crate::conformance::world::World;
use crate::taxi::money::Amount;

async fn add(world: &mut World, fault: Value) -> Held {
    world.ask_control(Method::POST, "/faults", Some(fault)).await
}

#[given(expr = "the next {operation} is to fail with {int}")]
async fn next_fails(world: &mut World, operation: Operation, code: u16) -> Held {
    add(world, json!({ "operation": operation.0, "code": code })).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "the next {operation} is to be carried out, and answered with {int}")]
async fn next_is_lost(world: &mut World, operation: Operation, code: u16) -> Held {
    let fault = json!({ "operation": operation.0, "code": code, "commit": true });
    add(world, fault).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "every {operation} is to be carried out, and answered with {int}")]
async fn all_are_lost(world: &mut World, operation: Operation, code: u16) -> Held {
    let fault =
        json!({ "operation": operation.0, "code": code, "commit": true, "times": "always" });
    add(world, fault).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "the next {operation} of the payment is to fail with {int}")]
async fn next_of_payment(world: &mut World, operation: Operation, code: u16) -> Held {
    let reference = &world.reference;
    let fault = json!({ "operation": operation.0, "reference": reference, "code": code });
    add(world, fault).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "the next {int} captures are to fail with {int}")]
async fn several_fail(world: &mut World, times: u32, code: u16) -> Held {
    add(world, json!({ "operation": "capture", "code": code, "times": times })).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "every capture is to fail with {int}")]
async fn all_fail(world: &mut World, code: u16) -> Held {
    add(world, json!({ "operation": "capture", "code": code, "times": "always" })).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "a capture of {money} has failed with {key}")]
async fn has_failed(world: &mut World, amount: Money, key: Key) -> Held {
    let path = format!("{}/capture", world.payment_path());
    let body = json!({ "modificationAmount": amount.0 });
    let exchange = world.act(Call::post(path, &body).key(key.0.as_deref())).await?;
    same("whether it was refused", &(400 <= exchange.status), &true, exchange)
}

#[when("the tester takes the faults away")]
async fn clears(world: &mut World) -> Held {
    world.ask_control(Method::DELETE, "/faults", None).await?;
    world.answer()?.expect_status(204)
}

#[when(expr = "the tester asks for a fault like {json}")]
async fn asks_for(world: &mut World, fault: Json) -> Held {
    add(world, fault.0.unwrap_or_default()).await
}

#[when(expr = "the merchant comes with a {operation}")]
async fn comes_with(world: &mut World, operation: Operation) -> Held {
    let amount = world.request["amount"].clone();
    let (key, path) = (world.fresh("key"), world.payment_path());
    // Looking at the payment first, as before any other call, would meet the fault.
    if let "get" | "events" = operation.0 {
        let path = if operation.0 == "get" { path } else { format!("{path}/events") };
        let exchange = world.merchant.call(Call::get(path)).await?;
        world.keep(exchange);
        return Ok(());
    }
    let call = match operation.0 {
        "create" => {
            let reference = world.fresh("ride");
            let request = world.merchant.request_for(&reference, Amount::nok(34592));
            Call::post("/epayment/v1/payments", &request)
        }
        "approve" => {
            let path = format!("/epayment/v1/test/payments/{}/approve", world.reference);
            let customer = json!({ "customer": { "phoneNumber": world.merchant.phone() } });
            Call::post(path, &customer)
        }
        "cancel" => Call::post(format!("{path}/cancel"), &json!({})),
        other => Call::post(format!("{path}/{other}"), &json!({ "modificationAmount": amount })),
    };
    world.act(call.key(Some(&key))).await.map(drop)
}

#[then(expr = "{int} fault(s) are/is waiting")]
async fn waiting(world: &mut World, count: usize) -> Held {
    let merchant = &world.merchant;
    let list = merchant.control.unit(&merchant.unit.msn, Method::GET, "/faults", None).await?;
    let all = list.json()?.as_array().cloned().unwrap_or_default();
    let actual = all.iter().filter(|it| it["state"] == "waiting").count();
    same("the number of faults", &actual, &count, &list)
}
