//! How the taxi asks for its money, by which means, and what the driver reads meanwhile.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use serde_json::json;

use super::calls::sent;
use super::payments::{approve, names_and_amounts};
use super::rides::{order, ordered, words};
use super::tables::rows;
use super::taxis::{called, caller, look, register};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Habit, Money, Operation, Typing};
use crate::conformance::relay::{Passed, Relay, shown};
use crate::conformance::world::World;
use crate::taxi::client::wire::{CustomerInteraction, UserFlow};
use crate::taxi::client::{CancelScope, CreatePayment};
use crate::taxi::driver::Notice;
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::phone::Phone;
use crate::taxi::receipt::Receipt;
use crate::taxi::ride::{Reserve, RideOrder};

/// Where the company's app wants its passenger back.
const RETURN_URL: &str = "taxiapp://rides/1";

/// Asks once for the ride that is spoken of, with the request as `change` leaves it.
async fn send(world: &mut World, change: impl FnOnce(&mut CreatePayment)) -> Held {
    let order = ordered(world)?;
    let attempt = order.attempt(order.attempt);
    let mut request = order.payment(&attempt);
    change(&mut request);
    world.request = json!({ "reference": attempt.reference().as_str() });
    let (client, attempt) = caller(world).await?;
    let created = client.create_payment(&request, &attempt.create_key()).await;
    if let Ok(created) = &created {
        world.cab.link.clone_from(&created.redirect_url);
    }
    world.cab.called = Some(created.map(|_| None));
    world.merchant.clock.settle().await
}

/// Orders a ride and asks for it once.
async fn ask_once(
    world: &mut World,
    fare: Amount,
    reserve: Reserve,
    change: impl FnOnce(&mut CreatePayment),
) -> Held {
    order(world, fare, reserve)?;
    register(world).await?;
    send(world, change).await
}

/// The receipt of a ride at this price.
fn receipt(world: &World, price: Amount) -> Result<Receipt, Failure> {
    let fare = Fare::taxi_ride(price).map_err(|error| words(&error))?;
    Ok(ordered(world)?.receipt(&fare))
}

/// The request as the company's app makes it: a link instead of a push.
fn by_link(request: &mut CreatePayment, return_url: &str) {
    request.user_flow = UserFlow::WebRedirect;
    request.return_url = Some(return_url.to_owned());
    request.customer = None;
}

fn worked(world: &World) -> Held {
    called(world)?.as_ref().map(drop).map_err(|error| words(error))
}

#[when(expr = "the taxi asks for {money}")]
async fn asks(world: &mut World, fare: Money) -> Held {
    ask_once(world, fare.0, Reserve::Final, |_| {}).await
}

#[when(expr = "the taxi asks for {money} with its receipt")]
async fn asks_with_receipt(world: &mut World, fare: Money) -> Held {
    order(world, fare.0, Reserve::Final)?;
    register(world).await?;
    let receipt = receipt(world, fare.0)?;
    send(world, |request| request.receipt = Some(receipt)).await
}

#[given(expr = "the taxi has asked for {money} with its receipt")]
async fn has_asked_with_receipt(world: &mut World, fare: Money) -> Held {
    asks_with_receipt(world, fare).await?;
    worked(world)
}

#[when(expr = "the taxi asks for {money} without saying that the passenger is present")]
async fn asks_the_absent(world: &mut World, fare: Money) -> Held {
    let absent = CustomerInteraction::CustomerNotPresent;
    ask_once(world, fare.0, Reserve::Final, |request| request.customer_interaction = absent).await
}

#[when(expr = "the taxi asks for {money}, of whoever is {int} years old")]
async fn asks_the_grown_up(world: &mut World, fare: Money, years: u8) -> Held {
    ask_once(world, fare.0, Reserve::Final, |it| it.minimum_user_age = Some(years)).await
}

#[when(expr = "the taxi asks nobody for {money}")]
async fn asks_nobody(world: &mut World, fare: Money) -> Held {
    ask_once(world, fare.0, Reserve::Final, |request| request.customer = None).await
}

