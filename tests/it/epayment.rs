//! `/epayment/v1`.

use axum::http::Method;
use insta::{assert_json_snapshot, assert_snapshot};
use jiff::SignedDuration;
use serde_json::{Value, json};
use vipps_mock::app::agenda::Target;

use crate::support::{TestMock, modification, push_request};

const RIDE: &str = "/epayment/v1/payments/ride-0001";

fn totals(payment: &Value) -> [u64; 4] {
    ["authorized", "captured", "cancelled", "refunded"]
        .map(|name| payment["aggregate"][format!("{name}Amount")]["value"].as_u64().unwrap())
}

#[tokio::test]
async fn created_push_payment_is_answered_with_its_reference_alone() {
    let mock = TestMock::start().await;
    assert_snapshot!(mock.create("ride-0001", 34592).await.print());
}

#[tokio::test]
async fn payment_that_waits_for_its_customer() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    assert_snapshot!(mock.get(RIDE).await.print());
}

#[tokio::test]
async fn redirect_payment_has_a_link_until_it_is_answered() {
    let mock = TestMock::start().await;
    let mut body = push_request("ride-0001", 34592);
    body["userFlow"] = "WEB_REDIRECT".into();
    body["returnUrl"] = "https://taxi.example/return".into();
    let created = mock.post("/epayment/v1/payments", "key", &body).await.json();
    let link = created["redirectUrl"].as_str().unwrap();
    assert!(link.starts_with("http://mock.test/?token="), "{link}");
    assert_eq!(mock.get(RIDE).await.json()["redirectUrl"], link);
    mock.unit().approve(&"ride-0001".parse().unwrap()).unwrap();
    assert_eq!(mock.get(RIDE).await.json()["redirectUrl"], Value::Null);
}

#[tokio::test]
async fn estimate_is_reserved_captured_in_part_and_the_rest_released() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 50000).await;
    assert_snapshot!(mock.capture("ride-0001", 34592, "capture").await.print());
    let cancel = format!("{RIDE}/cancel");
    let reply = mock.call(Method::POST, &cancel, &[], "").await;
    assert_eq!(totals(&reply.json()), [50000, 34592, 15408, 0]);
    assert_json_snapshot!(mock.get(RIDE).await.json());
    assert_json_snapshot!(mock.get(&format!("{RIDE}/events")).await.json());
}

#[tokio::test]
async fn worked_sequence_of_the_published_arithmetic() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 1000).await;
    let steps = [
        ("capture", 250, [1000, 250, 0, 0], ""),
        ("cancel", 0, [1000, 250, 750, 0], ""),
        ("refund", 100, [1000, 250, 750, 100], ""),
        ("capture", 1, [1000, 250, 750, 100], "6070"),
        ("refund", 151, [1000, 250, 750, 100], "6150"),
        ("refund", 150, [1000, 250, 750, 250], ""),
        ("refund", 1, [1000, 250, 750, 250], "6180"),
    ];
    for (number, (operation, minor, expected, code)) in steps.into_iter().enumerate() {
        let path = format!("{RIDE}/{operation}");
        let body = if operation == "cancel" { json!({}) } else { modification(minor) };
        let reply = mock.post(&path, &format!("key-{number}"), &body).await;
        if code.is_empty() {
            assert_eq!(totals(&reply.json()), expected, "step {number}");
        } else {
            assert_eq!((reply.status.as_u16(), reply.code().as_str()), (400, code));
        }
        let payment = mock.get(RIDE).await.json();
        assert_eq!(totals(&payment), expected, "step {number}");
        assert_eq!(payment["state"], "AUTHORIZED");
    }
}

#[tokio::test]
async fn capture_before_approval_is_refused_as_on_the_wire() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    assert_snapshot!(mock.capture("ride-0001", 34592, "capture").await.print());
}

#[tokio::test]
async fn key_is_remembered_with_its_answer() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 50000).await;
    let first = mock.capture("ride-0001", 20000, "part-1").await;
    mock.capture("ride-0001", 1000, "part-2").await;
    let again = mock.capture("ride-0001", 20000, "part-1").await;
    assert_eq!(again.print(), first.print(), "a replay is answered as the original was");
    let other = mock.capture("ride-0001", 30000, "part-1").await;
    assert_eq!((other.status.as_u16(), other.code().as_str()), (409, "4010"));
    assert_eq!(totals(&mock.get(RIDE).await.json()), [50000, 21000, 0, 0]);

    let created = mock.create("ride-0001", 50000).await;
    assert_eq!(
        (created.status.as_u16(), created.text.as_str()),
        (201, r#"{"reference":"ride-0001"}"#)
    );
    let other = push_request("ride-0002", 1000);
    let reused = mock.post("/epayment/v1/payments", "create-ride-0001", &other).await;
    assert_eq!((reused.status.as_u16(), reused.code().as_str()), (409, "4020"));
    let taken = mock.post("/epayment/v1/payments", "new", &push_request("ride-0001", 1000)).await;
    assert_eq!((taken.status.as_u16(), taken.code().as_str()), (409, "4150"));
}

