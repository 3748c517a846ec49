//! Requests for money, right and wrong.

use cucumber::gherkin::Step;
use cucumber::{given, when};
use serde_json::{Map, Value, json};

use super::payments::create;
use super::tables::column;
use crate::conformance::failure::{Failure, Held};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{
    Duration, Field, Flow, Habit, Json, Key, Market, Money, Permission,
};
use crate::conformance::world::World;
use crate::taxi::money::Amount;

/// Sends a request for money as it is. If it is accepted, the scenario speaks of that payment.
pub(super) async fn send(world: &mut World, request: Value, key: Option<&str>) -> Held {
    let text = request.to_string();
    send_text(world, text, request, key).await
}

async fn send_text(world: &mut World, text: String, request: Value, key: Option<&str>) -> Held {
    let call = Call { body: Some(text), ..Call::post("/epayment/v1/payments", &Value::Null) };
    let accepted = world.act(call.key(key)).await?.status == 201;
    if let (true, Some(reference)) = (accepted, request["reference"].as_str()) {
        reference.clone_into(&mut world.reference);
    }
    world.request = request;
    Ok(())
}

/// A request under a fresh reference.
pub(super) fn fresh_request(world: &mut World, amount: Amount) -> Value {
    let reference = world.fresh("ride");
    world.merchant.request_for(&reference, amount)
}

/// Makes the request go by a flow, with what the flow needs.
fn by_flow(request: &mut Value, flow: &Flow) {
    request["userFlow"] = Value::from(flow.0.as_str());
    if flow.0.ends_with("REDIRECT") {
        request["returnUrl"] = Value::from("https://taxi.example/rides/1");
    }
    if flow.0 == "QR"
        && let Some(members) = request.as_object_mut()
    {
        members.remove("customer");
    }
}

/// A payment that goes by a flow, with members as they are said; what has to succeed.
pub(super) async fn created_by_flow(
    world: &mut World,
    amount: Amount,
    flow: &Flow,
    changes: impl IntoIterator<Item = (Field, Json)>,
) -> Held {
    let mut request = fresh_request(world, amount);
    by_flow(&mut request, flow);
    for (field, value) in changes {
        field.set(&mut request, value.0);
    }
    let reference = request["reference"].as_str().unwrap_or_default().to_owned();
    create(world, reference, request).await
}

#[given(expr = "the merchant has asked for {money} by {flow} with {key}")]
async fn asked_by_flow(world: &mut World, amount: Money, flow: Flow, key: Key) -> Held {
    let mut request = fresh_request(world, amount.0);
    by_flow(&mut request, &flow);
    send(world, request, key.0.as_deref()).await?;
    world.answer()?.expect_status(201)
}

