//! How often a payment may be called about.

use cucumber::{given, then, when};

use crate::conformance::failure::{Failure, Held};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::Money;
use crate::conformance::world::World;

#[given(expr = "the merchant has captured {money} {int} times within the minute")]
async fn has_captured_often(world: &mut World, amount: Money, times: usize) -> Held {
    world.merchant.hurry();
    let path = format!("{}/capture", world.payment_path());
    for _ in 0..times {
        let key = world.fresh("key");
        let body = serde_json::json!({ "modificationAmount": amount.0 });
        world.act(Call::post(path.clone(), &body).key(Some(&key))).await?.expect_success()?;
    }
    Ok(())
}

/// Called past the usual way, which looks at the payment itself.
#[given(expr = "the merchant has read the payment {int} times within the minute")]
#[when(expr = "the merchant reads the payment {int} times within the minute")]
async fn reads_often(world: &mut World, times: usize) -> Held {
    world.merchant.hurry();
    for _ in 0..times {
        let exchange = world.merchant.call(Call::get(world.payment_path())).await?;
        world.keep(exchange);
    }
    Ok(())
}

#[then(expr = "the merchant is to wait {int} seconds")]
fn is_to_wait(world: &mut World, seconds: u64) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(429)?;
    let header = exchange.headers.get("retry-after").and_then(|it| it.to_str().ok());
    if header == Some(seconds.to_string().as_str()) {
        return Ok(());
    }
    Err(Failure::new(format!("Retry-After is {header:?}, not {seconds}\n{exchange}")))
}
