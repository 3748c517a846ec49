//! Express: goods are shipped as the customer chooses in the app.

use std::sync::{Arc, Mutex};

use axum::{Router, body::Bytes, http::HeaderMap, routing::post};
use insta::assert_json_snapshot;
use serde_json::{Value, json};

use crate::{features_asked::request_with, support::TestMock};

const PAYMENTS: &str = "/epayment/v1/payments";
const ORDER: &str = "/epayment/v1/payments/order-0001";
const UNIT: &str = "/control/v1/sales-units/900001";

fn group(kind: &str, options: &[(&str, u64)]) -> Value {
    let options: Vec<_> = options
        .iter()
        .map(|(id, value)| {
            json!({"id": id, "name": format!("Way {id}"), "amount": {"currency": "NOK", "value": value}})
        })
        .collect();
    json!({"type": kind, "brand": "POSTEN", "options": options})
}

async fn with_order(shipping: Value, more: Value) -> TestMock {
    let mock = TestMock::start().await;
    let mut change = json!({"profile": {"scope": "name address"}, "shipping": shipping});
    for (name, value) in more.as_object().unwrap() {
        change[name] = value.clone();
    }
    let reply = mock.post(PAYMENTS, "key", &request_with("order-0001", &change)).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    mock
}

async fn approve(mock: &TestMock, choice: Value) -> (u16, Value) {
    let path = format!("{UNIT}/payments/order-0001/approve");
    let reply = mock.post(&path, "", &choice).await;
    (reply.status.as_u16(), reply.json())
}

#[tokio::test]
async fn total_is_goods_and_shipping_and_the_receipt_says_which() {
    let fixed = json!({"fixedOptions": [group("MAILBOX", &[("a", 4900), ("b", 9900)])]});
    let receipt = json!({"receipt": {
        "orderLines": [
            {"name": "Socks", "id": "socks", "totalAmount": 34592,
             "totalAmountExcludingTax": 34592, "totalTaxAmount": 0, "taxRate": 0},
            {"name": "Shipping", "id": "shipping", "totalAmount": 0,
             "totalAmountExcludingTax": 0, "totalTaxAmount": 0, "taxRate": 2500,
             "isShipping": true},
        ],
        "bottomLine": {"currency": "NOK"},
    }});
    let mock = with_order(fixed, receipt).await;
    let (status, shown) = approve(&mock, json!({"shippingOptionId": "b"})).await;
    assert_eq!(status, 200, "{shown}");
    assert_json_snapshot!(mock.get(ORDER).await.json());
    let events = mock.get(&format!("{ORDER}/events")).await.json();
    assert_eq!(
        (&events[0]["amount"]["value"], &events[1]["amount"]["value"]),
        (&json!(34592), &json!(44492))
    );
    let order = mock.get("/order-management/v2/ecom/order-0001").await.json();
    assert_eq!(
        order["receipt"]["orderLines"][1],
        json!({"name": "Way b", "id": "b", "totalAmount": 9900, "totalAmountExcludingTax": 7920,
               "totalTaxAmount": 1980, "taxRate": 2500, "isShipping": true})
    );
    assert_eq!(mock.capture("order-0001", 44492, "capture").await.status, 200);
}

#[tokio::test]
async fn goods_that_cannot_be_shipped_leave_the_payment_waiting() {
    let fixed = json!({"fixedOptions": [group("MAILBOX", &[("a", 4900)])]});
    let mock = with_order(fixed, json!({})).await;
    let danish = json!({"addressLine1": "Prøvevej 8", "city": "Odense", "postCode": "5000",
                        "country": "DK"});
    let before = mock.get(ORDER).await.text;
    for choice in [
        json!({"address": danish}),
        json!({"shippingOptionId": "z"}),
        json!({"phoneNumber": "4790000005"}),
    ] {
        let (status, problem) = approve(&mock, choice.clone()).await;
        assert_eq!(status, 409, "{choice} {problem}");
        assert_eq!(mock.get(ORDER).await.text, before, "{choice}");
    }
    let force = "/epayment/v1/test/payments/order-0001/approve";
    let body = json!({"customer": {"phoneNumber": "4790000001"}});
    assert_eq!(mock.post(force, "", &body).await.code(), "10020");
    assert_eq!(approve(&mock, json!({})).await.1["amount"]["value"], 34592 + 4900);
}

/// A shop that answers its callback with this, and remembers what it was asked.
async fn shop(status: u16, answer: Value) -> (String, Arc<Mutex<Vec<(String, Value)>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = asked.clone();
    let handler = move |headers: HeaderMap, body: Bytes| async move {
        let token = headers.get("authorization").map(|it| it.to_str().unwrap().to_owned());
        let body = serde_json::from_slice(&body).unwrap();
        log.lock().unwrap().push((token.unwrap_or_default(), body));
        (axum::http::StatusCode::from_u16(status).unwrap(), answer.to_string())
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/shipping", listener.local_addr().unwrap());
    let routes = Router::new().route("/shipping", post(handler));
    tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    (url, asked)
}

fn dynamic(url: &str) -> Value {
    json!({"dynamicOptions": {"callbackUrl": url, "callbackAuthorizationToken": "Bearer ey.J0"}})
}

#[tokio::test]
async fn merchant_is_asked_when_the_customer_has_chosen_an_address() {
    let (url, asked) =
        shop(200, json!({"groups": [group("HOME_DELIVERY", &[("home", 7900)])]})).await;
    let mock = with_order(dynamic(&url), json!({})).await;
    let casing = mock
        .call(
            axum::http::Method::PUT,
            &format!("{UNIT}/shipping-callback"),
            &[],
            r#"{"casing":"PascalCase"}"#,
        )
        .await;
    assert_eq!(casing.status, 200);
    let (status, shown) = approve(&mock, json!({"phoneNumber": "4790000001"})).await;
    assert_eq!(status, 200, "{shown}");
    assert_eq!(shown["shippingDetails"]["shippingCost"], 7900);
    assert_eq!(shown["amount"]["value"], 34592 + 7900);
    let expected = json!({"reference": "order-0001", "AddressLine1": "Prøvegata 12",
        "AddressLine2": "H0302", "City": "Oslo", "PostCode": "0155", "Country": "NO"});
    assert_eq!(*asked.lock().unwrap(), [("Bearer ey.J0".to_owned(), expected)]);
}

#[tokio::test]
async fn merchant_that_does_not_ship_there_or_does_not_answer_leaves_the_payment_waiting() {
    let cases = [
        (400, json!({}), "the merchant cannot ship to this address"),
        (500, json!({}), "it answered 500"),
        (200, json!({"groups": 5}), "groups: invalid type"),
    ];
    for (status, answer, words) in cases {
        let (url, _) = shop(status, answer).await;
        let mock = with_order(dynamic(&url), json!({})).await;
        let (status, problem) = approve(&mock, json!({})).await;
        assert_eq!(status, 409);
        assert!(problem["detail"].as_str().unwrap().contains(words), "{problem}");
        assert_eq!(mock.get(ORDER).await.json()["state"], "CREATED");
    }
}
