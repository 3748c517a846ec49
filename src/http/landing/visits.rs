//! What a browser sees that follows a link.

use axum::{
    extract::{FromRequestParts, Path, RawQuery, State},
    http::{HeaderMap, Method, request::Parts},
    response::Response,
};
use serde::Serialize;

use super::{
    answer::{Refusal, json, page, redirect, refused, unknown_link},
    pages::{CardForm, Ended, Form, Message, Waiting, left},
};
use crate::{
    app::{
        Mock,
        links::{Followed, Stage, Visit},
    },
    domain::PaymentState,
    http::Edge,
};

/// The payment whose token stands in the path.
pub(super) struct PathLink(pub(super) Followed);

impl FromRequestParts<Edge> for PathLink {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, edge: &Edge) -> Result<Self, Response> {
        let path = Path::<String>::from_request_parts(parts, edge).await;
        let followed = path.ok().and_then(|Path(token)| edge.mock.follow(&token));
        followed.map(Self).ok_or_else(unknown_link)
    }
}

/// The token of a query.
pub(super) fn token_in(query: Option<&str>) -> Option<String> {
    let mut pairs = url::form_urlencoded::parse(query?.as_bytes());
    pairs.find(|(name, _)| name == "token").map(|(_, token)| token.into_owned())
}

/// The link itself. To come back to it is to go back.
pub(super) async fn open(
    State(mock): State<Mock>,
    method: Method,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let token = token_in(query.as_deref()).unwrap_or_default();
    let Some(followed) = mock.follow(&token) else { return unknown_link() };
    let visit = if only_looks(&method, &headers) { followed.look() } else { followed.open() };
    let Some(visit) = visit else { return unknown_link() };
    let base = format!("landing/{token}/");
    match visit.stage {
        Stage::Asking if visit.takes_cards() => page(&CardForm::new(&followed, &visit, &base)),
        Stage::Asking => page(&Form::new(&followed, &visit, &base)),
        Stage::Confirming(_) => redirect(&format!("{base}waiting")),
        Stage::Ended => redirect(&format!("{base}done")),
        Stage::Dead => dead(&followed, &visit),
    }
}

/// Nobody is there to see the answer: a browser that fetches ahead, or a tool that asks for headers.
fn only_looks(method: &Method, headers: &HeaderMap) -> bool {
    let purpose = headers.get("sec-purpose").and_then(|it| it.to_str().ok()).unwrap_or_default();
    *method == Method::HEAD || purpose.starts_with("prefetch")
}

/// The page of a link that leads nobody to the end any more.
pub(super) fn dead(followed: &Followed, visit: &Visit) -> Response {
    let refusal = if visit.is_closed() { Refusal::ClosedBrowser } else { Refusal::UsedLink };
    refused(refusal, &Message::used(followed, visit))
}

/// Until the customer has confirmed.
pub(super) async fn waiting(PathLink(followed): PathLink) -> Response {
    let Some(visit) = followed.look() else { return unknown_link() };
    match &visit.stage {
        Stage::Confirming(payer) => page(&Waiting::new(&followed, &visit, payer)),
        Stage::Asking | Stage::Ended => redirect(&next(&visit)),
        Stage::Dead => dead(&followed, &visit),
    }
}

/// The end: back to the merchant where there is a way, and a receipt where there is none. What the
/// customer cannot know yet is said before.
pub(super) async fn done(
    PathLink(followed): PathLink,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let looks = only_looks(&method, &headers);
    let visit = if looks { followed.look() } else { followed.leave() };
    let Some(visit) = visit else { return unknown_link() };
    match (&visit.stage, visit.return_url(), visit.payment.state()) {
        (Stage::Asking | Stage::Confirming(_), _, _) => redirect(&next(&visit)),
        (Stage::Dead, url, _) if url.is_some() || visit.is_closed() => dead(&followed, &visit),
        (Stage::Ended, Some(url), PaymentState::Authorized(_) | PaymentState::Aborted) => {
            redirect(url)
        }
        (Stage::Ended | Stage::Dead, _, _) => page(&Ended::new(&followed, &visit)),
    }
}

/// How it stands, for the script of a page.
#[derive(Serialize)]
struct Status {
    stage: &'static str,
    left: String,
}

pub(super) async fn status(PathLink(followed): PathLink) -> Response {
    let Some(visit) = followed.look() else { return unknown_link() };
    let stage = match visit.stage {
        Stage::Asking => "asking",
        Stage::Confirming(_) => "confirming",
        Stage::Ended | Stage::Dead => "ended",
    };
    // Two texts always serialise.
    json(serde_json::to_string(&Status { stage, left: left(&visit) }).unwrap_or_default())
}

/// The page for how it stands, seen from any of those under `/landing/{token}/`.
pub(super) fn next(visit: &Visit) -> String {
    match visit.stage {
        Stage::Asking => {
            let token = visit.payment.link().map(|link| link.address().token.clone());
            format!("../../?token={}", token.unwrap_or_default())
        }
        Stage::Confirming(_) => "waiting".to_owned(),
        Stage::Ended | Stage::Dead => "done".to_owned(),
    }
}
