//! Customers who are named by something else than their number.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use super::requests::{ask_customer, created_for};
use crate::conformance::failure::{Failure, Held};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Identity, Json, Money};
use crate::conformance::world::World;

/// What a request's `customer` says who means the scenario's customer in this way.
async fn named(world: &World, identity: &Identity) -> Result<Value, Failure> {
    let phone = world.merchant.phone();
    Ok(match identity {
        Identity::Number => json!({ "phoneNumber": phone }),
        Identity::ClearCode => {
            json!({ "personalQr": format!("https://qr.vipps.no/28/2/01/031/{phone}?v=1") })
        }
        Identity::Code => {
            json!({ "personalQr": issued(world, "personal-qr", "personalQr").await? })
        }
        Identity::CheckIn => {
            json!({ "customerToken": issued(world, "customer-token", "customerToken").await? })
        }
    })
}

/// What the app or a check-in would have handed to the merchant.
async fn issued(world: &World, path: &str, member: &str) -> Result<Value, Failure> {
    let merchant = &world.merchant;
    let path = format!("/users/{}/{path}", merchant.phone());
    merchant.control.unit(&merchant.unit.msn, Method::POST, &path, None).await?.at(member)
}

#[given(expr = "the merchant knows the customer by {identity}")]
async fn knows(world: &mut World, identity: Identity) -> Held {
    world.customer = named(world, &identity).await?;
    Ok(())
}

#[given(expr = "a payment of {money} for the customer known by {identity}")]
async fn payment_for(world: &mut World, amount: Money, identity: Identity) -> Held {
    let customer = named(world, &identity).await?;
    created_for(world, amount.0, customer).await
}

#[when(expr = "the merchant asks that customer for {money}")]
async fn asks(world: &mut World, amount: Money) -> Held {
    let customer = world.customer.clone();
    ask_customer(world, amount.0, customer).await
}

#[when(expr = "another merchant asks that customer for {money}")]
async fn other_asks(world: &mut World, amount: Money) -> Held {
    let reference = world.fresh("ride");
    let key = world.fresh("key");
    let customer = world.customer.clone();
    let other = world.another_merchant().await?;
    let mut request = other.request_for(&reference, amount.0);
    request["customer"] = customer;
    let call = Call::post("/epayment/v1/payments", &request).key(Some(&key));
    let exchange = other.call(call).await?;
    world.keep(exchange);
    Ok(())
}

#[when("the merchant forces the approval of that customer")]
async fn forces(world: &mut World) -> Held {
    let body = json!({ "customer": world.customer });
    force(world, &body).await
}

#[when("the merchant forces the approval with the token of the link")]
async fn forces_with_link(world: &mut World) -> Held {
    let links = world.answers.iter().rev().filter_map(|answer| answer.at("redirectUrl").ok());
    let link = links.into_iter().find(Value::is_string).unwrap_or_default();
    let token = link.as_str().and_then(|link| link.split_once("token="));
    let token = token.map(|(_, token)| token.to_owned());
    force(world, &json!({ "token": token })).await
}

async fn force(world: &mut World, body: &Value) -> Held {
    let path = format!("/epayment/v1/test/payments/{}/approve", world.reference);
    world.act(Call::post(path, body)).await.map(drop)
}

#[when("the merchant asks whose code that is")]
async fn exchanges(world: &mut World) -> Held {
    let code = world.customer["personalQr"].clone();
    exchange(world, &code).await
}

#[when(expr = "the merchant asks for the number behind {json}")]
async fn exchanges_this(world: &mut World, code: Json) -> Held {
    exchange(world, &code.0.unwrap_or_default()).await
}

async fn exchange(world: &mut World, code: &Value) -> Held {
    world.act(Call::post("/qr/v1/exchange", &json!({ "qrCode": code }))).await.map(drop)
}

#[then("the answer has the customer's number")]
fn has_number(world: &mut World) -> Held {
    let phone = world.merchant.phone();
    world.answer()?.expect("msisdn", &Value::from(phone))
}

#[then("the customer's number is asked")]
async fn number_is_asked(world: &mut World) -> Held {
    let phone = world.merchant.phone();
    let path = format!("/payments/{}", world.reference);
    let merchant = &world.merchant;
    let shown = merchant.control.unit(&merchant.unit.msn, Method::GET, &path, None).await?;
    shown.expect("phoneNumber", &Value::from(phone))
}
