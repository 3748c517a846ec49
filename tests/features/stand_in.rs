//! A mock that is strict and has no control API stands in for the real environment: what is portable
//! runs there by official calls alone, and leaves nothing behind.

use std::net::TcpListener;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use libtest_mimic::Trial;
use serde_json::Value;
use tokio::sync::Notify;
use vipps_mock::cli::server::{ControlApi, Server, Settings};
use vipps_mock::config::default_units;
use vipps_mock::conformance::{
    GivenUnit, Options, Outcome, RunError, Selection, Summary, TargetOptions, WebhookAddress,
    run_until,
};
use vipps_mock::domain::Strictness;
use vipps_mock::taxi::transport::http_client;

use super::{TURN, asserting, everything, feature};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        asserting("stand-in: what is portable passes by official calls alone", check_portable),
        asserting("stand-in: webhooks come through a tunnel", check_tunnel),
        asserting("stand-in: a run that is stopped closes what it has opened", check_stopped),
        asserting("stand-in: an answer that a fault made shows nothing", check_fault),
        asserting("stand-in: without keys, or with wrong ones, nothing runs", check_keys),
    ]
}

/// What is done to a call on its way, beside writing it down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Passing {
    AsItIs,
    /// Answers to captures say that a fault made them.
    FaultyCaptures,
    /// Captures are never answered.
    NoCaptures,
}

/// Between the harness and the mock: writes down every call.
struct Desk {
    http: reqwest::Client,
    upstream: String,
    passing: Passing,
    calls: Mutex<Vec<Passed>>,
    captured: Notify,
}

async fn pass_on(State(desk): State<Arc<Desk>>, request: Request<Body>) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let path = parts.uri.path_and_query().unwrap().to_string();
    parts.headers.remove(header::CONTENT_LENGTH);
    let is_capture = path.ends_with("/capture");
    if is_capture && desk.passing == Passing::NoCaptures {
        desk.captured.notify_one();
        std::future::pending::<()>().await;
    }
    let url = format!("{}{path}", desk.upstream);
    let call = desk.http.request(parts.method.clone(), url).headers(parts.headers).body(body);
    let Ok(reply) = call.send().await else { return StatusCode::BAD_GATEWAY.into_response() };
    let (status, mut headers) = (reply.status(), reply.headers().clone());
    let body = reply.bytes().await.unwrap();
    let answer = serde_json::from_slice(&body).unwrap_or_default();
    desk.calls.lock().unwrap().push((parts.method, path, answer));
    if is_capture && desk.passing == Passing::FaultyCaptures {
        headers.insert("vipps-mock-fault", HeaderValue::from(1));
    }
    (status, headers, body).into_response()
}

/// The keys of the first sales unit, and a phone whose owner waits.
/// A call that was passed on: its method and path, and what was answered.
type Passed = (Method, String, Value);

fn unit() -> GivenUnit {
    let seed = &default_units()[0];
    GivenUnit {
        msn: seed.msn.as_str().to_owned(),
        client_id: seed.client_id.to_string(),
        client_secret: seed.client_secret.to_string(),
        subscription_key: seed.subscription_key.to_string(),
        phone: "4791234567".to_owned(),
    }
}

/// Runs against a mock without control API, behind the desk, until the first capture is withheld.
fn run_at_desk(
    strictness: Strictness,
    passing: Passing,
    options: Options,
) -> (Result<Summary, RunError>, Vec<Passed>) {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let settings = Settings { control: ControlApi::Off, strictness, ..Settings::sandbox() };
        let server = Server::start(settings).await.unwrap();
        let desk = Arc::new(Desk {
            http: http_client().unwrap(),
            upstream: server.url(),
            passing,
            calls: Mutex::default(),
            captured: Notify::new(),
        });
        let router = Router::new().fallback(pass_on).with_state(Arc::clone(&desk));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let target = TargetOptions { url, ..options.target };
        let ran = run_until(Options { target, ..options }, desk.captured.notified()).await;
        serving.abort();
        server.stop().await;
        let calls = desk.calls.lock().unwrap().clone();
        (ran, calls)
    })
}

fn with_unit(options: Options) -> Options {
    let target = TargetOptions { unit: Some(unit()), ..options.target };
    Options { target, ..options }
}

