//! Calls that get nowhere, and what the journal says that they may have meant.

use cucumber::{given, then};
use http::Method;

use crate::conformance::failure::{Failure, Held};
use crate::conformance::http_call::Call;
use crate::conformance::world::World;

const SOME_PAYMENT: &str = "/epayment/v1/payments/ride-0000";

async fn call(world: &mut World, call: Call) -> Held {
    let exchange = world.merchant.call(call).await?;
    world.keep(exchange);
    Ok(())
}

#[given(expr = "the merchant has called with the {word} of another merchant")]
async fn has_called_with(world: &mut World, what: String) -> Held {
    let other = world.another_merchant().await?;
    let (header, value) = match what.as_str() {
        "token" => ("Authorization", format!("Bearer {}", other.token().await?)),
        "number" => ("Merchant-Serial-Number", other.unit.msn.clone()),
        _ => return Err(Failure::new(format!("no merchant is called by its {what}"))),
    };
    call(world, Call::get(SOME_PAYMENT).header(header, &value)).await
}

#[given(expr = "the merchant has called with its {word} as {string}")]
async fn has_called_with_own(world: &mut World, what: String, header: String) -> Held {
    let unit = &world.merchant.unit;
    let value = match what.as_str() {
        "client_id" => unit.client_id.clone(),
        "client_secret" => unit.client_secret.clone(),
        "subscription-key" => unit.subscription_key.clone(),
        "token" => world.merchant.token().await?,
        _ => return Err(Failure::new(format!("a merchant has no {what}"))),
    };
    let mut wrong = Call::get(SOME_PAYMENT).header(&header, &value);
    if what == "subscription-key" {
        wrong = wrong.without("Ocp-Apim-Subscription-Key");
    }
    call(world, wrong).await
}

#[given("the merchant has called with its old token")]
async fn has_called_with_old_token(world: &mut World) -> Held {
    let bearer = format!("Bearer {}", world.old_token);
    call(world, Call::get(SOME_PAYMENT).header("Authorization", &bearer)).await
}

#[given(expr = "the merchant has asked for a token with its {word} as {string}")]
async fn has_asked_with(world: &mut World, what: String, header: String) -> Held {
    let unit = &world.merchant.unit;
    let value = if what == "client_id" { &unit.client_id } else { &unit.subscription_key };
    let asked = Call::new(Method::POST, "/accesstoken/get").header(&header, value);
    let exchange = world.merchant.token_call(asked).await?;
    world.keep(exchange);
    Ok(())
}

#[given(expr = "the merchant has called {word} {word}")]
async fn has_called_path(world: &mut World, method: String, path: String) -> Held {
    let method = method.parse().map_err(|_| Failure::new(format!("{method} is no method")))?;
    call(world, Call::new(method, path)).await
}

#[given("the merchant has looked for the payment of another merchant")]
async fn has_looked_elsewhere(world: &mut World) -> Held {
    let amount = crate::taxi::money::Amount::nok(100);
    let reference = world.fresh("theirs");
    let other = world.another_merchant().await?;
    let request = other.request_for(&reference, amount);
    let made = Call::post("/epayment/v1/payments", &request).key(Some("theirs-1"));
    other.call(made).await?.expect_success()?;
    call(world, Call::get(format!("/epayment/v1/payments/{reference}"))).await
}

fn near_miss(world: &World) -> Result<String, Failure> {
    let exchange = world.answer()?;
    let told = exchange.at("nearMiss")?;
    let told = told.as_str().map(str::to_owned);
    told.ok_or_else(|| Failure::new(format!("nothing is said of what was meant\n{exchange}")))
}

/// `OWN` and `OTHER` stand for the numbers of the two merchants.
#[then(expr = "the merchant may have meant: {string}")]
fn may_have_meant(world: &mut World, words: String) -> Held {
    let told = near_miss(world)?;
    let other = world.other.as_ref().map_or("", |it| it.unit.msn.as_str());
    let words = words.replace("OWN", &world.merchant.unit.msn).replace("OTHER", other);
    if told.contains(&words) {
        return Ok(());
    }
    Err(Failure::new(format!("it is said: {told}\nand not: {words}")))
}

#[then("nothing is said of what the merchant may have meant")]
fn nothing_said(world: &mut World) -> Held {
    world.answer()?.expect("nearMiss", &serde_json::Value::Null)
}
