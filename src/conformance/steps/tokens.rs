//! Access tokens.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use cucumber::{given, then, when};
use http::Method;
use serde_json::Value;

use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::world::World;
use crate::taxi::clock::Clock as _;

const PATH: &str = "/accesstoken/get";

async fn ask(world: &mut World, call: Call) -> Held {
    let exchange = world.merchant.token_call(call).await?;
    world.keep(exchange);
    Ok(())
}

#[given("the merchant has a token")]
async fn has_token(world: &mut World) -> Held {
    world.old_token = world.merchant.token().await?;
    Ok(())
}

#[when("the merchant asks for an access token")]
async fn ask_for_token(world: &mut World) -> Held {
    ask(world, Call::new(Method::POST, PATH)).await
}

#[when(expr = "the merchant asks for an access token with the header {string} set to {string}")]
async fn ask_with(world: &mut World, header: String, value: String) -> Held {
    ask(world, Call::new(Method::POST, PATH).header(&header, &value)).await
}

#[when(expr = "the merchant asks for an access token without the header {string}")]
async fn ask_without(world: &mut World, header: String) -> Held {
    ask(world, Call::new(Method::POST, PATH).without(&header)).await
}

#[when(
    regex = r#"^the merchant asks for an access token at (\S+) with the content type "([^"]+)"$"#
)]
async fn ask_at(world: &mut World, path: String, content_type: String) -> Held {
    ask(world, Call::new(Method::POST, path).header("Content-Type", &content_type)).await
}

#[then("the token is a JWT of the merchant that lasts an hour")]
fn token_is_jwt(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let token = exchange.at("access_token")?;
    let parts: Vec<&str> = token.as_str().unwrap_or_default().split('.').collect();
    same("the number of parts", &parts.len(), &3, exchange)?;
    let claims = BASE64_URL_SAFE_NO_PAD
        .decode(parts[1])
        .ok()
        .and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok())
        .ok_or_else(|| Failure::new(format!("the claims cannot be read\n{exchange}")))?;
    let client_id = world.merchant.unit.client_id.as_str();
    same("appid", &claims["appid"], &Value::from(client_id), &claims)?;
    let second = |name: &str| claims[name].as_i64().unwrap_or_default();
    // Issued five minutes before it was asked for, good for an hour after.
    same("the time it is good for", &(second("exp") - second("nbf")), &3900, &claims)?;
    let expires_on = exchange.at("expires_on")?;
    same("exp", &Value::from(second("exp").to_string()), &expires_on, &claims)?;
    let left = second("exp") - world.merchant.clock.now().as_second();
    if (3595..=3600).contains(&left) {
        return Ok(());
    }
    Err(Failure::new(format!("the token is good for {left} s\n{exchange}")))
}

#[then("both tokens are accepted")]
async fn both_accepted(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let new = exchange.at("access_token")?.as_str().unwrap_or_default().to_owned();
    for token in [world.old_token.clone(), new] {
        let call = Call::get("/webhooks/v1/webhooks");
        let call = call.header("Authorization", &format!("Bearer {token}"));
        world.merchant.call(call).await?.expect_status(200)?;
    }
    Ok(())
}
