//! The optional features of a create request: read, refused, and shown.

use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::{Value, json};
use vipps_mock::app::agenda::Target;

use crate::support::{TestMock, push_request};

const PAYMENTS: &str = "/epayment/v1/payments";
const RIDE: &str = "/epayment/v1/payments/ride-0001";
const SHOWN: &str = "/control/v1/sales-units/900001/payments/ride-0001";

/// A request with these members on top.
pub(crate) fn request_with(reference: &str, changes: &Value) -> Value {
    let mut body = push_request(reference, 34592);
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn what_the_merchant_sent_is_shown_to_the_tester() {
    let mock = TestMock::start().await;
    let body = request_with(
        "ride-0001",
        &json!({
            "profile": {"scope": "name birthDate"},
            "minimumUserAge": 18,
            "receiptUrl": "https://taxi.example/receipt/1",
            "merchantLegalLinks": {
                "termsOfSaleUrl": "https://taxi.example/terms",
                "privacyPolicyUrl": "https://taxi.example/privacy",
            },
            "industryData": {"airlineData": {
                "agencyInvoiceNumber": "1", "airlineCode": "074",
                "airlineDesignatorCode": "KL", "passengerName": "FLYER / MARY MS.",
            }},
            "returnUrl": "taxiapp://back",
        }),
    );
    assert_eq!(mock.post(PAYMENTS, "key", &body).await.status, 201);
    let shown = mock.get(SHOWN).await.json();
    assert_json_snapshot!(json!({"request": shown["request"], "app": shown["app"]}));
}

#[tokio::test]
async fn every_wrong_field_of_every_feature_is_named_at_once() {
    let mock = TestMock::start().await;
    let body = request_with(
        "ride-0001",
        &json!({
            "profile": {"scope": 5},
            "minimumUserAge": 101,
            "receiptUrl": 1,
            "merchantLegalLinks": {"termsOfSaleUrl": "https://taxi.example/terms"},
            "industryData": {"airlineData": {
                "agencyInvoiceNumber": "1234567", "airlineCode": "74",
                "airlineDesignatorCode": "KLM", "ticketNumber": "",
            }},
            "shipping": {"fixedOptions": [{
                "type": "PIGEON", "brand": "POSTEN",
                "options": [{"id": "a", "amount": {"currency": "NOK", "value": "1"}}],
            }], "allowedCountries": ["no"]},
            "metadata": {"a": {}},
            "expiresAt": "tomorrow",
        }),
    );
    let reply = mock.post(PAYMENTS, "key", &body).await;
    assert_eq!(reply.status, 400);
    let details = reply.json()["extraDetails"].clone();
    let names: Vec<_> =
        details.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        [
            "metadata.a",
            "expiresAt",
            "profile.scope",
            "shipping.allowedCountries[0]",
            "shipping.fixedOptions[0].type",
            "shipping.fixedOptions[0].options[0].amount.value",
            "shipping.fixedOptions[0].options[0].name",
            "minimumUserAge",
            "receiptUrl",
            "merchantLegalLinks.privacyPolicyUrl",
            "industryData.airlineData.agencyInvoiceNumber",
            "industryData.airlineData.airlineCode",
            "industryData.airlineData.airlineDesignatorCode",
            "industryData.airlineData.passengerName",
            "industryData.airlineData.ticketNumber",
        ]
    );
    assert_eq!(mock.unit().payments().len(), 0);
}

