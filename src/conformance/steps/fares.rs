//! Receipts and tips of the reference taxi.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};

use super::rides::{drive, order_of, ordered, words};
use super::tables::rows;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Ending, Money, ReceiptFate};
use crate::conformance::relay::Passing;
use crate::conformance::world::World;
use crate::taxi::client::{ImageId, Link};
use crate::taxi::fare::{Fare, FareError};
use crate::taxi::meter::{Extra, Meter, Metered};
use crate::taxi::money::Amount;
use crate::taxi::receipt::Receipt;
use crate::taxi::reference::{Attempt, Reference};
use crate::taxi::ride::{Outcome, Reserve, Settlement, TipStatus};
use crate::taxi::vat::Market;

/// The fare of a table of parts: `start`, `toll` and `night` with a sum, `km` and `minutes` with a
/// count and the price of one.
fn metered(world: &World, step: &Step) -> Result<Fare, Failure> {
    let currency = world.merchant.unit.currency.parse().map_err(|error| words(&error))?;
    let sum = |text: &str| Amount::parse(currency, text).map_err(|error| words(&error));
    let counted = |text: &str| -> Result<Option<Metered>, Failure> {
        let (count, price) = text.split_once(" x ").unwrap_or((text, "0.00"));
        let count = count.parse().map_err(|error: FareError| words(&error))?;
        Ok(Some(Metered { count, unit_price: sum(price)? }))
    };
    let mut meter = Meter {
        market: Market::of(currency).map_err(|error| words(&error))?,
        start: Amount::new(currency, 0),
        distance: None,
        time: None,
        extras: Vec::new(),
        tip: None,
    };
    for [part, price] in rows(step, ["part", "price"])? {
        match part.as_str() {
            "start" => meter.start = sum(&price)?,
            "km" => meter.distance = counted(&price)?,
            "minutes" => meter.time = counted(&price)?,
            "toll" => meter.extras.push(Extra::toll(sum(&price)?)),
            "night" => meter.extras.push(Extra::supplement("Night", sum(&price)?)),
            other => return Err(Failure::new(format!("a meter says nothing of {other}"))),
        }
    }
    meter.fare().map_err(|error| words(&error))
}

fn settlement(world: &World) -> Result<&Settlement, Failure> {
    match &world.cab.outcome {
        Some(Outcome::Paid(settlement)) => Ok(settlement),
        _ => Err(Failure::new(format!("no ride is paid\n{}", world.cab.story()))),
    }
}

/// The receipt of a payment, as it is stored.
async fn stored(world: &mut World, reference: &Reference) -> Result<Receipt, Failure> {
    let taxi = world.cab.taxi(&world.merchant).await?;
    let order = taxi.client().order(reference).await.map_err(|error| words(&error))?;
    order.receipt.ok_or_else(|| Failure::new("there is no receipt"))
}

fn attempt(world: &World) -> Result<Attempt, Failure> {
    world.cab.attempt.clone().ok_or_else(|| Failure::new("nobody was asked to pay"))
}

/// What the tables of the features say of a line.
const LINE_COLUMNS: [&str; 5] = ["name", "with tax", "without tax", "tax", "rate"];

/// The lines as the tables of the features have them.
fn printed(receipt: &Receipt) -> Vec<[String; 5]> {
    let currency = receipt.bottom_line.currency;
    let money = |minor: i64| {
        let text = Amount::new(currency, minor.unsigned_abs()).to_string();
        text.split_once(' ').map(|(_, number)| number.to_owned()).unwrap_or_default()
    };
    let lines = receipt.order_lines.iter();
    lines
        .map(|line| {
            let rate = line.tax_rate.map_or_else(String::new, |rate| rate.to_string());
            let (net, tax) = (line.total_amount_excluding_tax, line.total_tax_amount);
            [line.name.clone(), money(line.total_amount), money(net), money(tax), rate]
        })
        .collect()
}

#[given(expr = "the passenger tips {money}")]
fn tips(world: &mut World, tip: Money) {
    world.cab.tip = Some(tip.0);
}

#[given("a passenger who approves the fare and declines the tip")]
fn declines_tip(world: &mut World) {
    world.cab.passenger_approves = true;
    world.cab.passenger_declines_tip = true;
}

#[given("the first answer to the taxi's receipt gets lost")]
fn receipt_answer_gets_lost(world: &mut World) {
    world.cab.let_calls_pass(Passing::LosesFirstAnswer("/receipts/"));
}

#[given("order management is down")]
fn orders_are_down(world: &mut World) {
    world.cab.let_calls_pass(Passing::IsDown("/order-management/"));
}

#[given("order management is up again")]
fn orders_are_up(world: &mut World) {
    world.cab.mend();
}

#[when(expr = "the taxi drives a ride on a hold of {money} by this meter:")]
async fn drive_metered(world: &mut World, step: &Step, hold: Money) -> Held {
    let fare = metered(world, step)?;
    order_of(world, fare, Reserve::Estimate(hold.0))?;
    drive(world).await
}

#[when(expr = "the taxi drives a ride by this meter:")]
async fn drive_metered_final(world: &mut World, step: &Step) -> Held {
    let fare = metered(world, step)?;
    order_of(world, fare, Reserve::Final)?;
    drive(world).await
}

