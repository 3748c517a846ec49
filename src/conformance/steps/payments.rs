//! A payment as it stands: how it got there, and what it shows.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use super::tables::rows;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Duration, Event, Money, Situation, State};
use crate::conformance::world::World;
use crate::taxi::money::Amount;

/// What a payment that is captured in part has captured: two fifths.
fn part_of(amount: Amount) -> Amount {
    Amount::new(amount.currency(), amount.value() / 5 * 2)
}

/// Asks for money under a fresh reference, and speaks of that payment from now on.
pub(super) async fn ask_for(world: &mut World, amount: Amount) -> Held {
    let reference = world.fresh("ride");
    let request = world.merchant.request_for(&reference, amount);
    create(world, reference, request).await
}

/// Makes a payment of this request, and speaks of it from now on.
pub(super) async fn create(world: &mut World, reference: String, request: Value) -> Held {
    let key = world.fresh("key");
    let call = Call::post("/epayment/v1/payments", &request).key(Some(&key));
    // There is nothing to note about a payment that is only being made.
    world.reference = String::new();
    world.prepare(call).await?;
    world.reference = reference;
    world.request = request;
    Ok(())
}

/// Approves as the test environment does for the customer.
pub(super) async fn approve(world: &mut World) -> Held {
    let path = format!("/epayment/v1/test/payments/{}/approve", world.reference);
    let body = json!({ "customer": { "phoneNumber": world.merchant.phone() } });
    world.prepare(Call::post(path, &body)).await
}

/// Captures, refunds or cancels with a fresh key; what has to succeed.
async fn modify(world: &mut World, operation: &str, amount: Option<Amount>) -> Held {
    let key = world.fresh("key");
    let body = amount.map_or(json!({}), |amount| json!({ "modificationAmount": amount }));
    let path = format!("{}/{operation}", world.payment_path());
    world.prepare(Call::post(path, &body).key(Some(&key))).await
}

/// Brings a new payment into a situation by the ordinary means.
pub(super) async fn bring(world: &mut World, amount: Amount, situation: Situation) -> Held {
    let part = part_of(amount);
    match situation {
        Situation::Waiting => {}
        Situation::CancelledBeforeApproval => modify(world, "cancel", None).await?,
        Situation::Rejected => {
            let path = format!("/payments/{}/reject", world.reference);
            world.ask_control(Method::POST, &path, None).await?;
            world.answer()?.expect_success()?;
        }
        Situation::Expired => {
            world.merchant.clock.advance(jiff::SignedDuration::from_mins(10)).await?;
        }
        Situation::Approved => approve(world).await?,
        Situation::CapturedInPart => {
            approve(world).await?;
            modify(world, "capture", Some(part)).await?;
        }
        Situation::CapturedInFull => {
            approve(world).await?;
            modify(world, "capture", Some(amount)).await?;
        }
        Situation::CapturedInPartAndReleased => {
            approve(world).await?;
            modify(world, "capture", Some(part)).await?;
            modify(world, "cancel", None).await?;
        }
        Situation::ReleasedInFull => {
            approve(world).await?;
            modify(world, "cancel", None).await?;
        }
        Situation::RefundedInPart => {
            approve(world).await?;
            modify(world, "capture", Some(amount)).await?;
            modify(world, "refund", Some(part)).await?;
        }
        // Only of the one amount whose outcome is unknown for an hour.
        Situation::BeingPaid => {
            let path = format!("/payments/{}/approve", world.reference);
            world.ask_control(Method::POST, &path, None).await?;
            world.answer()?.expect_success()?;
        }
        Situation::RefundedInFull => {
            approve(world).await?;
            modify(world, "capture", Some(amount)).await?;
            modify(world, "refund", Some(amount)).await?;
        }
    }
    Ok(())
}

#[given(expr = "a payment of {money}")]
async fn payment(world: &mut World, amount: Money) -> Held {
    ask_for(world, amount.0).await
}

#[given(expr = "a payment of {money} that {situation}")]
#[given(expr = "another payment of {money} that {situation}")]
async fn payment_in(world: &mut World, amount: Money, situation: Situation) -> Held {
    ask_for(world, amount.0).await?;
    bring(world, amount.0, situation).await
}

#[given(expr = "a payment of {money} with the metadata {string} {string} and {string} {string}")]
async fn payment_with_metadata(
    world: &mut World,
    amount: Money,
    first: String,
    first_value: String,
    second: String,
    second_value: String,
) -> Held {
    let reference = world.fresh("ride");
    let mut request = world.merchant.request_for(&reference, amount.0);
    request["metadata"] = json!({ first: first_value, second: second_value });
    create(world, reference, request).await
}

#[given("the payment is cancelled by the merchant")]
async fn is_cancelled(world: &mut World) -> Held {
    modify(world, "cancel", None).await
}

#[when("the merchant reads the payment")]
async fn read(world: &mut World) -> Held {
    let call = Call::get(world.payment_path());
    world.act(call).await.map(drop)
}

#[when("the merchant reads a payment that was never made")]
async fn read_unknown(world: &mut World) -> Held {
    world.act(Call::get("/epayment/v1/payments/never-made")).await.map(drop)
}

#[when("the merchant reads the events of a payment that was never made")]
async fn read_unknown_events(world: &mut World) -> Held {
    world.act(Call::get("/epayment/v1/payments/never-made/events")).await.map(drop)
}

