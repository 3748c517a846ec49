//! Single calls of the reference taxi's client.

use cucumber::{given, then, when};
use jiff::SignedDuration;

use super::payments::approve;
use super::rides::{order, ordered};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Key, Money, Objection};
use crate::conformance::world::World;
use crate::taxi::client::{CancelScope, Client, CreatePayment, Payment};
use crate::taxi::error::Error;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::reference::{Attempt, IdempotencyKey};
use crate::taxi::ride::Reserve;

/// Asks the passenger, and speaks of that payment from now on.
async fn ask(world: &mut World, fare: Amount, reserve: Reserve) -> Held {
    order(world, fare, reserve)?;
    register(world).await?;
    let order = ordered(world)?;
    let taxi = world.cab.taxi(&world.merchant).await?;
    let attempt = taxi.request(&order).await.map_err(|error| Failure::new(error.to_string()))?;
    world.cab.attempt = Some(attempt);
    Ok(())
}

/// Registers the taxi's address, if it has one.
pub(super) async fn register(world: &mut World) -> Held {
    let taxi = world.cab.taxi(&world.merchant).await?;
    if let Some(receiver) = &world.cab.receiver {
        let registered = crate::taxi::webhook::ensure_registered(taxi.client(), receiver).await;
        registered.map_err(|error| Failure::new(error.to_string()))?;
    }
    Ok(())
}

/// Reads the payment that is spoken of, as the taxi does.
pub(super) async fn look(world: &mut World) -> Result<Payment, Failure> {
    let (client, attempt) = caller(world).await?;
    let payment = client.payment(&attempt.reference()).await;
    payment.map_err(|error| Failure::new(error.to_string()))
}

/// The client, and the attempt it calls about.
pub(super) async fn caller(world: &mut World) -> Result<(Client, Attempt), Failure> {
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

/// Gives money back by the decision of this number.
async fn refund(world: &mut World, amount: Amount, decision: u8) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let key = attempt.refund_key(decision);
    let called = client.refund(&attempt.reference(), amount, &key).await;
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

pub(super) fn called(world: &World) -> Result<&Result<Option<Payment>, Error>, Failure> {
    world.cab.called.as_ref().ok_or_else(|| Failure::new("the taxi has not called"))
}

/// What has to succeed before the scenario can go on.
fn worked(world: &World) -> Held {
    match called(world)? {
        Ok(_) => Ok(()),
        Err(error) => Err(Failure::new(format!("the call is refused: {error}"))),
    }
}

/// What has to be refused before the scenario can go on.
fn failed(world: &World) -> Held {
    match called(world)? {
        Ok(_) => Err(Failure::new("the call succeeds")),
        Err(_) => Ok(()),
    }
}

#[given(expr = "the taxi has asked for {money}")]
async fn has_asked(world: &mut World, amount: Money) -> Held {
    ask(world, amount.0, Reserve::Final).await
}

#[given(expr = "the taxi has asked for {money} on a hold of {money}")]
async fn has_asked_for_more(world: &mut World, fare: Money, hold: Money) -> Held {
    ask(world, fare.0, Reserve::Estimate(hold.0)).await
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

#[given(expr = "the taxi has captured {money} as a second part")]
async fn has_captured_second_part(world: &mut World, amount: Money) -> Held {
    capture(world, amount.0, 2).await?;
    worked(world)
}

#[given(expr = "the taxi has been refused a capture of {money}")]
async fn was_refused_capture(world: &mut World, amount: Money) -> Held {
    capture(world, amount.0, 1).await?;
    failed(world)
}

#[given(expr = "the taxi has given back {money}")]
async fn has_refunded(world: &mut World, amount: Money) -> Held {
    refund(world, amount.0, 1).await?;
    worked(world)
}

#[given(expr = "the taxi has been refused to give back {money}")]
async fn was_refused_refund(world: &mut World, amount: Money) -> Held {
    refund(world, amount.0, 1).await?;
    failed(world)
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

#[given("the taxi has cancelled the order")]
async fn has_cancelled(world: &mut World) -> Held {
    cancel(world, CancelScope::Everything).await?;
    worked(world)
}

#[given("the taxi has been refused a cancellation")]
async fn was_refused_cancel(world: &mut World) -> Held {
    cancel(world, CancelScope::Everything).await?;
    failed(world)
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

#[when(expr = "the taxi captures {money} under {key}")]
async fn captures_under(world: &mut World, amount: Money, key: Key) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let key: Result<IdempotencyKey, _> = key.0.unwrap_or_default().parse();
    let called = match key {
        Ok(key) => client.capture(&attempt.reference(), amount.0, &key).await.map(Some),
        Err(error) => Err(Error::Setup(error.to_string())),
    };
    world.cab.called = Some(called);
    Ok(())
}

#[when(expr = "the taxi asks for {money} under the same key")]
async fn asks_again(world: &mut World, amount: Money) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let payment = CreatePayment { amount: amount.0, ..ordered(world)?.payment(&attempt) };
    let called = client.create_payment(&payment, &attempt.create_key()).await;
    world.cab.called = Some(called.map(|_| None));
    Ok(())
}

#[when("the taxi looks at the payment")]
async fn looks(world: &mut World) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let called = client.payment(&attempt.reference()).await;
    world.cab.called = Some(called.map(Some));
    Ok(())
}

#[when(expr = "the taxi gives back {money}")]
#[when(expr = "the taxi gives back {money} under the same key")]
async fn refunds(world: &mut World, amount: Money) -> Held {
    refund(world, amount.0, 1).await
}

#[when(expr = "the taxi gives back {money} as a second decision")]
async fn refunds_again(world: &mut World, amount: Money) -> Held {
    refund(world, amount.0, 2).await
}

#[when("the taxi releases the rest")]
#[when("the taxi cancels the order")]
async fn releases(world: &mut World) -> Held {
    cancel(world, CancelScope::Everything).await
}

#[when("the taxi cancels the order under the next key")]
async fn cancels_again(world: &mut World) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let scope = CancelScope::Everything;
    let called = client.cancel(&attempt.reference(), scope, &attempt.cancel_again_key(2)).await;
    world.cab.called = Some(called.map(Some));
    Ok(())
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

#[then("the taxi refuses to send it")]
fn refused_here(world: &mut World) -> Held {
    match called(world)? {
        Err(Error::Setup(_) | Error::NotSent(_)) => Ok(()),
        Err(error) => Err(Failure::new(format!("somebody else refused: {error}"))),
        Ok(_) => Err(Failure::new("the call succeeds")),
    }
}

#[then(expr = "the taxi is advised to {string}")]
fn advised(world: &mut World, expected: String) -> Held {
    match called(world)? {
        Ok(_) => Err(Failure::new("the call succeeds")),
        Err(error) => {
            same("the advice", &error.advice(), &expected.as_str(), &format!("  {error}"))
        }
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
