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
    use vipps_mock::{
        app::{Mock, RateLimits},
        config::default_units,
    };
    let (mock, _newcomers) = Mock::new(1, default_units(), RateLimits::On);
    let edge = vipps_mock::http::Edge::new(mock, "http://mock.test".to_owned());
    let request = axum::http::Request::get("/control/v1/health");
    let request = request.body(axum::body::Body::empty()).unwrap();
    let reply = vipps_mock::http::router(edge, false).oneshot(request).await.unwrap();
    assert_eq!(reply.status(), 404);
    assert!(reply.headers().contains_key("vipps-mock"));
}

#[tokio::test]
async fn clock_has_an_end_and_nothing_breaks_there() {
    let mock = TestMock::start().await;
    let path = format!("{UNIT}/clock/set");
    let set = async |to: &str| mock.post(&path, "", &json!({"to": to})).await;
    assert_eq!(set("9999-12-20T00:00:00Z").await.status, 400);
    assert_eq!(set("9000-01-01T00:00:00Z").await.status, 200);

    let payment = crate::support::push_request("ride-0001", 34592).to_string();
    let token = mock.unit().issue_token().jwt;
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", "key")];
    let reply = mock.call(Method::POST, "/epayment/v1/payments", &headers, &payment).await;
    assert_eq!(reply.status, 201);
    mock.unit().approve(&"ride-0001".parse().unwrap()).unwrap();
    assert_eq!(set("9000-01-01T00:00:00Z").await.status, 200, "the agenda is still driven");
}

/// A receiver that takes connections and never answers.
async fn hanging_receiver() -> (tokio::net::TcpListener, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    (listener, url)
}

#[tokio::test]
async fn reset_during_an_advance_ends_it() {
    let mock = TestMock::start().await;
    let (_listener, url) = hanging_receiver().await;
    let events = json!(["epayments.payment.created.v1"]);
    let hook = mock.post("/webhooks/v1/webhooks", "", &json!({"url": url, "events": events})).await;
    assert_eq!(hook.status, 201);
    let mock = mock.with_payment("ride-0001", 34592).await;
    let unit = mock.unit();
    let advance = tokio::spawn(async move {
        use vipps_mock::app::agenda::Target;
        unit.step(Target::By(jiff::SignedDuration::from_hours(24 * 5))).await
    });
    tokio::task::yield_now().await;
    assert_eq!(mock.post(&format!("{UNIT}/reset"), "", &json!({})).await.status, 204);
    let error = advance.await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "the sales unit was reset meanwhile");
    assert_eq!(mock.get(&format!("{UNIT}/clock")).await.json()["mode"], "real");
}

/// Whether the agenda's task has looked meanwhile or not.
#[tokio::test]
async fn advance_after_a_reset_is_not_ended_by_it() {
    let mock = TestMock::start().await;
    for _ in 0..3 {
        assert_eq!(mock.post(&format!("{UNIT}/reset"), "", &json!({})).await.status, 204);
        let advanced = mock.post(&format!("{UNIT}/clock/advance"), "", &json!({"by": "1s"})).await;
        assert_eq!(advanced.status, 200, "{}", advanced.text);
    }
}

#[tokio::test]
async fn customers_act_while_a_receiver_keeps_an_advance_waiting() {
    use jiff::SignedDuration;
    use vipps_mock::app::{agenda::Target, facts::Fact};
    let mock = TestMock::start().await;
    let (_listener, url) = hanging_receiver().await;
    let events = json!(["epayments.payment.created.v1"]);
    mock.post("/webhooks/v1/webhooks", "", &json!({"url": url, "events": events})).await;
    let mock = mock.with_payment("ride-0001", 34592).await;
    let unit = mock.unit();
    let mut facts = unit.listen();
    let stepping = tokio::spawn({
        let unit = unit.clone();
        async move { unit.step(Target::By(SignedDuration::ZERO)).await }
    });
    tokio::task::yield_now().await;
    let mut body = crate::support::push_request("ride-0002", 34592);
    body["customer"]["phoneNumber"] = "4790000001".into();
    assert_eq!(mock.post("/epayment/v1/payments", "key", &body).await.status, 201);
    loop {
        match facts.next_fact().await.unwrap().fact {
            Fact::Payment { reference, event, .. } if event.is_approval() => {
                break assert_eq!(reference.as_str(), "ride-0002");
            }
            _ => {}
        }
    }
    assert!(!stepping.is_finished(), "the receiver still hangs");
    stepping.abort();
}

#[tokio::test]
async fn reset_brings_back_a_sales_unit_that_was_dropped() {
    let mock = TestMock::start().await;
    assert_eq!(mock.call(Method::DELETE, UNIT, &[], "").await.status, 204);
    assert_eq!(mock.mock.units().len(), 2);
    mock.mock.reset();
    let numbers: Vec<_> = mock.mock.units().iter().map(|it| it.msn().to_string()).collect();
    assert_eq!(numbers, ["900001", "900002", "900003"]);
}

#[tokio::test]
async fn odd_input_is_told_what_is_wrong_with_it() {
    let mock = TestMock::start().await;
    let advance = format!("{UNIT}/clock/advance");
    let reply = mock.call(Method::POST, &advance, &[], r#"{"by":"1s"} garbage"#).await;
    assert_eq!(reply.status, 400);
    assert_eq!(mock.get(&format!("{UNIT}/payments?state=nonsense")).await.status, 400);
    assert_eq!(mock.get(&format!("{UNIT}/payments?state=a&state=b")).await.status, 400);
    let unit = json!({"market": "DK", "currency": "NOK"});
    assert_eq!(mock.post("/control/v1/sales-units", "", &unit).await.status, 400);
    let unit = json!({"market": "DK", "currency": "DKK"});
    assert_eq!(mock.post("/control/v1/sales-units", "", &unit).await.status, 201);
}
