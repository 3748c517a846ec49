//! What customers share.

use cucumber::{given, then, when};
use http::Method;
use serde_json::Value;

use super::approvals::let_customer_with;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::world::World;

/// The name of the customer, as the payment that is spoken of has it.
async fn sub(world: &mut World) -> Result<String, Failure> {
    let payment = world.payment().await?;
    let sub = payment.at("profile.sub")?;
    match sub.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(Failure::new(format!("the payment has no sub\n{payment}"))),
    }
}

#[given("the merchant knows the customer's sub")]
async fn knows(world: &mut World) -> Held {
    world.sub = sub(world).await?;
    Ok(())
}

#[when("the customer refuses to share its profile")]
async fn refuses(world: &mut World) -> Held {
    let_customer_with(world, "refuse-consent", serde_json::json!({})).await?;
    world.answer()?.expect_success()
}

#[when("the merchant reads the customer's profile")]
async fn reads(world: &mut World) -> Held {
    if world.sub.is_empty() {
        world.sub = sub(world).await?;
    }
    let path = format!("/vipps-userinfo-api/userinfo/{}", world.sub);
    world.act(Call::new(Method::GET, path)).await.map(drop)
}

#[when(expr = "the merchant reads the profile of {string}")]
async fn reads_of(world: &mut World, sub: String) -> Held {
    world.act(Call::get(format!("/vipps-userinfo-api/userinfo/{sub}"))).await.map(drop)
}

#[then("the customer's sub is a UUID")]
async fn is_uuid(world: &mut World) -> Held {
    let sub = sub(world).await?;
    let groups: Vec<usize> = sub.split('-').map(str::len).collect();
    same("the lengths of the parts", &groups, &vec![8, 4, 4, 4, 12], &sub)
}

#[then("the customer's sub is the same")]
async fn is_same(world: &mut World) -> Held {
    let now = sub(world).await?;
    same("the sub", &now, &world.sub, &now)
}

#[then("the profile is the customer's")]
fn is_the_customers(world: &mut World) -> Held {
    world.answer()?.expect("sub", &Value::from(world.sub.as_str()))
}
