//! The client against a server that answers what a test says.

use serde_json::json;

use super::*;
use crate::taxi::clock::fake::FakeClock;
use crate::taxi::money::Amount;
use crate::taxi::reference::{IdempotencyKey, Reference};
use crate::taxi::retry::RetryPolicy;
use crate::taxi::stand_in::{Reply, StandIn, in_turn, problem};

fn payment() -> Reply {
    let nok = |value: u64| json!({"currency": "NOK", "value": value});
    Reply::Json(
        200,
        json!({
            "amount": nok(34592), "state": "AUTHORIZED",
            "aggregate": {
                "authorizedAmount": nok(34592), "cancelledAmount": nok(0),
                "capturedAmount": nok(34592), "refundedAmount": nok(0),
            },
            "pspReference": "p", "reference": "ride-0001-1",
        }),
    )
}

fn reference() -> Reference {
    "ride-0001-1".parse().unwrap()
}

fn key() -> IdempotencyKey {
    "cap-ride-0001-1-1".parse().unwrap()
}

async fn capture(client: &Client) -> Result<Payment, Error> {
    client.capture(&reference(), Amount::nok(34592), &key()).await
}

#[tokio::test]
async fn every_call_says_who_is_calling() {
    let api = StandIn::start(in_turn(vec![payment])).await;
    capture(&api.client(FakeClock::new())).await.unwrap();

    let (token_call, call) = (&api.token_calls()[0], &api.asked()[0]);
    for asked in [token_call, call] {
        assert_eq!(asked.header("ocp-apim-subscription-key"), Some("the-key"), "{}", asked.call);
        assert_eq!(asked.header("merchant-serial-number"), Some("900001"), "{}", asked.call);
        for header in ["name", "version", "plugin-name", "plugin-version"] {
            let header = format!("vipps-system-{header}");
            assert!(asked.header(&header).is_some(), "{} {header}", asked.call);
        }
    }
    assert_eq!(token_call.header("client_id"), Some("the-id"));
    assert_eq!(token_call.header("client_secret"), Some("the-secret"));
    assert_eq!(token_call.header("authorization"), None);
    assert!(token_call.body.is_empty());
    assert_eq!(call.call, "POST /epayment/v1/payments/ride-0001-1/capture");
    assert_eq!(call.header("authorization"), Some("Bearer token-1"));
    assert_eq!(call.header("client_secret"), None);
    assert_eq!(call.header("idempotency-key"), Some("cap-ride-0001-1-1"));
    assert_eq!(call.header("content-type"), Some("application/json"));
    let amount = json!({"modificationAmount": {"currency": "NOK", "value": 34592}});
    assert_eq!(call.json(), amount);
}

#[tokio::test]
async fn a_server_failure_is_repeated_with_the_same_key_and_body() {
    let failing = || Reply::Json(500, json!({"title": "Internal error", "status": 500}));
    let api = StandIn::start(in_turn(vec![failing, failing, payment])).await;
    let clock = FakeClock::new();
    capture(&api.client(clock.clone())).await.unwrap();

    let asked = api.asked();
    assert_eq!(asked.len(), 3);
    for repeated in &asked[1..] {
        assert_eq!(repeated.call, asked[0].call);
        assert_eq!(repeated.body, asked[0].body);
        assert_eq!(repeated.header("idempotency-key"), asked[0].header("idempotency-key"));
    }
    assert_eq!(clock.slept_secs(), [1, 2]);
}

#[tokio::test]
async fn a_failure_that_stays_is_told_after_five_attempts() {
    let api = StandIn::start(in_turn(vec![|| problem(500, "3010")])).await;
    let clock = FakeClock::new();
    let error = capture(&api.client(clock.clone())).await.unwrap_err();
    assert_eq!(error.code(), Some(3010));
    assert!(error.leaves_outcome_open());
    assert_eq!(api.asked().len(), 5);
    assert_eq!(clock.slept_secs(), [1, 2, 4, 8]);
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let api = StandIn::start(in_turn(vec![|| Reply::Lost, payment])).await;
    capture(&api.client(FakeClock::new())).await.unwrap();
    assert_eq!(api.asked().len(), 2);
}

#[tokio::test]
async fn a_lost_registration_is_not_repeated_because_it_would_be_a_second_one() {
    let api = StandIn::start(in_turn(vec![|| Reply::Lost])).await;
    let client = api.client(FakeClock::new());
    let error = client.register_webhook("https://taxi.example/", &["x"]).await.unwrap_err();
    assert!(error.leaves_outcome_open(), "{error:?}");
    assert_eq!(api.asked().len(), 1);
}

