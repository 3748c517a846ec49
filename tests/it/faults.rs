//! What befalls calls on their way, on real connections.

use std::net::SocketAddr;

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{TestMock, modification};

const FAULTS: &str = "/control/v1/sales-units/900001/faults";
const CAPTURE: &str = "/epayment/v1/payments/ride-0001/capture";

async fn add(mock: &TestMock, fault: Value) -> Value {
    let reply = mock.post(FAULTS, "", &fault).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.json()
}

/// Everything that comes back on a connection until it is closed, for a capture of NOK 1.
async fn capture(mock: &TestMock, address: SocketAddr, key: &str) -> String {
    let body = modification(100).to_string();
    let mut head = format!("POST {CAPTURE} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in &mock.headers(&[("Idempotency-Key", key)]) {
        head.extend([name.as_str(), ": ", value.to_str().unwrap(), "\r\n"]);
    }
    let call = format!("{head}content-length: {}\r\n\r\n{body}", body.len());
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(call.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

async fn captured(mock: &TestMock) -> Value {
    let payment = mock.get("/epayment/v1/payments/ride-0001").await.json();
    payment["aggregate"]["capturedAmount"]["value"].clone()
}

/// The latest call in the journal.
async fn latest(mock: &TestMock, of: &str) -> Value {
    let calls = mock.get("/control/v1/sales-units/900001/requests").await.json();
    let mut calls = calls.as_array().unwrap().clone();
    calls.retain(|it| it["operation"] == of);
    calls.sort_by_key(|it| it["id"].as_str().unwrap().parse::<u64>().unwrap());
    calls.pop().unwrap()
}

#[tokio::test]
async fn dropped_reply_is_found_under_its_key() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 500).await;
    let address = mock.serve().await;
    add(&mock, json!({"match": {"operation": "capture"}, "effect": {"kind": "drop-reply"}})).await;
    assert_eq!(capture(&mock, address, "fare-1").await, "", "not one byte");
    assert_eq!(captured(&mock).await, 100);
    let call = latest(&mock, "capture").await;
    let fault = "fault 1: capture of ride-0001 was carried out, and the answer dropped";
    assert_eq!((&call["status"], &call["fault"]), (&json!(200), &json!(fault)));
    let again = capture(&mock, address, "fare-1").await;
    assert!(again.starts_with("HTTP/1.1 200 OK"), "{again}");
    assert_eq!(captured(&mock).await, 100, "once");
}

#[tokio::test]
async fn call_that_is_cut_off_has_no_effect() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 500).await;
    let address = mock.serve().await;
    add(&mock, json!({"effect": "close", "operation": "capture"})).await;
    assert_eq!(capture(&mock, address, "fare-1").await, "");
    assert_eq!(captured(&mock).await, 0);
    let call = latest(&mock, "capture").await;
    let fault = "fault 1: capture of ride-0001 was cut off";
    assert_eq!((&call["status"], &call["fault"]), (&json!(0), &json!(fault)));
    assert!(capture(&mock, address, "fare-1").await.starts_with("HTTP/1.1 200 OK"));
}

#[tokio::test]
async fn answer_is_cut_off_where_it_was_asked_for() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 500).await;
    let address = mock.serve().await;
    for (effect, expected) in [
        (json!({"kind": "truncate", "bytes": 10}), "{\"amount\":"),
        (json!({"kind": "truncate", "bytes": 0}), ""),
    ] {
        add(&mock, json!({"match": {"operation": "capture"}, "effect": effect})).await;
        let answer = capture(&mock, address, "fare-1").await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert_eq!(body, expected);
        let whole = capture(&mock, address, "fare-1").await;
        let (_, whole) = whole.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert!(head.contains(&format!("content-length: {}", whole.len())), "{head}");
    }
    assert_eq!(captured(&mock).await, 100);
}

#[tokio::test]
async fn call_that_hangs_is_known_before_it_ends() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 500).await;
    let address = mock.serve().await;
    add(&mock, json!({"effect": "hang", "operation": "capture"})).await;
    let mut events = mock.unit().listen();
    let struck = async {
        while !events.next_fact().await.unwrap().fact.to_string().contains("left without") {}
    };
    tokio::select! {
        answer = capture(&mock, address, "fare-1") => panic!("there is an answer: {answer}"),
        () = struck => {}
    }
    assert_eq!(captured(&mock).await, 0);
    assert_eq!(latest(&mock, "capture").await["status"], 0);
}

#[tokio::test]
async fn late_answer_says_so_in_the_journal() {
    let mock = TestMock::start().await.with_authorized("ride-0001", 500).await;
    let effect = json!({"kind": "latency", "from": "20ms", "to": "25ms"});
    add(&mock, json!({"match": {"operation": "capture"}, "effect": effect})).await;
    add(&mock, json!({"code": 6280, "operation": "capture"})).await;
    let reply = mock.capture("ride-0001", 100, "fare-1").await;
    assert_eq!(reply.code(), "6280", "lateness does not keep others from striking");
    let call = latest(&mock, "capture").await;
    assert!(20.0 <= call["durationMs"].as_f64().unwrap(), "{call}");
    let faults = call["fault"].as_str().unwrap().split("; ").count();
    assert_eq!(faults, 2, "{call}");
}

/// Which of forty looks at a payment are struck by a fault that strikes half of them.
async fn struck(seed: u64) -> Vec<bool> {
    let mock = TestMock::start_with_seed(seed).await.with_payment("ride-0001", 500).await;
    let matcher = json!({"operation": "get", "probability": 0.5});
    add(&mock, json!({"match": matcher, "effect": {"kind": "status", "status": 503}})).await;
    let mut struck = Vec::new();
    for _ in 0..40 {
        let status = mock.get("/epayment/v1/payments/ride-0001").await.status;
        struck.push(status == 503);
    }
    struck
}

#[tokio::test]
async fn chance_is_the_same_for_the_same_seed() {
    let first = struck(1).await;
    assert_eq!(first, struck(1).await);
    assert_ne!(first, struck(2).await);
}

#[tokio::test]
async fn chance_does_not_change_ids() {
    let mut references = Vec::new();
    // Chance is asked, and says no.
    for probability in [None, Some(1e-6)] {
        let mock = TestMock::start().await;
        if probability.is_some() {
            let matcher = json!({"operation": "get", "probability": probability});
            add(&mock, json!({"match": matcher, "effect": {"kind": "status", "status": 503}}))
                .await;
        }
        assert_eq!(mock.get("/epayment/v1/payments/ride-0000").await.status, 404);
        let mock = mock.with_payment("ride-0001", 500).await;
        let payment = mock.get("/control/v1/sales-units/900001/payments/ride-0001").await.json();
        references.push(payment["pspReference"].clone());
    }
    assert!(references[0].is_string(), "{references:?}");
    assert_eq!(references[0], references[1]);
}
