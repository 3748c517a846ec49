//! What the customer does on the pages, and in the app that the mock simulates.

use axum::{body::Bytes, response::Response};

use super::{
    answer::{Refusal, redirect, refused, unknown_link},
    pages::{CardForm, Form, Waiting},
    visits::{PathLink, next},
};
use crate::{
    app::links::{Followed, MayNotPay, Stage, Visit},
    domain::{PhoneNumber, typed_card::TypedCard},
};

/// What is said of a text that is no number.
const NO_NUMBER: &str = "Enter a phone number.";

/// What is said of a number whose owner may not pay this, whatever the reason.
const MAY_NOT_PAY: &str = "This number cannot be used for this payment. Try another one.";

/// The customer says who pays.
pub(super) async fn phone(PathLink(followed): PathLink, body: Bytes) -> Response {
    let typed = field(&body, "phone");
    let market = followed.unit.seed().market;
    let Ok(phone) = PhoneNumber::typed(&typed, market) else {
        return ask_again(&followed, typed, NO_NUMBER);
    };
    match followed.ask(&phone) {
        Ok(visit) => go_on(visit.as_ref()),
        Err(MayNotPay) => ask_again(&followed, typed, MAY_NOT_PAY),
    }
}

fn ask_again(followed: &Followed, typed: String, problem: &'static str) -> Response {
    match followed.look() {
        Some(visit) if visit.stage == Stage::Asking && !visit.takes_cards() => {
            let form = Form::new(followed, &visit, "").with_problem(typed, problem);
            refused(Refusal::WrongInput, &form)
        }
        visit => go_on(visit.as_ref()),
    }
}

/// The customer types a card.
pub(super) async fn card(PathLink(followed): PathLink, body: Bytes) -> Response {
    let [number, expiry, code] = ["number", "expiry", "code"].map(|name| field(&body, name));
    let now = followed.unit.clock().now();
    match TypedCard::read(&number, &expiry, &code, now) {
        Ok(card) => go_on(followed.take_card(card.bin()).as_ref()),
        Err(error) => match followed.look() {
            Some(visit) if visit.stage == Stage::Asking && visit.takes_cards() => {
                let form = CardForm::new(&followed, &visit, "");
                let form = form.with_problem(number, expiry, error.to_string());
                refused(Refusal::WrongInput, &form)
            }
            visit => go_on(visit.as_ref()),
        },
    }
}

/// What was typed into a field of a form.
fn field(body: &[u8], name: &str) -> String {
    let mut pairs = url::form_urlencoded::parse(body);
    pairs.find(|(it, _)| it == name).map(|(_, text)| text.into_owned()).unwrap_or_default()
}

/// The customer cancels on the page.
pub(super) async fn cancel(PathLink(followed): PathLink) -> Response {
    go_on(followed.cancel().as_ref())
}

/// The customer approves in the app.
pub(super) async fn approve(PathLink(followed): PathLink) -> Response {
    let error = match followed.confirm().await {
        Ok(visit) => return go_on(visit.as_ref()),
        Err(error) => error,
    };
    match followed.look() {
        Some(visit) => match &visit.stage {
            Stage::Confirming(payer) => {
                let page = Waiting::new(&followed, &visit, payer).with_problem(error.to_string());
                refused(Refusal::WrongInput, &page)
            }
            Stage::Asking | Stage::Ended | Stage::Dead => go_on(Some(&visit)),
        },
        None => unknown_link(),
    }
}

/// The customer rejects in the app.
pub(super) async fn reject(PathLink(followed): PathLink) -> Response {
    go_on(followed.cancel().as_ref())
}

/// To the page for how it stands now.
fn go_on(visit: Option<&Visit>) -> Response {
    visit.map_or_else(unknown_link, |visit| redirect(&next(visit)))
}
