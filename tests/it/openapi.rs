//! The description of the control API: by the rules of OpenAPI, and beside what is answered.

use std::collections::BTreeSet;

use boon::{Compiler, Schemas};
use insta::assert_json_snapshot;
use serde_json::Value;

use crate::support::TestMock;

async fn document() -> Value {
    let mock = TestMock::start().await;
    mock.look("/control/v1/openapi.json").await.json()
}

/// What is wrong with a value by the schema at a place of a document; nothing if it fits.
#[track_caller]
fn misfit(document: &Value, place: &str, value: &Value) -> Option<String> {
    let mut compiler = Compiler::new();
    compiler.add_resource("http://mock.test/document", document.clone()).unwrap();
    let mut schemas = Schemas::new();
    let index = compiler.compile(&format!("http://mock.test/document#{place}"), &mut schemas);
    let index = index.unwrap_or_else(|error| panic!("{place}: {error:#}"));
    schemas.validate(value, index).err().map(|error| error.to_string())
}

/// Every operation as `GET /clock`, with what it is.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            all.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    all
}

/// Every `$ref` in a value.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(members) => {
            let own = members.get("$ref").and_then(Value::as_str);
            own.into_iter().chain(members.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// For `cargo insta`, and for whoever reviews a change of the control API.
#[tokio::test]
async fn document_is_as_reviewed() {
    let mut document = document().await;
    document["info"]["version"] = "VERSION".into();
    assert_json_snapshot!(document);
}

#[tokio::test]
async fn document_is_openapi() {
    let document = document().await;
    let shape = include_str!("openapi/shape.json").parse().unwrap();
    assert_eq!(misfit(&shape, "", &document), None);
    for place in references(&document) {
        let pointer = place.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "there is no {place}");
    }
    let all = operations(&document);
    let ids: BTreeSet<_> = all.iter().map(|(_, it)| it["operationId"].to_string()).collect();
    assert_eq!(ids.len(), all.len(), "two handlers of one name in a group: {ids:?}");
    for (name, operation) in &all {
        let in_path = operation["parameters"].as_array().into_iter().flatten();
        let in_path =
            in_path.filter(|it| it["in"] == "path").map(|it| it["name"].as_str().unwrap());
        let braced = name.split('/').filter_map(|it| it.strip_prefix('{')?.strip_suffix('}'));
        assert_eq!(in_path.collect::<Vec<_>>(), braced.collect::<Vec<_>>(), "{name}");
    }
}

/// Whoever reads it shall learn what to send.
#[tokio::test]
async fn everything_that_can_be_sent_is_explained() {
    let document = document().await;
    let tags = document["tags"].as_array().unwrap();
    let mut bodies = BTreeSet::new();
    for (name, operation) in operations(&document) {
        let tag = &operation["tags"][0];
        assert!(tags.iter().any(|it| it["name"] == *tag), "{name}: add its path to TAGS");
        let summary = operation["summary"].as_str().unwrap();
        assert!(!summary.contains(['\n', '.']), "{name}: the first line is a heading: {summary}");
        bodies.extend(references(&operation["requestBody"]));
    }
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name} is not described");
    }
    assert!(!bodies.is_empty());
    for place in bodies {
        let body = document.pointer(&place[1..]).unwrap();
        for (member, schema) in body["properties"].as_object().into_iter().flatten() {
            let text =
                schema["description"].as_str().or(schema["oneOf"][0]["description"].as_str());
            assert!(text.is_some(), "{place}: {member} is not described");
        }
    }
}
