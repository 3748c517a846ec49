//! `/webhooks/v1`, and deliveries over real sockets on a frozen clock.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Bytes, http::HeaderMap, http::Method, http::StatusCode, routing::post};
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use vipps_mock::{
    app::{
        Mock, RateLimits, RegistrationSeed, SalesUnitSeed, WebhookSeed,
        agenda::Target,
        deliveries::{EXCHANGES_KEPT, ON_THE_WIRE_MAX},
        faults::Wish,
    },
    config::default_units,
    domain::{
        DeliveryStatus, Strictness,
        fault::{Effect, Matcher},
        webhook_effect::WebhookEffect,
    },
};

use crate::support::TestMock;

const WEBHOOKS: &str = "/webhooks/v1/webhooks";

/// A receiver that answers its calls with these statuses, then with 200.
#[derive(Clone, Default)]
struct Receiver {
    statuses: Arc<Mutex<Vec<u16>>>,
    bodies: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    fn failing(times: usize) -> Self {
        Self { statuses: Arc::new(Mutex::new(vec![503; times])), ..Self::default() }
    }

    async fn listen(&self) -> String {
        let receiver = self.clone();
        let handler = async move |_: HeaderMap, body: Bytes| {
            receiver.bodies.lock().unwrap().push(String::from_utf8(body.to_vec()).unwrap());
            let status = receiver.statuses.lock().unwrap().pop().unwrap_or(200);
            StatusCode::from_u16(status).unwrap()
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(handler));
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn names(&self) -> Vec<String> {
        let bodies = self.bodies.lock().unwrap();
        let name = |body: &String| {
            let json: serde_json::Value = serde_json::from_str(body).unwrap();
            json["name"].as_str().unwrap().to_owned()
        };
        bodies.iter().map(name).collect()
    }
}

async fn register(mock: &TestMock, url: &str, events: &[&str]) -> serde_json::Value {
    let events: Vec<_> = events.iter().map(|it| format!("epayments.payment.{it}.v1")).collect();
    let reply = mock.post(WEBHOOKS, "", &json!({"url": url, "events": events})).await;
    assert_eq!(reply.status, 201, "{}", reply.text);
    reply.json()
}

async fn settle(mock: &TestMock) {
    mock.unit().step(Target::By(SignedDuration::ZERO)).await.unwrap();
}

#[tokio::test]
async fn registration_is_answered_with_id_and_secret_and_listed_without() {
    let mock = TestMock::start().await;
    let body =
        json!({"url": "http://localhost:3000/hook", "events": ["epayments.payment.created.v1"]});
    let reply = mock.post(WEBHOOKS, "", &body).await;
    assert_snapshot!(reply.print());
    let again = mock.post(WEBHOOKS, "", &body).await.json();
    assert_ne!(again["id"], reply.json()["id"], "registrations are never deduplicated");
    assert_snapshot!(mock.get(WEBHOOKS).await.print());
    let path = format!("{WEBHOOKS}/{}", again["id"].as_str().unwrap());
    let deleted = mock.call(Method::DELETE, &path, &[], "").await;
    assert_eq!((deleted.status.as_u16(), deleted.text.as_str()), (204, ""));
    assert_eq!(mock.call(Method::DELETE, &path, &[], "").await.status, 404);
    assert_eq!(mock.get(WEBHOOKS).await.json()["webhooks"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn wrong_registrations_are_told_why() {
    let mock = TestMock::start().await;
    let events = json!(["epayment.payment.created.v1", "epayment.payment.captured.v1"]);
    let body = json!({"url": "http://localhost/hook", "events": events});
    assert_snapshot!(mock.post(WEBHOOKS, "", &body).await.print());
    let cases = [
        (json!({}), "The property is required and cannot be null or empty."),
        (json!({"url": "", "events": []}), "The property is required and cannot be null or empty."),
        (
            json!({"url": "ftp://taxi.example", "events": ["user.checked-in.v1"]}),
            "The URL and/or hostname you provided is not allowed",
        ),
    ];
    for (body, reason) in cases {
        let reply = mock.post(WEBHOOKS, "", &body).await;
        assert_eq!(reply.json()["extraDetails"][0]["name"], "url", "{body}");
        assert_eq!(reply.json()["extraDetails"][0]["reason"], reason, "{body}");
    }
    let path = format!("{WEBHOOKS}/1");
    let reply = mock.call(Method::DELETE, &path, &[], "").await;
    assert_eq!(reply.json()["extraDetails"][0]["name"], "id");
    assert_eq!(mock.unit().registrations().len(), 0);
}

#[tokio::test]
async fn there_are_at_most_twenty_five_registrations_for_an_event() {
    let mock = TestMock::start().await;
    for _ in 0..25 {
        register(&mock, "http://localhost/hook", &["created"]).await;
    }
    let body = json!({"url": "http://localhost/hook", "events": ["epayments.payment.created.v1"]});
    assert_eq!(mock.post(WEBHOOKS, "", &body).await.status, 400);
    register(&mock, "http://localhost/hook", &["captured"]).await;
}

/// The bytes themselves, as they come through the socket.
#[tokio::test]
async fn delivery_has_the_captured_headers_and_a_compact_signed_body() {
    let mock = TestMock::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let hook = register(&mock, &format!("http://{address}/hook?shop=1"), &["authorized"]).await;
    let receive = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"}") {
            stream.read_buf(&mut bytes).await.unwrap();
        }
        stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").await.unwrap();
        String::from_utf8(bytes).unwrap()
    });
    let mock = mock.with_authorized("ride-0001", 34592).await;
    settle(&mock).await;
    let received = receive.await.unwrap();

    // What varies is the port, and with it the signature: both are recomputed here.
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    let header = |name: &str| {
        let start = format!("\r\n{name}: ");
        head.split(&start)
            .nth(1)
            .unwrap_or_else(|| panic!("no {name} in {head}"))
            .split("\r\n")
            .next()
            .unwrap()
    };
    let text = format!(
        "POST\n/hook?shop=1\n{};{address};{}",
        header("x-ms-date"),
        header("x-ms-content-sha256")
    );
    let signature = hmac_base64(hook["secret"].as_str().unwrap(), &text);
    let shown = received.replace(&address, "[address]").replace(&signature, "[signature]");
    assert_eq!(header("Webhook-Id"), hook["id"]);
    assert_snapshot!(shown.replace("\r\n", "\n"));
    assert!(body.starts_with(r#"{"msn":"900001","reference":"ride-0001","pspReference":"#));
    assert_eq!(mock.unit().deliveries()[0].attempts()[0].outcome.to_string(), "202");
}

fn hmac_base64(secret: &str, text: &str) -> String {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use hmac::{KeyInit as _, Mac as _};
    let mut mac = hmac::Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    BASE64_STANDARD.encode(mac.finalize().into_bytes())
}

#[tokio::test]
async fn every_interested_registration_gets_the_event() {
    let mock = TestMock::start().await;
    let (both, one) = (Receiver::default(), Receiver::default());
    register(&mock, &both.listen().await, &["created", "authorized"]).await;
    register(&mock, &one.listen().await, &["authorized"]).await;
    let mock = mock.with_authorized("ride-0001", 34592).await;
    settle(&mock).await;
    assert_eq!(both.names(), ["CREATED", "AUTHORIZED"]);
    assert_eq!(one.names(), ["AUTHORIZED"]);
}

#[tokio::test]
async fn failed_delivery_is_retried_at_the_published_times_and_holds_back_its_payment_only() {
    let mock = TestMock::start().await;
    let receiver = Receiver::failing(6);
    register(&mock, &receiver.listen().await, &["created", "authorized"]).await;
    let mock = mock.with_authorized("ride-0001", 34592).await;
    // The first attempt takes the first failure; the other payment comes while the first waits.
    settle(&mock).await;
    *receiver.statuses.lock().unwrap() = vec![200; 1];
    let mock = mock.with_payment("ride-0002", 100).await;
    settle(&mock).await;
    assert_eq!(receiver.names(), ["CREATED", "CREATED"], "another payment does not wait");
    *receiver.statuses.lock().unwrap() = vec![503; 5];
    let report = mock.unit().step(Target::By(SignedDuration::from_hours(2))).await.unwrap();
    let log: Vec<_> = report
        .happened
        .iter()
        .filter(|it| it.fact.kind() == "delivery")
        .map(|it| format!("{} {}", it.at, it.fact))
        .collect();
    assert_snapshot!(log.join("\n"));
    let bodies = receiver.bodies.lock().unwrap();
    let own: Vec<_> = bodies.iter().filter(|body| body.contains("ride-0001")).collect();
    assert!(own[..7].iter().all(|body| *body == own[0]), "the body never changes");
}

#[tokio::test]
async fn deleting_a_registration_ends_its_retries() {
    let mock = TestMock::start().await;
    let receiver = Receiver::failing(100);
    let hook = register(&mock, &receiver.listen().await, &["created"]).await;
    let mock = mock.with_payment("ride-0001", 34592).await;
    settle(&mock).await;
    let calls = receiver.names().len();
    let path = format!("{WEBHOOKS}/{}", hook["id"].as_str().unwrap());
    mock.call(Method::DELETE, &path, &[], "").await;
    mock.unit().step(Target::By(SignedDuration::from_hours(48))).await.unwrap();
    assert_eq!(receiver.names().len(), calls);
}

#[tokio::test]
async fn nobody_listening_is_a_failed_attempt() {
    let mock = TestMock::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    drop(listener);
    register(&mock, &url, &["created"]).await;
    let mock = mock.with_payment("ride-0001", 34592).await;
    settle(&mock).await;
    let delivery = &mock.unit().deliveries()[0];
    assert_eq!(delivery.attempts()[0].outcome.to_string(), "connection refused");
}

#[tokio::test]
async fn answer_whose_body_never_comes_is_an_answer() {
    let mock = TestMock::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    register(&mock, &url, &["created"]).await;
    let receiver = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n").await.unwrap();
        // Held open until the other side has given up on the rest.
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
    });
    let mock = mock.with_payment("ride-0001", 34592).await;
    settle(&mock).await;
    receiver.await.unwrap();
    assert_eq!(mock.unit().deliveries()[0].attempts()[0].outcome.to_string(), "200");
}

#[tokio::test]
async fn strict_takes_public_https_addresses_only() {
    let mock = TestMock::start_as(Strictness::Strict).await;
    let events = json!(["epayments.payment.created.v1"]);
    for (url, status) in [("http://localhost:3000/hook", 400), ("https://example.com/hook", 201)] {
        let reply = mock.post(WEBHOOKS, "", &json!({"url": url, "events": events})).await;
        assert_eq!(reply.status, status, "{}", reply.text);
        if status == 400 {
            let reason = &reply.json()["extraDetails"][0]["reason"];
            assert_eq!(reason, "The URL and/or hostname you provided is not allowed");
        }
    }
}

#[tokio::test]
async fn pinned_secrets_sign_what_was_registered_by_hand_and_from_the_start() {
    let secret: Arc<str> = format!("{}==", "A".repeat(86)).into();
    let seeded = RegistrationSeed {
        url: "http://localhost:3000/hook".into(),
        events: vec!["user.checked-in.v1".parse().unwrap()],
        secret: None,
    };
    let webhooks = WebhookSeed { secret: Some(secret.clone()), registered: vec![seeded] };
    let units = default_units()
        .into_iter()
        .map(|seed| SalesUnitSeed { webhooks: webhooks.clone(), ..seed });
    let (mock, _newcomers) = Mock::new(1, units.collect(), RateLimits::Off);
    let unit = mock.unit("900001").unwrap();
    let by_hand =
        unit.register("http://localhost/".into(), vec!["user.checked-in.v1".parse().unwrap()]);
    assert!(by_hand.is_err(), "there is one from the start");
    let events = vec!["epayments.payment.created.v1".parse().unwrap()];
    assert_eq!(unit.register("http://localhost/".into(), events).unwrap().secret, secret);
    unit.reset();
    let registrations = unit.registrations();
    assert_eq!((registrations.len(), &registrations[0].secret), (1, &secret));
}

#[tokio::test]
async fn an_attempt_shows_what_was_sent_and_what_came_back() {
    let mock = TestMock::start().await;
    let router = Router::new().fallback(async || (StatusCode::BAD_REQUEST, "x".repeat(2_000)));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    register(&mock, &url, &["created"]).await;
    let mock = mock.with_payment("ride-0001", 34592).await;
    settle(&mock).await;
    let shown = mock.get("/control/v1/sales-units/900001/deliveries/1").await.json();
    let attempt = &shown["attempts"][0];
    assert_eq!((&attempt["status"], &shown["status"]), (&json!(400), &json!("waiting")));
    assert_eq!(attempt["request"]["target"], "/hook");
    assert_eq!(attempt["response"]["body"].as_str().unwrap().len(), 1024);
    assert_eq!(attempt["response"]["isCut"], true);
    assert_eq!(attempt["response"]["headers"][0][0], "content-type");
    let next_at = shown["nextAttemptAt"].as_str().unwrap();
    assert_eq!(next_at, "2030-01-01T12:00:02.000Z");
}

/// However many are due, so many are under way; and what went over the wire is kept of the latest.
#[tokio::test]
async fn what_waits_for_a_receiver_waits_in_a_queue_and_not_on_the_wire() {
    let mock = TestMock::start().await;
    let under_way = Arc::new((AtomicUsize::new(0), AtomicUsize::new(0)));
    let counts = under_way.clone();
    let router = Router::new().fallback(async move || {
        let now = counts.0.fetch_add(1, Ordering::SeqCst) + 1;
        counts.1.fetch_max(now, Ordering::SeqCst);
        tokio::task::yield_now().await;
        counts.0.fetch_sub(1, Ordering::SeqCst);
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    register(&mock, &url, &["created"]).await;
    let unit = mock.unit();
    let held =
        Effect::Webhook { event: None, effect: WebhookEffect::Delay(SignedDuration::from_mins(1)) };
    let matcher = Matcher::default();
    unit.add_fault(Wish { matcher, effect: held, times: None, expires_after: None }).unwrap();
    let count = EXCHANGES_KEPT + 10;
    for number in 0..count {
        assert_eq!(mock.create(&format!("ride-{number:04}"), 100).await.status, 201);
    }
    unit.step(Target::By(SignedDuration::from_mins(1))).await.unwrap();
    let deliveries = unit.deliveries();
    assert!(deliveries.iter().all(|it| it.status() == DeliveryStatus::Delivered));
    let described = deliveries.iter().filter(|it| it.attempts()[0].exchange.is_some()).count();
    assert_eq!((deliveries.len(), described), (count, EXCHANGES_KEPT));
    let most = under_way.1.load(Ordering::SeqCst);
    assert!((2..=ON_THE_WIRE_MAX).contains(&most), "{most} at once");
}
