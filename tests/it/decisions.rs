//! What may be done to a payment in which situation: the whole table, as data.

use axum::http::Method;
use jiff::SignedDuration;
use serde_json::{Value, json};
use vipps_mock::app::agenda::Target;

use crate::support::{Reply, TestMock, modification};

const RIDE: &str = "/epayment/v1/payments/ride-0001";

/// How far a payment has come.
#[derive(Debug, Clone, Copy)]
enum Situation {
    NeverMade,
    Waiting,
    BeingPaid,
    Approved,
    CapturedInPart,
    CapturedInFull,
    RefundedInPart,
    RefundedInFull,
    Released,
    CapturedInPartAndReleased,
    Aborted,
    Expired,
    Terminated,
    PastTheDeadline,
    PastTheYear,
}

/// In the order of the columns.
const OPERATIONS: [&str; 7] = [
    "capture 100",
    "capture 900",
    "cancel",
    "cancel the request",
    "refund 100",
    "refund 900",
    "force approve",
];

/// For each operation the event that comes of it, or the code it is refused with. The payment is of
/// 500; where a part is captured it is 200, and where a part of everything is refunded, too.
const TABLE: [(Situation, [&str; 7]); 15] = {
    use Situation::*;
    [
        (NeverMade, ["5090", "5090", "5090", "5090", "5090", "5090", "5090"]),
        (Waiting, ["6080", "6080", "TERMINATED", "TERMINATED", "6020", "6020", "AUTHORIZED"]),
        (BeingPaid, ["6080", "6080", "6250", "6250", "6020", "6020", "10010"]),
        (Approved, ["CAPTURED", "6090", "CANCELLED", "6060", "6020", "6020", "6230"]),
        (CapturedInPart, ["CAPTURED", "6090", "CANCELLED", "6060", "REFUNDED", "6150", "6230"]),
        (CapturedInFull, ["6170", "6170", "6040", "6040", "REFUNDED", "6150", "6230"]),
        (RefundedInPart, ["6170", "6170", "6040", "6040", "REFUNDED", "6150", "6230"]),
        (RefundedInFull, ["6170", "6170", "6040", "6040", "6180", "6180", "6230"]),
        (Released, ["6070", "6070", "6050", "6060", "6020", "6020", "6230"]),
        (CapturedInPartAndReleased, ["6070", "6070", "6040", "6060", "REFUNDED", "6150", "6230"]),
        (Aborted, ["6200", "6200", "6190", "6190", "6210", "6210", "10020"]),
        (Expired, ["6200", "6200", "6190", "6190", "6210", "6210", "10020"]),
        (Terminated, ["6200", "6200", "6190", "6190", "6210", "6210", "10020"]),
        (PastTheDeadline, ["6100", "6100", "6030", "6030", "REFUNDED", "6150", "6230"]),
        (PastTheYear, ["6100", "6100", "6030", "6030", "6220", "6220", "6230"]),
    ]
};

async fn bring(situation: Situation) -> TestMock {
    let mock = TestMock::start().await;
    let minor = if let Situation::BeingPaid = situation { 201 } else { 500 };
    let mock = match situation {
        Situation::NeverMade => return mock,
        _ => mock.with_payment("ride-0001", minor).await,
    };
    let (unit, ride) = (mock.unit(), "ride-0001".parse().unwrap());
    let part = |operation| modify(&mock, operation, 200);
    match situation {
        Situation::NeverMade | Situation::Waiting => {}
        Situation::Aborted => unit.reject(&ride).unwrap(),
        Situation::Expired => unit.expire(&ride).unwrap(),
        Situation::Terminated => cancel(&mock, false).await.succeed(),
        Situation::BeingPaid
        | Situation::Approved
        | Situation::Released
        | Situation::CapturedInPart
        | Situation::CapturedInFull
        | Situation::RefundedInPart
        | Situation::RefundedInFull
        | Situation::CapturedInPartAndReleased
        | Situation::PastTheDeadline
        | Situation::PastTheYear => unit.approve(&ride).unwrap(),
    }
    match situation {
        Situation::Released => cancel(&mock, false).await.succeed(),
        Situation::CapturedInPart => part("capture").await.succeed(),
        Situation::CapturedInFull => modify(&mock, "capture", 500).await.succeed(),
        Situation::RefundedInPart => {
            modify(&mock, "capture", 500).await.succeed();
            part("refund").await.succeed();
        }
        Situation::RefundedInFull => {
            modify(&mock, "capture", 500).await.succeed();
            modify(&mock, "refund", 500).await.succeed();
        }
        Situation::CapturedInPartAndReleased => {
            part("capture").await.succeed();
            cancel(&mock, false).await.succeed();
        }
        Situation::PastTheDeadline | Situation::PastTheYear => {
            part("capture").await.succeed();
            let days = if let Situation::PastTheYear = situation { 365 } else { 180 };
            unit.step(Target::By(SignedDuration::from_hours(24 * days))).await.unwrap();
        }
        _ => {}
    }
    mock
}

