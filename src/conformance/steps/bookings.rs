//! How rides of a dispatch begin: asked for by push, by a code or in the company's app, and what is
//! left when that does not work.

use cucumber::{given, then, when};
use serde_json::json;

use super::calls::sent;
use super::dispatches::{dispatch, keep, key, turn_to};
use super::rides::{phone, speak_of, words};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Money, Operation};
use crate::conformance::relay::{Passed, shown};
use crate::conformance::world::World;
use crate::taxi::dispatch::Trigger;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::ride::{Reach, Reserve, RideOrder};

/// Where the company's app wants its passenger back.
const RETURN_URL: &str = "taxiapp://rides/1";

/// Has the dispatch take an order: `reserve` more than the fare, or the fare itself when it is known.
async fn book(world: &mut World, sum: Amount, reserve: Reserve, reach: Reach) -> Held {
    let ride = world.fresh("trip").parse().map_err(|error| words(&error))?;
    let fare = Fare::taxi_ride(sum).map_err(|error| words(&error))?;
    let order = RideOrder { reserve, reach, ..RideOrder::new(ride, phone(world)?, fare) };
    speak_of(world, order.clone());
    let dispatch = dispatch(world).await?;
    let booked = match reserve {
        Reserve::Final => dispatch.book_final(order).await,
        Reserve::Estimate(_) => dispatch.book(order).await,
    };
    keep(world, booked)?;
    world.merchant.clock.settle().await?;
    speak_of_last(world)
}

/// From now on it is about the payment that was asked for last, and its link.
fn speak_of_last(world: &mut World) -> Held {
    let ride = world.cab.ride.as_ref().ok_or_else(|| Failure::new("no ride was taken on"))?;
    let last = ride.holds.iter().next_back().cloned();
    let last = last.ok_or_else(|| Failure::new("nobody was asked to pay"))?;
    turn_to(world, &last.attempt);
    world.request = json!({ "reference": world.reference });
    world.cab.link = last.leads_to;
    Ok(())
}

#[given("a taxi that may not push")]
async fn taxi_without_push(world: &mut World) -> Held {
    world.become_merchant("NO", json!({ "pushMessage": false })).await
}

#[given(expr = "the dispatch has asked for {money}")]
#[when(expr = "the dispatch asks for {money}")]
async fn asks(world: &mut World, fare: Money) -> Held {
    book(world, fare.0, Reserve::Final, Reach::Push).await
}

#[given(expr = "the taxi's app has booked a ride on a hold of {money}")]
#[when(expr = "the taxi's app books a ride on a hold of {money}")]
async fn app_books(world: &mut World, hold: Money) -> Held {
    let reach = Reach::Redirect(RETURN_URL.to_owned());
    book(world, hold.0, Reserve::Estimate(hold.0), reach).await
}

#[when("the passenger is back in the taxi's app")]
async fn is_back(world: &mut World) -> Held {
    let looked = dispatch(world).await?.complete(&key(world)?, Trigger::ReturnUrl).await;
    keep(world, looked)
}

async fn ask_again(world: &mut World, reach: Reach) -> Held {
    let asked = dispatch(world).await?.ask_again(&key(world)?, reach).await;
    keep(world, asked)?;
    speak_of_last(world)
}

#[given("the passenger was asked again")]
async fn asked_again(world: &mut World) -> Held {
    ask_again(world, Reach::Push).await
}

#[given("the passenger was shown a code instead")]
#[when("the passenger is shown a code instead")]
async fn shown_code(world: &mut World) -> Held {
    ask_again(world, Reach::Qr).await
}

/// The right number this time: that of whoever is meant from now on.
#[given("the driver has typed the right number")]
#[when("the driver types the right number")]
async fn types_right_number(world: &mut World) -> Held {
    world.merchant.customer = crate::conformance::merchant::ORDINARY_CUSTOMER;
    let phone = phone(world)?;
    let asked = dispatch(world).await?.ask_somebody_else(&key(world)?, phone).await;
    keep(world, asked)?;
    speak_of_last(world)
}

#[then("the request is a code for whoever scans it")]
fn is_code(world: &mut World) -> Held {
    let sent = sent(world, Operation("create"))?;
    let bodies = sent.iter().map(Passed::body);
    let asked: Vec<_> =
        bodies.map(|it| (it["userFlow"].clone(), it.get("customer").cloned())).collect();
    same("how it asks", &asked, &vec![(json!("QR"), None)], &shown(&sent))
}
