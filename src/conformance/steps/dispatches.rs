//! Rides of a dispatch centre: booked, driven, cut off anywhere, and taken on from there.

use std::sync::Arc;

use cucumber::gherkin::Step as Words;
use cucumber::{given, then, when};
use http::Method;
use jiff::SignedDuration;
use serde_json::json;

use super::payments::approve;
use super::rides::{ordered, phone, speak_of, words};
use super::tables::rows;
use crate::conformance::cab::Death;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Act, Duration, Money};
use crate::conformance::relay::{Passed, shown};
use crate::conformance::world::World;
use crate::taxi::clock::Clock as _;
use crate::taxi::dispatch::{
    Dispatch, DispatchError, ReceiptOrder, Ride, RideState, Settings, Trigger, WithoutParts,
};
use crate::taxi::fare::Fare;
use crate::taxi::journal::{Entry, MemoryJournal};
use crate::taxi::money::Amount;
use crate::taxi::offer::Offer;
use crate::taxi::reference::{Attempt, RideKey};
use crate::taxi::ride::{Reach, Reserve, RideOrder, Step};
use crate::taxi::webhook::ensure_registered;

/// The dispatch of the scenario, opened when first spoken of.
pub(super) async fn dispatch(world: &mut World) -> Result<Dispatch, Failure> {
    let taxi = world.cab.taxi(&world.merchant).await?;
    if let Some(receiver) = &world.cab.receiver {
        ensure_registered(taxi.client(), receiver).await.map_err(|error| words(&error))?;
    }
    let known = world.cab.dispatch.clone();
    Ok(known.unwrap_or_else(|| {
        let dispatch = Dispatch::new(taxi, Arc::new(world.cab.mortal.clone()))
            .with_settings(world.cab.settings);
        world.cab.dispatch = Some(dispatch.clone());
        dispatch
    }))
}

pub(super) fn key(world: &World) -> Result<RideKey, Failure> {
    ordered(world).map(|order| order.ride)
}

/// Keeps where a ride is now. A dispatch that died has said its last: the next one is to go on.
pub(super) fn keep(world: &mut World, ride: Result<Ride, DispatchError>) -> Held {
    match ride {
        Ok(ride) => {
            world.cab.ride = Some(ride);
            Ok(())
        }
        Err(_) if world.cab.mortal.has_died() => Ok(()),
        Err(error) => Err(Failure::new(format!("{error}\n{}", world.cab.story()))),
    }
}

fn ride(world: &World) -> Result<&Ride, Failure> {
    world.cab.ride.as_ref().ok_or_else(|| Failure::new("no ride was taken on"))
}

fn fare_of(sum: Amount) -> Result<Fare, Failure> {
    Fare::taxi_ride(sum).map_err(|error| words(&error))
}

/// Speaks of another payment of the ride from now on.
pub(super) fn turn_to(world: &mut World, attempt: &Attempt) {
    attempt.reference().as_str().clone_into(&mut world.reference);
    world.cab.attempt = Some(attempt.clone());
}

/// Books a ride, to be spoken of from now on. Its fare is not known: only what is held.
pub(super) async fn book(world: &mut World, hold: Amount, ahead: Option<SignedDuration>) -> Held {
    let ride = world.fresh("trip").parse().map_err(|error| words(&error))?;
    let pick_up = ahead.map(|ahead| world.merchant.clock.now() + ahead);
    let order = RideOrder {
        reserve: Reserve::Estimate(hold),
        pick_up,
        ..RideOrder::new(ride, phone(world)?, fare_of(hold)?)
    };
    speak_of(world, order.clone());
    let booked = dispatch(world).await?.book(order).await;
    keep(world, booked)
}

async fn end(world: &mut World, fare: Fare) -> Held {
    let ended = dispatch(world).await?.end(&key(world)?, fare).await;
    keep(world, ended)
}

/// A ride whose passenger has approved and is in the car.
async fn on_trip(world: &mut World) -> Held {
    let (dispatch, key) = (dispatch(world).await?, key(world)?);
    let looked = dispatch.complete(&key, Trigger::Webhook).await;
    keep(world, looked)?;
    let boarded = dispatch.board(&key).await;
    keep(world, boarded)
}

#[given(expr = "the dispatch has booked a ride on a hold of {money}")]
async fn books(world: &mut World, hold: Money) -> Held {
    book(world, hold.0, None).await
}

