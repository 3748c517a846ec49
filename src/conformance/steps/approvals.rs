//! What the customer does.

use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use super::payments::approve;
use crate::conformance::failure::Held;
use crate::conformance::http_call::Call;
use crate::conformance::world::World;

async fn let_customer(world: &mut World, act: &str) -> Held {
    // The official API has one thing that a customer does: approve.
    if act == "approve" && !world.merchant.control.is_there() {
        return approve(world).await;
    }
    let path = format!("/payments/{}/{act}", world.reference);
    world.ask_control(Method::POST, &path, None).await
}

/// The customer acts with choices of its own.
pub(super) async fn let_customer_with(world: &mut World, act: &str, choice: Value) -> Held {
    let path = format!("/payments/{}/{act}", world.reference);
    world.ask_control(Method::POST, &path, Some(choice)).await
}

#[given("the customer has approved")]
async fn has_approved(world: &mut World) -> Held {
    approve(world).await
}

#[when("the customer approves")]
async fn approves(world: &mut World) -> Held {
    let_customer(world, "approve").await?;
    world.answer()?.expect_success()
}

#[when("the customer rejects")]
async fn rejects(world: &mut World) -> Held {
    let_customer(world, "reject").await?;
    world.answer()?.expect_success()
}

#[when("the customer tries to approve")]
async fn tries_to_approve(world: &mut World) -> Held {
    let_customer(world, "approve").await
}

#[then("the customer is too late")]
#[then("the customer cannot")]
fn too_late(world: &mut World) -> Held {
    world.answer()?.expect_status(409)
}

#[when("the merchant forces the approval")]
async fn forces_approval(world: &mut World) -> Held {
    let path = format!("/epayment/v1/test/payments/{}/approve", world.reference);
    let body = json!({ "customer": { "phoneNumber": world.merchant.phone() } });
    world.act(Call::post(path, &body)).await.map(drop)
}

#[when(expr = "the tester lets the customer {word}")]
async fn tester_lets(world: &mut World, act: String) -> Held {
    let_customer(world, &act).await
}
