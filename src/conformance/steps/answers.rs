//! What was answered.

use cucumber::gherkin::Step;
use cucumber::then;
use serde_json::Value;

use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Answer, Json, Names};
use crate::conformance::world::World;

#[then(expr = "the request is {answer}")]
fn request_is(world: &mut World, answer: Answer) -> Held {
    let exchange = world.answer()?;
    match answer {
        Answer::Accepted => exchange.expect_success(),
        Answer::Refused { code, title } => exchange.expect_code(code, title.as_deref()),
    }
}

#[then("the request is refused with 400 as a problem")]
fn refused_as_problem(world: &mut World) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(400)?;
    exchange.expect_problem()
}

#[then(expr = "the request is refused and names the field {string}")]
fn names_field(world: &mut World, field: String) -> Held {
    world.answer()?.expect_field(&field, None)
}

#[then(expr = "the request is refused and names the field {string} because {string}")]
fn names_field_because(world: &mut World, field: String, reason: String) -> Held {
    world.answer()?.expect_field(&field, Some(&reason))
}

#[then(expr = "the request is refused and names the fields {string}")]
fn names_fields(world: &mut World, fields: String) -> Held {
    let exchange = world.answer()?;
    let expected: Vec<&str> = fields.split(", ").collect();
    for field in &expected {
        exchange.expect_field(field, None)?;
    }
    same("the number of fields", &exchange.details()?.len(), &expected.len(), exchange)
}

#[then(expr = "the answer is {int}")]
fn status_is(world: &mut World, status: u16) -> Held {
    world.answer()?.expect_status(status)
}

#[then(expr = "the answer is {int} without a body")]
fn status_without_body(world: &mut World, status: u16) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(status)?;
    same("the body", &exchange.body.as_str(), &"", exchange)
}

#[then(expr = "the answer is {int} and reads:")]
fn status_and_body(world: &mut World, step: &Step, status: u16) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(status)?;
    let expected = step.docstring.as_deref().unwrap_or_default().trim();
    same("the body", &exchange.body.as_str(), &expected, exchange)
}

#[then(expr = "the answer is {int} and says {string}")]
fn status_and_words(world: &mut World, status: u16, words: String) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(status)?;
    if exchange.body.contains(&words) {
        return Ok(());
    }
    Err(Failure::new(format!("the answer does not say \"{words}\"\n{exchange}")))
}

#[then(expr = "the answer has the members {names}")]
fn members(world: &mut World, expected: Names) -> Held {
    let exchange = world.answer()?;
    let body = exchange.json()?;
    let actual: Vec<&String> = body.as_object().into_iter().flat_map(|body| body.keys()).collect();
    same("the members", &actual, &expected.0.iter().collect(), exchange)
}

#[then(expr = "{string} of the answer is {json}")]
fn member(world: &mut World, path: String, expected: Json) -> Held {
    world.answer()?.expect(&path, &expected.0.unwrap_or_default())
}

#[then("every member of the answer is text")]
fn members_are_text(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let body = exchange.json()?;
    let others: Vec<_> =
        body.as_object().into_iter().flatten().filter(|(_, value)| !value.is_string()).collect();
    same("what is no text", &others, &Vec::new(), exchange)
}

#[then("the answer is a JSON string")]
fn answer_is_text(world: &mut World) -> Held {
    let exchange = world.answer()?;
    if exchange.json()?.as_str().is_some_and(|text| !text.is_empty()) {
        return Ok(());
    }
    Err(Failure::new(format!("the answer is no JSON string\n{exchange}")))
}

/// The first answer is the last but one to the same call.
#[then("the answer is the same as the first")]
fn same_answer(world: &mut World) -> Held {
    let second = world.answer()?;
    let earlier = world.answers.iter().rev().skip(1);
    let mut alike = earlier
        .filter(|exchange| (&exchange.method, &exchange.path) == (&second.method, &second.path));
    let first = alike.next().ok_or_else(|| Failure::new("there is only one answer"))?;
    same("the status", &second.status, &first.status, second)?;
    same("the body", &second.body, &first.body, second)
}

#[then("the answer says until when a capture is guaranteed")]
fn capture_guarantee(world: &mut World) -> Held {
    let exchange = world.answer()?;
    let value = exchange.at("captureGuaranteedUntil")?;
    let text = value.as_str().unwrap_or_default();
    let until = text.parse::<jiff::Timestamp>().ok().filter(|_| text.ends_with("+00:00"));
    let Some(until) = until else {
        let words =
            format!("captureGuaranteedUntil is {value}, no moment with an offset\n{exchange}");
        return Err(Failure::new(words));
    };
    if until > world.began {
        return Ok(());
    }
    Err(Failure::new(format!("the guarantee ends before it begins\n{exchange}")))
}

#[then("the answer is marked as the mock's")]
fn marked(world: &mut World) -> Held {
    let exchange = world.answer()?;
    match exchange.header("vipps-mock") {
        Some(version) if !version.is_empty() => Ok(()),
        _ => Err(Failure::new(format!("there is no Vipps-Mock header\n{exchange}"))),
    }
}

#[then("the answer says which rule decided")]
fn explained(world: &mut World) -> Held {
    let exchange = world.answer()?;
    match exchange.header("vipps-mock-reason") {
        Some(reason) if !reason.is_empty() => Ok(()),
        _ => Err(Failure::new(format!("there is no Vipps-Mock-Reason header\n{exchange}"))),
    }
}

#[then(expr = "the control API refuses with {int}")]
fn control_refuses(world: &mut World, status: u16) -> Held {
    let exchange = world.answer()?;
    exchange.expect_status(status)?;
    let media = exchange.header("content-type").unwrap_or_default();
    same("the content type", &media, &"application/problem+json", exchange)?;
    exchange.expect("status", &Value::from(status))?;
    if exchange.at("detail")?.as_str().is_some_and(|detail| !detail.is_empty()) {
        return Ok(());
    }
    Err(Failure::new(format!("the problem says nothing\n{exchange}")))
}
