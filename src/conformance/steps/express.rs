//! Orders that are shipped, and shops that are asked how.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use super::approvals::let_customer_with;
use super::registrations::listen;
use super::requests::{fresh_request, send};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Field, Json, Money};
use crate::conformance::receiver::Manner;
use crate::conformance::world::World;
use crate::taxi::money::Amount;

/// A request for goods, with these ways to send them.
fn order(world: &mut World, goods: Amount, shipping: Value) -> Value {
    let mut request = fresh_request(world, goods);
    request["profile"] = json!({ "scope": "name address" });
    request["shipping"] = shipping;
    request
}

fn ways(to_mailbox: Amount, home: Amount) -> Value {
    json!({ "fixedOptions": [
        {
            "type": "MAILBOX",
            "brand": "POSTEN",
            "options": [{ "id": "mailbox", "name": "To the mailbox", "amount": to_mailbox }],
        },
        {
            "type": "HOME_DELIVERY",
            "brand": "POSTEN",
            "options": [{ "id": "home", "name": "To the door", "amount": home }],
        },
    ] })
}

/// An order of the kind that scenarios change something in.
fn usual_order(world: &mut World) -> Value {
    order(world, Amount::nok(34_592), ways(Amount::nok(4900), Amount::nok(9900)))
}

async fn place(world: &mut World, request: Value) -> Held {
    let key = world.fresh("key");
    send(world, request, Some(&key)).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "an order of {money} that is shipped for {money} or {money}")]
async fn order_shipped(world: &mut World, goods: Money, to_mailbox: Money, home: Money) -> Held {
    let request = order(world, goods.0, ways(to_mailbox.0, home.0));
    place(world, request).await
}

#[given(expr = "a shop that ships for {money}")]
async fn shop(world: &mut World, cost: Money) -> Held {
    let cost = cost.0.value();
    world.receivers.push(listen("/shipping", Manner::Ships { cost }).await?);
    Ok(())
}

#[given("a shop that does not ship")]
async fn shop_that_does_not(world: &mut World) -> Held {
    world.receivers.push(listen("/shipping", Manner::Always(400)).await?);
    Ok(())
}

#[given(expr = "an order of {money} at that shop")]
async fn order_at(world: &mut World, goods: Money) -> Held {
    let url = world.receiver().await?.url.clone();
    let shipping = json!({ "dynamicOptions": {
        "callbackUrl": url,
        "callbackAuthorizationToken": "ae0cb90d91b4a84a",
    } });
    let request = order(world, goods.0, shipping);
    place(world, request).await
}

#[given("the shop is asked in PascalCase")]
async fn pascal_case(world: &mut World) -> Held {
    let body = json!({ "casing": "PascalCase" });
    world.ask_control(Method::PUT, "/shipping-callback", Some(body)).await?;
    world.answer()?.expect_status(200)
}

#[given("the customer has chosen")]
async fn has_chosen(world: &mut World) -> Held {
    let_customer_with(world, "approve", json!({})).await?;
    world.answer()?.expect_success()
}

#[when("the merchant offers shipping")]
async fn offers(world: &mut World) -> Held {
    let request = usual_order(world);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(expr = "the merchant offers shipping with {field} set to {json}")]
async fn offers_with(world: &mut World, field: Field, value: Json) -> Held {
    let mut request = usual_order(world);
    field.set(&mut request, value.0);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(expr = "the customer approves with {field} set to {json}")]
async fn approves_with(world: &mut World, field: Field, value: Json) -> Held {
    tries_with(world, field, value).await?;
    world.answer()?.expect_success()
}

#[when(expr = "the customer tries to approve with {field} set to {json}")]
async fn tries_with(world: &mut World, field: Field, value: Json) -> Held {
    let mut choice = json!({});
    field.set(&mut choice, value.0);
    let_customer_with(world, "approve", choice).await
}

#[then(expr = "the shop is asked about {string} {string}")]
async fn is_asked(world: &mut World, member: String, value: String) -> Held {
    let reference = world.reference.clone();
    let received = world.receiver().await?.received();
    let [question] = &received[..] else {
        return Err(Failure::new(format!("the shop was asked {} times", received.len())));
    };
    let body: Value = serde_json::from_str(&question.body).unwrap_or_default();
    same("the reference", &body["reference"], &Value::from(reference), question)?;
    same(&member, &body[&member], &Value::from(value), question)?;
    same("the token", &question.header("authorization"), &"ae0cb90d91b4a84a", question)
}
