//! What a sales unit refuses that is strict, and takes if it is not.

use axum::http::Method;
use serde_json::{Value, json};
use vipps_mock::domain::Strictness;

use crate::support::{TestMock, push_request};

const PAYMENTS: &str = "/epayment/v1/payments";

/// The status under each of the two, of a call that differs from a good one by this.
async fn both(path: &str, headers: &[(&str, &str)], body: &str) -> [(u16, Value); 2] {
    let mut answers = Vec::new();
    for strictness in [Strictness::Lenient, Strictness::Strict] {
        let mock = TestMock::start_as(strictness).await;
        let reply = mock.call(Method::POST, path, headers, body).await;
        let json = serde_json::from_str(&reply.text).unwrap_or_default();
        answers.push((reply.status.as_u16(), json));
    }
    answers.try_into().unwrap()
}

#[tokio::test]
async fn headers_are_insisted_on_by_a_strict_unit_only() {
    let long = "x".repeat(31);
    let cases = [
        ("Merchant-Serial-Number", "", 400, "Merchant-Serial-Number"),
        ("Vipps-System-Name", long.as_str(), 400, "Vipps-System-Name"),
        ("Vipps-System-Plugin-Version", long.as_str(), 400, "Vipps-System-Plugin-Version"),
        ("Content-Type", "text/plain", 415, ""),
        ("Content-Type", "", 415, ""),
    ];
    let body = push_request("ride-0001", 34592).to_string();
    for (name, value, status, field) in cases {
        let headers = [("Idempotency-Key", "key"), (name, value)];
        let [lenient, strict] = both(PAYMENTS, &headers, &body).await;
        assert_eq!((lenient.0, strict.0), (201, status), "{name}: {value}");
        let named = strict.1["extraDetails"][0]["name"].as_str().unwrap_or_default();
        assert_eq!(named, field, "{}", strict.1);
    }
    let fine = [
        ("Vipps-System-Name", "x".repeat(30)),
        ("Vipps-System-Name", String::new()),
        ("Content-Type", "application/json;charset=UTF-8".to_owned()),
    ];
    for (name, value) in fine {
        let headers = [("Idempotency-Key", "key"), (name, value.as_str())];
        let headers = if value.is_empty() { &headers[..1] } else { &headers[..] };
        let [lenient, strict] = both(PAYMENTS, headers, &body).await;
        assert_eq!((lenient.0, strict.0), (201, 201), "{name}: {value}");
    }
}

#[tokio::test]
async fn unknown_members_are_named_by_a_strict_unit_and_ignored_by_others() {
    let cases = [
        (json!({"colour": "blue"}), "colour"),
        (json!({"amount": {"currency": "NOK", "value": 34592, "unit": "oere"}}), "amount.unit"),
        (json!({"paymentMethod": {"type": "WALLET", "card": 1}}), "paymentMethod.card"),
        (
            json!({"customer": {"phoneNumber": "4740000001", "customerInteraction": "X"}}),
            "customer.customerInteraction",
        ),
        (json!({"profile": {"scopes": "name"}}), "profile.scopes"),
    ];
    for (change, name) in cases {
        let mut body = push_request("ride-0001", 34592);
        for (member, value) in change.as_object().unwrap() {
            body[member] = value.clone();
        }
        let headers = [("Idempotency-Key", "key")];
        let [lenient, strict] = both(PAYMENTS, &headers, &body.to_string()).await;
        assert_eq!((lenient.0, strict.0), (201, 400), "{change}");
        let detail = &strict.1["extraDetails"][0];
        assert_eq!(detail["name"], name);
        let reason = detail["reason"].as_str().unwrap();
        assert!(reason.contains("could not be mapped"), "{reason}");
    }
}

#[tokio::test]
async fn other_apis_are_strict_in_their_own_shapes() {
    let webhook = json!({
        "url": "https://example.com/hooks",
        "events": ["epayments.payment.created.v1"],
        "secret": "mine",
    });
    let [lenient, strict] = both("/webhooks/v1/webhooks", &[], &webhook.to_string()).await;
    assert_eq!((lenient.0, strict.0), (201, 400));
    assert_eq!(strict.1["extraDetails"][0]["name"], "secret");
    let receipt = json!({
        "orderLines": [{
            "name": "Ride", "id": "ride", "totalAmount": 112, "totalAmountExcludingTax": 100,
            "totalTaxAmount": 12, "taxRate": 1200, "colour": "blue"
        }],
        "bottomLine": {"currency": "NOK"},
    });
    let path = "/order-management/v2/ecom/receipts/ride-0001";
    let [lenient, strict] = both(path, &[], &receipt.to_string()).await;
    assert_eq!((lenient.0, strict.0), (201, 400));
    assert_eq!(strict.1["invalidParams"][0]["name"], "OrderLines[0].Colour");
}

#[tokio::test]
async fn strict_unit_takes_calls_without_a_body_and_wants_the_word_bearer() {
    let mock = TestMock::start_as(Strictness::Strict).await.with_payment("ride-0001", 34592).await;
    let cancel = "/epayment/v1/payments/ride-0001/cancel";
    let reply = mock.call(Method::POST, cancel, &[("Content-Type", "")], "").await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    let token = mock.unit().issue_token().jwt;
    for (word, status) in [("Bearer", 200), ("bearer", 401)] {
        let header = format!("{word} {token}");
        let headers = [("Authorization", header.as_str())];
        let path = "/epayment/v1/payments/ride-0001";
        assert_eq!(mock.call(Method::GET, path, &headers, "").await.status, status, "{word}");
    }
}
