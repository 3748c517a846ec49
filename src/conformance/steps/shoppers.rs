//! What a tester lets a customer do with one payment, besides answering it.

use cucumber::{given, then, when};
use http::Method;
use serde_json::json;

use crate::conformance::failure::Held;
use crate::conformance::world::World;

async fn act(world: &mut World, reference: &str, act: &str) -> Held {
    world.ask_control(Method::POST, &format!("/payments/{reference}/{act}"), None).await
}

async fn fail(world: &mut World, reference: &str, outcome: &str) -> Held {
    let body = json!({ "outcome": outcome });
    world.ask_control(Method::POST, &format!("/payments/{reference}/fail"), Some(body)).await
}

#[given(expr = "the tester has let the customer {word}")]
async fn has_let(world: &mut World, what: String) -> Held {
    let reference = world.reference.clone();
    act(world, &reference, &what).await?;
    world.answer()?.expect_status(200)
}

#[given(expr = "the tester has let the customer fail with {string}")]
async fn has_let_fail(world: &mut World, outcome: String) -> Held {
    lets_fail(world, outcome).await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the tester lets the customer fail with {string}")]
async fn lets_fail(world: &mut World, outcome: String) -> Held {
    let reference = world.reference.clone();
    fail(world, &reference, &outcome).await
}

#[when(expr = "the tester lets the customer {word} a payment that was never made")]
async fn lets_unknown(world: &mut World, what: String) -> Held {
    act(world, "never-made", &what).await
}

#[when(expr = "the tester lets the customer fail a payment that was never made with {string}")]
async fn lets_fail_unknown(world: &mut World, outcome: String) -> Held {
    fail(world, "never-made", &outcome).await
}

#[then("it is open in the app")]
fn is_open(world: &mut World) -> Held {
    world.answer()?.expect("0.open", &true.into())
}
