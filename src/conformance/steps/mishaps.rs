//! What a tester makes go wrong with webhooks, and what is sent again.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Duration, Event};
use crate::conformance::receiver::{Received, Receiver};
use crate::conformance::world::World;

async fn spoil(world: &mut World, fault: Value) -> Held {
    world.ask_control(Method::POST, "/faults", Some(fault)).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "the next webhook is to suffer {string}")]
async fn next(world: &mut World, effect: String) -> Held {
    spoil(world, json!({ "effect": effect })).await
}

#[given(expr = "every webhook is to suffer {string}")]
async fn every(world: &mut World, effect: String) -> Held {
    spoil(world, json!({ "effect": effect, "times": "always" })).await
}

#[given(expr = "the next webhook of {event} is to suffer {string}")]
async fn next_of(world: &mut World, event: Event, effect: String) -> Held {
    spoil(world, json!({ "effect": effect, "event": event.0 })).await
}

#[given(expr = "the next webhook is to be delayed by {duration}")]
async fn delayed(world: &mut World, by: Duration) -> Held {
    let by = format!("{}s", by.0.as_secs());
    spoil(world, json!({ "effect": "delay", "by": by })).await
}

/// The deliveries that came to the receiver that is spoken of.
async fn received(world: &World) -> Result<(&Receiver, Vec<Received>), Failure> {
    let receiver = world.receiver().await?;
    Ok((receiver, receiver.received()))
}

fn nth(webhooks: &[Received], number: usize) -> Result<&Received, Failure> {
    let found = number.checked_sub(1).and_then(|place| webhooks.get(place));
    found.ok_or_else(|| Failure::new(format!("{} webhooks came, not {number}", webhooks.len())))
}

#[then(expr = "delivery {int} cannot be verified because of {string}")]
async fn not_verified(world: &mut World, number: usize, header: String) -> Held {
    let (receiver, webhooks) = received(world).await?;
    let webhook = nth(&webhooks, number)?;
    match receiver.verify(webhook) {
        Ok(()) => Err(Failure::new(format!("it can be verified\n{webhook}"))),
        Err(failure) => {
            let text = failure.to_string();
            let named = text.starts_with(&header);
            same(&format!("whether {header} is to blame in {text}"), &named, &true, webhook)
        }
    }
}

#[then(expr = "delivery {int} can be verified")]
async fn verified(world: &mut World, number: usize) -> Held {
    let (receiver, webhooks) = received(world).await?;
    receiver.verify(nth(&webhooks, number)?)
}

#[then(expr = "delivery {int} is dated an hour before delivery {int}")]
async fn stale(world: &mut World, old: usize, new: usize) -> Held {
    let (_, webhooks) = received(world).await?;
    let date = |number| {
        let text = nth(&webhooks, number)?.header("x-ms-date").to_owned();
        jiff::fmt::rfc2822::DateTimeParser::new()
            .parse_timestamp(&text)
            .map_err(|error| Failure::new(format!("{text} is no date: {error}")))
    };
    let apart = date(new)?.duration_since(date(old)?);
    // The second attempt is made two seconds later by the unit's clock, and at once by the wall's,
    // which a mock started by somebody else dates its webhooks by.
    let later = apart.as_secs() - 3600;
    same("whether it is an hour old", &(0..=2).contains(&later), &true, nth(&webhooks, old)?)
}

#[then("each delivery says that the operation failed")]
async fn says_failed(world: &mut World) -> Held {
    let (_, webhooks) = received(world).await?;
    nth(&webhooks, 1)?;
    let success = |webhook: &Received| webhook.json()["success"].clone();
    webhooks.iter().try_for_each(|it| same("success", &success(it), &Value::from(false), it))
}

/// The number of a delivery about the payment that is spoken of, the first being 1.
async fn id(world: &World, number: usize) -> Result<String, Failure> {
    let merchant = &world.merchant;
    merchant.clock.settle().await?;
    let path = format!("/deliveries?reference={}", world.reference);
    let unit = &merchant.unit.msn;
    let listed = merchant.control.unit(unit, Method::GET, &path, None).await?;
    let id = listed.at(&format!("{}.id", number.saturating_sub(1)))?;
    Ok(id.as_str().unwrap_or_default().to_owned())
}

#[when("the tester has the delivery sent again")]
async fn resend(world: &mut World) -> Held {
    resend_one(world, 1).await
}

#[when(expr = "the tester has delivery {int} sent again")]
async fn resend_one(world: &mut World, number: usize) -> Held {
    let path = format!("/deliveries/{}/resend", id(world, number).await?);
    world.ask_control(Method::POST, &path, None).await
}

#[when(expr = "a customer scans the code {string}")]
async fn scan(world: &mut World, code: String) -> Held {
    let path = format!("/users/{}/check-in", world.merchant.phone());
    let body = json!({ "merchantQrId": code });
    world.ask_control(Method::POST, &path, Some(body)).await?;
    world.answer()?.expect_success()
}

#[given(expr = "a customer has scanned the code {string}")]
async fn scanned(world: &mut World, code: String) -> Held {
    scan(world, code).await
}

#[then(expr = "the member {string} of each delivery is {string}")]
async fn member_is(world: &mut World, name: String, value: String) -> Held {
    let (_, webhooks) = received(world).await?;
    nth(&webhooks, 1)?;
    let member = |webhook: &Received| webhook.json()[name.as_str()].clone();
    webhooks.iter().try_for_each(|it| same(&name, &member(it), &Value::from(value.as_str()), it))
}

/// A request to whoever the last webhook names.
#[when(expr = "the merchant asks the customer who scanned for {money}")]
async fn ask_scanner(world: &mut World, amount: crate::conformance::parameters::Money) -> Held {
    let (_, webhooks) = received(world).await?;
    let token = nth(&webhooks, webhooks.len())?.json()["customerToken"].clone();
    let reference = world.fresh("ride");
    let mut request = world.merchant.request_for(&reference, amount.0);
    request["customer"] = json!({ "customerToken": token });
    let key = world.fresh("key");
    let call = crate::conformance::http_call::Call::post("/epayment/v1/payments", &request);
    world.act(call.key(Some(&key))).await.map(drop)
}
