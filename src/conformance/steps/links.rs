//! Links and images beside a receipt, as a merchant puts them there.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cucumber::{given, then, when};
use http::Method;
use serde_json::{Value, json};

use super::receipts::order;
use crate::conformance::exchange::Exchange;
use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::http_call::Call;
use crate::conformance::parameters::{Field, Json, Picture};
use crate::conformance::world::World;

const CATEGORIES: &str = "/order-management/v3/categories";

fn put(path: String, body: &Value) -> Call {
    Call { method: Method::PUT, ..Call::post(path, body) }
}

async fn upload(world: &mut World, path: &str, picture: &Picture, id: &str) -> Held {
    let id = world.merchant.own(id);
    let body = json!({ "imageId": id, "src": STANDARD.encode(&picture.0), "type": "base64" });
    world.act(Call::post(path, &body)).await.map(drop)
}

async fn put_link(world: &mut World, body: Value) -> Held {
    let path = format!("/order-management/v2/ecom/categories/{}", order(world));
    world.act(put(path, &body)).await.map(drop)
}

fn link(kind: &str, url: &str) -> Value {
    json!({ "category": kind, "orderDetailsUrl": url })
}

async fn add(world: &mut World, kind: &str, url: &str) -> Held {
    let id = order(world);
    let body = json!({ "orderId": id, "paymentType": "ECOM", "type": kind, "url": url });
    let added = world.act(Call::post(CATEGORIES, &body)).await?;
    let id = added.at("categoryId")?;
    world.links.extend(id.as_str().map(str::to_owned));
    Ok(())
}

async fn stored(world: &mut World) -> Result<Exchange, Failure> {
    let path = format!("/order-management/v2/ecom/{}", order(world));
    world.merchant.call(Call::get(path)).await
}

/// The link that was added first, last, or any that never was.
fn link_path(world: &World, which: &str) -> Result<String, Failure> {
    let id = match which {
        "first" => world.links.first().cloned(),
        "last" => world.links.last().cloned(),
        _ => Some("337f5e5d-288b-40d5-be14-901cc3acacc0".to_owned()),
    };
    let id = id.ok_or_else(|| Failure::new("no link has been added"))?;
    Ok(format!("{CATEGORIES}/{id}"))
}

