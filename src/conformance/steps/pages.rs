//! The pages that a customer meets by a link.

use cucumber::{given, then, when};
use serde_json::{Value, json};

use super::payments::bring;
use super::requests::created_by_flow;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::{Call, send};
use crate::conformance::parameters::{Field, Flow, Habit, Json, Money, Situation};
use crate::conformance::world::World;

#[given(expr = "a payment of {money} by {flow}")]
async fn payment_by(world: &mut World, amount: Money, flow: Flow) -> Held {
    created_by_flow(world, amount.0, &flow, []).await
}

#[given(expr = "a payment of {money} by {flow} with {field} set to {json}")]
async fn payment_by_with(
    world: &mut World,
    amount: Money,
    flow: Flow,
    field: Field,
    value: Json,
) -> Held {
    created_by_flow(world, amount.0, &flow, [(field, value)]).await
}

#[given(expr = "a payment of {money} by {flow} that {situation}")]
async fn payment_by_that(
    world: &mut World,
    amount: Money,
    flow: Flow,
    situation: Situation,
) -> Held {
    created_by_flow(world, amount.0, &flow, []).await?;
    bring(world, amount.0, situation).await
}

#[given(expr = "a payment of {money} by QR to the page with {field} set to {json}")]
async fn payment_to_page(world: &mut World, amount: Money, field: Field, value: Json) -> Held {
    let qr = Flow("QR".to_owned());
    let format = Field("qrFormat".to_owned());
    let target = Json(Some(json!({ "format": "TEXT/TARGETURL" })));
    created_by_flow(world, amount.0, &qr, [(format, target), (field, value)]).await
}

/// The link that the taxi, or else the merchant, was given last.
fn link(world: &World) -> Result<String, Failure> {
    if let Some(link) = &world.cab.link {
        return Ok(link.clone());
    }
    let links = world.answers.iter().rev().filter_map(|answer| answer.at("redirectUrl").ok());
    let mut links = links.filter_map(|link| link.as_str().map(str::to_owned));
    links.next().ok_or_else(|| Failure::new("the merchant was given no link"))
}

async fn open(world: &mut World, address: &str) -> Held {
    world.remember().await?;
    let http = world.merchant.target().http.clone();
    world.browser.open(&http, address).await
}

async fn send_form(world: &mut World, to: &str, fields: &[(&str, &str)]) -> Held {
    world.remember().await?;
    let http = world.merchant.target().http.clone();
    world.browser.send_form(&http, to, fields, None).await
}

/// What the page asks before a number can be typed.
async fn enter(world: &mut World, number: &str) -> Held {
    send_form(world, "phone", &[("phone", number)]).await
}

#[given("the customer has opened the link")]
#[when("the customer opens the link")]
#[when("the customer opens the link again")]
async fn opens(world: &mut World) -> Held {
    let link = link(world)?;
    open(world, &link).await
}

#[when("the customer opens a link that was never made")]
async fn opens_unknown(world: &mut World) -> Held {
    let address = format!("{}/?token=never-made", world.merchant.target().base_url);
    open(world, &address).await
}

#[when("the customer opens the landing page of the app's link")]
async fn opens_page_of_app(world: &mut World) -> Held {
    let path = format!("/payments/{}", world.reference);
    let merchant = &world.merchant;
    let shown = merchant.control.unit(&merchant.unit.msn, http::Method::GET, &path, None).await?;
    let address = shown.at("landingUrl")?;
    open(world, address.as_str().unwrap_or_default()).await
}

#[given("the customer has entered the number")]
#[when("the customer enters the number")]
async fn enters(world: &mut World) -> Held {
    let number = world.merchant.phone();
    enter(world, &number).await
}

#[given(expr = "the customer has entered {string}")]
#[when(expr = "the customer enters {string}")]
async fn enters_this(world: &mut World, number: String) -> Held {
    enter(world, &number).await
}

#[when(expr = "the number of somebody who {habit} is entered")]
async fn enters_number_of(world: &mut World, habit: Habit) -> Held {
    world.merchant.customer = habit.0;
    let number = world.merchant.phone();
    enter(world, &number).await?;
    world.merchant.clock.settle().await
}

#[given(expr = "the number of somebody who {habit} has been entered")]
async fn has_entered_number_of(world: &mut World, habit: Habit) -> Held {
    enters_number_of(world, habit).await
}

#[given(expr = "the customer has typed the card {string}, {string} and {string}")]
#[when(expr = "the customer types the card {string}, {string} and {string}")]
async fn types_card(world: &mut World, number: String, expiry: String, code: String) -> Held {
    let fields = [("number", &*number), ("expiry", &*expiry), ("code", &*code)];
    send_form(world, "card", &fields).await
}

#[when("a page elsewhere sends the number")]
async fn foreign_page_enters(world: &mut World) -> Held {
    world.remember().await?;
    let number = world.merchant.phone();
    let http = world.merchant.target().http.clone();
    let elsewhere = Some("https://elsewhere.example");
    world.browser.send_form(&http, "phone", &[("phone", &number)], elsewhere).await
}

