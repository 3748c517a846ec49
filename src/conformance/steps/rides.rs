//! Whole rides of the reference taxi, from the order to the money.

use cucumber::{given, then, when};
use serde_json::json;

use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::opened::Thing;
use crate::conformance::parameters::{Duration, Ending, Habit, Market, Money, State};
use crate::conformance::relay::Passing;
use crate::conformance::world::World;
use crate::taxi::clock::Clock as _;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::phone::{Phone, PhoneError};
use crate::taxi::ride::{Reserve, RideOrder};

/// Orders a ride, to be spoken of from now on.
pub(super) fn order(world: &mut World, fare: Amount, reserve: Reserve) -> Result<(), Failure> {
    let fare = Fare::taxi_ride(fare).map_err(|error| words(&error))?;
    order_of(world, fare, reserve)
}

/// Orders a ride of this fare, with the tip the passenger gives.
pub(super) fn order_of(world: &mut World, fare: Fare, reserve: Reserve) -> Result<(), Failure> {
    let fare = match world.cab.tip {
        Some(tip) => fare.with_tip(tip).map_err(|error| words(&error))?,
        None => fare,
    };
    let ride = world.fresh("trip").parse().map_err(|error| words(&error))?;
    let order = RideOrder { reserve, ..RideOrder::new(ride, phone(world)?, fare) };
    speak_of(world, order);
    Ok(())
}

pub(super) fn words(error: &dyn std::fmt::Display) -> Failure {
    Failure::new(error.to_string())
}

pub(super) fn phone(world: &World) -> Result<Phone, Failure> {
    world.merchant.phone().parse().map_err(|error: PhoneError| Failure::new(error.to_string()))
}

/// Speaks of this ride from now on.
pub(super) fn speak_of(world: &mut World, order: RideOrder) {
    let attempt = order.ride.attempt(order.attempt);
    if !world.merchant.control.is_there() {
        let thing = Thing::Payment(attempt.reference().as_str().to_owned());
        world.merchant.target().opened.add(world.merchant.mark(), thing);
    }
    attempt.reference().as_str().clone_into(&mut world.reference);
    world.cab.attempt = Some(attempt);
    world.cab.order = Some(order);
}

/// The ride that is spoken of.
pub(super) fn ordered(world: &World) -> Result<RideOrder, Failure> {
    world.cab.order.clone().ok_or_else(|| Failure::new("nobody has ordered a ride"))
}

/// Drives the ride that is spoken of. A passenger who approves does so while the taxi waits.
pub(super) async fn drive(world: &mut World) -> Held {
    let order = ordered(world)?;
    let taxi = world.cab.taxi(&world.merchant).await?;
    let mut asked = world.cab.waiting();
    let mut driving = std::pin::pin!(taxi.drive(&order));
    let mut outcome = None;
    if let Passing::KeepsFirstAnswer(_) = world.cab.calls_pass {
        let keeping = world.cab.calls()?.keeping();
        tokio::select! {
            () = keeping => {
                world.merchant.clock.settle().await?;
                world.cab.calls()?.let_go();
            }
            ended = &mut driving => outcome = Some(ended),
        }
    }
    if world.cab.passenger_approves && outcome.is_none() {
        tokio::select! {
            () = asked => answer_request(world).await?,
            ended = &mut driving => outcome = Some(ended),
        }
    }
    if world.cab.passenger_declines_tip && outcome.is_none() {
        asked = world.cab.waiting();
        tokio::select! {
            () = asked => decline_tip(world, &order).await?,
            ended = &mut driving => outcome = Some(ended),
        }
    }
    world.cab.outcome = Some(match outcome {
        Some(outcome) => outcome,
        None => driving.await,
    });
    world.merchant.clock.settle().await
}

/// Approves as the test environment does, if there is a request to approve.
async fn answer_request(world: &mut World) -> Held {
    let payment = world.merchant.call(Call::get(world.payment_path())).await?;
    if payment.at("state")? != "CREATED" {
        return Ok(());
    }
    let path = format!("/epayment/v1/test/payments/{}/approve", world.reference);
    let body = json!({ "customer": { "phoneNumber": world.merchant.phone() } });
    world.merchant.call(Call::post(path, &body)).await?.expect_status(200)
}