#[when("the taxi settles the ride")]
async fn settles(world: &mut World) -> Held {
    let (order, attempt) = (ordered(world)?, attempt(world)?);
    let taxi = world.cab.taxi(&world.merchant).await?;
    world.cab.outcome = Some(taxi.settle(&order, &attempt).await);
    Ok(())
}

/// Two payments of one ride: what its hold had room for, and the rest.
#[when(expr = "the taxi sends two receipts of a ride of {money}, the first of {money}")]
async fn sends_two(world: &mut World, whole: Money, first: Money) -> Held {
    let fare = Fare::taxi_ride(whole.0).map_err(|error| words(&error))?;
    let (before, after) = fare.split_at(first.0).map_err(|error| words(&error))?;
    order_of(world, fare, Reserve::Final)?;
    let order = ordered(world)?;
    let taxi = world.cab.taxi(&world.merchant).await?;
    for (number, part) in (1..).zip([before, after]) {
        let reference = order.ride.attempt(number).reference();
        let posted = taxi.client().post_receipt(&reference, &order.receipt(&part)).await;
        posted.map_err(|error| words(&error))?;
    }
    Ok(())
}

#[given(expr = "the taxi has shown a link to {string}")]
#[when(expr = "the taxi shows a link to {string}")]
async fn shows_link(world: &mut World, url: String) -> Held {
    let reference = attempt(world)?.reference();
    let taxi = world.cab.taxi(&world.merchant).await?;
    let shown = taxi.client().put_link(&reference, &Link::to_receipt(url, None)).await;
    shown.map_err(|error| words(&error))
}

#[when(expr = "the taxi shows a link to {string} with an image that was never uploaded")]
async fn shows_link_without_image(world: &mut World, url: String) -> Held {
    let reference = attempt(world)?.reference();
    let taxi = world.cab.taxi(&world.merchant).await?;
    let link = Link::to_receipt(url, Some(ImageId::of(b"never uploaded")));
    let shown = taxi.client().put_link_at_least(&reference, &link).await;
    let with_image = shown.map_err(|error| words(&error))?;
    same("whether the image is shown", &with_image, &false, &"  the link is shown")
}

#[then(expr = "the taxi's receipt is {fate}")]
fn receipt_is(world: &mut World, expected: ReceiptFate) -> Held {
    let fate = ReceiptFate::of(&settlement(world)?.receipt);
    same("the receipt", &fate, &expected, &world.cab.story())
}

#[then("the passenger's receipt has the lines:")]
async fn receipt_lines(world: &mut World, step: &Step) -> Held {
    let reference = attempt(world)?.reference();
    let receipt = stored(world, &reference).await?;
    let evidence = format!("  {receipt:?}");
    same("the lines", &printed(&receipt), &rows(step, LINE_COLUMNS)?, &evidence)
}

#[then("the passenger's two receipts have the lines:")]
async fn two_receipts(world: &mut World, step: &Step) -> Held {
    let ride = ordered(world)?.ride;
    let mut lines = Vec::new();
    for number in 1..=2 {
        let receipt = stored(world, &ride.attempt(number).reference()).await?;
        let expected = Some(ride.as_str().to_owned());
        same("the number", &receipt.bottom_line.receipt_number, &expected, &"  both")?;
        lines.extend(printed(&receipt));
    }
    same("the lines", &lines, &rows(step, LINE_COLUMNS)?, &world.cab.story())
}

#[then(expr = "the passenger's receipt has a tip of {money}")]
async fn receipt_tip(world: &mut World, expected: Money) -> Held {
    let reference = attempt(world)?.reference();
    let receipt = stored(world, &reference).await?;
    let tip = i64::try_from(expected.0.value()).ok();
    same("the tip", &receipt.bottom_line.tip_amount, &tip, &format!("  {receipt:?}"))
}

#[then("the passenger's receipt has no tip")]
async fn receipt_without_tip(world: &mut World) -> Held {
    let reference = attempt(world)?.reference();
    let receipt = stored(world, &reference).await?;
    same("the tip", &receipt.bottom_line.tip_amount, &None, &format!("  {receipt:?}"))
}

#[then(expr = "the tip was paid with the fare")]
fn tip_with_fare(world: &mut World) -> Held {
    match settlement(world)?.tip {
        TipStatus::WithFare(_) => Ok(()),
        _ => Err(Failure::new(format!("it was not\n{}", world.cab.story()))),
    }
}

#[then(expr = "the tip, asked for by itself, is {ending}")]
fn tip_apart(world: &mut World, expected: Ending) -> Held {
    match &settlement(world)?.tip {
        TipStatus::Apart { outcome, .. } => {
            same("the tip", &Ending::of(outcome), &expected, &world.cab.story())
        }
        _ => Err(Failure::new(format!("nobody asked for it\n{}", world.cab.story()))),
    }
}

#[then(expr = "the passenger sees a link to {string}")]
async fn sees_link(world: &mut World, expected: String) -> Held {
    let reference = attempt(world)?.reference();
    let taxi = world.cab.taxi(&world.merchant).await?;
    let order = taxi.client().order(&reference).await.map_err(|error| words(&error))?;
    let url = order.category.map(|link| link.order_details_url);
    same("the link", &url, &Some(expected), &world.cab.story())
}
