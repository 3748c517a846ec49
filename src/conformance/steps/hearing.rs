//! How webhooks come to the taxi, and what it makes of them.

use cucumber::gherkin::Step as Words;
use cucumber::{given, then, when};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::payments::names_and_amounts;
use super::rides::{drive, ordered};
use super::tables::rows;
use crate::conformance::cab::{Hearing, WEBHOOK_PATH};
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::{Call, send};
use crate::conformance::parameters::{Event, Proxy};
use crate::conformance::relay::{FORGED_AUTHORIZATION, Passed, Passing, shown};
use crate::conformance::world::World;
use crate::taxi::clock::Clock as _;
use crate::taxi::reference::Reference;
use crate::taxi::ride::{FoundBy, Step};
use crate::taxi::webhook::receiver::Address;
use crate::taxi::webhook::verify::{AUTHORIZATION_START, body_hash, sign, string_to_sign};
use crate::taxi::webhook::{Secret, WebhookEvent};

const REGISTRATIONS: &str = "/webhooks/v1/webhooks";
/// The event that a forged webhook tells of.
const FORGED_EVENT: &str = "11111111-1111-4111-8111-111111111111";

#[given("a taxi without an address for webhooks")]
fn without_address(world: &mut World) {
    world.cab.hearing = Hearing::NoAddress;
}

#[given("a taxi whose webhooks get lost")]
fn hears_nothing(world: &mut World) {
    world.cab.hearing = Hearing::Badly(Passing::Nothing);
}

#[given("the taxi's webhooks arrive again")]
fn hears_again(world: &mut World) {
    world.cab.mend();
}

#[given(expr = "a taxi that gets every webhook {int} times")]
fn hears_often(world: &mut World, times: usize) {
    world.cab.hearing = Hearing::Badly(Passing::Times(times));
}

#[given("a taxi whose webhooks arrive with a wrong signature")]
fn hears_nonsense(world: &mut World) {
    world.cab.hearing = Hearing::Badly(Passing::WrongSignature);
}

#[given(expr = "a taxi behind a proxy that {proxy}")]
fn behind_proxy(world: &mut World, proxy: Proxy) {
    world.cab.hearing = Hearing::Badly(Passing::Changing(proxy.0));
}

#[given(expr = "a taxi whose proxy answers 500 to the first {int} webhooks of {event}")]
fn proxy_fails(world: &mut World, times: usize, event: Event) -> Held {
    world.cab.hearing = Hearing::Badly(Passing::Refuses(known(&event)?, times));
    Ok(())
}

#[given(expr = "a taxi whose proxy is too slow for the first webhook of {event}")]
fn proxy_is_slow(world: &mut World, event: Event) -> Held {
    world.cab.hearing = Hearing::Badly(Passing::AnswersTooLate(known(&event)?));
    Ok(())
}

/// The name of an event as it stands in a webhook, quoted.
fn known(event: &Event) -> Result<&'static str, Failure> {
    match event.0.as_str() {
        "AUTHORIZED" => Ok("\"AUTHORIZED\""),
        "CAPTURED" => Ok("\"CAPTURED\""),
        other => Err(Failure::new(format!("no proxy looks for {other}"))),
    }
}

#[then("the taxi has registered its address once")]
fn registered_once(world: &mut World) -> Held {
    let mut passed = world.cab.calls()?.passed();
    passed.retain(|it| it.method == http::Method::POST && it.path == REGISTRATIONS);
    same("the number of registrations made", &passed.len(), &1, &shown(&passed))
}

#[given("the taxi has lost the secret of its webhooks")]
fn loses_secret(world: &mut World) -> Held {
    let registered = registration(world)?;
    world.cab.receiver()?.distrust(registered["id"].as_str().unwrap_or_default());
    Ok(())
}

/// What the taxi was told when it registered its address, the secret included.
fn registration(world: &World) -> Result<Value, Failure> {
    let passed = world.cab.calls()?.passed();
    let made = passed.iter().rev().find(|it| {
        it.method == http::Method::POST && it.path == REGISTRATIONS && it.status == Some(201)
    });
    made.map(Passed::answer).ok_or_else(|| Failure::new("the taxi has registered no address"))
}

