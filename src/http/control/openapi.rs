//! The OpenAPI document of the control API, made from the handlers themselves.
//!
//! A route is registered together with its description, so none can lack one. What operations have in
//! common is added here and written nowhere else: ids, tags, what stands in the path, and how a
//! refusal looks.

use std::sync::OnceLock;

use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, openapi::OpenApi};

use super::answer::Body;

/// What can stand in a path.
const IN_THE_PATH: [(&str, &str); 7] = [
    ("msn", "The sales unit's merchant serial number, such as `900001`."),
    ("reference", "What the merchant calls the payment."),
    ("phone", "Digits with the country code, such as `4790000001`."),
    ("paymentType", "`ecom` or `recurring`, as in the paths of Order Management."),
    ("orderId", "The merchant's order id; of a payment, its reference."),
    ("imageId", "What the merchant calls the image."),
    ("id", "What the list shows as `id`."),
];

/// A heading over operations.
struct Tag {
    name: &'static str,
    about: &'static str,
    /// What paths begin with, after the sales unit if there is one.
    paths: &'static [&'static str],
}

const TAGS: [Tag; 10] = [
    Tag {
        name: "mock",
        about: "The mock as a whole.",
        paths: &["health", "openapi.json", "public-url"],
    },
    Tag {
        name: "sales units",
        about: "Each is a world of its own: none sees the payments, webhooks, time or faults of \
                another.",
        paths: &["sales-units", "reset", "snapshot"],
    },
    Tag {
        name: "payments",
        about: "Payments as the mock knows them, and what their customers do.",
        paths: &["payments", "shipping-callback"],
    },
    Tag { name: "customers", about: "Customers, by phone number.", paths: &["users", "inbox"] },
    Tag {
        name: "receipts",
        about: "Receipts, links and images, as the customer's app shows them.",
        paths: &["receipts", "images"],
    },
    Tag {
        name: "clock",
        about: "The time of a sales unit. To move it is to do all that is due on the way.",
        paths: &["clock"],
    },
    Tag {
        name: "faults",
        about: "What is to go wrong, in calls and webhooks.",
        paths: &["faults"],
    },
    Tag {
        name: "webhooks",
        about: "Who is told, what was sent, and what came back.",
        paths: &["registrations", "deliveries"],
    },
    Tag { name: "events", about: "Everything that happens, live.", paths: &["events"] },
    Tag {
        name: "journal",
        about: "Every call of the APIs: what was sent, what was answered, what came of it.",
        paths: &["requests", "requests.har"],
    },
];

/// This document
///
/// It is made from the code that answers, so it says what this version of the mock does.
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, body = Object)))]
pub(super) async fn document() -> Response {
    static TEXT: OnceLock<String> = OnceLock::new();
    let text = TEXT.get_or_init(|| described(&super::routes().into_openapi()).to_string());
    ([(CONTENT_TYPE, "application/json")], text.as_str()).into_response()
}

/// The routes' own descriptions, completed.
fn described(api: &OpenApi) -> Value {
    let mut document = json!(api);
    let schemas = document["components"]["schemas"].take();
    for (path, item) in members(&mut document["paths"]) {
        for (_, operation) in members(item) {
            complete(operation, path, &schemas);
        }
    }
    document["components"]["schemas"] = schemas;
    document["info"] = json!({
        "title": "vipps-mock control API",
        "version": env!("CARGO_PKG_VERSION"),
        "description": ABOUT,
        "license": { "name": "MIT", "identifier": "MIT" },
    });
    document["servers"] = json!([{ "url": "/control/v1" }]);
    let tags = TAGS.map(|it| json!({ "name": it.name, "description": it.about }));
    document["tags"] = Value::from(tags.to_vec());
    document["security"] = json!([{}, { "controlToken": [] }]);
    let components = &mut document["components"];
    components["schemas"]["Problem"] = json!(Body::schema());
    components["responses"] = json!({ "Refusal": {
        "description": "Refused: `detail` says what was wrong, `hint` what to do about it.",
        "content": { "application/problem+json": { "schema": {
            "$ref": "#/components/schemas/Problem"
        } } },
    } });
    components["securitySchemes"] = json!({ "controlToken": {
        "type": "http",
        "scheme": "bearer",
        "description": "What `serve --control-token` was given. Without that flag nothing is asked \
                        for, and never at `/health`.",
    } });
    document
}

const ABOUT: &str = "What a tester, the clock or a customer does to a running vipps-mock. It is not \
                     part of the APIs that the mock simulates.\n\nAmounts are in minor units, times \
                     are UTC, durations are whole numbers with `ms s m h d`, joined at will \
                     (`1h30m`).";

fn members(object: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    object.as_object_mut().into_iter().flat_map(Map::iter_mut)
}

fn complete(operation: &mut Value, path: &str, schemas: &Value) {
    let about = about(path);
    let handler = operation["operationId"].as_str().unwrap_or_default();
    operation["operationId"] = id(about, handler).into();
    let tag = TAGS.iter().find(|it| it.paths.contains(&about));
    // One that is not in the table has a heading of its own.
    operation["tags"] = json!([tag.map_or(about, |it| it.name)]);
    let names = path.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<_> = names.map(in_the_path).collect();
    parameters.extend(operation["parameters"].as_array().cloned().unwrap_or_default());
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = operation.get_mut("requestBody") {
        // No body counts as an empty one.
        body["required"] = needs_members(body, schemas).into();
    }
    for (status, response) in members(&mut operation["responses"]) {
        if response["description"].as_str().is_none_or(str::is_empty) {
            response["description"] = outcome(status).into();
        }
    }
    operation["responses"]["4XX"] = json!({ "$ref": "#/components/responses/Refusal" });
}

/// What a status means of which nothing else is said.
fn outcome(status: &str) -> &'static str {
    match status {
        "201" => "Made; as it is now.",
        "204" => "Done; there is nothing to say.",
        _ => "Done; as it is now.",
    }
}

fn needs_members(body: &Value, schemas: &Value) -> bool {
    let name = body.pointer("/content/application~1json/schema/$ref").and_then(Value::as_str);
    let name = name.and_then(|it| it.rsplit('/').next()).unwrap_or_default();
    schemas[name].get("required").is_some()
}

/// What a path is about: what it begins with, after the sales unit if there is one.
fn about(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    let own = path.strip_prefix("sales-units/{msn}/").unwrap_or(path);
    own.split('/').next().unwrap_or_default()
}

/// What generated clients call the operation: `clockAdvance`, and `reset` where both say the same.
fn id(about: &str, handler: &str) -> String {
    let says_all = about.starts_with(handler) || handler.starts_with(about);
    camel_case(&if says_all { handler.to_owned() } else { format!("{about} {handler}") })
}

fn in_the_path(name: &str) -> Value {
    let about = IN_THE_PATH.iter().find(|it| it.0 == name).map_or("", |it| it.1);
    json!({
        "name": name,
        "in": "path",
        "required": true,
        "description": about,
        "schema": { "type": "string" },
    })
}

/// Several words as one: `salesUnitsShow`.
fn camel_case(words: &str) -> String {
    let mut parts = words.split(|it: char| !it.is_ascii_alphanumeric());
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (head, rest) = part.split_at_checked(1).unwrap_or_default();
        text + &head.to_ascii_uppercase() + rest
    })
}