#[tokio::test]
async fn features_that_make_no_sense_have_their_codes() {
    let mock = TestMock::start().await;
    let fixed = |currency: &str| {
        json!({"fixedOptions": [{"type": "MAILBOX", "brand": "POSTEN", "options": [
            {"id": "a", "name": "A", "amount": {"currency": currency, "value": 4900}}
        ]}]})
    };
    let address = json!({"scope": "address name"});
    let cases = [
        (json!({"receiptUrl": "http://taxi.example/1"}), "4090"),
        (
            json!({"merchantLegalLinks": {"termsOfSaleUrl": "ftp:", "privacyPolicyUrl": "https://a.example"}}),
            "4090",
        ),
        (
            json!({"profile": address, "shipping": {"dynamicOptions": {"callbackUrl": "shop"}}}),
            "4090",
        ),
        (json!({"shipping": fixed("NOK")}), "4140"),
        (json!({"profile": address, "shipping": fixed("EUR")}), "5040"),
        (json!({"profile": {"scope": "nin"}}), "5030"),
        (json!({"minimumUserAge": 16, "customer": {"phoneNumber": "4790000011"}}), "7010"),
    ];
    for (number, (change, code)) in cases.iter().enumerate() {
        let body = request_with("ride-0001", change);
        let reply = mock.post(PAYMENTS, &format!("key-{number}"), &body).await;
        assert_eq!(reply.code(), *code, "{change}");
    }
    assert_eq!(mock.unit().payments().len(), 0);
}

#[tokio::test]
async fn profile_is_shared_read_back_and_forgotten() {
    let mock = TestMock::start().await;
    let change = json!({
        "profile": {"scope": "name email phoneNumber birthDate address"},
        "customer": {"phoneNumber": "4790000001"},
    });
    mock.post(PAYMENTS, "key", &request_with("ride-0001", &change)).await;
    assert_eq!(mock.get(RIDE).await.json()["profile"], json!({}));
    mock.unit().step(Target::By(SignedDuration::ZERO)).await.unwrap();
    let payment = mock.get(RIDE).await;
    assert_json_snapshot!(payment.json());
    let sub = payment.json()["profile"]["sub"].as_str().unwrap().to_owned();
    let path = format!("/vipps-userinfo-api/userinfo/{sub}");
    assert_json_snapshot!(mock.get(&path).await.json());

    mock.unit().step(Target::By(SignedDuration::from_hours(167))).await.unwrap();
    let bearer = format!("Bearer {}", mock.unit().issue_token().jwt);
    let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", "key-2")];
    let again = request_with("ride-0002", &change).to_string();
    mock.call(axum::http::Method::POST, PAYMENTS, &headers, &again).await;
    let shown = "/control/v1/sales-units/900001/payments/ride-0002";
    mock.unit().step(Target::By(SignedDuration::ZERO)).await.unwrap();
    assert_eq!(mock.get(shown).await.json()["sub"], sub.as_str(), "the same customer");
    let token = mock.unit().issue_token().jwt;
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let get = axum::http::Method::GET;
    let fresh = mock.call(get.clone(), &path, &headers, "").await.json();
    assert_eq!(fresh["given_name"], "Ingrid", "asked again within seven days, it still counts");
    mock.unit().step(Target::By(SignedDuration::from_hours(1))).await.unwrap();
    let token = mock.unit().issue_token().jwt;
    let bearer = format!("Bearer {token}");
    let expired = mock.call(get.clone(), &path, &[("Authorization", &bearer)], "").await.json();
    assert_eq!((&expired["given_name"], &expired["sub"]), (&json!("[Expired]"), &json!(sub)));
    let headers = [("Authorization", bearer.as_str())];
    let unknown = mock.call(get, "/vipps-userinfo-api/userinfo/x", &headers, "").await;
    assert_eq!((unknown.status.as_u16(), &unknown.json()["status"]), (404, &json!("404")));
}

#[tokio::test]
async fn refused_consent_ends_the_payment_and_is_refused_where_nothing_is_asked() {
    let mock = TestMock::start().await.with_payment("ride-0002", 34592).await;
    let body = request_with("ride-0001", &json!({"profile": {"scope": "name"}}));
    mock.post(PAYMENTS, "key", &body).await;
    let path = |reference: &str| {
        format!("/control/v1/sales-units/900001/payments/{reference}/refuse-consent")
    };
    assert_eq!(mock.post(&path("ride-0002"), "", &json!({})).await.status, 409);
    let refused = mock.post(&path("ride-0001"), "", &json!({})).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["state"]), (200, &json!("ABORTED")));
}