/// The body of a webhook that says the passenger has approved.
fn approval(world: &World) -> Result<Value, Failure> {
    Ok(json!({
        "msn": world.merchant.unit.msn,
        "reference": world.reference,
        "pspReference": FORGED_EVENT,
        "name": "AUTHORIZED",
        "amount": ordered(world)?.reservation(),
        "timestamp": world.began.to_string(),
        "success": true,
    }))
}

/// Sends an approval to the taxi that is right in all but what the closure makes of it, and lets
/// the taxi wait on: it would act now if it believed what it was sent.
async fn send_approval(
    world: &mut World,
    authorization: impl Fn(&str, &str) -> Result<String, Failure>,
) -> Held {
    let registered = registration(world)?;
    let id = registered["id"].as_str().unwrap_or_default().to_owned();
    let call = Call::post(WEBHOOK_PATH, &approval(world)?);
    let hash = body_hash(call.body.as_deref().unwrap_or_default().as_bytes());
    let date = http_date(world.merchant.clock.now());
    let call = call
        .header("webhook-id", &id)
        .header("x-ms-date", &date)
        .header("x-ms-content-sha256", &hash)
        .header("Authorization", &authorization(&date, &hash)?);
    let exchange = send(&world.merchant.target().http, &world.cab.listens_at, call).await?;
    world.keep(exchange);
    drive(world).await
}

