//! Whole rides of the reference taxi, from the order to the money.

use cucumber::{given, then, when};
use jiff::Timestamp;
use serde_json::json;

use crate::conformance::cab::{Hearing, WEBHOOK_PATH};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::{Call, send};
use crate::conformance::opened::Thing;
use crate::conformance::parameters::{Duration, Ending, Habit, Market, Money, Proxy, State};
use crate::conformance::relay::{FORGED_AUTHORIZATION, Passing};
use crate::conformance::world::World;
use crate::taxi::clock::Clock as _;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::phone::{Phone, PhoneError};
use crate::taxi::ride::{FoundBy, Reserve, RideOrder, Step};
use crate::taxi::webhook::verify::body_hash;

/// The event that a forged webhook tells of.
const FORGED_EVENT: &str = "11111111-1111-4111-8111-111111111111";

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

fn phone(world: &World) -> Result<Phone, Failure> {
    world.merchant.phone().parse().map_err(|error: PhoneError| Failure::new(error.to_string()))
}

fn speak_of(world: &mut World, order: RideOrder) {
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
    if world.cab.passenger_approves {
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

#[given("a taxi without an address for webhooks")]
fn taxi_without_address(world: &mut World) {
    world.cab.hearing = Hearing::NoAddress;
}

#[given("a taxi whose webhooks get lost")]
fn taxi_hears_nothing(world: &mut World) {
    world.cab.hearing = Hearing::Badly(Passing::Nothing);
}

#[given("a taxi that gets every webhook twice")]
fn taxi_hears_twice(world: &mut World) {
    world.cab.hearing = Hearing::Badly(Passing::Twice);
}

#[given("a taxi whose webhooks arrive with a wrong signature")]
fn taxi_hears_nonsense(world: &mut World) {
    world.cab.hearing = Hearing::Badly(Passing::WrongSignature);
}

#[given(expr = "a taxi behind a proxy that {proxy}")]
fn taxi_behind_proxy(world: &mut World, proxy: Proxy) {
    world.cab.hearing = Hearing::Badly(Passing::Changing(proxy.0));
}

#[given("the first answer to the taxi's capture gets lost")]
fn capture_answer_gets_lost(world: &mut World) {
    world.cab.calls_pass = Some(Passing::LosesFirstAnswer("/capture"));
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

#[when("the taxi asks for the ride a second time")]
async fn second_attempt(world: &mut World) -> Held {
    let phone = phone(world)?;
    let order = RideOrder { attempt: 2, phone, ..ordered(world)? };
    speak_of(world, order);
    drive(world).await
}

#[when("somebody sends the waiting taxi an approval with a forged signature")]
async fn forged_approval(world: &mut World) -> Held {
    let body = json!({
        "msn": world.merchant.unit.msn,
        "reference": world.reference,
        "pspReference": FORGED_EVENT,
        "name": "AUTHORIZED",
        "amount": ordered(world)?.reservation(),
        "timestamp": world.began.to_string(),
        "success": true,
    });
    let registered = world.merchant.call(Call::get("/webhooks/v1/webhooks")).await?;
    let id = registered.at("webhooks.0.id")?.as_str().unwrap_or_default().to_owned();
    let call = Call::post(WEBHOOK_PATH, &body);
    // All but the signature is right, so that nothing but computing it can tell the forgery.
    let hash = body_hash(call.body.as_deref().unwrap_or_default().as_bytes());
    let call = call
        .header("webhook-id", &id)
        .header("x-ms-date", &http_date(world.merchant.clock.now()))
        .header("x-ms-content-sha256", &hash)
        .header("Authorization", FORGED_AUTHORIZATION);
    let exchange = send(&world.merchant.target().http, &world.cab.listens_at, call).await?;
    world.keep(exchange);
    // The taxi goes on waiting, and would act now if it believed what it was sent.
    drive(world).await
}

/// A moment as the date headers of HTTP write it.
fn http_date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
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

#[then("the taxi was told by webhook")]
fn told_by_webhook(world: &mut World) -> Held {
    found_by(world, FoundBy::Webhook)
}

#[then("the taxi found out by asking")]
fn found_by_asking(world: &mut World) -> Held {
    found_by(world, FoundBy::Polling)
}

fn found_by(world: &World, expected: FoundBy) -> Held {
    let told = world.cab.told();
    let found = told.iter().find_map(|step| match step {
        Step::Answered { found_by, .. } => Some(*found_by),
        _ => None,
    });
    same("how the taxi found out", &found, &Some(expected), &world.cab.story())
}

#[then(expr = "{duration} have passed on the clock")]
fn time_passed(world: &mut World, expected: Duration) -> Held {
    let passed = world.merchant.clock.now().duration_since(world.began);
    same("the time that has passed", &passed, &expected.0, &world.cab.story())
}

#[then("the taxi believes every webhook")]
fn all_believed(world: &mut World) -> Held {
    let receiver = world.cab.receiver.as_ref();
    let receiver = receiver.ok_or_else(|| Failure::new("the taxi has no address"))?;
    let (counts, reasons) = (receiver.counts(), receiver.rejections().join("\n"));
    same("the number of those rejected", &counts.rejected, &0, &reasons)?;
    same("whether one was believed", &(counts.accepted > 0), &true, &reasons)
}

#[then(expr = "the taxi rejects them because of {string}")]
fn rejected_because(world: &mut World, reason: String) -> Held {
    let receiver = world.cab.receiver.as_ref();
    let reasons = receiver.ok_or_else(|| Failure::new("the taxi has no address"))?.rejections();
    let fits = reasons.iter().all(|it| it.starts_with(&reason));
    same("whether that is why", &fits, &true, &reasons.join("\n"))
}

#[then("the taxi believes none of its webhooks")]
fn none_believed(world: &mut World) -> Held {
    let receiver = world.cab.receiver.as_ref();
    let receiver = receiver.ok_or_else(|| Failure::new("the taxi has no address"))?;
    let (counts, reasons) = (receiver.counts(), receiver.rejections().join("\n"));
    same("the number of those believed", &counts.accepted, &0, &reasons)?;
    same("whether one was rejected", &(counts.rejected > 0), &true, &reasons)
}

#[then("the taxi answers the forgery with 401")]
fn forgery_refused(world: &mut World) -> Held {
    world.answer()?.expect_status(401)
}

#[then("the taxi has not been told of the forged approval")]
fn no_hint(world: &mut World) -> Held {
    let told = world.cab.told();
    let forged =
        |step: &&Step| matches!(step, Step::Hint { event } if event.psp_reference == FORGED_EVENT);
    let hints = told.iter().filter(forged).count();
    same("the number of forgeries told", &hints, &0, &world.cab.story())
}

#[then("the taxi counts every webhook once")]
fn counted_once(world: &mut World) -> Held {
    let receiver = world.cab.receiver.as_ref();
    let counts = receiver.ok_or_else(|| Failure::new("the taxi has no address"))?.counts();
    let evidence = format!("  {counts:?}");
    same("whether one was repeated", &(counts.repeated > 0), &true, &evidence)?;
    same("the number of repeats", &counts.repeated, &counts.accepted, &evidence)
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
