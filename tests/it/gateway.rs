//! What stands in front of the APIs.

use axum::http::Method;
use insta::assert_snapshot;

use crate::support::TestMock;

const PATH: &str = "/epayment/v1/payments/ride-0001";

#[tokio::test]
async fn missing_subscription_key() {
    let mock = TestMock::start().await;
    let reply = mock.call(Method::GET, PATH, &[("Ocp-Apim-Subscription-Key", "")], "").await;
    assert_snapshot!(reply.print());
}

#[tokio::test]
async fn invalid_subscription_key() {
    let mock = TestMock::start().await;
    let reply = mock.call(Method::GET, PATH, &[("Ocp-Apim-Subscription-Key", "x")], "").await;
    assert_snapshot!(reply.print());
}

#[tokio::test]
async fn bad_token() {
    let mock = TestMock::start().await;
    let reply = mock.call(Method::GET, PATH, &[("Authorization", "Bearer x.y.z")], "").await;
    assert_snapshot!(reply.print());
}

#[tokio::test]
async fn every_kind_of_bad_authorization_is_401() {
    let mock = TestMock::start().await;
    let token = mock.unit().issue_token().jwt.to_string();
    let other = mock.mock.unit("900002").unwrap().issue_token().jwt.to_string();
    let cases = [
        (String::new(), 401),
        (token.clone(), 401),
        (format!("Basic {token}"), 401),
        (format!("Bearer {other}"), 401),
        (format!("bearer {token}"), 404),
        (format!("Bearer {token}"), 404),
    ];
    for (value, status) in cases {
        let reply = mock.call(Method::GET, PATH, &[("Authorization", &value)], "").await;
        assert_eq!(reply.status, status, "{value:.20}");
    }
}

#[tokio::test]
async fn another_units_number_is_401_but_403_on_webhooks() {
    let mock = TestMock::start().await;
    let number = [("Merchant-Serial-Number", "900002")];
    let cases =
        [(PATH, 401), ("/order-management/v2/ecom/ride-0001", 401), ("/webhooks/v1/webhooks", 403)];
    for (path, status) in cases {
        assert_eq!(mock.call(Method::GET, path, &number, "").await.status, status, "{path}");
    }
}

#[tokio::test]
async fn unknown_route_and_unknown_method() {
    let mock = TestMock::start().await;
    let reply = mock.get("/epayment/v1/payment/ride-0001").await;
    assert_snapshot!(reply.print());
    let reply = mock.call(Method::DELETE, PATH, &[], "").await;
    assert_eq!(reply.status, 404);
    assert!(reply.text.contains("responseInfo"));
}

#[tokio::test]
async fn body_over_the_limit_is_refused_before_it_is_read() {
    let mock = TestMock::start().await;
    let body = "x".repeat(vipps_mock::http::BODY_MAX + 1);
    let length = body.len().to_string();
    let headers = [("Idempotency-Key", "k"), ("Content-Length", length.as_str())];
    let reply = mock.call(Method::POST, "/epayment/v1/payments", &headers, &body).await;
    assert_snapshot!(reply.print());
}

#[tokio::test]
async fn keys_are_checked_before_the_route() {
    let mock = TestMock::start().await;
    let keyless = [("Ocp-Apim-Subscription-Key", "")];
    assert_eq!(mock.call(Method::GET, "/epayment/v1/nothing", &keyless, "").await.status, 401);
    assert_eq!(mock.call(Method::GET, "/epayment/v1/nothing", &[], "").await.status, 404);
    assert_eq!(mock.call(Method::GET, "/nothing", &keyless, "").await.status, 404);
    assert_eq!(mock.call(Method::HEAD, "/webhooks/v1/webhooks", &[], "").await.status, 404);
}

#[tokio::test]
async fn path_that_is_no_text_is_refused_in_the_apis_own_shape() {
    let mock = TestMock::start().await;
    let reply = mock.get("/epayment/v1/payments/%ff%fe").await;
    assert_eq!(reply.json()["extraDetails"][0]["name"], "reference");
    let reply = mock.get("/order-management/v2/ecom/%ff").await;
    assert_eq!(reply.json()["invalidParams"][0]["name"], "OrderId");
    let reply = mock.get("/control/v1/sales-units/900001/payments/%ff").await;
    assert_eq!((reply.status.as_u16(), reply.json()["status"].as_u64()), (400, Some(400)));
}

#[tokio::test]
async fn reason_fits_into_a_header_however_much_is_wrong() {
    let mock = TestMock::start().await;
    let lines = vec![serde_json::json!({}); 3000];
    let body = serde_json::json!({"orderLines": lines, "bottomLine": {"currency": "NOK"}});
    let reply = mock.post("/order-management/v2/ecom/receipts/ride-0001", "", &body).await;
    assert!(reply.headers["vipps-mock-reason"].len() <= 500);
    assert!(3000 < reply.json()["invalidParams"].as_array().unwrap().len());
}

#[tokio::test]
async fn calls_about_one_payment_are_counted_each_kind_for_itself() {
    use jiff::SignedDuration;
    use vipps_mock::app::{RateLimits, agenda::Target};
    let mock = TestMock::start_with(RateLimits::On).await.with_authorized("ride-0001", 50000).await;
    for number in 0..5 {
        let reply = mock.capture("ride-0001", 100, &format!("cap-{number}")).await;
        assert_eq!(reply.status, 200);
        mock.unit().step(Target::By(SignedDuration::from_secs(5))).await.unwrap();
    }
    assert_snapshot!(mock.capture("ride-0001", 100, "cap-5").await.print());
    let path = "/epayment/v1/payments/ride-0001";
    let payment = mock.get(path).await.json();
    assert_eq!(payment["aggregate"]["capturedAmount"]["value"], 500, "nothing has changed");
    let cancel = mock.call(Method::POST, &format!("{path}/cancel"), &[], "").await;
    assert_eq!(cancel.status, 200, "another kind of call has a count of its own");
    let mock = mock.with_authorized("ride-0002", 50000).await;
    assert_eq!(mock.capture("ride-0002", 100, "cap-0").await.status, 200, "so has a payment");

    for _ in 1..120 {
        assert_eq!(mock.get(path).await.status, 200);
    }
    assert_eq!(mock.get(path).await.status, 429);
    mock.unit().step(Target::By(SignedDuration::from_secs(60))).await.unwrap();
    assert_eq!(mock.get(path).await.status, 200);
}

#[tokio::test]
async fn creates_that_name_no_payment_count_as_one() {
    use vipps_mock::app::RateLimits;
    let mock = TestMock::start_with(RateLimits::On).await;
    let body = serde_json::json!({"Reference": "ride-0001"});
    for number in 0..5 {
        let reply = mock.post("/epayment/v1/payments", &format!("{number}"), &body).await;
        assert_eq!(reply.status, 400);
    }
    assert_eq!(mock.post("/epayment/v1/payments", "5", &body).await.status, 429);
    assert_eq!(mock.create("ride-0001", 100).await.status, 201);
}
