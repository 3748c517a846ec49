//! Who may steer the mock: pages, names, and the name it has for itself.

use cucumber::{then, when};
use http::Method;
use serde_json::json;

use crate::conformance::failure::{Failure, Held};
use crate::conformance::http_call::Call;
use crate::conformance::world::World;

/// Makes a call to the control API as somebody else would, and keeps the answer.
async fn steer(world: &mut World, call: Call) -> Held {
    world.remember().await?;
    let exchange = world.merchant.control.try_any(call).await?;
    world.keep(exchange);
    Ok(())
}

fn unit_path(world: &World, rest: &str) -> String {
    format!("/control/v1/sales-units/{}{rest}", world.merchant.unit.msn)
}

fn reset(world: &World) -> Call {
    Call::new(Method::POST, unit_path(world, "/reset"))
}

#[when(expr = "a page of {string} resets the sales unit")]
async fn page_resets(world: &mut World, origin: String) -> Held {
    let call = reset(world).header("Origin", &origin);
    steer(world, call).await
}

#[when(expr = "a page of {string} reads the sales unit's keys")]
async fn page_reads(world: &mut World, origin: String) -> Held {
    let call = Call::get(unit_path(world, "")).header("Origin", &origin);
    steer(world, call).await
}

#[when("a page of the mock resets the sales unit")]
async fn own_page_resets(world: &mut World) -> Held {
    let own = reqwest::Url::parse(&world.merchant.target().base_url);
    let own = own.map_err(|error| Failure::new(error.to_string()))?;
    let call = reset(world).header("Origin", &own.origin().ascii_serialization());
    steer(world, call).await?;
    world.answer()?.expect_status(204)
}

#[when(expr = "a page of {string} reads the payment with the merchant's keys")]
async fn page_reads_payment(world: &mut World, origin: String) -> Held {
    let call = Call::get(world.payment_path()).header("Origin", &origin);
    world.act(call).await.map(drop)
}

#[when(expr = "the tester resets the sales unit at {string}")]
async fn resets_at(world: &mut World, host: String) -> Held {
    let call = reset(world).header("Host", &host);
    steer(world, call).await
}

#[when(expr = "the merchant reads the payment at {string}")]
async fn reads_at(world: &mut World, host: String) -> Held {
    let call = Call::get(world.payment_path()).header("Host", &host);
    world.act(call).await.map(drop)
}

#[when("the tester asks for the public URL")]
async fn asks_for_public_url(world: &mut World) -> Held {
    steer(world, Call::get("/control/v1/public-url")).await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the tester sets the public URL to {string}")]
async fn sets_public_url(world: &mut World, url: String) -> Held {
    let body = json!({ "url": url }).to_string();
    let call = Call::new(Method::PUT, "/control/v1/public-url");
    steer(world, Call { body: Some(body), ..call }).await
}

#[then("the link that the merchant was given begins with it")]
fn link_begins(world: &mut World) -> Held {
    let answer = world.answer()?;
    let url = answer.at("url")?;
    let url = url.as_str().unwrap_or_default();
    let links = world.answers.iter().filter_map(|it| it.at("redirectUrl").ok());
    let links: Vec<_> = links.filter_map(|it| it.as_str().map(str::to_owned)).collect();
    match links.last() {
        Some(link) if !url.is_empty() && link.starts_with(url) => Ok(()),
        link => Err(Failure::new(format!("the link is {link:?}\n{answer}"))),
    }
}
