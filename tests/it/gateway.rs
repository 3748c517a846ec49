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