#[given(expr = "the merchant has uploaded {picture} as {string}")]
async fn has_uploaded(world: &mut World, picture: Picture, id: String) -> Held {
    upload(world, "/order-management/v1/images", &picture, &id).await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the merchant uploads {picture} as {string}")]
async fn uploads(world: &mut World, picture: Picture, id: String) -> Held {
    upload(world, "/order-management/v1/images", &picture, &id).await
}

#[when(expr = "the merchant uploads {picture} as {string} to a path with a slash at its end")]
async fn uploads_with_slash(world: &mut World, picture: Picture, id: String) -> Held {
    upload(world, "/order-management/v1/images/", &picture, &id).await
}

#[when(regex = r#"^the merchant uploads an image with "([A-Za-z]+)" set to (.+)$"#)]
async fn uploads_with(world: &mut World, field: Field, value: Json) -> Held {
    let picture: Picture = "a PNG of 200 pixels".parse()?;
    let src = STANDARD.encode(picture.0);
    let mut body = json!({ "imageId": "logo-1", "src": src, "type": "base64" });
    field.set(&mut body, value.0);
    world.act(Call::post("/order-management/v1/images", &body)).await.map(drop)
}

#[given(expr = "the merchant has put a link to {string} as {word}")]
async fn has_put(world: &mut World, url: String, kind: String) -> Held {
    put_link(world, link(&kind, &url)).await?;
    world.answer()?.expect_status(200)
}

#[when(expr = "the merchant puts a link to {string} as {word}")]
async fn puts(world: &mut World, url: String, kind: String) -> Held {
    put_link(world, link(&kind, &url)).await
}

#[when(expr = "the merchant puts a link to {string} as {word} with the image {string}")]
async fn puts_with_image(world: &mut World, url: String, kind: String, image: String) -> Held {
    let mut body = link(&kind, &url);
    body["imageId"] = world.merchant.own(&image).into();
    put_link(world, body).await
}

#[when(expr = "another merchant puts a link with the image {string}")]
async fn other_puts(world: &mut World, image: String) -> Held {
    let mut body = link("RECEIPT", "https://taxi.example/r/1");
    body["imageId"] = world.merchant.own(&image).into();
    let path = format!("/order-management/v2/ecom/categories/{}", order(world));
    let exchange = world.another_merchant().await?.call(put(path, &body)).await?;
    world.keep(exchange);
    Ok(())
}

#[when(regex = r#"^the merchant puts a link with "([A-Za-z]+)" set to (.+)$"#)]
async fn puts_with(world: &mut World, field: Field, value: Json) -> Held {
    let mut body = link("RECEIPT", "https://taxi.example/r/1");
    field.set(&mut body, value.0);
    put_link(world, body).await
}

#[given(expr = "the merchant has added a link to {string} as {word}")]
async fn has_added(world: &mut World, url: String, kind: String) -> Held {
    add(world, &kind, &url).await?;
    world.answer()?.expect_status(201)
}

#[when(expr = "the merchant adds a link to {string} as {word}")]
async fn adds(world: &mut World, url: String, kind: String) -> Held {
    add(world, &kind, &url).await
}

#[when(expr = "the merchant adds a link with an image that was never uploaded")]
async fn adds_with_image(world: &mut World) -> Held {
    let id = order(world);
    let url = "https://taxi.example/r/1";
    let body = json!({ "orderId": id, "paymentType": "ECOM", "type": "RECEIPT", "url": url, "imageId": "never-uploaded" });
    world.act(Call::post(CATEGORIES, &body)).await.map(drop)
}

#[when(regex = "^the merchant reads the (first|last|unknown) link$")]
async fn reads_link(world: &mut World, which: String) -> Held {
    let path = link_path(world, &which)?;
    world.act(Call::get(path)).await.map(drop)
}

#[when(regex = "^the merchant deletes the (first|last|unknown) link$")]
async fn deletes_link(world: &mut World, which: String) -> Held {
    let path = link_path(world, &which)?;
    world.act(Call::new(Method::DELETE, path)).await.map(drop)
}

#[when("the merchant lists the links of the order")]
async fn lists_links(world: &mut World) -> Held {
    let path = format!("{CATEGORIES}?orderId={}", order(world));
    world.act(Call::get(path)).await.map(drop)
}

#[when("the merchant lists links without naming an order")]
async fn lists_all_links(world: &mut World) -> Held {
    world.act(Call::get(CATEGORIES)).await.map(drop)
}

#[when(expr = "the merchant puts a link to {string} as {word} by version 1")]
async fn puts_by_v1(world: &mut World, url: String, kind: String) -> Held {
    let path = format!("/order-management/v1/orders/{}", order(world));
    world.act(put(path, &link(&kind, &url))).await.map(drop)
}

#[when("the merchant reads the link by version 1")]
async fn reads_link_by_v1(world: &mut World) -> Held {
    let path = format!("/order-management/v1/orders/{}", order(world));
    world.act(Call::get(path)).await.map(drop)
}

#[then(expr = "the order shows a link to {string} as {word}")]
async fn shows_link(world: &mut World, url: String, kind: String) -> Held {
    let order = stored(world).await?;
    order.expect("category.category", &kind.into())?;
    order.expect("category.orderDetailsUrl", &url.into())
}

#[then(expr = "the order has {int} link(s)")]
async fn has_links(world: &mut World, expected: usize) -> Held {
    let path = format!("{CATEGORIES}?orderId={}", order(world));
    let listed = world.merchant.call(Call::get(path)).await?;
    listed.expect_status(200)?;
    let count = listed.at("categories")?.as_array().map(Vec::len);
    same("the number of links", &count, &Some(expected), &listed)
}

#[then(expr = "the answer is the id of the last link")]
fn answers_last_id(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let id = world.links.last().cloned().unwrap_or_default();
    same("the id", &exchange.json()?, &Value::from(id), exchange)
}

#[then(expr = "the answer names the image {string}")]
fn names_image(world: &mut World, expected: String) -> Held {
    let expected = world.merchant.own(&expected);
    world.answer()?.expect("imageId", &expected.into())
}

#[then(expr = "the answer names the parameter {string}")]
fn names_parameter(world: &mut World, expected: String) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(400)?;
    exchange.expect("detail", &"BadRequest".into())?;
    exchange.expect("invalidParams.0.name", &expected.into())
}