/// A moment as the date headers of HTTP write it.
fn http_date(moment: Timestamp) -> String {
    moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[when("somebody sends the waiting taxi an approval with a forged signature")]
async fn forged_approval(world: &mut World) -> Held {
    send_approval(world, |_, _| Ok(FORGED_AUTHORIZATION.to_owned())).await
}

#[when("somebody who knows the taxi's secret sends it an approval")]
async fn signed_approval(world: &mut World) -> Held {
    let registered = registration(world)?;
    let secret = Secret::new(registered["secret"].as_str().unwrap_or_default());
    let url = world.cab.receiver()?.url().to_owned();
    let address = Address::parse(&url).map_err(|error| Failure::new(error.to_string()))?;
    let authorization = move |date: &str, hash: &str| {
        let text = string_to_sign(&address.path_and_query, date, &address.host, hash);
        Ok(format!("{AUTHORIZATION_START}{}", sign(&secret, &text)))
    };
    send_approval(world, authorization).await
}

/// A real approval, of another sales unit's payment.
#[when("another merchant has the waiting taxi told of an approval under the same reference")]
async fn foreign_approval(world: &mut World) -> Held {
    let url = world.cab.receiver()?.url().to_owned();
    let (reference, amount) = (world.reference.clone(), ordered(world)?.reservation());
    let other = world.another_merchant().await?;
    let registration = json!({ "url": url, "events": ["epayments.payment.authorized.v1"] });
    other.call(Call::post(REGISTRATIONS, &registration)).await?.expect_status(201)?;
    let request = other.request_for(&reference, amount);
    let call = Call::post("/epayment/v1/payments", &request).key(Some("foreign-1"));
    other.call(call).await?.expect_status(201)?;
    let path = format!("/epayment/v1/test/payments/{reference}/approve");
    let customer = json!({ "customer": { "phoneNumber": other.phone() } });
    other.call(Call::post(path, &customer)).await?.expect_success()?;
    other.clock.settle().await?;
    drive(world).await
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

/// The webhooks about the payment that the taxi believed, each once.
fn heard(world: &World) -> Result<Vec<WebhookEvent>, Failure> {
    let reference: Result<Reference, _> = world.reference.parse();
    let reference = reference.map_err(|error| Failure::new(error.to_string()))?;
    let mut subscription = world.cab.receiver()?.subscribe(&reference);
    Ok(std::iter::from_fn(|| subscription.received()).collect())
}

#[then("the taxi is told of each event by webhook")]
async fn told_of_each(world: &mut World) -> Held {
    world.merchant.clock.settle().await?;
    let log = world.events().await?;
    let events = log.json()?;
    let reference = |event: &Value| event["pspReference"].as_str().unwrap_or_default().to_owned();
    let happened: Vec<_> = names_and_amounts(&events)
        .into_iter()
        .zip(events.as_array().into_iter().flatten().map(reference))
        .collect();
    let heard: Vec<_> = heard(world)?
        .into_iter()
        .map(|event| ((event.name.to_string(), event.amount.to_string()), event.psp_reference))
        .collect();
    same("what the taxi was told", &heard, &happened, &log)
}

#[then("the webhooks that come to the taxi are:")]
async fn webhooks_come(world: &mut World, step: &Words) -> Held {
    world.merchant.clock.settle().await?;
    let passed = world.cab.webhooks_passed()?;
    let actual: Vec<[String; 2]> = passed
        .iter()
        .map(|it| {
            let name = it.body()["name"].as_str().unwrap_or_default().to_owned();
            [name, it.status.map_or("nothing".to_owned(), |status| status.to_string())]
        })
        .collect();
    same("what came", &actual, &rows(step, ["event", "answer"])?, &shown(&passed))
}

#[then(expr = "the taxi rejects {int} webhook(s) because {string}")]
fn rejects(world: &mut World, count: usize, reason: String) -> Held {
    let reasons = world.cab.receiver()?.rejections();
    let fitting = reasons.iter().filter(|it| it.contains(&reason)).count();
    same("the number of rejections", &reasons.len(), &count, &reasons.join("\n"))?;
    same("how many are for that reason", &fitting, &count, &reasons.join("\n"))
}

#[then("the taxi believes every webhook")]
fn all_believed(world: &mut World) -> Held {
    let receiver = world.cab.receiver()?;
    let (counts, reasons) = (receiver.counts(), receiver.rejections().join("\n"));
    same("the number of those rejected", &counts.rejected, &0, &reasons)?;
    same("whether one was believed", &(counts.accepted > 0), &true, &reasons)
}

#[then(expr = "the taxi rejects them because of {string}")]
fn rejected_because(world: &mut World, reason: String) -> Held {
    let reasons = world.cab.receiver()?.rejections();
    let fits = reasons.iter().all(|it| it.starts_with(&reason));
    same("whether that is why", &fits, &true, &reasons.join("\n"))
}

#[then("the taxi believes none of its webhooks")]
fn none_believed(world: &mut World) -> Held {
    let receiver = world.cab.receiver()?;
    let (counts, reasons) = (receiver.counts(), receiver.rejections().join("\n"));
    same("the number of those believed", &counts.accepted, &0, &reasons)?;
    same("whether one was rejected", &(counts.rejected > 0), &true, &reasons)
}

#[then(expr = "the taxi answers the forgery with {int}")]
fn forgery_answered(world: &mut World, status: u16) -> Held {
    world.answer()?.expect_status(status)
}

#[then("the taxi has not been told of the forged approval")]
fn no_hint(world: &mut World) -> Held {
    let hints = forgeries_told(world);
    same("the number of forgeries told", &hints, &0, &world.cab.story())
}

#[then("the taxi has been told of the forged approval")]
fn hint(world: &mut World) -> Held {
    let hints = forgeries_told(world);
    same("the number of forgeries told", &hints, &1, &world.cab.story())
}

fn forgeries_told(world: &World) -> usize {
    let told = world.cab.told();
    let forged =
        |step: &&Step| matches!(step, Step::Hint { event } if event.psp_reference == FORGED_EVENT);
    told.iter().filter(forged).count()
}

#[then(expr = "every webhook comes {int} times and is counted once")]
fn counted_once(world: &mut World, times: u64) -> Held {
    let counts = world.cab.receiver()?.counts();
    let evidence = format!("  {counts:?}");
    same("whether one was believed", &(counts.accepted > 0), &true, &evidence)?;
    same("the number of repeats", &counts.repeated, &(counts.accepted * (times - 1)), &evidence)
}

#[then(expr = "{int} webhook(s) come(s) again and is/are not counted")]
fn not_counted(world: &mut World, repeats: u64) -> Held {
    let counts = world.cab.receiver()?.counts();
    same("the number of repeats", &counts.repeated, &repeats, &format!("  {counts:?}"))
}
