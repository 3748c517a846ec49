//! Sales units, and what the tester sees in them.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use crate::conformance::failure::{Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Json, Market, Money, State};
use crate::conformance::world::World;

#[when(expr = "the tester creates a sales unit in {market}")]
async fn creates(world: &mut World, market: Market) -> Held {
    world.become_merchant(market.0, json!({})).await
}

#[when(expr = "the tester creates a sales unit in the market {string}")]
async fn creates_in_words(world: &mut World, market: String) -> Held {
    let call = Call::post("/control/v1/sales-units", &json!({ "market": market }));
    let exchange = world.merchant.control.try_any(call).await?;
    world.keep(exchange);
    Ok(())
}

#[given("the tester has dropped the sales unit")]
#[when("the tester drops the sales unit")]
async fn drops(world: &mut World) -> Held {
    // A token from before, so that what is refused is the token and not the asking for one.
    world.merchant.token().await?;
    world.ask_control(Method::DELETE, "", None).await?;
    world.answer()?.expect_status(204)
}

#[given("the sales unit has been reset")]
#[when("the tester resets the sales unit")]
async fn resets(world: &mut World) -> Held {
    world.ask_control(Method::POST, "/reset", None).await?;
    world.answer()?.expect_status(204)?;
    world.merchant.forget_token();
    Ok(())
}

#[when("the tester resets another merchant's sales unit")]
async fn resets_other(world: &mut World) -> Held {
    world.remember().await?;
    let other = world.another_merchant().await?;
    let exchange = other.control.unit(&other.unit.msn, Method::POST, "/reset", None).await?;
    exchange.expect_status(204)
}

#[when("the tester looks at the payment")]
async fn looks(world: &mut World) -> Held {
    let path = format!("/payments/{}", world.reference);
    world.ask_control(Method::GET, &path, None).await?;
    world.answer()?.expect_status(200)
}

#[when("the tester lists the payments")]
async fn lists(world: &mut World) -> Held {
    world.ask_control(Method::GET, "/payments", None).await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the tester lists the payments that are {state}")]
async fn lists_in_state(world: &mut World, state: State) -> Held {
    let path = format!("/payments?state={}", state.0);
    world.ask_control(Method::GET, &path, None).await?;
    world.answer()?.expect_status(200)
}

#[then(expr = "the unit pays in {word}")]
fn pays_in(world: &mut World, currency: String) -> Held {
    let unit = &world.merchant.unit;
    same("the currency", &unit.currency, &currency, &unit.msn)
}

#[then("the merchant's keys are accepted")]
async fn keys_accepted(world: &mut World) -> Held {
    let call = Call::get("/webhooks/v1/webhooks");
    world.merchant.call(call).await?.expect_status(200)
}

#[then("the merchant's keys are refused")]
async fn keys_refused(world: &mut World) -> Held {
    let call = Call::get("/webhooks/v1/webhooks");
    world.merchant.call(call).await?.expect_status(401)
}

#[then(expr = "{string} of the payment is {json}")]
fn member_is(world: &mut World, path: String, expected: Json) -> Held {
    world.answer()?.expect(&path, &expected.0.unwrap_or_default())
}

#[then(expr = "the list has {money}")]
fn list_has(world: &mut World, amount: Money) -> Held {
    list_has_all(world, &[amount])
}

#[then(expr = "the list has {money} and {money}")]
fn list_has_two(world: &mut World, first: Money, second: Money) -> Held {
    list_has_all(world, &[first, second])
}

fn list_has_all(world: &World, amounts: &[Money]) -> Held {
    let exchange = world.answer()?;
    let list = exchange.json()?;
    let actual: Vec<Value> =
        list.as_array().into_iter().flatten().map(|payment| payment["amount"].clone()).collect();
    let expected: Vec<Value> = amounts.iter().map(|amount| json!(amount.0)).collect();
    same("the amounts", &actual, &expected, exchange)
}

#[then("there is no payment in the unit")]
async fn no_payment(world: &mut World) -> Held {
    let merchant = &world.merchant;
    let list = merchant.control.unit(&merchant.unit.msn, Method::GET, "/payments", None).await?;
    same("the list of payments", &list.json()?, &json!([]), &list)
}