#[given("the customer has approved on the page")]
#[when("the customer approves on the page")]
async fn approves(world: &mut World) -> Held {
    send_form(world, "approve", &[]).await
}

#[when("the customer rejects on the page")]
async fn rejects(world: &mut World) -> Held {
    send_form(world, "reject", &[]).await
}

#[given("the customer has cancelled on the page")]
#[when("the customer cancels on the page")]
async fn cancels(world: &mut World) -> Held {
    send_form(world, "cancel", &[]).await
}

#[when("the customer goes back")]
async fn goes_back(world: &mut World) -> Held {
    world.remember().await?;
    let http = world.merchant.target().http.clone();
    world.browser.back(&http).await
}

#[when("the page is looked at again")]
async fn reloads(world: &mut World) -> Held {
    let http = world.merchant.target().http.clone();
    world.browser.reload(&http).await
}

#[when("a browser fetches the link ahead")]
async fn prefetches(world: &mut World) -> Held {
    world.remember().await?;
    let link = link(world)?;
    // The link says which address the mock has for browsers, which need not be ours.
    let whole = Call::get("").header("Sec-Purpose", "prefetch");
    send(&world.merchant.target().http, &link, whole).await.map(drop)
}

#[when("somebody without keys fetches the picture")]
async fn fetches_picture(world: &mut World) -> Held {
    let link = link(world)?;
    open(world, &link).await
}

#[then("the page asks for a phone number")]
fn asks(world: &mut World) -> Held {
    world.browser.page()?.expect_status(200)?;
    world.browser.field("phone", "phone").map(drop)
}

#[then(expr = "the page asks for a phone number, and {string} is filled in")]
fn asks_with(world: &mut World, number: String) -> Held {
    let filled_in = world.browser.field("phone", "phone")?;
    same("the number", &filled_in.replace(' ', ""), &number, world.browser.page()?)
}

#[then("the page asks for a card")]
fn asks_for_card(world: &mut World) -> Held {
    world.browser.page()?.expect_status(200)?;
    world.browser.field("card", "number").map(drop)
}

#[then(expr = "the payment was made with the card {string}")]
async fn made_with_card(world: &mut World, bin: String) -> Held {
    world.payment().await?.expect("paymentMethod.cardBin", &Value::from(bin))
}

#[then("the page waits for the bank")]
#[then("the page waits for the app")]
fn waits(world: &mut World) -> Held {
    world.browser.page()?.expect_status(200)?;
    world.browser.offers("approve")
}

#[then(expr = "the page shows {string}")]
#[then(expr = "the page says {string}")]
fn shows(world: &mut World, words: String) -> Held {
    let page = world.browser.page()?;
    if page.body.contains(&words) {
        return Ok(());
    }
    Err(Failure::new(format!("the page does not show \"{words}\"\n{page}")))
}

#[then(expr = "the page says that {word} is left")]
fn time_left(world: &mut World, time: String) -> Held {
    shows(world, format!("<time id=\"left\">{time}</time>"))
}

#[then(expr = "the page does not contain {string}")]
fn does_not_contain(world: &mut World, words: String) -> Held {
    let page = world.browser.page()?;
    if page.body.contains(&words) {
        return Err(Failure::new(format!("the page contains \"{words}\"\n{page}")));
    }
    Ok(())
}

#[then(expr = "the page is refused with {int}")]
fn refused(world: &mut World, status: u16) -> Held {
    let page = world.browser.page()?;
    page.expect_status(status)?;
    match page.header("vipps-mock-reason") {
        Some(_) => Ok(()),
        None => Err(Failure::new(format!("the page does not say which rule decided\n{page}"))),
    }
}

#[then(expr = "the customer is sent to {string}")]
fn sent_to(world: &mut World, address: String) -> Held {
    same("the address", &world.browser.left_for(), &Some(&*address), world.browser.page()?)
}

#[then("the customer is not sent away")]
fn not_sent_away(world: &mut World) -> Held {
    same("the address", &world.browser.left_for(), &None, world.browser.page()?)
}

#[then(expr = "the picture is {word}")]
fn picture_is(world: &mut World, media_type: String) -> Held {
    let picture = world.browser.page()?;
    picture.expect_status(200)?;
    let actual = picture.header("content-type").unwrap_or_default();
    same("the content type", &actual, &&*media_type, picture)
}

#[then(expr = "the link begins with {string}")]
fn link_begins(world: &mut World, start: String) -> Held {
    let link = link(world)?;
    if link.starts_with(&start) {
        return Ok(());
    }
    Err(Failure::new(format!("the link is {link}")))
}

#[then("the payment shows its link")]
async fn payment_shows_link(world: &mut World) -> Held {
    let link = link(world)?;
    world.payment().await?.expect("redirectUrl", &Value::from(link))
}

#[then("the payment shows no link")]
async fn payment_shows_no_link(world: &mut World) -> Held {
    world.payment().await?.expect("redirectUrl", &Value::Null)
}