async fn decline_tip(world: &mut World, order: &RideOrder) -> Held {
    let path = format!("/payments/{}/reject", order.ride.tip(1).reference());
    let merchant = &world.merchant;
    merchant.control.unit(&merchant.unit.msn, http::Method::POST, &path, None).await.map(drop)
}

#[given(expr = "a taxi in {market}")]
async fn taxi_in(world: &mut World, market: Market) -> Held {
    world.become_merchant(market.0, json!({})).await
}

#[given("a passenger who approves")]
fn passenger_approves(world: &mut World) {
    world.cab.passenger_approves = true;
}

#[given(expr = "a passenger who {habit}")]
fn passenger(world: &mut World, habit: Habit) {
    world.cab.passenger_approves = false;
    world.merchant.customer = habit.0;
}

#[given(expr = "the taxi has driven a ride of {money}")]
#[when(expr = "the taxi drives a ride of {money}")]
async fn drive_final(world: &mut World, fare: Money) -> Held {
    order(world, fare.0, Reserve::Final)?;
    drive(world).await
}

#[given(expr = "the taxi has driven a ride of {money} on a hold of {money}")]
#[when(expr = "the taxi drives a ride of {money} on a hold of {money}")]
async fn drive_estimate(world: &mut World, fare: Money, hold: Money) -> Held {
    order(world, fare.0, Reserve::Estimate(hold.0))?;
    drive(world).await
}

#[when("the taxi drives the same ride once more")]
async fn drive_again(world: &mut World) -> Held {
    world.remember().await?;
    drive(world).await
}

#[then(expr = "the ride is {ending}")]
fn ride_is(world: &mut World, ending: Ending) -> Held {
    let outcome = world.cab.outcome.as_ref();
    let outcome = outcome.ok_or_else(|| Failure::new("no ride has ended"))?;
    let evidence = format!("  {outcome}\n{}", world.cab.story());
    same("the ride", &Ending::of(outcome), &ending, &evidence)
}

#[then(expr = "the first request stays {state}")]
async fn first_request(world: &mut World, expected: State) -> Held {
    let first = ordered(world)?.ride.attempt(1).reference();
    let call = Call::get(format!("/epayment/v1/payments/{}", first.as_str()));
    world.merchant.call(call).await?.expect("state", &expected.0.into())
}

#[then(expr = "{duration} has/have passed on the clock")]
fn time_passed(world: &mut World, expected: Duration) -> Held {
    let passed = world.merchant.clock.now().duration_since(world.began);
    same("the time that has passed", &passed, &expected.0, &world.cab.story())
}

#[then(expr = "the passenger has a receipt of {money}")]
async fn has_receipt(world: &mut World, expected: Money) -> Held {
    let taxi = world.cab.taxi(&world.merchant).await?;
    let attempt = world.cab.attempt.clone();
    let attempt = attempt.ok_or_else(|| Failure::new("nobody was asked to pay"))?;
    let stored = taxi.client().order(&attempt.reference()).await;
    let receipt = stored.map_err(|error| Failure::new(error.to_string()))?.receipt;
    let receipt = receipt.ok_or_else(|| Failure::new("there is no receipt"))?;
    let sum = i64::try_from(expected.0.value()).unwrap_or_default();
    same("the sum of the receipt", &receipt.total(), &sum, &format!("  {receipt:?}"))?;
    let off = receipt.order_lines.iter().filter(|line| {
        line.total_amount_excluding_tax + line.total_tax_amount != line.total_amount
    });
    same("the lines that do not add up", &off.count(), &0, &format!("  {receipt:?}"))
}

#[then("the passenger has no receipt")]
async fn has_no_receipt(world: &mut World) -> Held {
    let path = format!("/order-management/v2/ecom/{}", world.reference);
    world.merchant.call(Call::get(path)).await?.expect_status(404)
}
