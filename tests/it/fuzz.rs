//! Whatever is sent to any endpoint: it is answered in its API's shape, and a refusal changes
//! nothing.

use std::{cell::RefCell, collections::BTreeMap};

use axum::http::Method;
use jiff::SignedDuration;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Map, Value, json};
use vipps_mock::app::agenda::Target;

use crate::support::{Reply, TestMock, modification, push_request};

const UNIT: &str = "/control/v1/sales-units/900001";
const CASES: u32 = 2000;

/// Every call is followed by a look at all there is, so there had better not be much.
const RESET_EVERY: u32 = 50;

/// An endpoint, and a body it would take.
#[derive(Debug, Clone)]
struct Endpoint {
    method: &'static str,
    path: &'static str,
    body: Value,
}

fn endpoints() -> Vec<Endpoint> {
    let of = |method, path, body| Endpoint { method, path, body };
    let customer = json!({"customer": {"phoneNumber": "4740000001"}});
    vec![
        of("POST", "/epayment/v1/payments", whole_request()),
        of("POST", "/epayment/v1/payments/ride-0001/capture", modification(100)),
        of("POST", "/epayment/v1/payments/ride-0001/refund", modification(100)),
        of(
            "POST",
            "/epayment/v1/payments/ride-0001/cancel",
            json!({"cancelTransactionOnly": true}),
        ),
        of("POST", "/epayment/v1/test/payments/ride-0002/approve", customer),
        of("GET", "/epayment/v1/payments/ride-0001", Value::Null),
        of("GET", "/epayment/v1/payments/ride_%ff/events", Value::Null),
        of(
            "POST",
            "/webhooks/v1/webhooks",
            json!({"url": "http://127.0.0.1:9/", "events": ["epayments.payment.created.v1"]}),
        ),
        of("GET", "/webhooks/v1/webhooks", Value::Null),
        of("DELETE", "/webhooks/v1/webhooks/c0ffee00-0000-4000-8000-000000000001", Value::Null),
        of("POST", "/order-management/v2/ecom/receipts/order-0001", receipt()),
        of("GET", "/order-management/v2/ecom/order-0001", Value::Null),
        of("POST", "/accesstoken/get", json!({})),
        of("GET", "/vipps-userinfo-api/userinfo/nobody", Value::Null),
        of(
            "POST",
            "/control/v1/sales-units",
            json!({"market": "DK", "permissions": {"express": false}}),
        ),
        of(
            "POST",
            "/control/v1/sales-units/900001/payments/ride-0001/approve",
            json!({
                "address": {"addressLine1": "A", "city": "B", "postCode": "C", "country": "NO"},
                "shippingOptionId": "a",
            }),
        ),
        of(
            "PUT",
            "/control/v1/sales-units/900001/shipping-callback",
            json!({"casing": "PascalCase"}),
        ),
        of("POST", "/control/v1/sales-units/900001/clock/advance", json!({"by": "1s"})),
        of("POST", "/control/v1/sales-units/900001/faults", json!({"code": 6280, "times": 1})),
    ]
}

fn receipt() -> Value {
    json!({
        "orderLines": [{
            "name": "Ride", "id": "ride", "totalAmount": 112, "totalAmountExcludingTax": 100,
            "totalTaxAmount": 12, "taxRate": 1200, "isShipping": true,
            "unitInfo": {"unitPrice": 112, "quantity": "1", "quantityUnit": "PCS"},
        }],
        "bottomLine": {"currency": "NOK", "barcode": {"format": "EAN-13", "data": "1"}},
    })
}

