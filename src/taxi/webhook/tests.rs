//! The receiver against deliveries, good and bad, over real HTTP.

use std::sync::Arc;

use http::HeaderMap;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::verify::{AUTHORIZATION_START, SKEW_MAX, body_hash, sign, string_to_sign};
use super::*;
use crate::taxi::client::EventName;
use crate::taxi::clock::fake::FakeClock;
use crate::taxi::reference::Reference;
use crate::taxi::transport::http_client;

/// The time of a [`FakeClock`] that has not moved.
const NOW: &str = "Thu, 01 Jan 2026 00:00:00 GMT";
const REGISTRATION: &str = "497f6eca-6276-4993-bfeb-53cbbbba6f08";

fn secret() -> Secret {
    Secret::new("not-a-real-secret")
}

async fn receiver() -> Receiver {
    let receiver = Receiver::bind(DateCheck::Off).await.unwrap();
    receiver.trust(REGISTRATION, secret());
    receiver
}

fn reference() -> Reference {
    "ride-0001-1".parse().unwrap()
}

fn event(name: &str, psp_reference: &str) -> Value {
    json!({
        "msn": "900001", "reference": "ride-0001-1", "pspReference": psp_reference, "name": name,
        "amount": {"currency": "NOK", "value": 34592}, "timestamp": "2026-01-01T00:00:00.000Z",
        "success": true,
    })
}

/// Signs a body as the sender would.
pub(crate) fn signed(url: &str, registration: &str, secret: &Secret, body: &str) -> HeaderMap {
    let (host, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let hash = body_hash(body.as_bytes());
    let signature = sign(secret, &string_to_sign(&format!("/{path}"), NOW, host, &hash));
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("x-ms-date", NOW.to_owned()),
        ("x-ms-content-sha256", hash),
        ("authorization", format!("{AUTHORIZATION_START}{signature}")),
        ("webhook-id", registration.to_owned()),
    ] {
        headers.insert(name, value.parse().unwrap());
    }
    headers
}

/// Sends a delivery as it is, and says what the receiver answered.
async fn send(url: &str, headers: HeaderMap, body: &str) -> u16 {
    let request = http_client().unwrap().post(url).headers(headers).body(body.to_owned());
    request.send().await.unwrap().status().as_u16()
}

async fn deliver(receiver: &Receiver, event: &Value) -> u16 {
    let body = event.to_string();
    let headers = signed(receiver.url(), REGISTRATION, &secret(), &body);
    send(receiver.url(), headers, &body).await
}

#[tokio::test]
async fn a_delivery_reaches_whoever_waits_for_the_payment() {
    let receiver = receiver().await;
    let mut events = receiver.subscribe(&reference());
    let waiting = tokio::spawn(async move { events.next().await });
    tokio::task::yield_now().await;
    assert_eq!(deliver(&receiver, &event("AUTHORIZED", "1")).await, 200);
    assert_eq!(waiting.await.unwrap().name, EventName::Authorized);
    assert_eq!(receiver.counts(), Counts { accepted: 1, ..Counts::default() });
}

#[tokio::test]
async fn a_delivery_that_came_before_anybody_waited_is_found() {
    let receiver = receiver().await;
    deliver(&receiver, &event("CREATED", "1")).await;
    deliver(&receiver, &event("AUTHORIZED", "2")).await;
    let mut events = receiver.subscribe(&reference());
    assert_eq!(events.next().await.name, EventName::Created);
    assert_eq!(events.next().await.name, EventName::Authorized);
    assert_eq!(events.received(), None);
}

#[tokio::test]
async fn a_repeat_is_answered_and_dropped() {
    let receiver = receiver().await;
    for _ in 0..3 {
        assert_eq!(deliver(&receiver, &event("AUTHORIZED", "1")).await, 200);
    }
    assert_eq!(receiver.counts(), Counts { accepted: 1, repeated: 2, ..Counts::default() });
}

