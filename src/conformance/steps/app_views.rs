//! What the mock would show in the customer's app.

use cucumber::{then, when};
use http::Method;

use super::receipts::order;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::world::World;

const NOTICE: &str = "app.order.receipt.notice";

#[when("the customer looks at the payment in the app")]
async fn looks(world: &mut World) -> Held {
    let path = format!("/payments/{}", world.reference);
    world.ask_control(Method::GET, &path, None).await
}

#[when("the tester lists the receipts that match no payment")]
async fn lists_orphans(world: &mut World) -> Held {
    world.ask_control(Method::GET, "/receipts?orphan=true", None).await
}

#[when("the tester opens the page of the receipt")]
async fn opens_page(world: &mut World) -> Held {
    let path = format!("/receipts/ecom/{}/page", order(world));
    world.ask_control(Method::GET, &path, None).await
}

#[when(expr = "the tester opens the image {string}")]
async fn opens_image(world: &mut World, id: String) -> Held {
    world.ask_control(Method::GET, &format!("/images/{id}"), None).await
}

#[then("the app shows the lines")]
fn shows_lines(world: &mut World) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(200)?;
    if exchange.at("app.order.receipt.lines")?.as_array().is_none_or(Vec::is_empty) {
        return Err(Failure::new(format!("there are none\n{exchange}")));
    }
    exchange.expect(NOTICE, &serde_json::Value::Null)
}

#[then(expr = "the app would hide the lines, because they come to {string} and {string} was paid")]
fn hides_lines(world: &mut World, total: String, paid: String) -> Held {
    let exchange = world.answer()?;
    let expected =
        format!("the app would hide these lines: they come to {total}, and {paid} was paid");
    exchange.expect(NOTICE, &expected.into())
}

#[then(expr = "one receipt is listed, that of {string}")]
fn one_receipt(world: &mut World, expected: String) -> Held {
    let exchange = world.answer()?;
    let listed = exchange.json()?;
    same("the number of receipts", &listed.as_array().map(Vec::len), &Some(1), exchange)?;
    exchange.expect("0.orderId", &expected.into())?;
    exchange.expect("0.orphan", &true.into())
}