#[given(expr = "the dispatch has booked a ride on a hold of {money}, {duration} ahead")]
#[when(expr = "the dispatch books a ride on a hold of {money}, {duration} ahead")]
async fn books_ahead(world: &mut World, hold: Money, ahead: Duration) -> Held {
    book(world, hold.0, Some(ahead.0)).await
}

#[given("the passenger has boarded")]
async fn boards(world: &mut World) -> Held {
    on_trip(world).await
}

#[given(expr = "a ride is under way on a hold of {money}")]
async fn under_way(world: &mut World, hold: Money) -> Held {
    book(world, hold.0, None).await?;
    approve(world).await?;
    on_trip(world).await
}

#[given(expr = "the ride has ended at {money}")]
#[when(expr = "the ride ends at {money}")]
async fn ends(world: &mut World, fare: Money) -> Held {
    let fare = fare_of(fare.0)?;
    end(world, fare).await
}

async fn end_offered(world: &mut World, price: Amount, stands: bool, meter: Amount) -> Held {
    let offer = Offer { price, stands };
    let fare = offer.fare_due(&fare_of(meter)?).map_err(|error| words(&error))?;
    end(world, fare).await
}

#[when(expr = "the ride, offered at {money}, ends with {money} on the meter")]
async fn ends_with_offer(world: &mut World, offer: Money, meter: Money) -> Held {
    end_offered(world, offer.0, true, meter.0).await
}

#[when(expr = "the ride, offered at {money}, ends elsewhere with {money} on the meter")]
async fn ends_elsewhere(world: &mut World, offer: Money, meter: Money) -> Held {
    end_offered(world, offer.0, false, meter.0).await
}

#[given(expr = "the meter has shown {money}, and a further {money} was asked for")]
#[when(expr = "the meter shows {money}, and a further {money} is to be asked for")]
async fn meter_shows(world: &mut World, so_far: Money, top_up: Money) -> Held {
    let shown = dispatch(world).await?.meter_shows(&key(world)?, so_far.0, top_up.0).await;
    keep(world, shown)?;
    let extra = key(world)?.extra(1);
    turn_to(world, &extra);
    Ok(())
}

/// The payment that the passenger is asked for last, and what they do about it.
async fn answer(world: &mut World, act: &str) -> Held {
    let last = ride(world)?.holds.iter().next_back().map(|hold| hold.attempt.clone());
    let last = last.ok_or_else(|| Failure::new("nobody was asked to pay"))?;
    turn_to(world, &last);
    match act {
        "approve" => approve(world).await?,
        "" => {}
        act => {
            let path = format!("/payments/{}/{act}", world.reference);
            let merchant = &world.merchant;
            merchant.control.unit(&merchant.unit.msn, Method::POST, &path, None).await?;
        }
    }
    world.merchant.clock.settle().await?;
    waits(world).await
}

#[given("the passenger has approved what was asked last")]
#[when("the passenger approves what was asked last")]
async fn approves_last(world: &mut World) -> Held {
    answer(world, "approve").await
}

#[when("the passenger declines what was asked last")]
async fn declines_last(world: &mut World) -> Held {
    answer(world, "reject").await
}

#[given("the passenger has not answered what was asked last")]
async fn ignores_last(world: &mut World) -> Held {
    answer(world, "").await
}

#[given("the passenger was asked again, with a code")]
async fn asked_again(world: &mut World) -> Held {
    let asked = dispatch(world).await?.ask_again(&key(world)?, Reach::Qr).await;
    keep(world, asked)
}

#[given("the dispatch has waited")]
#[when("the dispatch waits")]
async fn waits(world: &mut World) -> Held {
    let waited = dispatch(world).await?.wait(&key(world)?).await;
    keep(world, waited)
}

#[when("the dispatch looks")]
async fn looks(world: &mut World) -> Held {
    let looked = dispatch(world).await?.complete(&key(world)?, Trigger::Poll).await;
    keep(world, looked)
}

#[when("the dispatch sweeps")]
async fn sweeps(world: &mut World) -> Held {
    let swept = dispatch(world).await?.sweep().await;
    only(world, swept)
}

/// Of all rides that were taken on there is one in a scenario.
fn only(world: &mut World, rides: Result<Vec<Ride>, DispatchError>) -> Held {
    let ride = rides.map_err(|error| words(&error))?.pop();
    let ride = ride.ok_or_else(|| Failure::new("the journal is empty"))?;
    keep(world, Ok(ride))
}

#[when("the ride is called off")]
async fn called_off(world: &mut World) -> Held {
    let called_off = dispatch(world).await?.call_off(&key(world)?).await;
    keep(world, called_off)
}