#[tokio::test]
async fn refusal_sticks_to_its_key() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    assert_eq!(mock.capture("ride-0001", 34592, "early").await.code(), "6080");
    mock.unit().approve(&"ride-0001".parse().unwrap()).unwrap();
    assert_eq!(mock.capture("ride-0001", 34592, "early").await.code(), "6080");
    assert_eq!(mock.capture("ride-0001", 34592, "late").await.status, 200);
}

#[tokio::test]
async fn every_failing_field_is_named_and_nothing_is_created() {
    let mock = TestMock::start().await;
    let body = json!({
        "amount": {"currency": "XXX", "value": "34592"},
        "paymentMethod": {"type": "CASH"},
        "reference": "ride 1",
        "customer": {"phoneNumber": "+4740000001"},
        "paymentDescription": "T",
    });
    let reply = mock.post("/epayment/v1/payments", "key", &body).await;
    assert_snapshot!(reply.print());
    assert_eq!(mock.unit().payments().len(), 0);
}

#[tokio::test]
async fn malformed_requests_are_told_what_is_wrong() {
    let mock = TestMock::start().await;
    let long = "k".repeat(51);
    let valid = push_request("ride-0001", 34592).to_string();
    let cases = [
        ("key", "", "$"),
        ("key", "{", "$"),
        ("key", "[]", ""),
        ("key", "null", ""),
        ("", valid.as_str(), "Idempotency-Key"),
        (long.as_str(), valid.as_str(), "Idempotency-Key"),
    ];
    for (key, body, name) in cases {
        let headers = [("Idempotency-Key", key)];
        let reply = mock.call(Method::POST, "/epayment/v1/payments", &headers, body).await;
        assert_eq!(reply.status, 400, "{key} {body}");
        assert_eq!(reply.headers["content-type"], "application/problem+json");
        assert_eq!(reply.json()["extraDetails"][0]["name"], name, "{key} {body}");
    }
    assert_eq!(mock.unit().payments().len(), 0);
}

