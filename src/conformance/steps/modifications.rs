//! Captures, refunds and cancels.

use cucumber::{given, when};
use serde_json::{Value, json};

use crate::conformance::failure::Held;
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Field, Json, Key, Money};
use crate::conformance::world::World;
use crate::taxi::money::Amount;

fn body_of(amount: Amount) -> Value {
    json!({ "modificationAmount": amount })
}

async fn modify(world: &mut World, operation: &str, body: &Value, key: Option<&str>) -> Held {
    let path = format!("{}/{operation}", world.payment_path());
    world.act(Call::post(path, body).key(key)).await.map(drop)
}

async fn modify_freshly(world: &mut World, operation: &str, body: &Value) -> Held {
    let key = world.fresh("key");
    modify(world, operation, body, Some(&key)).await
}

async fn modify_unknown(world: &mut World, operation: &str, body: &Value) -> Held {
    let key = world.fresh("key");
    let path = format!("/epayment/v1/payments/never-made/{operation}");
    world.act(Call::post(path, body).key(Some(&key))).await.map(drop)
}

#[given(expr = "the merchant has captured {money} with {key}")]
async fn has_captured(world: &mut World, amount: Money, key: Key) -> Held {
    modify(world, "capture", &body_of(amount.0), key.0.as_deref()).await?;
    world.answer()?.expect_success()
}

#[given(expr = "the merchant has refunded {money} with {key}")]
async fn has_refunded(world: &mut World, amount: Money, key: Key) -> Held {
    modify(world, "refund", &body_of(amount.0), key.0.as_deref()).await?;
    world.answer()?.expect_success()
}

#[given(expr = "the merchant has cancelled the payment with {key}")]
async fn has_cancelled(world: &mut World, key: Key) -> Held {
    modify(world, "cancel", &json!({}), key.0.as_deref()).await?;
    world.answer()?.expect_success()
}

#[given(expr = "the merchant has been refused a capture of {money} with {key}")]
async fn was_refused_capture(world: &mut World, amount: Money, key: Key) -> Held {
    modify(world, "capture", &body_of(amount.0), key.0.as_deref()).await?;
    world.answer()?.expect_status(400)
}

#[when(expr = "the merchant captures {money}")]
async fn capture(world: &mut World, amount: Money) -> Held {
    modify_freshly(world, "capture", &body_of(amount.0)).await
}

#[when(expr = "the merchant captures {money} with {key}")]
async fn capture_with_key(world: &mut World, amount: Money, key: Key) -> Held {
    modify(world, "capture", &body_of(amount.0), key.0.as_deref()).await
}

#[when(expr = "the merchant captures with {field} set to {json}")]
async fn capture_with(world: &mut World, field: Field, value: Json) -> Held {
    let amount = world.request["amount"].clone();
    let mut body = json!({ "modificationAmount": amount });
    field.set(&mut body, value.0);
    modify_freshly(world, "capture", &body).await
}

#[when(expr = "the merchant captures {money} of a payment that was never made")]
async fn capture_unknown(world: &mut World, amount: Money) -> Held {
    modify_unknown(world, "capture", &body_of(amount.0)).await
}

#[when(expr = "the merchant refunds {money}")]
async fn refund(world: &mut World, amount: Money) -> Held {
    modify_freshly(world, "refund", &body_of(amount.0)).await
}

#[when(expr = "the merchant refunds {money} with {key}")]
async fn refund_with_key(world: &mut World, amount: Money, key: Key) -> Held {
    modify(world, "refund", &body_of(amount.0), key.0.as_deref()).await
}

#[when(expr = "the merchant refunds {money} of a payment that was never made")]
async fn refund_unknown(world: &mut World, amount: Money) -> Held {
    modify_unknown(world, "refund", &body_of(amount.0)).await
}

#[when("the merchant cancels the payment")]
async fn cancel(world: &mut World) -> Held {
    modify_freshly(world, "cancel", &json!({})).await
}

#[when(expr = "the merchant cancels the payment with {key}")]
async fn cancel_with_key(world: &mut World, key: Key) -> Held {
    modify(world, "cancel", &json!({}), key.0.as_deref()).await
}

#[when("the merchant cancels only what is not approved")]
async fn cancel_request(world: &mut World) -> Held {
    modify_freshly(world, "cancel", &json!({ "cancelTransactionOnly": true })).await
}

#[when("the merchant cancels the payment without a body")]
async fn cancel_without_body(world: &mut World) -> Held {
    let key = world.fresh("key");
    let path = format!("{}/cancel", world.payment_path());
    world.act(Call::new(http::Method::POST, path).key(Some(&key))).await.map(drop)
}

#[when("the merchant cancels the payment with an empty list as body")]
async fn cancel_with_list(world: &mut World) -> Held {
    modify_freshly(world, "cancel", &json!([])).await
}

#[when("the merchant cancels a payment that was never made")]
async fn cancel_unknown(world: &mut World) -> Held {
    modify_unknown(world, "cancel", &json!({})).await
}
