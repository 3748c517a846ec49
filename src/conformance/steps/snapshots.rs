//! Sales units that are saved and loaded.

use cucumber::{given, when};
use http::Method;
use serde_json::Value;

use crate::conformance::failure::{Failure, Held};
use crate::conformance::parameters::Json;
use crate::conformance::world::World;

async fn save(world: &mut World) -> Held {
    let merchant = &world.merchant;
    let path = "/snapshot";
    let exchange = merchant.control.unit(&merchant.unit.msn, Method::GET, path, None).await?;
    world.snapshot = exchange.json()?;
    Ok(())
}

async fn load(world: &mut World, snapshot: Value) -> Held {
    world.ask_control(Method::PUT, "/snapshot", Some(snapshot)).await
}

#[given("the sales unit has been saved")]
async fn has_been_saved(world: &mut World) -> Held {
    save(world).await
}

#[given("what was saved has been loaded")]
#[when("the tester loads what was saved")]
async fn loads(world: &mut World) -> Held {
    let snapshot = world.snapshot.clone();
    load(world, snapshot).await?;
    world.merchant.forget_token();
    world.answer()?.expect_success()
}

#[when(expr = "the tester loads what was saved, its {string} being {json}")]
async fn loads_changed(world: &mut World, member: String, value: Json) -> Held {
    let mut snapshot = world.snapshot.clone();
    snapshot[&member] = value.0.unwrap_or_default();
    load(world, snapshot).await
}

#[when(expr = "the tester loads what was saved, with {string} in place of {string}")]
async fn loads_forged(world: &mut World, new: String, old: String) -> Held {
    let text = world.snapshot["unit"].to_string();
    let forged = text.replace(&old, &new);
    if forged == text {
        return Err(Failure::new(format!("there is no {old} in what was saved")));
    }
    let mut snapshot = world.snapshot.clone();
    let unreadable = |error| Failure::new(format!("{new} makes no JSON: {error}"));
    snapshot["unit"] = serde_json::from_str(&forged).map_err(unreadable)?;
    load(world, snapshot).await
}

#[when("the tester loads what was saved into another merchant's sales unit")]
async fn loads_into_another(world: &mut World) -> Held {
    world.remember().await?;
    let snapshot = world.snapshot.clone();
    let other = world.another_merchant().await?;
    let (msn, path) = (other.unit.msn.clone(), "/snapshot");
    let exchange = other.control.try_unit(&msn, Method::PUT, path, Some(&snapshot)).await?;
    world.keep(exchange);
    Ok(())
}