#[tokio::test]
async fn what_does_not_verify_is_refused_and_not_looked_into() {
    let receiver = receiver().await;
    let url = receiver.url();
    let body = event("AUTHORIZED", "1").to_string();
    let good = || signed(url, REGISTRATION, &secret(), &body);

    let forged = signed(url, REGISTRATION, &Secret::new("a guess"), &body);
    assert_eq!(send(url, forged, &body).await, 401);
    assert_eq!(send(url, good(), &body.replace("34592", "1")).await, 401);
    let mut unsigned = good();
    unsigned.remove("authorization");
    assert_eq!(send(url, unsigned, &body).await, 401);
    let mut anonymous = good();
    anonymous.remove("webhook-id");
    assert_eq!(send(url, anonymous, &body).await, 401);
    let strange = signed(url, "another-registration", &secret(), &body);
    assert_eq!(send(url, strange, &body).await, 401);

    assert_eq!(receiver.counts(), Counts { rejected: 5, ..Counts::default() });
    assert_eq!(receiver.subscribe(&reference()).received(), None);
    insta::assert_snapshot!(receiver.rejections().join("\n"), @"
    the signature is not made with this registration's secret over this request
    the body does not have the hash in x-ms-content-sha256
    the header authorization is missing
    the header webhook-id is missing
    the registration another-registration is not one of ours, or its secret is not known yet
    ");
}

#[tokio::test]
async fn a_delivery_before_its_secret_is_known_is_accepted_when_it_comes_again() {
    let receiver = Receiver::bind(DateCheck::Off).await.unwrap();
    assert_eq!(deliver(&receiver, &event("AUTHORIZED", "1")).await, 401);
    receiver.trust(REGISTRATION, secret());
    assert_eq!(deliver(&receiver, &event("AUTHORIZED", "1")).await, 200);
    let counts = Counts { accepted: 1, rejected: 1, ..Counts::default() };
    assert_eq!(receiver.counts(), counts);
}

#[tokio::test]
async fn an_old_delivery_is_refused_when_dates_are_checked() {
    let clock = FakeClock::new();
    let date_check = DateCheck::Within { clock: clock.clone(), skew_max: SKEW_MAX };
    let receiver = Receiver::bind(date_check).await.unwrap();
    receiver.trust(REGISTRATION, secret());
    assert_eq!(deliver(&receiver, &event("AUTHORIZED", "1")).await, 200);
    clock.advance(SignedDuration::from_secs(301));
    assert_eq!(deliver(&receiver, &event("AUTHORIZED", "2")).await, 401);
    assert_eq!(receiver.rejections(), ["the date in x-ms-date is 5m 1s away from now"]);
}

#[tokio::test]
async fn a_signed_delivery_of_something_else_is_answered_and_ignored() {
    let receiver = receiver().await;
    let body = json!({"eventType": "recurring.agreement-activated.v1"});
    assert_eq!(deliver(&receiver, &body).await, 200);
    assert_eq!(receiver.counts(), Counts { ignored: 1, ..Counts::default() });
}

#[tokio::test]
async fn only_a_post_to_the_registered_path_is_a_delivery() {
    let receiver = receiver().await;
    let get = http_client().unwrap().get(receiver.url()).send().await.unwrap();
    assert_eq!(get.status().as_u16(), 405);
    let elsewhere = format!("{}/more", receiver.url());
    assert_eq!(send(&elsewhere, HeaderMap::new(), "{}").await, 404);
    let huge = "x".repeat(receiver::DELIVERY_BYTES_MAX + 1);
    assert_eq!(send(receiver.url(), HeaderMap::new(), &huge).await, 413);
    assert_eq!(receiver.counts(), Counts::default());
}

#[tokio::test]
async fn an_event_that_failed_announces_nothing() {
    let receiver = receiver().await;
    let mut failed = event("AUTHORIZED", "1");
    failed["success"] = false.into();
    deliver(&receiver, &failed).await;
    deliver(&receiver, &event("CREATED", "2")).await;
    deliver(&receiver, &event("ABORTED", "3")).await;
    let mut events = receiver.subscribe(&reference());
    let announced: Vec<bool> =
        std::iter::from_fn(|| events.received()).map(|event| event.announces_answer()).collect();
    assert_eq!(announced, [false, false, true]);
}

#[tokio::test]
async fn the_registered_address_is_what_is_signed_not_what_a_proxy_made_of_it() {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let public = "http://taxi.example/hooks?car=n02272&x=1";
    let receiver = Receiver::serve(listener, public, DateCheck::Off).unwrap();
    receiver.trust(REGISTRATION, secret());
    let body = event("AUTHORIZED", "1").to_string();
    let headers = signed(public, REGISTRATION, &secret(), &body);
    assert_eq!(send(&format!("http://127.0.0.1:{port}/hooks"), headers, &body).await, 200);
}

mod registering {
    use std::sync::Mutex;

    use super::*;
    use crate::taxi::stand_in::{Asked, Reply, StandIn};
    use crate::taxi::webhook::registration::{PAYMENT_EVENTS, Registered};

    /// Keeps registrations as the API does, beginning with these.
    async fn api_with(existing: Vec<Value>) -> StandIn {
        let registrations = Mutex::new(existing);
        StandIn::start(move |asked: &Asked| {
            let mut registrations = registrations.lock().unwrap();
            let (method, path) = asked.call.split_once(' ').unwrap();
            match method {
                "GET" => Reply::Json(200, json!({"webhooks": *registrations})),
                "DELETE" => {
                    registrations.retain(|kept| !path.ends_with(kept["id"].as_str().unwrap()));
                    Reply::Json(204, Value::Null)
                }
                _ => {
                    let id = format!("new-{}", registrations.len());
                    let mut new = asked.json();
                    new["id"] = id.as_str().into();
                    registrations.push(new);
                    Reply::Json(201, json!({"id": id, "secret": "s"}))
                }
            }
        })
        .await
    }

    #[tokio::test]
    async fn two_rides_at_once_register_one_address_once() {
        let api = api_with(Vec::new()).await;
        let client = api.client(FakeClock::new());
        let receiver = Arc::new(receiver().await);
        let (first, second) = tokio::join!(
            ensure_registered(&client, &receiver),
            ensure_registered(&client, &receiver)
        );
        assert_eq!([first.unwrap(), second.unwrap()], [Registered::Now, Registered::Already]);
        assert!(receiver.trusts("new-0"));

        unregister(&client, &receiver).await.unwrap();
        assert!(!receiver.trusts("new-0"));
        assert_eq!(client.webhooks().await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_registration_whose_secret_is_lost_is_replaced_and_others_are_left_alone() {
        let receiver = receiver().await;
        let api = api_with(vec![
            json!({"id": "lost", "url": receiver.url(), "events": PAYMENT_EVENTS}),
            json!({"id": "theirs", "url": "https://shop.example/", "events": PAYMENT_EVENTS}),
        ])
        .await;
        let client = api.client(FakeClock::new());
        ensure_registered(&client, &receiver).await.unwrap();
        let ids: Vec<_> = client.webhooks().await.unwrap().into_iter().map(|r| r.id).collect();
        assert_eq!(ids, ["theirs", "new-1"]);
    }
}