/// Every member there is.
fn whole_request() -> Value {
    let mut body = push_request("order-0001", 34592);
    let more = json!({
        "returnUrl": "https://taxi.example/back",
        "profile": {"scope": "name address"},
        "metadata": {"ride": "1"},
        "receipt": receipt(),
        "receiptUrl": "https://taxi.example/receipt",
        "qrFormat": {"format": "IMAGE/PNG", "size": 200},
        "minimumUserAge": 18,
        "merchantLegalLinks": {
            "termsOfSaleUrl": "https://taxi.example/terms",
            "privacyPolicyUrl": "https://taxi.example/privacy",
        },
        "industryData": {"airlineData": {
            "agencyInvoiceNumber": "1", "airlineCode": "074", "airlineDesignatorCode": "KL",
            "passengerName": "A",
        }},
        "shipping": {"fixedOptions": [{"type": "MAILBOX", "brand": "POSTEN", "options": [
            {"id": "a", "name": "A", "amount": {"currency": "NOK", "value": 4900}, "priority": 1}
        ]}], "allowedCountries": ["NO"]},
        "expiresAt": "2030-01-02T12:00:00Z",
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (0..1000_i64).prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "[0-9a-zA-Z:/.-]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-zA-Z]{0,8}", inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// What is done to a good body.
#[derive(Debug, Clone)]
enum Change {
    /// The how-manieth value becomes this.
    Replace(usize, Value),
    /// It goes.
    Remove(usize),
    /// An object gets one more member.
    Add(usize, String, Value),
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<usize>(), any_json()).prop_map(|(at, value)| Change::Replace(at, value)),
        any::<usize>().prop_map(Change::Remove),
        (any::<usize>(), "[a-z]{1,8}", any_json())
            .prop_map(|(at, name, value)| Change::Add(at, name, value)),
    ]
}

/// A body: anything, or a good one with changes, or text that breaks off.
#[derive(Debug, Clone)]
enum Body {
    Anything(Value),
    Changed(Vec<Change>),
    Broken(usize),
}

fn any_body() -> impl Strategy<Value = Body> {
    prop_oneof![
        1 => any_json().prop_map(Body::Anything),
        4 => prop::collection::vec(any_change(), 0..3).prop_map(Body::Changed),
        1 => any::<usize>().prop_map(Body::Broken),
    ]
}

fn pointers(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                pointers(value, format!("{at}/{name}"), all);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, format!("{at}/{index}"), all);
            }
        }
        _ => {}
    }
    all.push(at);
}

fn apply(body: &mut Value, change: Change) {
    let mut all = Vec::new();
    pointers(body, String::new(), &mut all);
    let pick = |at: usize| all[at % all.len()].clone();
    match change {
        Change::Replace(at, value) => {
            if let Some(place) = body.pointer_mut(&pick(at)) {
                *place = value;
            }
        }
        Change::Remove(at) => {
            let pointer = pick(at);
            let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
            if let Some(Value::Object(members)) = body.pointer_mut(parent) {
                members.remove(name);
            }
        }
        Change::Add(at, name, value) => {
            if let Some(Value::Object(members)) = body.pointer_mut(&pick(at)) {
                members.insert(name, value);
            }
        }
    }
}

fn text_of(endpoint: &Endpoint, body: Body) -> String {
    match body {
        Body::Anything(value) => value.to_string(),
        Body::Changed(changes) => {
            let mut body = endpoint.body.clone();
            for change in changes {
                apply(&mut body, change);
            }
            body.to_string()
        }
        Body::Broken(at) => {
            let text = endpoint.body.to_string();
            let end = at % (text.len() + 1);
            text.chars().take(end).collect()
        }
    }
}

/// Two payments, one of them approved, and nothing else. Time stands still, or a retry could come due
/// between a refusal and the look at what it changed.
async fn start_over(mock: &TestMock) {
    mock.unit().reset();
    mock.unit().freeze_clock();
    mock.create("ride-0001", 34592).await;
    mock.create("ride-0002", 34592).await;
    mock.unit().approve(&"ride-0001".parse().unwrap()).unwrap();
}

/// All that could have changed, once the webhooks on their way have come to something: they are not
/// the doing of whichever call happens to be made meanwhile.
async fn state(mock: &TestMock) -> Vec<String> {
    mock.unit().step(Target::By(SignedDuration::ZERO)).await.unwrap();
    let mut all = Vec::new();
    for path in ["payments", "deliveries", "faults", "shipping-callback"] {
        all.push(mock.get(&format!("{UNIT}/{path}")).await.text);
    }
    for path in [
        "/control/v1/sales-units",
        "/webhooks/v1/webhooks",
        "/epayment/v1/payments/ride-0001/events",
        "/epayment/v1/payments/ride-0002/events",
    ] {
        all.push(mock.get(path).await.text);
    }
    let order = mock.get("/order-management/v2/ecom/order-0001").await;
    // An answer that there is none carries a trace id of its own.
    all.push(if order.status == 200 { order.text } else { String::new() });
    all
}

