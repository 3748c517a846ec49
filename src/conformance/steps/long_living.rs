//! Payments whose merchants choose when they expire.

use cucumber::{given, when};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::payments::create;
use super::receipts::receipt_of;
use crate::conformance::failure::Held;
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Duration, Money};
use crate::conformance::world::World;
use crate::taxi::money::Amount;

/// A request with a receipt, that expires this long after the scenario's time began.
fn request(world: &mut World, amount: Amount, after: SignedDuration) -> (String, Value) {
    let reference = world.fresh("ride");
    let mut request = world.merchant.request_for(&reference, amount);
    request["expiresAt"] = json!((world.began + after).to_string());
    request["receipt"] = receipt_of(amount);
    (reference, request)
}

async fn send(world: &mut World, request: Value) -> Held {
    let key = world.fresh("key");
    let call = Call::post("/epayment/v1/payments", &request).key(Some(&key));
    world.act(call).await?;
    world.request = request;
    Ok(())
}

#[given(expr = "a payment of {money} that expires after {duration}")]
async fn payment(world: &mut World, amount: Money, after: Duration) -> Held {
    let (reference, request) = request(world, amount.0, after.0);
    create(world, reference, request).await
}

#[when(expr = "the merchant asks for {money} that expires after {duration}")]
async fn asks(world: &mut World, amount: Money, after: Duration) -> Held {
    let (_, request) = request(world, amount.0, after.0);
    send(world, request).await
}

#[when(expr = "the merchant asks for {money} that expires after {duration}, without a receipt")]
async fn asks_without_receipt(world: &mut World, amount: Money, after: Duration) -> Held {
    let (_, mut request) = request(world, amount.0, after.0);
    request["receipt"] = Value::Null;
    send(world, request).await
}