fn check_portable() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let expectations = root.join("tests/features/strict.toml");
    let options = Options { expectations: Some(expectations), ..with_unit(everything()) };
    let (ran, calls) = run_at_desk(Strictness::Strict, Passing::AsItIs, options);
    let summary = ran.unwrap();
    let broken: Vec<_> = summary.scenarios.iter().filter(|it| it.outcome.is_break()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(summary.passed() > 100, "only {} scenarios passed", summary.passed());
    let known = summary.count(Outcome::FailedAsExpected);
    assert_eq!(summary.passed() + known + summary.not_run(), summary.selected);
    for scenario in summary.scenarios.iter().filter(|it| it.outcome == Outcome::NotRun) {
        assert!(!scenario.message.as_ref().unwrap().is_empty(), "{scenario:?}");
    }
    let control: Vec<&String> =
        calls.iter().map(|(_, path, _)| path).filter(|path| path.contains("/control")).collect();
    assert_eq!(control, ["/control/v1/health"], "asked once whether there is a control API");
    assert_nothing_is_open(&summary, &calls);
}

/// Every payment that was made was cancelled after its scenario, every registration deleted.
fn assert_nothing_is_open(summary: &Summary, calls: &[Passed]) {
    assert_eq!(summary.closing.left, Vec::<String>::new());
    let mut made = 0;
    for (at, (method, path, answer)) in calls.iter().enumerate() {
        let ends = |end: &str| calls[at..].iter().any(|(_, path, _)| path.ends_with(end));
        match (method, path.as_str()) {
            (&Method::POST, "/epayment/v1/payments") if answer["reference"].is_string() => {
                let reference = answer["reference"].as_str().unwrap();
                assert!(ends(&format!("/{reference}/cancel")), "{reference} is open");
                made += 1;
            }
            (&Method::POST, "/webhooks/v1/webhooks") if answer["id"].is_string() => {
                assert!(ends(answer["id"].as_str().unwrap()), "{answer} is left");
                made += 1;
            }
            _ => {}
        }
    }
    assert!(made > 100, "only {made} things were made");
}

fn check_tunnel() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let webhooks = WebhookAddress::Tunnel { listen: free, url: format!("http://{free}/tunnel") };
    let selection = Selection {
        paths: vec!["webhooks/delivery".to_owned(), "taxi/webhooks".to_owned()],
        ..Selection::default()
    };
    let options = with_unit(Options { selection, ..everything() });
    let options = Options { target: TargetOptions { webhooks, ..options.target }, ..options };
    let (ran, _) = run_at_desk(Strictness::Lenient, Passing::AsItIs, options);
    let summary = ran.unwrap();
    let broken: Vec<_> = summary.scenarios.iter().filter(|it| it.outcome.is_break()).collect();
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(summary.passed() >= 10, "only {} scenarios passed", summary.passed());
    let reasons: Vec<_> = summary.obstacles().into_iter().map(|(reason, _)| reason).collect();
    assert!(reasons.iter().any(|reason| reason.contains("a tunnel adds its own")), "{reasons:?}");
}

/// The words of a merchant, with a capture in the middle.
const CAPTURE: &str = "
Feature: F
  Scenario: S
    Given a payment of NOK 500.00 that is approved
    When the merchant captures NOK 100.00
    Then the request is accepted
";

fn check_stopped() {
    let options = with_unit(feature("stopped.feature", CAPTURE));
    let (ran, calls) = run_at_desk(Strictness::Strict, Passing::NoCaptures, options);
    let summary = ran.unwrap();
    assert!(summary.was_stopped && !summary.succeeded(), "{summary:?}");
    assert_eq!((summary.closing.closed, summary.closing.left.len()), (1, 0));
    let (_, path, answer) = calls.last().unwrap();
    assert!(path.ends_with("/cancel"), "{calls:?}");
    assert_eq!(answer["aggregate"]["cancelledAmount"]["value"], 50_000, "{answer}");
}

fn check_fault() {
    let options = with_unit(feature("faulty.feature", CAPTURE));
    let (ran, _) = run_at_desk(Strictness::Strict, Passing::FaultyCaptures, options);
    let summary = ran.unwrap();
    assert_eq!((summary.failed(), summary.succeeded()), (1, false));
    let message = summary.scenarios[0].message.clone().unwrap();
    assert!(message.contains("it shows nothing"), "{message}");
}

fn check_keys() {
    let (ran, _) =
        run_at_desk(Strictness::Strict, Passing::AsItIs, feature("keys.feature", CAPTURE));
    assert!(matches!(ran, Err(RunError::NoUnit { .. })), "{ran:?}");
    let mut options = with_unit(feature("keys.feature", CAPTURE));
    "wrong-secret".clone_into(&mut options.target.unit.as_mut().unwrap().client_secret);
    let (ran, _) = run_at_desk(Strictness::Strict, Passing::AsItIs, options);
    let Err(RunError::KeysRefused { message, .. }) = ran else { panic!("{ran:?}") };
    assert!(message.contains("invalid_client") && !message.contains("wrong-secret"), "{message}");
}
