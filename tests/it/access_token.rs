//! `POST /accesstoken/get`.

use axum::http::Method;
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use insta::assert_snapshot;
use serde_json::Value;

use crate::support::{Reply, TestMock};

const ID: (&str, &str) = ("client_id", "5a2c7f10-3b64-4f0e-9d21-000000900001");
const SECRET: (&str, &str) = ("client_secret", "mock-secret-fjord-taxi-900001");

async fn get(mock: &TestMock, headers: &[(&str, &str)]) -> Reply {
    mock.call(Method::POST, "/accesstoken/get", headers, "").await
}

#[tokio::test]
async fn token_has_the_platforms_fields_all_of_them_text() {
    let mock = TestMock::start().await;
    let reply = get(&mock, &[ID, SECRET]).await;
    assert_eq!(reply.headers["content-type"], "application/json;charset=UTF-8");
    let body = reply.json();
    let fields: Vec<_> = body
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "access_token")
        .map(|(name, value)| format!("{name}: {value}"))
        .collect();
    assert_snapshot!(fields.join("\n"), @r#"
    token_type: "Bearer"
    expires_in: "3599"
    ext_expires_in: "3599"
    expires_on: "1893502800"
    not_before: "1893498900"
    resource: "00000002-0000-0000-c000-000000000000"
    "#);
    let parts: Vec<_> = body["access_token"].as_str().unwrap().split('.').collect();
    assert_eq!(parts.len(), 3);
    let decode = |part: &str| -> Value {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    assert_eq!(decode(parts[0])["alg"], "RS256");
    assert_eq!(decode(parts[1])["appid"], ID.1);
    assert_eq!(decode(parts[1])["exp"], 1_893_502_800);
}

#[tokio::test]
async fn path_is_taken_in_any_casing() {
    let mock = TestMock::start().await;
    for path in ["/accessToken/get", "/ACCESSTOKEN/Get"] {
        let reply = mock.call(Method::POST, path, &[ID, SECRET], "").await;
        assert_eq!(reply.status, 200, "{path}");
    }
    assert_eq!(mock.call(Method::GET, "/accessToken/get", &[], "").await.status, 404);
}

#[tokio::test]
async fn unknown_client_is_refused_as_by_the_directory_behind() {
    let mock = TestMock::start().await;
    let reply = get(&mock, &[("client_id", "my-client"), SECRET]).await;
    assert_eq!(reply.status, 400);
    insta::assert_json_snapshot!(reply.json());
}

#[tokio::test]
async fn wrong_secret_is_refused_as_by_the_directory_behind() {
    let mock = TestMock::start().await;
    let reply = get(&mock, &[ID, ("client_secret", "guess")]).await;
    assert_eq!(reply.status, 401);
    insta::assert_json_snapshot!(reply.json());
}

#[tokio::test]
async fn subscription_key_is_checked_first() {
    let mock = TestMock::start().await;
    let reply = get(&mock, &[("Ocp-Apim-Subscription-Key", ""), ("client_id", "my-client")]).await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.text.len(), 152);
    let reply = get(&mock, &[("Ocp-Apim-Subscription-Key", "wrong"), ID, SECRET]).await;
    assert_eq!(reply.status, 401);
    assert_eq!(reply.text.len(), 143);
}

#[tokio::test]
async fn keys_of_two_sales_units_do_not_go_together() {
    let mock = TestMock::start().await;
    let other = ("client_id", "5a2c7f10-3b64-4f0e-9d21-000000900002");
    assert_eq!(get(&mock, &[other, SECRET]).await.status, 401);
    let number = ("Merchant-Serial-Number", "900002");
    assert_eq!(get(&mock, &[ID, SECRET, number]).await.status, 401);
}

#[tokio::test]
async fn token_is_valid_until_its_time_is_up() {
    use vipps_mock::app::agenda::Target;
    let mock = TestMock::start().await;
    mock.unit().step(Target::By(jiff::SignedDuration::from_secs(3599))).await.unwrap();
    assert_eq!(mock.get("/epayment/v1/payments/ride-0001").await.status, 404);
    mock.unit().step(Target::By(jiff::SignedDuration::from_secs(1))).await.unwrap();
    assert_eq!(mock.get("/epayment/v1/payments/ride-0001").await.status, 401);
}
