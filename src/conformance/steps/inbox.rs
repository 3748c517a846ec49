//! What waits in customers' apps.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Duration, Habit, Money};
use crate::conformance::world::World;
use crate::taxi::clock::Clock as _;

#[given(expr = "another payment of {money} of somebody who {habit}")]
async fn payment_of(world: &mut World, amount: Money, habit: Habit) -> Held {
    world.merchant.customer = habit.0;
    super::payments::ask_for(world, amount.0).await
}

#[when("the tester opens the customer's inbox")]
async fn opens(world: &mut World) -> Held {
    let path = format!("/users/{}/inbox", world.merchant.phone());
    open(world, &path).await
}

#[when("the tester opens everybody's inbox")]
async fn opens_all(world: &mut World) -> Held {
    open(world, "/inbox").await
}

async fn open(world: &mut World, path: &str) -> Held {
    world.ask_control(Method::GET, path, None).await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the tester opens the inbox of {string}")]
async fn opens_of(world: &mut World, phone: String) -> Held {
    world.ask_control(Method::GET, &format!("/users/{phone}/inbox"), None).await
}

#[when("another merchant's tester opens everybody's inbox")]
async fn other_opens(world: &mut World) -> Held {
    let other = world.another_merchant().await?;
    let inbox = other.control.unit(&other.unit.msn, Method::GET, "/inbox", None).await?;
    world.keep(inbox);
    Ok(())
}

#[then("the inbox has the payment alone")]
fn has_payment(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let items = exchange.json()?;
    let references: Vec<_> =
        items.as_array().into_iter().flatten().map(|item| &item["reference"]).collect();
    let expected = Value::from(world.reference.clone());
    same("what waits", &references, &vec![&expected], exchange)?;
    exchange.expect("0.phone", &world.merchant.phone().into())
}

#[then(expr = "it shows {money} for {string}, asked of the customer by the merchant")]
async fn shows(world: &mut World, amount: Money, description: String) -> Held {
    let merchant = &world.merchant;
    let unit = merchant.control.unit(&merchant.unit.msn, Method::GET, "", None).await?;
    let exchange = world.answer()?;
    exchange.expect("0.amount", &json!(amount.0))?;
    exchange.expect("0.description", &description.into())?;
    exchange.expect("0.merchant", &unit.at("name")?)
}

#[then(expr = "it has waited for {duration} and expires in {duration}")]
fn has_waited(world: &mut World, waited: Duration, left: Duration) -> Held {
    let exchange = world.answer()?;
    let now = world.merchant.clock.now();
    let moment = |member: &str| {
        let value = exchange.at(member)?;
        let moment = value.as_str().unwrap_or_default().parse::<jiff::Timestamp>();
        moment.map_err(|error| Failure::new(format!("{value} is no time: {error}")))
    };
    same("since when it waits", &moment("0.since")?, &(now - waited.0), exchange)?;
    same("when it expires", &moment("0.expiresAt")?, &(now + left.0), exchange)
}

#[then(expr = "it was tried in vain: {string}")]
fn was_tried(world: &mut World, reason: String) -> Held {
    world.answer()?.expect("0.declined", &reason.into())
}
