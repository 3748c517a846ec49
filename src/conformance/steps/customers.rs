//! Customers who try to pay, and what comes of it.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Duration, Habit, Money};
use crate::conformance::world::World;

async fn force(world: &mut World, body: Value) -> Held {
    let path = format!("/epayment/v1/test/payments/{}/approve", world.reference);
    world.act(Call::post(path, &body)).await.map(drop)
}

#[given("a merchant in production")]
async fn merchant_in_production(world: &mut World) -> Held {
    world.become_merchant_in("NO", json!({}), "production").await
}

#[when("the customer tries to pay")]
async fn tries_to_pay(world: &mut World) -> Held {
    let path = format!("/payments/{}/approve", world.reference);
    world.ask_control(Method::POST, &path, None).await
}

#[when("the customer tries to reject")]
async fn tries_to_reject(world: &mut World) -> Held {
    let path = format!("/payments/{}/reject", world.reference);
    world.ask_control(Method::POST, &path, None).await
}

#[given("the customer has paid in the app before")]
async fn has_paid_before(world: &mut World) -> Held {
    let spoken_of = std::mem::take(&mut world.reference);
    super::payments::ask_for(world, crate::taxi::money::Amount::nok(500)).await?;
    tries_to_pay(world).await?;
    world.answer()?.expect_success()?;
    world.reference = spoken_of;
    Ok(())
}

#[when(expr = "the merchant forces the approval for a customer who {habit}")]
async fn forces_for(world: &mut World, habit: Habit) -> Held {
    let phone = world.merchant.phone_of(habit.0);
    force(world, json!({ "customer": { "phoneNumber": phone } })).await
}

#[when("the merchant forces the approval for a Danish customer")]
async fn forces_for_dane(world: &mut World) -> Held {
    force(world, json!({ "customer": { "phoneNumber": "4590000099" } })).await
}

#[when("the merchant forces the approval with the token of another payment")]
async fn forces_with_wrong_token(world: &mut World) -> Held {
    force(world, json!({ "token": "900001-0000" })).await
}

#[when("the merchant forces the approval of a payment that was never made")]
async fn forces_unknown(world: &mut World) -> Held {
    let body = json!({ "customer": { "phoneNumber": world.merchant.phone() } });
    world.act(Call::post("/epayment/v1/test/payments/never-made/approve", &body)).await.map(drop)
}

#[then(expr = "the customer is told {string}")]
fn is_told(world: &mut World, words: String) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(409)?;
    if exchange.at("detail")?.as_str().is_some_and(|it| it.contains(&words)) {
        return Ok(());
    }
    Err(Failure::new(format!("the customer is not told \"{words}\"\n{exchange}")))
}

#[then(expr = "the customer's app remembers {string}")]
async fn app_remembers(world: &mut World, reason: String) -> Held {
    let merchant = &world.merchant;
    let path = format!("/payments/{}", world.reference);
    let seen = merchant.control.unit(&merchant.unit.msn, Method::GET, &path, None).await?;
    let body = seen.json()?;
    let declined = body["app"]["declined"].as_array();
    if declined.into_iter().flatten().any(|attempt| attempt["reason"] == reason.as_str()) {
        return Ok(());
    }
    Err(Failure::new(format!("the app remembers no \"{reason}\"\n{seen}")))
}

#[then("the merchant's log knows nothing of it")]
async fn log_knows_nothing(world: &mut World) -> Held {
    let log = world.events().await?;
    let names: Vec<_> = super::payments::names_and_amounts(&log.json()?);
    if names.iter().map(|(name, _)| name.as_str()).eq(["CREATED"]) {
        return Ok(());
    }
    Err(Failure::new(format!("the log has more than CREATED\n{log}")))
}

#[then(expr = "the capture is guaranteed for {duration}")]
fn is_guaranteed_for(world: &mut World, time: Duration) -> Held {
    let exchange = world.answer()?;
    let value = exchange.at("captureGuaranteedUntil")?;
    let until = value.as_str().unwrap_or_default().parse::<jiff::Timestamp>();
    let until = until.map_err(|error| Failure::new(format!("{value} is no time: {error}")))?;
    same("the time guaranteed", &until.duration_since(world.began), &time.0, exchange)
}

#[given(expr = "a payment of {money} that blocks commercial cards")]
async fn blocks_commercial(world: &mut World, amount: Money) -> Held {
    let reference = world.fresh("ride");
    let mut request = world.merchant.request_for(&reference, amount.0);
    request["paymentMethod"]["blockedSources"] = json!(["COMMERCIAL_CARDS"]);
    super::payments::create(world, reference, request).await
}
