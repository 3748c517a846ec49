//! Who may use the control API.

use axum::{
    body::Body,
    http::{Method, Request},
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use vipps_mock::{
    app::{Mock, RateLimits},
    config::default_units,
    http::{Edge, router},
};

use crate::{
    program::{Ran, Serving, run},
    snippets::image_environment,
    support::TestMock,
};

const TOKEN: &str = "what-testers-know";

/// The status of a call to a mock that was started with a token, and the challenge in its answer.
async fn asked(path: &str, authorization: Option<&str>) -> (u16, Option<String>) {
    let (mock, _newcomers) = Mock::new(1, default_units(), RateLimits::On);
    let edge = Edge::new(mock, "http://mock.test".to_owned());
    let mut request = Request::get(path);
    if let Some(authorization) = authorization {
        request = request.header("Authorization", authorization);
    }
    let request = request.body(Body::empty()).unwrap();
    let router = router(edge.with_control_token(TOKEN.parse().unwrap()), true);
    let reply = router.oneshot(request).await.unwrap();
    let challenge = reply.headers().get("www-authenticate");
    (reply.status().as_u16(), challenge.map(|it| it.to_str().unwrap().to_owned()))
}

#[tokio::test]
async fn token_is_asked_for_everywhere_but_at_health() {
    let right = format!("Bearer {TOKEN}");
    let wrong = format!("Bearer {TOKEN}2");
    let basic = format!("Basic {TOKEN}");
    for path in ["sales-units", "sales-units/900001/payments", "openapi.json", "nothing-there"] {
        let path = format!("/control/v1/{path}");
        for authorization in [None, Some(wrong.as_str()), Some(&basic), Some("Bearer "), Some("")] {
            let (status, challenge) = asked(&path, authorization).await;
            assert_eq!((status, challenge.as_deref()), (401, Some("Bearer")), "{path}");
        }
        let (status, challenge) = asked(&path, Some(&right)).await;
        assert_ne!(status, 401, "{path}");
        assert_eq!(challenge, None);
    }
    assert_eq!(asked("/control/v1/sales-units", Some(&right)).await.0, 200);
    assert_eq!(asked("/control/v1/health", None).await.0, 200);
    // What customers and merchants use has other keys, or none.
    assert_eq!(asked("/?token=none", None).await.0, 404);
}

#[tokio::test]
async fn refusals_say_whom_and_what_to_do() {
    let mock = TestMock::start().await;
    let path = "/control/v1/sales-units/900001/reset";
    let call = async |name, value| mock.call(Method::POST, path, &[(name, value)], "").await;
    assert_snapshot!("foreign_page", call("Origin", "https://evil.example").await.print());
    assert_snapshot!("foreign_name", call("Host", "evil.example:8080").await.print());
}

#[tokio::test]
async fn preflight_of_a_foreign_page_is_refused_and_allows_nothing() {
    let mock = TestMock::start().await;
    let headers = [("Origin", "https://evil.example"), ("Access-Control-Request-Method", "DELETE")];
    let path = "/control/v1/sales-units/900001";
    let reply = mock.call(Method::OPTIONS, path, &headers, "").await;
    assert_eq!(reply.status, 403);
    assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control-")));
}

#[tokio::test]
async fn public_url_changes_links_and_the_mocks_own_name() {
    let mock = TestMock::start().await;
    let path = "/control/v1/public-url";
    assert_eq!(mock.get(path).await.json(), json!({"url": "http://mock.test"}));
    let own = [("Host", "tunnel.example"), ("Origin", "https://tunnel.example")];
    assert_eq!(mock.call(Method::GET, path, &own, "").await.status, 403);

    let url = json!({"url": "https://tunnel.example/mock/"});
    let reply = mock.call(Method::PUT, path, &[], &url.to_string()).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert_eq!(reply.json(), json!({"url": "https://tunnel.example/mock"}));
    assert_eq!(mock.call(Method::GET, path, &own, "").await.json(), reply.json());
    let link = mock.link("ride-0001", json!({})).await;
    assert!(link.starts_with("https://tunnel.example/mock/?"), "{link}");

    for refused in ["", "tunnel.example", "ftp://tunnel.example", "http://tunnel.example?a=b"] {
        let body = json!({ "url": refused }).to_string();
        let reply = mock.call(Method::PUT, path, &[], &body).await;
        assert_eq!(reply.status, 400, "{refused}");
    }
    assert_eq!(mock.call(Method::PUT, path, &[], "").await.status, 400);
    mock.mock.reset();
    assert_eq!(mock.get(path).await.json(), json!({"url": "https://tunnel.example/mock"}));
}

/// An address that no machine has (RFC 5737): whoever is allowed to listen on it cannot.
const ELSEWHERE: &str = "192.0.2.1:8080";
const REFUSED: i32 = 2;
const CANNOT_LISTEN: i32 = 6;

#[test]
fn mock_that_others_could_steer_does_not_start_unless_somebody_says_so() {
    let listen = |command, flags: &[&str], environment: &[(&str, &str)]| {
        let arguments = [&[command, "--listen", ELSEWHERE], flags].concat();
        run(&arguments, environment)
    };
    for command in ["serve", "demo"] {
        let Ran { code, out, notes } = listen(command, &[], &[]);
        assert_eq!((code, out.as_str()), (REFUSED, ""), "{command}: {notes}");
        let mut lines = notes.lines();
        let error = lines.next().unwrap();
        assert!(error.starts_with("error: whoever reaches 192.0.2.1:8080"), "{notes}");
        let hint = lines.next().unwrap();
        assert!(hint.starts_with("hint: give --control-token TOKEN"), "{notes}");
        assert_eq!(lines.next(), None);
        for flags in [&["--control-open"][..], &["--control-token", TOKEN]] {
            let ran = listen(command, flags, &[]);
            assert_eq!(ran.code, CANNOT_LISTEN, "{command} {flags:?}: {}", ran.notes);
        }
    }
    assert_eq!(listen("serve", &["--no-control"], &[]).code, CANNOT_LISTEN);
    assert_eq!(listen("serve", &[], &[("VIPPS_MOCK_CONTROL_TOKEN", TOKEN)]).code, CANNOT_LISTEN);
    assert_eq!(listen("serve", &[], &[("VIPPS_MOCK_CONTROL_OPEN", "false")]).code, REFUSED);
    // A variable that was left empty is no decision.
    let ran = listen("serve", &[], &[("VIPPS_MOCK_CONTROL_TOKEN", "")]);
    assert_eq!(ran.code, REFUSED);
    assert!(ran.notes.contains("not an empty one"), "{}", ran.notes);
}

#[test]
fn image_leaves_the_decision_to_whoever_publishes_its_port() {
    let environment = image_environment();
    let environment: Vec<_> = environment.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let ran = run(&["serve", "--listen", ELSEWHERE], &environment);
    assert_eq!(ran.code, CANNOT_LISTEN, "{}", ran.notes);
}

#[test]
fn commands_send_the_token_that_they_are_given() {
    let mock = Serving::start(&["--control-token", TOKEN]);
    let ask = |arguments: &[&str], environment: &[(&str, &str)]| {
        run(&[arguments, &["--url", &mock.url]].concat(), environment)
    };
    for flags in [&[][..], &["--control-token", "another"]] {
        let ran = ask(&[&["payments"], flags].concat(), &[]);
        assert_eq!((ran.code, ran.out.as_str()), (4, ""), "{}", ran.notes);
        assert!(ran.notes.contains("hint: send Authorization: Bearer"), "{}", ran.notes);
        assert!(!ran.notes.contains(TOKEN));
    }
    assert_eq!(ask(&["payments", "--control-token", TOKEN], &[]).code, 0);
    let known = [("VIPPS_MOCK_CONTROL_TOKEN", TOKEN)];
    assert_eq!(ask(&["env"], &known).code, 0);
    assert_eq!(ask(&["health"], &[]).code, 0);
    let set = ask(&["public-url", "set", "https://tunnel.example", "--output", "json"], &known);
    let set: Value = serde_json::from_str(&set.out).unwrap();
    assert_eq!(set, json!({"url": "https://tunnel.example"}));
    assert_eq!(ask(&["public-url"], &known).out, "https://tunnel.example\n");
    let help = run(&["serve", "--help"], &known);
    assert!(!help.out.contains(TOKEN), "a help text shows no secret");
}

#[test]
fn features_run_against_a_mock_with_a_token() {
    let mock = Serving::start(&["--control-token", TOKEN, "--webhook-dates", "unit"]);
    let features = |environment: &[(&str, &str)]| {
        let arguments =
            ["conformance", "control/protection", "control/events", "--target", &mock.url];
        run(&arguments, environment)
    };
    let ran = features(&[]);
    assert_eq!(ran.code, 4, "{}{}", ran.out, ran.notes);
    assert!(ran.notes.contains("hint: --control-token"), "{}", ran.notes);
    let ran = features(&[("VIPPS_MOCK_CONTROL_TOKEN", TOKEN)]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.notes);
}