#[when(expr = "the passenger is not there, for a fee of {money}")]
async fn not_there(world: &mut World, fee: Money) -> Held {
    let fee = Fare::no_show(fee.0).map_err(|error| words(&error))?;
    let ended = dispatch(world).await?.no_show(&key(world)?, fee).await;
    keep(world, ended)
}

#[given(expr = "the next {int} cancels are to fail with {int}")]
async fn cancels_fail(world: &mut World, times: u32, code: u16) -> Held {
    let fault = json!({ "operation": "cancel", "code": code, "times": times });
    world.ask_control(Method::POST, "/faults", Some(fault)).await?;
    world.answer()?.expect_status(201)
}

#[given("a dispatch that sends receipts last")]
fn receipts_last(world: &mut World) {
    let receipts = ReceiptOrder::AfterRelease;
    world.cab.settings = Settings { receipts, ..world.cab.settings };
}

#[given("a dispatch that gives back what it may not leave uncaptured")]
fn gives_back(world: &mut World) {
    let without_parts = WithoutParts::CaptureAllAndRefund;
    world.cab.settings = Settings { without_parts, ..world.cab.settings };
}

#[given(expr = "the dispatch will die before it can {act}")]
fn dies_before(world: &mut World, act: Act) {
    world.cab.mortal.dies(Death::Before(act.0));
}

#[given(expr = "the dispatch will die before it hears what came of the {act}")]
fn dies_after(world: &mut World, act: Act) {
    world.cab.mortal.dies(Death::After(act.0));
}

#[when("the dispatch starts again")]
async fn starts_again(world: &mut World) -> Held {
    start_again(world);
    let recovered = dispatch(world).await?.recover().await;
    only(world, recovered)
}

/// What a process knows is gone; what it wrote is there.
fn start_again(world: &mut World) {
    world.cab.dispatch = None;
    world.cab.mortal.revive();
}

#[when("two dispatches start again at the same time")]
async fn two_start_again(world: &mut World) -> Held {
    start_again(world);
    let one = dispatch(world).await?;
    world.cab.dispatch = None;
    let other = dispatch(world).await?;
    let (one, other) = futures::join!(one.recover(), other.recover());
    only(world, one)?;
    only(world, other)
}

#[when(expr = "the journal is lost, and the ride of {money} is known to the taximeter alone")]
async fn journal_lost(world: &mut World, fare: Money) -> Held {
    start_again(world);
    world.cab.mortal.kept = Arc::new(MemoryJournal::default());
    let (order, fare) = (ordered(world)?, fare_of(fare.0)?);
    let rebuilt = dispatch(world).await?.rebuild(order, fare).await;
    keep(world, rebuilt)
}

#[when("the dispatch hears of it by webhook")]
async fn hears(world: &mut World) -> Held {
    world.remember().await?;
    world.merchant.clock.settle().await?;
    let dispatch = dispatch(world).await?;
    let reference = world.reference.parse().map_err(|error| words(&error))?;
    let mut webhooks = world.cab.receiver()?.subscribe(&reference);
    while let Some(event) = webhooks.received() {
        dispatch.heard(&event).await.map_err(|error| words(&error))?;
    }
    Ok(())
}

#[then("the dispatch reports that nobody knows the payment")]
fn reports_orphan(world: &mut World) -> Held {
    let told = world.cab.told();
    let orphans = told
        .iter()
        .filter(|step| matches!(step, Step::Orphan { reference } if *reference == world.reference));
    same("whether it is reported", &(orphans.count() > 0), &true, &world.cab.story())
}

#[then(expr = "the ride is in state {word}")]
fn is_in_state(world: &mut World, expected: String) -> Held {
    let state = ride(world)?.state.to_string();
    same("the state of the ride", &state, &expected, &world.cab.story())
}

#[then(expr = "the ride has been {string}")]
fn has_been(world: &mut World, expected: String) -> Held {
    let entries = world.cab.mortal.entries(&key(world)?)?;
    let states = entries.iter().filter_map(|entry| match entry {
        Entry::Became(state) => Some(state.to_string()),
        _ => None,
    });
    let states: Vec<_> = std::iter::once(RideState::Quoted.to_string()).chain(states).collect();
    same("the states of the ride", &states.join(" > "), &expected, &world.cab.story())
}

#[then(expr = "{money} of the ride is paid")]
fn is_paid(world: &mut World, expected: Money) -> Held {
    same("what is paid", &ride(world)?.paid(), &expected.0, &world.cab.story())
}