#[then(expr = "the payment is {state}")]
async fn state(world: &mut World, expected: State) -> Held {
    world.payment().await?.expect("state", &Value::from(expected.0))
}

#[then(expr = "{money} is authorized, {money} captured, {money} cancelled and {money} refunded")]
async fn aggregate(
    world: &mut World,
    authorized: Money,
    captured: Money,
    cancelled: Money,
    refunded: Money,
) -> Held {
    let expected = json!({
        "authorizedAmount": authorized.0,
        "cancelledAmount": cancelled.0,
        "capturedAmount": captured.0,
        "refundedAmount": refunded.0,
    });
    world.payment().await?.expect("aggregate", &expected)
}

// The words are those of LOOKS_BACK, which makes actions note how the payment stands.
#[then("nothing has happened to the payment")]
async fn nothing_happened(world: &mut World) -> Held {
    world.expect_nothing_happened().await
}

#[then("no payment has come of it")]
async fn no_payment(world: &mut World) -> Held {
    let reference = world.request["reference"].as_str().unwrap_or_default();
    // A reference that breaks the rules cannot be asked for; then the list is all there is.
    if reference.len() >= 8 && reference.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        let call = Call::get(format!("/epayment/v1/payments/{reference}"));
        return world.merchant.call(call).await?.expect_status(404);
    }
    if !world.merchant.control.is_there() {
        // Nobody lists the payments there; a reference that cannot be is all there is to see.
        return Ok(());
    }
    let merchant = &world.merchant;
    let unit = &merchant.unit.msn;
    let list = merchant.control.unit(unit, Method::GET, "/payments", None).await?;
    same("the list of payments", &list.json()?, &json!([]), &list)
}

#[then("the events are:")]
async fn event_log(world: &mut World, step: &Step) -> Held {
    let log = world.events().await?;
    let actual = names_and_amounts(&log.json()?);
    same("the event log", &actual, &expected_events(step)?, &log)
}

/// Names and amounts of events, in the order they stand.
pub(super) fn names_and_amounts(events: &Value) -> Vec<(String, String)> {
    let events = events.as_array().into_iter().flatten();
    events.map(name_and_amount).collect()
}

/// The name and amount of one event.
pub(super) fn name_and_amount(event: &Value) -> (String, String) {
    let name = event["name"].as_str().unwrap_or_default().to_owned();
    let amount = serde_json::from_value::<Amount>(event["amount"].clone());
    (name, amount.map_or_else(|_| event["amount"].to_string(), |amount| amount.to_string()))
}

/// The events that a step's table expects.
pub(super) fn expected_events(step: &Step) -> Result<Vec<(String, String)>, Failure> {
    let rows = rows(step, ["name", "amount"])?;
    Ok(rows.into_iter().map(|[name, amount]| (name, amount)).collect())
}

#[then("no two events share a pspReference")]
async fn distinct_references(world: &mut World) -> Held {
    let log = world.events().await?;
    let events = log.json()?;
    let all: Vec<String> = events
        .as_array()
        .into_iter()
        .flatten()
        .map(|event| event["pspReference"].to_string())
        .collect();
    let mut distinct = all.clone();
    distinct.sort();
    distinct.dedup();
    same("the number of references", &distinct.len(), &all.len(), &log)
}

#[then("the payment has the pspReference of its CREATED event")]
async fn payment_reference(world: &mut World) -> Held {
    let created = world.event("CREATED").await?;
    world.payment().await?.expect("pspReference", &created["pspReference"])
}

#[then("the answer has the pspReference of the CREATED event")]
async fn answer_reference(world: &mut World) -> Held {
    let created = world.event("CREATED").await?;
    world.answer()?.expect("pspReference", &created["pspReference"])
}

#[then(expr = "the {event} event has the key {string}")]
async fn event_key(world: &mut World, name: Event, key: String) -> Held {
    let event = world.event(&name.0).await?;
    let key = world.merchant.own(&key);
    same("idempotencyKey", &event["idempotencyKey"], &Value::from(key), &event)
}

#[then(expr = "the {event} event has no key")]
async fn event_without_key(world: &mut World, name: Event) -> Held {
    let event = world.event(&name.0).await?;
    same("idempotencyKey", &event.get("idempotencyKey"), &None, &event)
}

#[then(expr = "the {event} event is {duration} after the {event} event")]
async fn event_after(world: &mut World, later: Event, by: Duration, earlier: Event) -> Held {
    let later = moment(&world.event(&later.0).await?)?;
    let earlier = moment(&world.event(&earlier.0).await?)?;
    same("the time between", &later.duration_since(earlier), &by.0, &format!("  {earlier} {later}"))
}

fn moment(event: &Value) -> Result<jiff::Timestamp, Failure> {
    let text = event["timestamp"].as_str().unwrap_or_default();
    text.parse().map_err(|error| Failure::new(format!("{text} is no moment: {error}")))
}

#[then("the answer shows the payment as it now is")]
async fn answer_is_current(world: &mut World) -> Held {
    let payment = world.payment().await?;
    let answer = world.answer()?;
    for member in ["amount", "state", "aggregate", "pspReference", "reference"] {
        answer.expect(member, &payment.at(member)?)?;
    }
    Ok(())
}
