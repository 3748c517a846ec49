//! `/webhooks/v1/webhooks`: register, list, delete (Webhooks API description, v1).

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    http::StatusCode,
    routing::{delete, post},
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    Edge,
    error::ApiError,
    gateway::Unit,
    json::{Json, Value},
    path::PathText,
    problem::Problem,
    schema::{Check, Failure, Node, Rule},
};
use crate::{
    app::addresses::may_receive,
    domain::{EventType, Registration, Strictness},
};

pub(super) fn router() -> Router<Edge> {
    Router::new()
        .route("/webhooks/v1/webhooks", post(register).get(list))
        .route("/webhooks/v1/webhooks/{id}", delete(unregister))
}

/// The only answer that ever carries the secret.
#[derive(Serialize)]
struct RegisteredReply {
    id: String,
    secret: String,
}

#[derive(Serialize)]
struct ListReply {
    webhooks: Vec<RegistrationReply>,
}

#[derive(Serialize)]
struct RegistrationReply {
    id: String,
    url: String,
    events: Vec<&'static str>,
}

async fn register(
    unit: Unit,
    mut check: Check,
    body: Bytes,
) -> Result<(StatusCode, Json<RegisteredReply>), ApiError> {
    let json = check.json(&body);
    let strictness = unit.strictness();
    let wanted = json.as_ref().and_then(|json| read(&mut check, &Node::root(json), strictness));
    let ((url, events), _) = check.finish(wanted)?;
    let Registration { id, secret, .. } = unit.register(url, events)?;
    let reply = RegisteredReply { id: id.to_string(), secret: secret.to_string() };
    Ok((StatusCode::CREATED, Json(reply)))
}

async fn list(unit: Unit) -> Json<ListReply> {
    let webhooks = unit.registrations().iter().map(RegistrationReply::from).collect();
    Json(ListReply { webhooks })
}

async fn unregister(unit: Unit, PathText(id): PathText<String>) -> Result<StatusCode, ApiError> {
    if Uuid::try_parse(&id).is_err() {
        let rule = Rule::Said(format!("The value '{id}' is not valid."));
        return Err(ApiError::Invalid(vec![Failure { path: "id".to_owned(), rule }]));
    }
    if unit.unregister(&id.to_ascii_lowercase()) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        let detail = format!("There is no webhook with the id {id}.");
        Err(ApiError::Problem(Problem::UnknownRegistration, detail))
    }
}

fn read(
    check: &mut Check,
    root: &Node<'_>,
    strictness: Strictness,
) -> Option<(Arc<str>, Vec<EventType>)> {
    check.members(root, "RegisterRequest", &["url", "events"])?;
    let url = root.member("url").filter(|it| it.value().as_str() != Some(""));
    let events = root.member("events").filter(|it| *it.value() != Value::List(Vec::new()));
    let url = match url {
        Some(node) => address(check, node, strictness),
        None => missing(check, "url"),
    };
    let events = match events {
        Some(node) => event_types(check, &node),
        None => missing(check, "events"),
    };
    Some((url?, events?))
}

fn missing<T>(check: &mut Check, name: &str) -> Option<T> {
    check.fail(name.to_owned(), Rule::Required);
    None
}

fn address(check: &mut Check, node: Node<'_>, strictness: Strictness) -> Option<Arc<str>> {
    let text = check.string(node)?;
    if !may_receive(text, strictness) {
        let reason = "The URL and/or hostname you provided is not allowed";
        check.fail_at(&node, Rule::Said(reason.to_owned()));
        return None;
    }
    Some(text.into())
}

fn event_types(check: &mut Check, node: &Node<'_>) -> Option<Vec<EventType>> {
    let names: Vec<_> = {
        let items = check.list(node, "List`1[System.String]")?;
        items.map(|item| check.string(item)).collect::<Option<_>>()?
    };
    let unknown: Vec<_> =
        names.iter().copied().filter(|name| name.parse::<EventType>().is_err()).collect();
    if !unknown.is_empty() {
        let reason = format!("Unsupported values: {}", unknown.join(", "));
        check.fail_at(node, Rule::Said(reason));
        return None;
    }
    Some(names.iter().filter_map(|name| name.parse().ok()).collect())
}

impl From<&Registration> for RegistrationReply {
    fn from(registration: &Registration) -> Self {
        Self {
            id: registration.id.to_string(),
            url: registration.url.to_string(),
            events: registration.events.iter().map(|it| it.name()).collect(),
        }
    }
}
