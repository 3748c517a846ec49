//! `/control/v1`.

use axum::http::Method;
use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;

use crate::support::TestMock;

const UNIT: &str = "/control/v1/sales-units/900001";

#[tokio::test]
async fn health() {
    let mock = TestMock::start().await;
    assert_snapshot!(mock.get("/control/v1/health").await.print());
}

#[tokio::test]
async fn payment_as_the_mock_knows_it() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 50000).await;
    mock.capture("ride-0001", 34592, "capture").await;
    assert_json_snapshot!(mock.get(&format!("{UNIT}/payments/ride-0001")).await.json());
    let listed = mock.get(&format!("{UNIT}/payments?state=authorized")).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);
    let listed = mock.get(&format!("{UNIT}/payments?state=CREATED")).await.json();
    assert_eq!(listed, json!([]));
}

#[tokio::test]
async fn customer_answers_once() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let act = async |what: &str| {
        mock.post(&format!("{UNIT}/payments/ride-0001/{what}"), "", &json!({})).await
    };
    assert_eq!(act("reject").await.json()["state"], "ABORTED");
    assert_snapshot!(act("approve").await.print());
    assert_eq!(act("expire").await.status, 409);
}

#[tokio::test]
async fn clock_steps_and_says_what_happened() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let post = async |what: &str, body| mock.post(&format!("{UNIT}/clock/{what}"), "", &body).await;
    assert_json_snapshot!(post("advance", json!({"by": "1h"})).await.json());
    assert_eq!(post("set", json!({"to": "2030-01-01T12:00:00Z"})).await.status, 409);
    assert_eq!(
        post("set", json!({"to": "2030-01-02T00:00:00Z"})).await.json()["now"],
        "2030-01-02T00:00:00.000Z"
    );
    assert_eq!(post("advance", json!({"by": "soon"})).await.status, 400);
    assert_eq!(post("advance", json!({"bye": "1h"})).await.status, 400);
    assert_eq!(post("resume", json!({})).await.json()["mode"], "shifted");
}

#[tokio::test]
async fn sales_units_are_worlds_of_their_own() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let reply = mock.post("/control/v1/sales-units", "", &json!({"market": "DK"})).await;
    assert_eq!(reply.status, 201);
    let unit = reply.json();
    assert_eq!((unit["currency"].as_str(), unit["market"].as_str()), (Some("DKK"), Some("DK")));
    let msn = unit["msn"].as_str().unwrap();
    let own = format!("/control/v1/sales-units/{msn}");
    assert_eq!(mock.get(&format!("{own}/payments")).await.json(), json!([]));
    assert_eq!(mock.call(Method::DELETE, &own, &[], "").await.status, 204);
    assert_eq!(mock.get(&own).await.status, 404);
    assert_eq!(mock.get(UNIT).await.json()["clientId"], "5a2c7f10-3b64-4f0e-9d21-000000900001");
}

#[tokio::test]
async fn reset_empties_and_keeps_the_keys() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    assert_eq!(mock.post(&format!("{UNIT}/reset"), "", &json!({})).await.status, 204);
    assert_eq!(mock.get(&format!("{UNIT}/payments")).await.json(), json!([]));
    assert_eq!(mock.create("ride-0001", 100).await.status, 201);
    assert_eq!(mock.post("/control/v1/reset", "", &json!({})).await.status, 204);
    assert_eq!(mock.get("/control/v1/sales-units").await.json().as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn errors_name_what_was_wrong() {
    let mock = TestMock::start().await;
    assert_snapshot!(mock.get("/control/v1/sales-units/1234/payments").await.print());
    assert_eq!(mock.get("/control/v1/nothing").await.status, 404);
    assert_eq!(mock.get(&format!("{UNIT}/payments/x")).await.status, 404);
    let reply = mock.post("/control/v1/sales-units", "", &json!({"market": "SE"})).await;
    assert_eq!(reply.status, 400);
    assert!(reply.text.contains("NO, DK and FI"), "{}", reply.text);
}

#[tokio::test]
async fn without_control_nothing_answers_there() {
    use tower::ServiceExt as _;
    let (mock, _newcomers) = vipps_mock::app::Mock::new(1, vipps_mock::config::default_units());
    let edge = vipps_mock::http::Edge::new(mock, "http://mock.test".to_owned());
    let request = axum::http::Request::get("/control/v1/health");
    let request = request.body(axum::body::Body::empty()).unwrap();
    let reply = vipps_mock::http::router(edge, false).oneshot(request).await.unwrap();
    assert_eq!(reply.status(), 404);
    assert!(reply.headers().contains_key("vipps-mock"));
}