#[tokio::test]
async fn domain_refusals_carry_their_codes() {
    let mock = TestMock::start().await;
    let cases = [
        (json!({"amount": {"currency": "NOK", "value": 99}}), "6010"),
        (json!({"amount": {"currency": "DKK", "value": 1000}}), "5040"),
        (json!({"amount": {"currency": "NOK", "value": 314.5}}), "4040"),
        (json!({"customer": null}), "4140"),
        (json!({"customer": {"phoneNumber": "4790000010"}}), "7010"),
        (json!({"customer": {"phoneNumber": "12345678901"}}), "4070"),
        (json!({"customer": {"personalQr": "https://taxi.example"}}), "4060"),
        (json!({"customer": {"customerToken": "token"}}), "4050"),
        (json!({"userFlow": "WEB_REDIRECT"}), "4140"),
        (json!({"userFlow": "WEB_REDIRECT", "returnUrl": "http://taxi.example"}), "4090"),
        (json!({"profile": {"scope": "name shoeSize"}}), "4080"),
        (json!({"metadata": {"a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "f": "6"}}), "4100"),
        (json!({"metadata": {"k".repeat(101): "1"}}), "4120"),
        (json!({"metadata": {"k": "v".repeat(501)}}), "4130"),
        (
            json!({"paymentMethod": {"type": "WALLET", "blockedSources": ["COMMERCIAL_CARDS"]}}),
            "5010",
        ),
        (json!({"paymentMethod": {"type": "CARD"}}), "5070"),
        (json!({"cardPassthrough": {}}), "4160"),
        (json!({"expiresAt": "2030-01-01T12:05:00Z"}), "6120"),
        (json!({"expiresAt": "2030-03-31T12:00:00Z"}), "6110"),
        (json!({"expiresAt": "2030-01-02T12:00:00Z"}), "6130"),
    ];
    for (number, (change, code)) in cases.into_iter().enumerate() {
        let mut body = push_request("ride-0001", 34592);
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        let reply = mock.post("/epayment/v1/payments", &format!("key-{number}"), &body).await;
        assert_eq!(reply.code(), code, "{change}");
    }
    assert_eq!(mock.unit().payments().len(), 0);
}

#[tokio::test]
async fn state_counts_before_the_amount() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let half = json!({"modificationAmount": {"currency": "NOK", "value": 1.5}});
    assert_eq!(mock.post(&format!("{RIDE}/capture"), "a", &half).await.code(), "6080");
    mock.unit().approve(&"ride-0001".parse().unwrap()).unwrap();
    assert_eq!(mock.post(&format!("{RIDE}/capture"), "b", &half).await.code(), "4040");
    let huge =
        format!(r#"{{"modificationAmount":{{"currency":"NOK","value":{}}}}}"#, "9".repeat(30));
    let headers = [("Idempotency-Key", "c")];
    let reply = mock.call(Method::POST, &format!("{RIDE}/capture"), &headers, &huge).await;
    assert_eq!(reply.json()["extraDetails"][0]["name"], "modificationAmount.value");
}

#[tokio::test]
async fn request_that_is_taken_back_leaves_no_key_in_the_log() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    assert_eq!(mock.post(&format!("{RIDE}/cancel"), "cancel", &json!({})).await.status, 200);
    let events = mock.get(&format!("{RIDE}/events")).await.json();
    assert_eq!(events[1]["name"], "TERMINATED");
    assert_eq!(events[1].get("idempotencyKey"), None);
}

#[tokio::test]
async fn key_may_be_any_text() {
    let mock = TestMock::start().await;
    let body = push_request("ride-0001", 34592).to_string();
    for key in ["0:wc_order_x", "ordre-\u{f8}", &"\u{e5}".repeat(50)] {
        let headers = [("Idempotency-Key", key)];
        let reply = mock.call(Method::POST, "/epayment/v1/payments", &headers, &body).await;
        assert!([201, 409].contains(&reply.status.as_u16()), "{key}: {}", reply.text);
    }
}

#[tokio::test]
async fn unknown_reference_names_the_reference_and_the_number() {
    let mock = TestMock::start().await;
    assert_snapshot!(mock.get(RIDE).await.print());
    for operation in ["capture", "refund", "cancel"] {
        let path = format!("{RIDE}/{operation}");
        let body = if operation == "cancel" { json!({}) } else { modification(100) };
        let reply = mock.post(&path, "key", &body).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (404, "5090"), "{operation}");
    }
}

#[tokio::test]
async fn force_approve_answers_with_nothing() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let path = "/epayment/v1/test/payments/ride-0001/approve";
    let body = json!({"customer": {"phoneNumber": "4740000001"}});
    let reply = mock.post(path, "", &body).await;
    assert_eq!((reply.status.as_u16(), reply.text.as_str()), (200, ""));
    assert_eq!(mock.get(RIDE).await.json()["state"], "AUTHORIZED");
    assert_eq!(mock.post(path, "", &body).await.code(), "6230");
}

#[tokio::test]
async fn nobody_answers_for_ten_minutes() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let unit = mock.unit();
    unit.step(Target::By(SignedDuration::from_millis(599_999))).await.unwrap();
    assert_eq!(mock.get(RIDE).await.json()["state"], "CREATED");
    let report = unit.step(Target::By(SignedDuration::from_millis(1))).await.unwrap();
    assert_eq!(report.happened[0].fact.to_string(), "payment ride-0001: EXPIRED NOK 345.92");
    let payment = mock.get(RIDE).await.json();
    assert_eq!((payment["state"].as_str(), totals(&payment)), (Some("EXPIRED"), [0; 4]));
}

#[tokio::test]
async fn rest_is_released_when_the_capture_deadline_comes() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 50000).await;
    mock.capture("ride-0001", 20000, "part-1").await;
    let unit = mock.unit();
    unit.step(Target::By(SignedDuration::from_hours(24 * 180))).await.unwrap();
    let payment = unit.inspect(&"ride-0001".parse().unwrap(), Clone::clone).unwrap();
    assert_eq!(payment.totals().cancelled.minor(), 30000);
    assert_eq!(payment.events().last().unwrap().name.api(), "CANCELLED");
    assert_eq!(payment.events().last().unwrap().idempotency_key, None);
}

#[tokio::test]
async fn test_numbers_act_by_themselves() {
    let mock = TestMock::start().await;
    let cases = [
        ("4790000001", 0, "AUTHORIZED"),
        ("4790000002", 29, "CREATED"),
        ("4790000002", 30, "AUTHORIZED"),
        ("4790000003", 0, "ABORTED"),
        ("4790000004", 599, "CREATED"),
        ("4790000004", 600, "EXPIRED"),
        ("4790000008", 598, "CREATED"),
        ("4790000008", 599, "AUTHORIZED"),
        ("4740000001", 599, "CREATED"),
    ];
    for (number, (phone, seconds, state)) in cases.into_iter().enumerate() {
        let reference = format!("ride-{number:04}");
        let mut body = push_request(&reference, 34592);
        body["customer"]["phoneNumber"] = phone.into();
        mock.post("/epayment/v1/payments", &reference, &body).await;
        mock.unit().step(Target::By(SignedDuration::from_secs(seconds))).await.unwrap();
        // By now the token of the start may have expired: look past the API.
        let payment = mock.unit().inspect(&reference.parse().unwrap(), Clone::clone).unwrap();
        assert_eq!(payment.state().name(), state, "{phone} after {seconds} s");
    }
}