/// What the driver types is the passenger's number, in one of the ways people write numbers.
#[when(expr = "the driver types the number {typing} and asks for {money}")]
async fn types(world: &mut World, typing: Typing, fare: Money) -> Held {
    order(world, fare.0, Reserve::Final)?;
    register(world).await?;
    let typed = typing.of(&world.merchant.phone());
    match typed.parse::<Phone>() {
        Ok(phone) => {
            let order = RideOrder { phone, ..ordered(world)? };
            world.cab.order = Some(order);
            send(world, |_| {}).await
        }
        Err(error) => {
            world.cab.notice = Some(error.into());
            Ok(())
        }
    }
}

#[given(expr = "somebody elsewhere who {habit}")]
fn somebody_elsewhere(world: &mut World, habit: Habit) {
    world.merchant.customer = habit.0;
}

#[given(expr = "the taxi's app has reserved {money} for a ride of {money}")]
async fn app_has_reserved(world: &mut World, hold: Money, fare: Money) -> Held {
    app_reserves_for(world, hold, fare).await?;
    worked(world)
}

async fn app_reserves_for(world: &mut World, hold: Money, fare: Money) -> Held {
    let reserve = Reserve::Estimate(hold.0);
    ask_once(world, fare.0, reserve, |request| by_link(request, RETURN_URL)).await
}

#[when(expr = "the taxi's app reserves {money}")]
async fn app_reserves(world: &mut World, hold: Money) -> Held {
    app_reserves_for(world, hold, hold).await
}

#[when(expr = "the taxi's app reserves {money} to come back to {string}")]
async fn app_reserves_back(world: &mut World, hold: Money, return_url: String) -> Held {
    let reserve = Reserve::Estimate(hold.0);
    ask_once(world, hold.0, reserve, |request| by_link(request, &return_url)).await
}

#[given(
    expr = "the taxi's app has by mistake put a receipt into its request of {money} for a ride of {money}"
)]
async fn app_has_sent_receipt(world: &mut World, hold: Money, fare: Money) -> Held {
    order(world, fare.0, Reserve::Estimate(hold.0))?;
    register(world).await?;
    let receipt = receipt(world, hold.0)?;
    send(world, |request| {
        by_link(request, RETURN_URL);
        request.receipt = Some(receipt);
    })
    .await?;
    worked(world)
}

#[when(expr = "the taxi's app reserves {money} under the same reference with a new key")]
async fn app_reserves_again(world: &mut World, hold: Money) -> Held {
    world.remember().await?;
    let (client, attempt) = caller(world).await?;
    let mut request = ordered(world)?.payment(&attempt);
    by_link(&mut request, RETURN_URL);
    request.amount = hold.0;
    let key = world.fresh("another-key").parse().map_err(|error| words(&error))?;
    let created = client.create_payment(&request, &key).await;
    world.cab.called = Some(created.map(|_| None));
    Ok(())
}

#[when("the passenger approves")]
async fn passenger_approves(world: &mut World) -> Held {
    approve(world).await
}

/// Nobody knows who comes first; the mock decides, and both have to live with it.
#[when("the taxi withdraws the request while the passenger approves")]
async fn withdraws_meanwhile(world: &mut World) -> Held {
    let (client, attempt) = caller(world).await?;
    let (reference, key) = (attempt.reference(), attempt.withdraw_key());
    let phone = ordered(world)?.phone;
    let (withdrawn, approved) = tokio::join!(
        client.cancel(&reference, CancelScope::UnansweredRequest, &key),
        client.force_approve(&reference, &phone),
    );
    let both = withdrawn.is_ok() && approved.is_ok();
    same("whether both have won", &both, &false, &world.cab.story())?;
    world.cab.called = Some(withdrawn.map(Some));
    Ok(())
}

#[then("one of them has won: the payment is either withdrawn or approved")]
async fn one_has_won(world: &mut World) -> Held {
    let payment = world.payment().await?;
    let log = names_and_amounts(&world.events().await?.json()?);
    let names: Vec<_> = log.iter().map(|(name, _)| name.as_str()).collect();
    match called(world)? {
        Ok(_) => {
            payment.expect("state", &"TERMINATED".into())?;
            same("the events", &names, &vec!["CREATED", "TERMINATED"], &payment)
        }
        Err(error) => {
            same("why", &error.code(), &Some(6060), &format!("  {error}"))?;
            payment.expect("state", &"AUTHORIZED".into())?;
            same("the events", &names, &vec!["CREATED", "AUTHORIZED"], &payment)
        }
    }
}