#[when(expr = "the merchant asks for {money} with {field} instead of a number set to {json}")]
async fn ask_instead(world: &mut World, amount: Money, field: Field, value: Json) -> Held {
    let mut request = fresh_request(world, amount.0);
    Field("customer.phoneNumber".to_owned()).set(&mut request, None);
    field.set(&mut request, value.0);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

/// A payment that somebody is asked for who is named like this; what has to succeed.
pub(super) async fn created_for(world: &mut World, amount: Amount, customer: Value) -> Held {
    ask_customer(world, amount, customer).await?;
    world.answer()?.expect_success()
}

/// Asks somebody who is named like this.
pub(super) async fn ask_customer(world: &mut World, amount: Amount, customer: Value) -> Held {
    let mut request = fresh_request(world, amount);
    request["customer"] = customer;
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[given(expr = "a merchant in {market}")]
async fn merchant_in(world: &mut World, market: Market) -> Held {
    world.become_merchant(market.0, json!({})).await
}

#[given(expr = "a merchant that may not {permission}")]
async fn merchant_without(world: &mut World, permission: Permission) -> Held {
    world.become_merchant("NO", json!({ permission.0: false })).await
}

#[given(expr = "a merchant in {market} that may {permission}")]
async fn merchant_with(world: &mut World, market: Market, permission: Permission) -> Held {
    world.become_merchant(market.0, json!({ permission.0: true })).await
}

#[given("a merchant whose bank account is not verified")]
async fn merchant_without_account(world: &mut World) -> Held {
    world.become_merchant("NO", json!({ "bankAccountVerified": false })).await
}

#[given(expr = "a customer who {habit}")]
fn customer(world: &mut World, habit: Habit) {
    world.merchant.customer = habit.0;
}

#[given(expr = "a payment of {money} asked for with {key}")]
async fn payment_with_key(world: &mut World, amount: Money, key: Key) -> Held {
    let request = fresh_request(world, amount.0);
    send(world, request, key.0.as_deref()).await?;
    world.answer()?.expect_status(201)
}

#[given(expr = "the merchant has been refused {money} with {key}")]
async fn refused_amount(world: &mut World, amount: Money, key: Key) -> Held {
    let request = fresh_request(world, amount.0);
    send(world, request, key.0.as_deref()).await?;
    world.answer()?.expect_status(400)
}

#[given(expr = "the merchant has been refused a payment without an amount with {key}")]
async fn refused_without_amount(world: &mut World, key: Key) -> Held {
    let mut request =
        world.merchant.request_for(&world.merchant.own("ride-without-amount"), Amount::nok(100));
    Field("amount".into()).set(&mut request, None);
    send(world, request, key.0.as_deref()).await?;
    world.answer()?.expect_status(400)
}

#[when(expr = "the merchant asks for {money}")]
async fn ask(world: &mut World, amount: Money) -> Held {
    let request = fresh_request(world, amount.0);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(expr = "the merchant asks for {money} with {key}")]
async fn ask_with_key(world: &mut World, amount: Money, key: Key) -> Held {
    let request = fresh_request(world, amount.0);
    send(world, request, key.0.as_deref()).await
}

#[when(expr = "the merchant asks for {money} by {flow}")]
async fn ask_by_flow(world: &mut World, amount: Money, flow: Flow) -> Held {
    let mut request = fresh_request(world, amount.0);
    by_flow(&mut request, &flow);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(expr = "the merchant asks for {money} by {flow} with {field} set to {json}")]
async fn ask_by_flow_with(
    world: &mut World,
    amount: Money,
    flow: Flow,
    field: Field,
    value: Json,
) -> Held {
    let mut request = fresh_request(world, amount.0);
    by_flow(&mut request, &flow);
    field.set(&mut request, value.0);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(expr = "the merchant asks for {money} with {field} set to {json}")]
async fn ask_with(world: &mut World, amount: Money, field: Field, value: Json) -> Held {
    let mut request = fresh_request(world, amount.0);
    field.set(&mut request, value.0);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

/// A request with members set as a step's table says.
fn request_with_members(world: &mut World, step: &Step, amount: Amount) -> Result<Value, Failure> {
    let mut request = fresh_request(world, amount);
    let names = column(step)?;
    let rows = step.table.as_ref().map(|table| &table.rows).into_iter().flatten();
    for (name, row) in names.into_iter().zip(rows) {
        let value: Json = row.get(1).map_or("nothing", String::as_str).parse()?;
        Field(name).set(&mut request, value.0);
    }
    Ok(request)
}

#[given(expr = "a payment of {money} with these members:")]
#[given(expr = "another payment of {money} with these members:")]
async fn payment_with_members(world: &mut World, step: &Step, amount: Money) -> Held {
    let request = request_with_members(world, step, amount.0)?;
    let reference = request["reference"].as_str().unwrap_or_default().to_owned();
    create(world, reference, request).await
}

#[given("a merchant that is strict")]
async fn strict_merchant(world: &mut World) -> Held {
    world.become_strict_merchant().await
}

/// A request that is to expire this much later.
fn lasting_request(world: &mut World, amount: Amount, time: &Duration) -> Value {
    let now = crate::taxi::clock::Clock::now(world.merchant.clock.as_ref());
    let mut request = fresh_request(world, amount);
    request["expiresAt"] = Value::from((now + time.0).to_string());
    request
}

#[given(expr = "a payment of {money} that expires in {duration}")]
async fn lasting_payment(world: &mut World, amount: Money, time: Duration) -> Held {
    let mut request = lasting_request(world, amount.0, &time);
    request["receipt"] = super::receipts::receipt_of(amount.0);
    let reference = request["reference"].as_str().unwrap_or_default().to_owned();
    create(world, reference, request).await
}

#[when(expr = "the merchant asks for {money} to expire in {duration} with {word} receipt")]
async fn ask_for_lasting(world: &mut World, amount: Money, time: Duration, has: String) -> Held {
    let mut request = lasting_request(world, amount.0, &time);
    if has == "a" {
        request["receipt"] = super::receipts::receipt_of(amount.0);
    }
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(expr = "the merchant asks for {money} with these members:")]
async fn ask_with_members(world: &mut World, step: &Step, amount: Money) -> Held {
    let request = request_with_members(world, step, amount.0)?;
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(regex = r"^the merchant asks for (NOK \d+\.\d\d) with metadata of (.+)$")]
async fn ask_with_metadata(world: &mut World, amount: Money, what: String) -> Held {
    let mut request = fresh_request(world, amount.0);
    let pairs: Map<String, Value> = match what.as_str() {
        "6 pairs" => (1..=6).map(|n| (format!("pair{n}"), Value::from("x"))).collect(),
        "a key twice" => Map::from_iter([("TWICE".to_owned(), Value::from("x"))]),
        "a key of 101 letters" => Map::from_iter([("k".repeat(101), Value::from("x"))]),
        "a value of 501 letters" => {
            Map::from_iter([("long".to_owned(), Value::from("v".repeat(501)))])
        }
        _ => return Err(Failure::new(format!("there is no metadata of {what}"))),
    };
    request["metadata"] = Value::Object(pairs);
    // A value in memory has each key once; only the text can have one twice.
    let text = request.to_string().replace(r#""TWICE":"x""#, r#""TWICE":"x","TWICE":"y""#);
    let key = world.fresh("key");
    send_text(world, text, request, Some(&key)).await
}

#[when(expr = "the merchant asks for {money} with the same reference and a new key")]
async fn ask_again(world: &mut World, amount: Money) -> Held {
    let request = world.merchant.request_for(&world.reference, amount.0);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await
}

#[when(expr = "the merchant asks for the same once more with {key}")]
async fn repeat(world: &mut World, key: Key) -> Held {
    let request = world.request.clone();
    send(world, request, key.0.as_deref()).await
}

#[when(expr = "the merchant asks for the same but {money} with {key}")]
async fn repeat_changed(world: &mut World, amount: Money, key: Key) -> Held {
    let mut request = world.request.clone();
    request["amount"] = json!(amount.0);
    send(world, request, key.0.as_deref()).await
}

#[when(expr = "the merchant asks for another {money} with {key}")]
async fn ask_for_another(world: &mut World, amount: Money, key: Key) -> Held {
    let request = fresh_request(world, amount.0);
    send(world, request, key.0.as_deref()).await
}

#[when(regex = "^the merchant sends this as a new payment: (.+)$")]
async fn send_anything(world: &mut World, text: String) -> Held {
    let key = world.fresh("key");
    send_text(world, text, Value::Null, Some(&key)).await
}

#[when(expr = "another merchant reads the payment")]
async fn other_reads(world: &mut World) -> Held {
    let call = Call::get(world.payment_path());
    let exchange = world.another_merchant().await?.call(call).await?;
    world.keep(exchange);
    Ok(())
}

#[when(expr = "another merchant asks for {money}")]
async fn other_asks(world: &mut World, amount: Money) -> Held {
    let reference = world.fresh("ride");
    other_asks_under(world, amount.0, reference).await
}

#[when(expr = "another merchant asks for {money} with the same reference")]
async fn other_asks_same(world: &mut World, amount: Money) -> Held {
    let reference = world.reference.clone();
    other_asks_under(world, amount.0, reference).await
}

async fn other_asks_under(world: &mut World, amount: Amount, reference: String) -> Held {
    world.remember().await?;
    let key = world.fresh("key");
    let other = world.another_merchant().await?;
    let request = other.request_for(&reference, amount);
    let call = Call::post("/epayment/v1/payments", &request).key(Some(&key));
    let exchange = other.call(call).await?;
    other.clock.settle().await?;
    world.keep(exchange);
    Ok(())
}

#[when("the merchant reads the payment with the token of another merchant")]
async fn read_with_other_token(world: &mut World) -> Held {
    let token = world.another_merchant().await?.token().await?;
    let call = Call::get(world.payment_path());
    world.act(call.header("Authorization", &format!("Bearer {token}"))).await.map(drop)
}

#[when("the merchant reads the payment with its old token")]
async fn read_with_old_token(world: &mut World) -> Held {
    let token = world.old_token.clone();
    let call = Call::get(world.payment_path());
    world.act(call.header("Authorization", &format!("Bearer {token}"))).await.map(drop)
}

#[when(expr = "the merchant reads a payment without the header {string}")]
async fn read_without(world: &mut World, header: String) -> Held {
    let call = Call::get("/epayment/v1/payments/never-made");
    world.act(call.without(&header)).await.map(drop)
}

#[when(expr = "the merchant reads a payment with the header {string} set to {string}")]
async fn read_with(world: &mut World, header: String, value: String) -> Held {
    let call = Call::get("/epayment/v1/payments/never-made");
    world.act(call.header(&header, &value)).await.map(drop)
}

#[when(expr = "the merchant reads the path {string}")]
async fn read_path(world: &mut World, path: String) -> Held {
    world.act(Call::get(path)).await.map(drop)
}

#[given(expr = "a payment of {money} with the receipt of a ride")]
async fn payment_with_receipt(world: &mut World, amount: Money) -> Held {
    payment_with_another_receipt(world, amount, amount).await
}

#[given(expr = "a payment of {money} with the receipt of a ride of {money}")]
async fn payment_with_another_receipt(world: &mut World, amount: Money, ride: Money) -> Held {
    let mut request = fresh_request(world, amount.0);
    request["receipt"] = super::receipts::receipt_of(ride.0);
    let reference = request["reference"].as_str().unwrap_or_default().to_owned();
    create(world, reference, request).await
}

#[given(expr = "the merchant has been refused {money} with the receipt of a ride")]
async fn refused_with_receipt(world: &mut World, amount: Money) -> Held {
    let mut request = fresh_request(world, amount.0);
    request["receipt"] = super::receipts::receipt_of(amount.0);
    let key = world.fresh("key");
    send(world, request, Some(&key)).await?;
    world.answer()?.expect_status(400)
}
