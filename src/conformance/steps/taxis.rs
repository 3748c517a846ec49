//! Single calls of the reference taxi's client.

use cucumber::{given, then, when};
use jiff::SignedDuration;

use super::payments::approve;
use super::rides::{order, ordered};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Money, Objection};
use crate::conformance::world::World;
use crate::taxi::client::{CancelScope, Client, Payment};
use crate::taxi::error::Error;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::reference::Attempt;
use crate::taxi::ride::Reserve;

/// Asks the passenger, and speaks of that payment from now on.
async fn ask(world: &mut World, amount: Amount) -> Held {
    order(world, amount, Reserve::Final)?;
    let taxi = world.cab.taxi(&world.merchant).await?;
    if let Some(receiver) = &world.cab.receiver {
        let registered = crate::taxi::webhook::ensure_registered(taxi.client(), receiver).await;
        registered.map_err(|error| Failure::new(error.to_string()))?;
    }
    let order = ordered(world)?;
    let attempt = taxi.request(&order).await.map_err(|error| Failure::new(error.to_string()))?;
    world.cab.attempt = Some(attempt);
    Ok(())
}

/// The client, and the attempt it calls about.
async fn caller(world: &mut World) -> Result<(Client, Attempt), Failure> {
    let taxi = world.cab.taxi(&world.merchant).await?;
    let attempt = world.cab.attempt.clone();
    let attempt = attempt.ok_or_else(|| Failure::new("nobody was asked to pay"))?;
    Ok((taxi.client().clone(), attempt))
}

async fn capture(world: &mut World, amount: Amount, part: u8) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let key = attempt.capture_key(part);
    let called = client.capture(&attempt.reference(), amount, &key).await;
    world.cab.called = Some(called.map(Some));
    Ok(())
}

async fn cancel(world: &mut World, scope: CancelScope) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let key = match scope {
        CancelScope::Everything => attempt.cancel_key(),
        CancelScope::UnansweredRequest => attempt.withdraw_key(),
    };
    let called = client.cancel(&attempt.reference(), scope, &key).await;
    world.cab.called = Some(called.map(Some));
    Ok(())
}

async fn send_receipt(world: &mut World, amount: Amount) -> Held {
    let (client, attempt) = caller(world).await?;
    let fare = Fare::taxi_ride(amount).map_err(|error| Failure::new(error.to_string()))?;
    let receipt = ordered(world)?.receipt(&fare);
    let called = client.post_receipt(&attempt.reference(), &receipt).await;
    world.cab.called = Some(called.map(|()| None));
    Ok(())
}

fn called(world: &World) -> Result<&Result<Option<Payment>, Error>, Failure> {
    world.cab.called.as_ref().ok_or_else(|| Failure::new("the taxi has not called"))
}

/// What has to succeed before the scenario can go on.
fn worked(world: &World) -> Held {
    match called(world)? {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(format!("the call is refused: {error}"))),
    }
}

#[given(expr = "the taxi has asked for {money}")]
async fn has_asked(world: &mut World, amount: Money) -> Held {
    ask(world, amount.0).await
}

#[given("the passenger has approved")]
async fn has_approved(world: &mut World) -> Held {
    approve(world).await
}

#[given(expr = "a taxi that may not capture in parts")]
async fn taxi_without_parts(world: &mut World) -> Held {
    world.become_merchant("NO", serde_json::json!({ "partialCapture": false })).await
}

#[given(expr = "the taxi has captured {money}")]
async fn has_captured(world: &mut World, amount: Money) -> Held {
    capture(world, amount.0, 1).await?;
    worked(world)
}

#[given("the taxi has released the rest")]
async fn has_released(world: &mut World) -> Held {
    cancel(world, CancelScope::Everything).await?;
    worked(world)
}

#[given(expr = "the taxi has sent the receipt of {money}")]
async fn has_sent_receipt(world: &mut World, amount: Money) -> Held {
    send_receipt(world, amount.0).await?;
    worked(world)
}

#[when(expr = "the taxi captures {money}")]
#[when(expr = "the taxi captures {money} under the same key")]
async fn captures(world: &mut World, amount: Money) -> Held {
    capture(world, amount.0, 1).await
}

#[when(expr = "the taxi captures {money} as a second part")]
async fn captures_second_part(world: &mut World, amount: Money) -> Held {
    capture(world, amount.0, 2).await
}

#[when("the taxi releases the rest")]
async fn releases(world: &mut World) -> Held {
    cancel(world, CancelScope::Everything).await
}

#[when("the taxi withdraws the request")]
async fn withdraws(world: &mut World) -> Held {
    cancel(world, CancelScope::UnansweredRequest).await
}

#[when(expr = "the taxi sends the receipt of {money}")]
async fn sends_receipt(world: &mut World, amount: Money) -> Held {
    send_receipt(world, amount.0).await
}

#[then("the call succeeds")]
fn succeeds(world: &mut World) -> Held {
    worked(world)
}

#[then(expr = "the call is refused because {objection}")]
fn refused(world: &mut World, objection: Objection) -> Held {
    match called(world)? {
        Ok(_) => Err(Failure::new("the call succeeds")),
        Err(error) => same("why", &Objection::of(error), &Some(objection), &format!("  {error}")),
    }
}

#[then(expr = "the taxi sees {money} captured")]
fn sees_captured(world: &mut World, amount: Money) -> Held {
    match called(world)? {
        Ok(Some(payment)) => {
            let captured = payment.aggregate.captured_amount;
            same("the captured amount", &captured, &amount.0, &format!("  {payment:?}"))
        }
        Ok(None) => Err(Failure::new("the call was not about money")),
        Err(error) => Err(Failure::new(format!("the call is refused: {error}"))),
    }
}

/// Calls alone take less than this where time is real, and a taxi waits longer before it tries again.
const NO_WAIT: SignedDuration = SignedDuration::from_millis(500);

#[then("the taxi has not waited")]
fn has_not_waited(world: &mut World) -> Held {
    let passed = crate::taxi::clock::Clock::now(world.merchant.clock.as_ref());
    let passed = passed.duration_since(world.began);
    if world.merchant.target().given.is_some() && passed < NO_WAIT {
        return Ok(());
    }
    same("the time that has passed", &passed, &SignedDuration::ZERO, &world.cab.story())
}