#[tokio::test]
async fn a_refusal_is_not_repeated() {
    let api = StandIn::start(in_turn(vec![|| problem(400, "6080")])).await;
    let clock = FakeClock::new();
    let error = capture(&api.client(clock.clone())).await.unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(400), Some(6080)));
    assert_eq!(error.advice(), "wait until the passenger has approved");
    assert_eq!(api.asked().len(), 1);
    assert_eq!(clock.slept_secs(), Vec::<i64>::new());
}

#[tokio::test]
async fn a_busy_payment_is_tried_again_in_a_moment() {
    let api = StandIn::start(in_turn(vec![|| problem(423, "6160"), payment])).await;
    let clock = FakeClock::new();
    capture(&api.client(clock.clone())).await.unwrap();
    assert_eq!(clock.slept_secs(), [2]);
}

#[tokio::test]
async fn a_throttled_client_waits_as_long_as_it_is_told() {
    let api = StandIn::start(in_turn(vec![|| Reply::Throttled("17"), payment])).await;
    let clock = FakeClock::new();
    capture(&api.client(clock.clone())).await.unwrap();
    assert_eq!(clock.slept_secs(), [17]);
}

#[tokio::test]
async fn a_client_without_patience_tries_once() {
    let api = StandIn::start(in_turn(vec![|| Reply::Throttled("17"), payment])).await;
    let client = api.client(FakeClock::new()).with_retries(RetryPolicy::NEVER);
    let error = capture(&client).await.unwrap_err();
    assert_eq!(error.status(), Some(429));
    assert_eq!(api.asked().len(), 1);
}

#[tokio::test]
async fn one_token_serves_many_calls_until_shortly_before_it_ends() {
    let api = StandIn::start(in_turn(vec![payment])).await;
    let clock = FakeClock::new();
    let client = api.client(clock.clone());
    let (first, second) = tokio::join!(capture(&client), capture(&client));
    first.unwrap();
    second.unwrap();
    client.clone().payment(&reference()).await.unwrap();
    assert_eq!(api.token_calls().len(), 1);

    clock.advance(jiff::SignedDuration::from_secs(3599 - 61));
    client.payment(&reference()).await.unwrap();
    assert_eq!(api.token_calls().len(), 1);

    clock.advance(jiff::SignedDuration::from_secs(1));
    client.payment(&reference()).await.unwrap();
    assert_eq!(api.token_calls().len(), 2);
}

fn token_refused() -> Reply {
    Reply::Json(401, json!({"responseInfo": {"responseCode": 401, "responseMessage": "no"}}))
}

#[tokio::test]
async fn a_refused_token_is_renewed_once() {
    let api = StandIn::start(in_turn(vec![payment, token_refused, payment])).await;
    let client = api.client(FakeClock::new());
    client.payment(&reference()).await.unwrap();
    client.payment(&reference()).await.unwrap();
    let tokens: Vec<_> =
        api.asked().iter().map(|a| a.header("authorization").unwrap().to_owned()).collect();
    assert_eq!(tokens, ["Bearer token-1", "Bearer token-1", "Bearer token-4"]);
}

#[tokio::test]
async fn a_token_refused_twice_is_told() {
    let api = StandIn::start(in_turn(vec![token_refused])).await;
    let error = capture(&api.client(FakeClock::new())).await.unwrap_err();
    assert_eq!(error.to_string(), "the gateway answered 401: no");
    assert_eq!((api.asked().len(), api.token_calls().len()), (2, 2));
}

#[tokio::test]
async fn a_redirect_is_an_answer_nobody_expected() {
    let api = StandIn::start(in_turn(vec![|| Reply::Json(302, json!({}))])).await;
    let error = capture(&api.client(FakeClock::new())).await.unwrap_err();
    assert_eq!(error.to_string(), "an answer nobody can read, 302: {}");
}

#[tokio::test]
async fn a_success_that_cannot_be_read_names_what_is_wrong() {
    let api = StandIn::start(in_turn(vec![|| Reply::Json(200, json!({"amount": 1}))])).await;
    let error = capture(&api.client(FakeClock::new())).await.unwrap_err();
    assert!(error.leaves_outcome_open());
    assert!(error.to_string().starts_with("an answer nobody can read, 200: amount: "), "{error}");
}