fn has(body: &Value, members: &[&str]) -> bool {
    members.iter().all(|name| body.get(name).is_some())
}

/// A refusal is in the shape that its API has for it.
fn is_documented(path: &str, reply: &Reply) -> bool {
    let Ok(body) = serde_json::from_str::<Value>(&reply.text) else { return false };
    let media = reply.headers["content-type"].to_str().unwrap();
    if path.starts_with("/epayment") {
        media == "application/problem+json"
            && body["status"] == reply.status.as_u16()
            && has(&body, &["type", "title", "detail", "instance", "extraDetails", "traceId"])
    } else if path.starts_with("/webhooks") {
        media == "application/problem+json"
            && body["status"] == reply.status.as_u16()
            && has(&body, &["type", "title", "detail", "traceId", "extraDetails"])
    } else if path.starts_with("/order-management") {
        has(&body, &["type", "title", "detail", "instance", "invalidParams"])
    } else if path.starts_with("/control") {
        media == "application/problem+json" && has(&body, &["type", "title", "status", "detail"])
    } else if path.starts_with("/vipps-userinfo-api") {
        has(&body, &["title", "status", "detail"]) && body["status"].is_string()
    } else {
        has(&body, &["error", "error_description"])
    }
}

#[test]
fn every_endpoint_answers_anything_in_its_shape_and_a_refusal_changes_nothing() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mock = runtime.block_on(TestMock::start());
    runtime.block_on(start_over(&mock));
    let counts: RefCell<BTreeMap<String, [u32; 2]>> = RefCell::default();
    let keys = RefCell::new(0_u32);
    let standing = RefCell::new(runtime.block_on(state(&mock)));
    let calls = (prop::sample::select(endpoints()), any_body());
    // What came before counts, so a failure cannot be told with less.
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    let result = runner.run(&calls, |(endpoint, body)| {
        *keys.borrow_mut() += 1;
        if keys.borrow().is_multiple_of(RESET_EVERY) {
            runtime.block_on(start_over(&mock));
            standing.replace(runtime.block_on(state(&mock)));
        }
        let key = format!("key-{:04}", keys.borrow());
        let mut text = text_of(&endpoint, body);
        if endpoint.path == "/epayment/v1/payments" {
            text = text.replace("order-0001", &key);
        }
        let headers = [
            ("Idempotency-Key", key.as_str()),
            ("client_id", "5a2c7f10-3b64-4f0e-9d21-000000900001"),
        ];
        let method: Method = endpoint.method.parse().unwrap();
        let sent = if endpoint.method == "GET" { "" } else { text.as_str() };
        let reply = runtime.block_on(mock.call(method, endpoint.path, &headers, sent));
        let after = runtime.block_on(state(&mock));
        let before = standing.replace(after.clone());
        let status = reply.status.as_u16();
        prop_assert!(status < 500, "{} {text}: {} {}", endpoint.path, status, reply.text);
        if 400 <= status {
            prop_assert!(is_documented(endpoint.path, &reply), "{} {}", endpoint.path, reply.text);
            prop_assert_eq!(before, after, "{} {} {}", endpoint.path, text, reply.text);
        }
        // A fault is meant to show in other calls, which are not asked about it.
        if endpoint.path.ends_with("/faults") {
            mock.unit().clear_faults();
            standing.replace(runtime.block_on(state(&mock)));
        }
        let name = format!("{} {}", endpoint.method, endpoint.path);
        counts.borrow_mut().entry(name).or_default()[usize::from(400 <= status)] += 1;
        Ok(())
    });
    for (name, [accepted, refused]) in counts.borrow().iter() {
        println!("{name}: {accepted} accepted, {refused} refused");
    }
    println!("{CASES} calls");
    result.unwrap();
}
