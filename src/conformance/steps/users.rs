//! What a tester says that customers do, and what they do next.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use crate::conformance::exchange::Exchange;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Duration, Money};
use crate::conformance::world::World;

fn path_of(world: &World) -> String {
    format!("/users/{}", world.merchant.phone())
}

async fn tell(world: &mut World, phone: &str, behaviour: &str) -> Held {
    let body = json!({ "behaviour": behaviour });
    world.ask_control(Method::PUT, &format!("/users/{phone}"), Some(body)).await
}

#[given(expr = "a customer told to {string}")]
async fn told_to(world: &mut World, behaviour: String) -> Held {
    tells(world, behaviour).await?;
    world.answer()?.expect_success()
}

#[when(expr = "the tester tells the customer to {string}")]
async fn tells(world: &mut World, behaviour: String) -> Held {
    let phone = world.merchant.phone();
    tell(world, &phone, &behaviour).await
}

#[when(expr = "the tester tells the customer {word} to {string}")]
async fn tells_number(world: &mut World, phone: String, behaviour: String) -> Held {
    tell(world, &phone, &behaviour).await
}

#[when(expr = "another merchant's tester tells the customer to {string}")]
async fn other_tells(world: &mut World, behaviour: String) -> Held {
    let path = path_of(world);
    let body = json!({ "behaviour": behaviour });
    let other = world.another_merchant().await?;
    let told = other.control.unit(&other.unit.msn, Method::PUT, &path, Some(&body)).await?;
    told.expect("behaviour", &body["behaviour"])
}

#[given(expr = "{int} earlier payment(s) of {money}")]
async fn earlier_payments(world: &mut World, count: usize, amount: Money) -> Held {
    for _ in 0..count {
        super::payments::ask_for(world, amount.0).await?;
    }
    Ok(())
}

#[given(expr = "the customer has tried to pay {int} times")]
async fn has_tried(world: &mut World, times: usize) -> Held {
    let path = format!("/payments/{}/approve", world.reference);
    for _ in 0..times {
        world.ask_control(Method::POST, &path, None).await?;
        world.answer()?.expect_status(409)?;
    }
    Ok(())
}

#[given(expr = "the merchant has been refused {money} for that customer")]
async fn was_refused(world: &mut World, amount: Money) -> Held {
    let refused = super::payments::ask_for(world, amount.0).await;
    let told = if refused.is_err() { Ok(()) } else { Err(Failure::new("it was not refused")) };
    told.and_then(|()| world.answer()?.expect_status(400))
}

#[when("the tester looks at the customer")]
async fn looks(world: &mut World) -> Held {
    let path = path_of(world);
    world.ask_control(Method::GET, &path, None).await?;
    world.answer()?.expect_status(200)
}

#[when("the tester lists the customers")]
async fn lists(world: &mut World) -> Held {
    world.ask_control(Method::GET, "/users", None).await?;
    world.answer()?.expect_status(200)
}

#[when("the tester clears what the customer does")]
async fn clears(world: &mut World) -> Held {
    let path = path_of(world);
    world.ask_control(Method::DELETE, &path, None).await
}

#[then(expr = "the tester is told {string}")]
fn is_told(world: &mut World, words: String) -> Held {
    let exchange = world.answer()?;
    // A table of examples has no double quotes within a text.
    let words = words.replace('\'', "\"");
    if exchange.at("detail")?.as_str().is_some_and(|it| it.contains(&words)) {
        return Ok(());
    }
    Err(Failure::new(format!("the tester is not told {words}\n{exchange}")))
}

async fn customer(world: &World) -> Result<Exchange, Failure> {
    let merchant = &world.merchant;
    merchant.control.unit(&merchant.unit.msn, Method::GET, &path_of(world), None).await
}

#[then(expr = "the customer's next payment meets {string}")]
async fn next_meets(world: &mut World, habit: String) -> Held {
    customer(world).await?.expect("next", &habit.into())
}

#[then(expr = "the customer {word} is listed to {string}")]
fn is_listed(world: &mut World, phone: String, behaviour: String) -> Held {
    let exchange = world.answer()?;
    let listed = exchange.json()?;
    let of_phone: Vec<&Value> =
        listed.as_array().into_iter().flatten().filter(|it| it["phone"] == *phone).collect();
    let does: Vec<_> = of_phone.iter().map(|it| (&it["behaviour"], &it["next"])).collect();
    let behaviour = Value::from(behaviour);
    same("what the customer does", &does, &vec![(&behaviour, &behaviour)], exchange)
}

#[then(expr = "it will {string} the payment in {duration}")]
fn will(world: &mut World, act: String, time: Duration) -> Held {
    let exchange = world.answer()?;
    let at = crate::taxi::clock::Clock::now(world.merchant.clock.as_ref()) + time.0;
    exchange.expect("planned.0.reference", &world.reference.clone().into())?;
    exchange.expect("planned.0.act", &act.into())?;
    let planned = exchange.at("planned.0.at")?;
    let planned_at = planned.as_str().unwrap_or_default().parse::<jiff::Timestamp>();
    let planned_at =
        planned_at.map_err(|error| Failure::new(format!("{planned} is no time: {error}")))?;
    same("the time planned", &planned_at, &at, exchange)
}
