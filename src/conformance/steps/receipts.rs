//! Receipts beside the payment.

use cucumber::gherkin::Step;
use cucumber::{given, then, when};
use serde_json::{Value, json};

use super::tables::rows;
use crate::conformance::exchange::Exchange;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Field, Json, Money};
use crate::conformance::world::World;
use crate::taxi::money::Amount;

/// A receipt with one line at the Norwegian rate for passengers, 12 %.
pub(super) fn receipt_of(amount: Amount) -> Value {
    let total = amount.value();
    // Rounded half up, as integers; the tax is the difference, so that the line adds up.
    let net = (total * 10_000 * 2 + 11_200) / (11_200 * 2);
    json!({
        "orderLines": [{
            "name": "Ride",
            "id": "ride",
            "totalAmount": total,
            "totalAmountExcludingTax": net,
            "totalTaxAmount": total - net,
            "taxRate": 1200,
        }],
        "bottomLine": { "currency": amount.currency(), "posId": "N-02272" },
    })
}

/// The order that is spoken of: the payment's, or one that stands alone.
pub(super) fn order(world: &World) -> String {
    if world.reference.is_empty() {
        world.merchant.own("ride-alone")
    } else {
        world.reference.clone()
    }
}

async fn post(world: &mut World, kind: &str, receipt: &Value) -> Held {
    let path = format!("/order-management/v2/{kind}/receipts/{}", order(world));
    world.act(Call::post(path, receipt)).await.map(drop)
}

#[given(expr = "the merchant has posted the receipt of a ride of {money}")]
async fn has_posted(world: &mut World, amount: Money) -> Held {
    post(world, "ecom", &receipt_of(amount.0)).await?;
    world.answer()?.expect_status(201)
}

#[given("the merchant has been refused a receipt without lines")]
async fn was_refused(world: &mut World) -> Held {
    post_without_lines(world).await?;
    world.answer()?.expect_status(400)
}

#[when(expr = "the merchant posts the receipt of a ride of {money}")]
async fn post_receipt(world: &mut World, amount: Money) -> Held {
    post(world, "ecom", &receipt_of(amount.0)).await
}

#[when(expr = "the merchant posts the receipt of a ride of {money} as {word}")]
async fn post_receipt_as(world: &mut World, amount: Money, kind: String) -> Held {
    post(world, &kind, &receipt_of(amount.0)).await
}

#[when("the merchant posts a receipt without lines")]
async fn post_without_lines(world: &mut World) -> Held {
    let mut receipt = receipt_of(Amount::nok(34_592));
    receipt["orderLines"] = json!([]);
    post(world, "ecom", &receipt).await
}

#[when(
    regex = r#"^the merchant posts a receipt with "([A-Za-z]+)" of the first line set to (.+)$"#
)]
async fn post_with(world: &mut World, field: Field, value: Json) -> Held {
    let mut receipt = receipt_of(Amount::nok(34_592));
    field.set(&mut receipt["orderLines"][0], value.0);
    post(world, "ecom", &receipt).await
}

#[when(
    regex = r#"^the merchant posts a receipt with "([A-Za-z.]+)" of the bottom line set to (.+)$"#
)]
async fn post_with_bottom(world: &mut World, field: Field, value: Json) -> Held {
    let mut receipt = receipt_of(Amount::nok(34_592));
    field.set(&mut receipt["bottomLine"], value.0);
    post(world, "ecom", &receipt).await
}

#[given("the merchant has posted a receipt whose first line has:")]
#[when("the merchant posts a receipt whose first line has:")]
async fn post_line(world: &mut World, step: &Step) -> Held {
    let mut receipt = receipt_of(Amount::nok(34_592));
    for [member, value] in rows(step, ["member", "value"])? {
        let value: Json = value.parse()?;
        Field(member).set(&mut receipt["orderLines"][0], value.0);
    }
    post(world, "ecom", &receipt).await
}

#[when(expr = "the merchant posts the receipt of a ride of {money} by version 1")]
async fn post_by_v1(world: &mut World, amount: Money) -> Held {
    let path = format!("/order-management/v1/receipts/{}", order(world));
    world.act(Call::post(path, &receipt_of(amount.0))).await.map(drop)
}

#[when("the merchant reads the receipt by version 1")]
async fn read_by_v1(world: &mut World) -> Held {
    let path = format!("/order-management/v1/receipts/{}", order(world));
    world.act(Call::get(path)).await.map(drop)
}

#[when(
    regex = r#"^the merchant posts the receipt of a ride of (NOK \d+\.\d\d) (without the header|with the key) "([^"]+)"$"#
)]
async fn post_with_header(world: &mut World, amount: Money, how: String, name: String) -> Held {
    let path = format!("/order-management/v2/ecom/receipts/{}", order(world));
    let call = Call::post(path, &receipt_of(amount.0));
    let call = match how.as_str() {
        "with the key" => call.key(Some(&name)),
        _ => call.without(&name),
    };
    world.act(call).await.map(drop)
}

#[when(
    expr = "the merchant posts the receipt of a ride of {money} with a system name of {int} letters"
)]
async fn post_with_system(world: &mut World, amount: Money, letters: usize) -> Held {
    let path = format!("/order-management/v2/ecom/receipts/{}", order(world));
    let call = Call::post(path, &receipt_of(amount.0));
    world.act(call.header("Vipps-System-Name", &"s".repeat(letters))).await.map(drop)
}

#[given(expr = "a receipt for the order {string}")]
async fn receipt_for(world: &mut World, order: String) -> Held {
    let path = format!("/order-management/v2/ecom/receipts/{order}");
    let call = Call::post(path, &receipt_of(Amount::nok(34_592)));
    world.merchant.call(call).await?.expect_status(201)
}

#[when(expr = "the merchant posts a receipt for the order {string}")]
async fn post_for(world: &mut World, order: String) -> Held {
    let path = format!("/order-management/v2/ecom/receipts/{order}");
    let call = Call::post(path, &receipt_of(Amount::nok(34_592)));
    world.act(call).await.map(drop)
}

#[when("the merchant reads the order")]
async fn read_order(world: &mut World) -> Held {
    let path = format!("/order-management/v2/ecom/{}", order(world));
    world.act(Call::get(path)).await.map(drop)
}

async fn stored(world: &mut World) -> Result<Exchange, Failure> {
    let path = format!("/order-management/v2/ecom/{}", order(world));
    world.merchant.call(Call::get(path)).await
}

#[then(expr = "the order has the receipt of a ride of {money}")]
async fn has_receipt(world: &mut World, amount: Money) -> Held {
    let exchange = stored(world).await?;
    exchange.expect_status(200)?;
    // Members that were never sent may be there; what was sent must be there unchanged.
    let expected = receipt_of(amount.0);
    for (member, value) in expected["orderLines"][0].as_object().into_iter().flatten() {
        exchange.expect(&format!("receipt.orderLines.0.{member}"), value)?;
    }
    for (member, value) in expected["bottomLine"].as_object().into_iter().flatten() {
        exchange.expect(&format!("receipt.bottomLine.{member}"), value)?;
    }
    let lines = exchange.at("receipt.orderLines")?.as_array().map(Vec::len);
    same("the number of lines", &lines, &Some(1), &exchange)
}

#[then("nothing is stored for the order")]
async fn nothing_stored(world: &mut World) -> Held {
    stored(world).await?.expect_status(404)
}