#[tokio::test]
async fn nobody_listening_is_told_as_such() {
    let api = StandIn::start(in_turn(vec![payment])).await;
    let client = api.client(FakeClock::new()).with_retries(RetryPolicy::NEVER);
    drop(api);
    tokio::task::yield_now().await;
    let error = capture(&client).await.unwrap_err();
    assert!(error.to_string().starts_with("no answer (no connection): "), "{error}");
    assert_eq!(error.advice(), "check the address and the network; nothing was sent");
}

#[tokio::test]
async fn each_method_calls_its_own_address() {
    let api = StandIn::start(|asked| match asked.call.as_str() {
        "GET /webhooks/v1/webhooks" => Reply::Json(200, json!({"webhooks": []})),
        "POST /webhooks/v1/webhooks" => Reply::Json(201, json!({"id": "7", "secret": "s"})),
        "DELETE /webhooks/v1/webhooks/a%20b" => Reply::Json(204, json!(null)),
        "GET /epayment/v1/payments/ride-0001-1/events" => Reply::Json(200, json!([])),
        "POST /epayment/v1/test/payments/ride-0001-1/approve" => Reply::Json(200, json!("")),
        "GET /order-management/v2/ecom/ride-0001-1" => Reply::Json(200, json!({"receipt": null})),
        _ => payment(),
    })
    .await;
    let client = api.client(FakeClock::new());
    let (reference, key, amount) = (reference(), key(), Amount::nok(100));
    client.refund(&reference, amount, &key).await.unwrap();
    client.cancel(&reference, CancelScope::Everything, &key).await.unwrap();
    client.cancel(&reference, CancelScope::UnansweredRequest, &key).await.unwrap();
    client.force_approve(&reference, &"4790000001".parse().unwrap()).await.unwrap();
    assert_eq!(client.events(&reference).await.unwrap(), []);
    assert_eq!(client.webhooks().await.unwrap(), []);
    assert_eq!(client.register_webhook("https://taxi.example/", &["x"]).await.unwrap().id, "7");
    client.delete_webhook("a b").await.unwrap();
    assert_eq!(client.order(&reference).await.unwrap().receipt, None);

    let asked: Vec<String> = api
        .asked()
        .iter()
        .map(|asked| {
            let key = asked.header("idempotency-key").map_or("", |_| " with key");
            let body = String::from_utf8_lossy(&asked.body);
            format!("{}{key} {body}", asked.call)
        })
        .collect();
    insta::assert_snapshot!(asked.join("\n"), @r#"
    POST /epayment/v1/payments/ride-0001-1/refund with key {"modificationAmount":{"currency":"NOK","value":100}}
    POST /epayment/v1/payments/ride-0001-1/cancel with key {"cancelTransactionOnly":false}
    POST /epayment/v1/payments/ride-0001-1/cancel with key {"cancelTransactionOnly":true}
    POST /epayment/v1/test/payments/ride-0001-1/approve {"customer":{"phoneNumber":"4790000001"}}
    GET /epayment/v1/payments/ride-0001-1/events 
    GET /webhooks/v1/webhooks 
    POST /webhooks/v1/webhooks {"url":"https://taxi.example/","events":["x"]}
    DELETE /webhooks/v1/webhooks/a%20b 
    GET /order-management/v2/ecom/ride-0001-1 
    "#);
}

#[test]
fn an_address_that_is_none_is_found_out_before_any_call() {
    for base_url in ["", "apitest.vipps.no", "ftp://apitest.vipps.no", "data:x"] {
        let credentials = Credentials {
            base_url: base_url.to_owned(),
            client_id: String::new(),
            client_secret: String::new(),
            subscription_key: String::new(),
            msn: String::new(),
        };
        let client = Client::new(credentials, SystemName::reference_taxi(), FakeClock::new());
        assert!(matches!(client, Err(Error::Setup(_))), "{base_url}");
    }
}

#[tokio::test]
async fn keys_that_cannot_be_sent_are_found_out_without_waiting() {
    let clock = FakeClock::new();
    let credentials = Credentials {
        base_url: "http://127.0.0.1:1".to_owned(),
        client_id: "id".to_owned(),
        client_secret: "pasted with a line break\n".to_owned(),
        subscription_key: "key".to_owned(),
        msn: "900001".to_owned(),
    };
    let client = Client::new(credentials, SystemName::reference_taxi(), clock.clone()).unwrap();
    let error = client.webhooks().await.unwrap_err();
    assert!(matches!(error, Error::Setup(_)), "{error:?}");
    assert_eq!(clock.slept_secs(), Vec::<i64>::new());
}
