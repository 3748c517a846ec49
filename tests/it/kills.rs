//! A merchant that is really killed, at each point of a ride, and started again.
//!
//! Between the merchant and the mock is a relay that keeps one call: either it never gets to the
//! mock, or its answer never gets back. Then the merchant's process is killed, and `taxi resume`
//! reads the journal that it has left. Nothing waits for a time; each step waits for the one before.

use std::{
    path::{Path, PathBuf},
    process::{Child, Stdio},
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

use crate::program::{Serving, program};

const REFERENCE: &str = "ride-0001-1";

/// Which call is kept, and on which side of the mock.
#[derive(Debug, Clone, Copy)]
struct Kept {
    method: &'static str,
    path_end: &'static str,
    /// Whether the mock gets to see it.
    arrives: bool,
}

/// Passes calls on, until one is to be kept.
struct Relay {
    upstream: String,
    http: reqwest::Client,
    kept: Mutex<Option<Kept>>,
    is_keeping: watch::Sender<bool>,
    calls: Mutex<Vec<String>>,
}

impl Relay {
    async fn start(upstream: &str, kept: Kept) -> (Arc<Self>, String) {
        let relay = Arc::new(Self {
            upstream: upstream.to_owned(),
            http: vipps_mock::taxi::transport::http_client().unwrap(),
            kept: Mutex::new(Some(kept)),
            is_keeping: watch::Sender::new(false),
            calls: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass_on).with_state(Arc::clone(&relay));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        (relay, url)
    }

    /// From now on everything passes. What was called before is forgotten.
    fn mend(&self) {
        *self.kept.lock().unwrap() = None;
        self.calls.lock().unwrap().clear();
    }

    /// The calls about the ride since then, short.
    fn calls(&self) -> String {
        let mut calls = self.calls.lock().unwrap().clone();
        // How often a waiting merchant looks is a matter of time.
        calls.dedup();
        calls.join(", ")
    }

    async fn forward(&self, parts: &http::request::Parts, body: Bytes) -> Response {
        let mut headers = parts.headers.clone();
        for name in ["host", "content-length", "accept-encoding"] {
            headers.remove(name);
        }
        let url = format!("{}{}", self.upstream, parts.uri);
        let call = self.http.request(parts.method.clone(), url).headers(headers).body(body);
        let answer = call.send().await.unwrap();
        (answer.status(), answer.headers().clone(), answer.bytes().await.unwrap()).into_response()
    }
}

async fn pass_on(State(relay): State<Arc<Relay>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let (method, path) = (parts.method.as_str(), parts.uri.path());
    let kept = *relay.kept.lock().unwrap();
    let kept = kept.filter(|it| it.method == method && path.ends_with(it.path_end));
    if path.contains("payments") || path.contains("order-management") {
        let end = path.rsplit('/').next().unwrap_or_default();
        let end = if end == REFERENCE && path.contains("receipts") { "receipt" } else { end };
        let end =
            end.replace(REFERENCE, if path.contains("order") { "receipt" } else { "payment" });
        relay.calls.lock().unwrap().push(format!("{method} {end}"));
    }
    match kept {
        Some(Kept { arrives: false, .. }) => {}
        Some(_) => drop(relay.forward(&parts, body).await),
        None => return relay.forward(&parts, body).await,
    }
    relay.is_keeping.send_replace(true);
    std::future::pending().await
}

/// A journal of this test's own, gone when it ends.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The merchant, with the keys of the mock's first sales unit.
fn taxi(api: &str, flags: &[&str], journal: &Path) -> Child {
    let mut command = program(&["taxi"]);
    command.args(flags).arg("--journal").arg(journal).envs([
        ("VIPPS_BASE_URL", api),
        ("VIPPS_CLIENT_ID", "5a2c7f10-3b64-4f0e-9d21-000000900001"),
        ("VIPPS_CLIENT_SECRET", "mock-secret-fjord-taxi-900001"),
        ("VIPPS_SUBSCRIPTION_KEY", "0f1e2d3c4b5a69788796a5b4c3900001"),
        ("VIPPS_MSN", "900001"),
    ]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

const RIDE: [&str; 11] = [
    "ride",
    "--phone",
    "4790000001",
    "--fare",
    "345.92",
    "--reserve",
    "estimate",
    "--estimate",
    "500.00",
    "--ride",
    "ride-0001",
];

/// What the control API says of the payment: state, money, and the names of its events.
async fn payment(mock: &Serving) -> String {
    let url = format!("{}/control/v1/sales-units/900001/payments/{REFERENCE}", mock.url);
    let http = vipps_mock::taxi::transport::http_client().unwrap();
    let answer = http.get(url).send().await.unwrap();
    if answer.status() == 404 {
        return "nothing".to_owned();
    }
    let payment: Value = answer.json().await.unwrap();
    let sum = |name: &str| payment["aggregate"][name]["value"].as_u64().unwrap();
    let events = payment["events"].as_array().unwrap();
    let events: Vec<_> = events.iter().map(|it| it["name"].as_str().unwrap()).collect();
    format!(
        "{}/{}/{} {}",
        sum("authorizedAmount"),
        sum("capturedAmount"),
        sum("cancelledAmount"),
        events.join(" ")
    )
}

/// What there is at the end, wherever the merchant was killed.
const PAID: &str = "50000/34592/15408 CREATED AUTHORIZED CAPTURED CANCELLED";

#[tokio::test(flavor = "multi_thread")]
async fn a_merchant_that_is_killed_anywhere_charges_once_and_holds_nothing() {
    let (create, read) = (("POST", "/v1/payments"), ("GET", "/ride-0001-1"));
    let receipt = ("POST", "/receipts/ride-0001-1");
    let (capture, cancel) = (("POST", "/capture"), ("POST", "/cancel"));
    // Where it dies; what the mock has at that moment; what the restart calls.
    let deaths = [
        (
            "before the request",
            create,
            false,
            "nothing",
            "GET payment, POST payments, GET payment, POST receipt, POST capture, POST cancel",
        ),
        (
            "after the request",
            create,
            true,
            "50000/0/0 CREATED AUTHORIZED",
            "GET payment, POST receipt, POST capture, POST cancel",
        ),
        (
            "after the approval",
            read,
            false,
            "50000/0/0 CREATED AUTHORIZED",
            "GET payment, POST receipt, POST capture, POST cancel",
        ),
        (
            "before the receipt",
            receipt,
            false,
            "50000/0/0 CREATED AUTHORIZED",
            "GET payment, GET receipt, POST receipt, POST capture, POST cancel",
        ),
        (
            "after the receipt",
            receipt,
            true,
            "50000/0/0 CREATED AUTHORIZED",
            "GET payment, GET receipt, POST capture, POST cancel",
        ),
        (
            "before the capture",
            capture,
            false,
            "50000/0/0 CREATED AUTHORIZED",
            "GET payment, POST capture, POST cancel",
        ),
        (
            "after the capture",
            capture,
            true,
            "50000/34592/0 CREATED AUTHORIZED CAPTURED",
            "GET payment, POST cancel",
        ),
        (
            "before the release",
            cancel,
            false,
            "50000/34592/0 CREATED AUTHORIZED CAPTURED",
            "GET payment, POST cancel",
        ),
        ("after the release", cancel, true, PAID, "GET payment"),
    ];
    println!(
        "{:<20} | {:<55} | {:<70} | end",
        "killed", "what the restart found", "what it called"
    );
    for (place, (name, (method, path_end), arrives, found, called)) in
        deaths.into_iter().enumerate()
    {
        let mock = Serving::start(&[]);
        let (relay, api) = Relay::start(&mock.url, Kept { method, path_end, arrives }).await;
        let file = format!("vipps-mock-kill-{}-{place}.redb", std::process::id());
        let journal = Scratch(std::env::temp_dir().join(file));

        let mut merchant = taxi(&api, &RIDE, &journal.0);
        relay.is_keeping.subscribe().wait_for(|keeps| *keeps).await.unwrap();
        merchant.kill().unwrap();
        merchant.wait().unwrap();
        let at_death = payment(&mock).await;

        relay.mend();
        let resumed = taxi(&api, &["resume"], &journal.0);
        let resumed =
            tokio::task::spawn_blocking(|| resumed.wait_with_output().unwrap()).await.unwrap();
        let calls = relay.calls();
        let end = payment(&mock).await;
        println!("{name:<20} | {at_death:<55} | {calls:<70} | {end}");
        let told = String::from_utf8_lossy(&resumed.stdout).into_owned();
        assert!(resumed.status.success(), "{name}: {told}");
        assert!(told.contains("ride ride-0001 is RECEIPTED"), "{name}: {told}");
        assert!(!told.contains("4790000001"), "{name}: {told}");
        assert_eq!(at_death, found, "{name}");
        assert_eq!(calls, called, "{name}");
        assert_eq!(end, PAID, "{name}");

        // Once more, and nothing is called any more.
        relay.mend();
        let again = taxi(&api, &["resume"], &journal.0);
        let again =
            tokio::task::spawn_blocking(|| again.wait_with_output().unwrap()).await.unwrap();
        assert!(again.status.success(), "{name}");
        assert_eq!(relay.calls(), "", "{name}");
    }
}
