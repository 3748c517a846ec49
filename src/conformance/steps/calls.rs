//! What the taxi sends, and what it is answered: seen from the way, not from the taxi.

use cucumber::{given, then};
use http::Method;

use crate::conformance::failure::{Failure, Held, same};
use crate::conformance::parameters::{Operation, Statuses};
use crate::conformance::relay::{Passed, Passing, shown};
use crate::conformance::world::World;

const PAYMENTS: &str = "/epayment/v1/payments";

#[given(expr = "the first answer to the taxi's {operation} gets lost")]
fn answer_gets_lost(world: &mut World, operation: Operation) -> Held {
    world.cab.let_calls_pass(Passing::LosesFirstAnswer(match operation.0 {
        "create" => PAYMENTS,
        "capture" => "/capture",
        "cancel" => "/cancel",
        "refund" => "/refund",
        other => return Err(Failure::new(format!("no answer to {other} gets lost"))),
    }));
    Ok(())
}

#[given("the answer to the taxi's request takes longer than the passenger's approval")]
fn answer_is_late(world: &mut World) {
    world.cab.let_calls_pass(Passing::KeepsFirstAnswer(PAYMENTS));
}

/// The calls of a kind about the payment that is spoken of, oldest first.
pub(super) fn sent(world: &World, operation: Operation) -> Result<Vec<Passed>, Failure> {
    let payment = world.payment_path();
    let mut passed = world.cab.calls()?.passed();
    passed.retain(|it| match operation.0 {
        "create" => {
            it.method == Method::POST
                && it.path == PAYMENTS
                && it.body()["reference"] == world.reference.as_str()
        }
        "get" => it.method == Method::GET && it.path == payment,
        other => it.path == format!("{payment}/{other}"),
    });
    Ok(passed)
}

/// All calls of the kind are one call, which is sent until it is answered well.
#[then(expr = "the taxi's {operation} is answered with {statuses}")]
fn answered(world: &mut World, operation: Operation, expected: Statuses) -> Held {
    let sent = sent(world, operation)?;
    let statuses: Vec<_> = sent.iter().map(|it| it.status).collect();
    same("what it is answered", &statuses, &expected.0, &shown(&sent))?;
    for repeated in sent.windows(2) {
        same("the key", &repeated[1].key, &repeated[0].key, &shown(&sent))?;
        same("the body", &repeated[1].body, &repeated[0].body, &shown(&sent))?;
    }
    Ok(())
}

/// Whether or not the taxi got to see the answers.
#[then(expr = "the taxi's {operation} is given the same answer each time")]
fn answered_alike(world: &mut World, operation: Operation) -> Held {
    let sent = sent(world, operation)?;
    same("whether it is sent again", &(sent.len() > 1), &true, &shown(&sent))?;
    for repeated in sent.windows(2) {
        same("the answer", &repeated[1].answer(), &repeated[0].answer(), &shown(&sent))?;
    }
    Ok(())
}

#[then(expr = "the taxi sends no {operation}")]
fn none_sent(world: &mut World, operation: Operation) -> Held {
    let sent = sent(world, operation)?;
    same("the number of calls", &sent.len(), &0, &shown(&sent))
}

#[then(expr = "the taxi looks {int} times, and is always answered with {int}")]
fn looks(world: &mut World, count: usize, status: u16) -> Held {
    let sent = sent(world, Operation("get"))?;
    same("the number of looks", &sent.len(), &count, &shown(&sent))?;
    let others = sent.iter().filter(|it| it.status != Some(status)).count();
    same("how many are answered otherwise", &others, &0, &shown(&sent))
}

#[then(expr = "the taxi fetches {int} tokens")]
fn tokens(world: &mut World, count: usize) -> Held {
    let mut passed = world.cab.calls()?.passed();
    passed.retain(|it| it.path == "/accesstoken/get");
    same("the number of tokens", &passed.len(), &count, &shown(&passed))
}