#[then("the taxi is given a link")]
fn given_link(world: &mut World) -> Held {
    let link = world.cab.link.as_deref().unwrap_or_default();
    same("whether there is a link", &link.starts_with("http"), &true, &format!("  {link}"))
}

#[then("the taxi is given the reference and no link")]
fn given_no_link(world: &mut World) -> Held {
    let sent = sent(world, Operation("create"))?;
    let answers: Vec<_> = sent.iter().map(Passed::answer).collect();
    let reference = json!({ "reference": world.reference });
    same("what it is given", &answers, &vec![reference], &shown(&sent))
}

#[then("the request goes to the passenger's number")]
fn goes_to_passenger(world: &mut World) -> Held {
    let sent = sent(world, Operation("create"))?;
    let asked: Vec<_> = sent.iter().map(|it| it.body()["customer"].clone()).collect();
    let passenger = json!({ "phoneNumber": world.merchant.phone() });
    same("whom it asks", &asked, &vec![passenger], &shown(&sent))
}

#[then("the request has no receipt, and names the ride")]
async fn plain_request(world: &mut World) -> Held {
    let sent = sent(world, Operation("create"))?;
    let bodies: Vec<_> = sent.iter().map(Passed::body).collect();
    let with_receipt = bodies.iter().filter(|body| !body["receipt"].is_null()).count();
    same("the number of receipts", &with_receipt, &0, &shown(&sent))?;
    names_ride(world).await
}

#[then("the payment keeps the name of the ride")]
async fn names_ride(world: &mut World) -> Held {
    let ride = ordered(world)?.ride;
    let notes = json!({ "rideId": ride.as_str() });
    world.payment().await?.expect("metadata", &notes)
}

#[then(expr = "the driver reads {string}")]
async fn driver_reads(world: &mut World, expected: String) -> Held {
    let last = world.cab.ride.as_ref().and_then(|ride| ride.holds.iter().next_back());
    let not_asked = last.and_then(|hold| hold.not_asked.as_ref());
    let notice = match (world.cab.notice, &world.cab.called, not_asked) {
        (Some(notice), ..) => notice,
        (None, Some(Err(error)), _) => Notice::of_refusal(error),
        (None, _, Some(failure)) => Notice::of_code(failure.code),
        (None, _, None) => Notice::of_payment(&look(world).await?),
    };
    same("what the driver reads", &notice.to_string(), &expected, &world.cab.story())
}

#[then("the taxi calls nobody")]
fn calls_nobody(world: &mut World) -> Held {
    let calls = changes(world);
    same("its calls", &calls, &Vec::new(), &"  nothing was to be sent")
}

/// What the taxi has sent to change something, and what it was answered: `new payment`, `201`.
fn changes(world: &World) -> Vec<[String; 2]> {
    let passed = world.cab.calls().map(Relay::passed).unwrap_or_default();
    let changing = passed.iter().filter(|it| {
        it.method != http::Method::GET
            && !it.path.starts_with("/accesstoken")
            && !it.path.starts_with("/webhooks")
    });
    changing
        .map(|it| {
            let call = match it.path.rsplit('/').next() {
                Some("payments") => "new payment",
                _ if it.path.contains("/receipts/") => "receipt",
                Some(last @ ("capture" | "cancel" | "refund")) => last,
                _ => it.path.as_str(),
            };
            let answer = it.status.map_or("nothing".to_owned(), |status| status.to_string());
            [call.to_owned(), answer]
        })
        .collect()
}

/// All calls that can change anything, in their order: so there was no other.
#[then("the taxi's calls, beside looking, are:")]
fn calls_are(world: &mut World, step: &Step) -> Held {
    let passed = world.cab.calls()?.passed();
    same("its calls", &changes(world), &rows(step, ["call", "answer"])?, &shown(&passed))
}