async fn modify(mock: &TestMock, operation: &str, minor: u64) -> Reply {
    let key = format!("{operation}-{minor}-before");
    mock.post_freshly(&format!("{RIDE}/{operation}"), &key, &modification(minor)).await
}

async fn cancel(mock: &TestMock, only_request: bool) -> Reply {
    let body = json!({ "cancelTransactionOnly": only_request });
    mock.post_freshly(&format!("{RIDE}/cancel"), "", &body).await
}

async fn carry_out(mock: &TestMock, operation: &str) -> Reply {
    let move_money = async |what: &str, minor| {
        mock.post_freshly(&format!("{RIDE}/{what}"), "key", &modification(minor)).await
    };
    match operation {
        "capture 100" => move_money("capture", 100).await,
        "capture 900" => move_money("capture", 900).await,
        "refund 100" => move_money("refund", 100).await,
        "refund 900" => move_money("refund", 900).await,
        "cancel" => cancel(mock, false).await,
        "cancel the request" => cancel(mock, true).await,
        _ => {
            let body = json!({ "customer": { "phoneNumber": "4740000001" } });
            let path = "/epayment/v1/test/payments/ride-0001/approve";
            mock.post_freshly(path, "", &body).await
        }
    }
}

async fn standing(mock: &TestMock) -> (Value, Vec<String>) {
    let log = mock.get_freshly(&format!("{RIDE}/events")).await.json();
    let names = log.as_array().into_iter().flatten();
    let names = names.map(|it| it["name"].as_str().unwrap().to_owned()).collect();
    let payment = mock.get_freshly(RIDE).await.json();
    (payment["aggregate"].clone(), names)
}

#[tokio::test]
async fn every_operation_in_every_situation_comes_to_what_the_table_says() {
    let mut cells = 0;
    for (situation, row) in TABLE {
        for (operation, expected) in OPERATIONS.into_iter().zip(row) {
            let mock = bring(situation).await;
            let before = standing(&mock).await;
            let reply = carry_out(&mock, operation).await;
            let after = standing(&mock).await;
            let cell = format!("{situation:?}, {operation}: {} {}", reply.status, reply.text);
            if expected.parse::<u32>().is_ok() {
                assert_eq!(reply.code(), expected, "{cell}");
                assert_eq!(after, before, "a refusal changes nothing: {cell}");
            } else {
                assert!(reply.status.is_success(), "{cell}");
                assert_eq!(after.1.last().map(String::as_str), Some(expected), "{cell}");
                assert_eq!(after.1.len(), before.1.len() + 1, "{cell}");
            }
            cells += 1;
        }
    }
    assert_eq!(cells, TABLE.len() * OPERATIONS.len());
}

impl Reply {
    #[track_caller]
    fn succeed(self) {
        assert!(self.status.is_success(), "{}", self.text);
    }
}

impl TestMock {
    /// With a token of now: the one from the start has run out where time has passed.
    async fn post_freshly(&self, path: &str, key: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {}", self.unit().issue_token().jwt);
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        self.call(Method::POST, path, &headers, &body.to_string()).await
    }

    async fn get_freshly(&self, path: &str) -> Reply {
        let bearer = format!("Bearer {}", self.unit().issue_token().jwt);
        self.call(Method::GET, path, &[("Authorization", &bearer)], "").await
    }
}