#[then("the first payment is spoken of")]
fn first_payment(world: &mut World) -> Held {
    let attempt = key(world)?.attempt(1);
    turn_to(world, &attempt);
    Ok(())
}

#[then(expr = "extra payment {int} is spoken of")]
fn extra_payment(world: &mut World, number: u8) -> Held {
    let attempt = key(world)?.extra(number);
    turn_to(world, &attempt);
    Ok(())
}

/// The calls that change something: what, of which payment of the ride, and the answer.
#[then("the taxi has made these calls and no others:")]
fn calls_are(world: &mut World, step: &Words) -> Held {
    let ride = key(world)?;
    let mut passed = world.cab.calls()?.passed();
    passed.retain(|it| it.method != Method::GET && name_of(it).is_some());
    let made: Vec<[String; 3]> = passed
        .iter()
        .map(|it| {
            let (name, reference) = name_of(it).unwrap_or_default();
            let payment = reference.strip_prefix(ride.as_str()).unwrap_or(&reference).to_owned();
            [name, payment, it.status.map_or("nothing".to_owned(), |status| status.to_string())]
        })
        .collect();
    same("the calls", &made, &rows(step, ["call", "payment", "answer"])?, &shown(&passed))
}

/// What a call does, and to which payment.
fn name_of(passed: &Passed) -> Option<(String, String)> {
    let path: Vec<_> = passed.path.trim_start_matches('/').split('/').collect();
    match path.as_slice() {
        ["epayment", "v1", "payments"] => {
            let body = passed.body();
            Some(("create".to_owned(), body["reference"].as_str().unwrap_or_default().to_owned()))
        }
        ["epayment", "v1", "payments", reference, name] => {
            Some(((*name).to_owned(), (*reference).to_owned()))
        }
        ["order-management", "v2", "ecom", "receipts", reference] => {
            Some(("receipt".to_owned(), (*reference).to_owned()))
        }
        _ => None,
    }
}

#[then("the receipt has the number of the ride")]
async fn receipt_number(world: &mut World) -> Held {
    let taxi = world.cab.taxi(&world.merchant).await?;
    let reference = world.reference.parse().map_err(|error| words(&error))?;
    let order = taxi.client().order(&reference).await.map_err(|error| words(&error))?;
    let number = order.receipt.and_then(|receipt| receipt.bottom_line.receipt_number);
    let ride = key(world)?.as_str().to_owned();
    same("the number", &number, &Some(ride), &world.cab.story())
}

#[then(expr = "the receipt has a discount of {money}")]
async fn receipt_discount(world: &mut World, expected: Money) -> Held {
    let taxi = world.cab.taxi(&world.merchant).await?;
    let reference = world.reference.parse().map_err(|error| words(&error))?;
    let order = taxi.client().order(&reference).await.map_err(|error| words(&error))?;
    let lines = order.receipt.map(|receipt| receipt.order_lines).unwrap_or_default();
    let discount: i64 = lines.iter().filter_map(|line| line.discount).sum();
    let sum = i64::try_from(expected.0.value()).unwrap_or_default();
    same("the discount", &discount, &sum, &format!("  {lines:?}"))
}

#[then("somebody is warned that the bank may let go of the hold")]
fn warned(world: &mut World) -> Held {
    guarantee_warnings(world, 1)
}

#[then("nobody is warned")]
fn not_warned(world: &mut World) -> Held {
    guarantee_warnings(world, 0)
}

fn guarantee_warnings(world: &World, expected: usize) -> Held {
    let told = world.cab.told();
    let warnings = told.iter().filter(|step| matches!(step, Step::GuaranteeEnds { .. })).count();
    same("the number of warnings", &warnings, &expected, &world.cab.story())
}

#[then("the driver is told that a request was refused")]
fn told_of_no(world: &mut World) -> Held {
    let told = world.cab.told();
    let refused = told
        .iter()
        .any(|step| matches!(step, Step::Answered { authorized, .. } if authorized.is_zero()));
    same("whether the driver is told", &refused, &true, &world.cab.story())
}

#[then(expr = "the dispatch keeps the trace id of the failure with {int}")]
fn keeps_trace(world: &mut World, code: u32) -> Held {
    let failures = &ride(world)?.failures;
    let kept = failures.iter().find(|failure| failure.code == Some(code));
    let has_trace = kept.is_some_and(|failure| failure.trace_id.is_some());
    same("whether it is kept", &has_trace, &true, &format!("  {failures:?}"))
}
