//! The landing pages, as HTML.

use axum::{
    body::Body,
    http::{Method, Request},
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use vipps_mock::app::agenda::Target;

use crate::support::{Reply, TestMock};

const RIDE: &str = "ride-0001";

/// The addresses of a payment's pages begin with this.
fn pages(link: &str) -> String {
    format!("/landing/{}", link.split_once("token=").unwrap().1)
}

fn state(mock: &TestMock) -> &'static str {
    mock.unit().inspect(&RIDE.parse().unwrap(), |payment| payment.state().name()).unwrap()
}

fn location(reply: &Reply) -> &str {
    assert_eq!(reply.status, 303, "{}", reply.text);
    reply.headers["location"].to_str().unwrap()
}

/// The page without what all pages have: style and script.
fn content(reply: &Reply) -> String {
    let (head, rest) = reply.text.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (body, rest) = rest.split_once("<script>").unwrap();
    let (_, end) = rest.split_once("</script>").unwrap();
    format!("{head}<style/>{body}<script/>{end}")
}

#[tokio::test]
async fn pages_from_the_question_to_the_end() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({})).await;
    let pages = pages(&link);
    assert_snapshot!("form", content(&mock.look(&link).await));
    let refused = mock.submit(&format!("{pages}/phone"), "phone=4790000010").await;
    assert_eq!(refused.status, 422);
    assert_snapshot!("form_with_problem", content(&refused));
    let sent = mock.submit(&format!("{pages}/phone"), "phone=40+00+00+01").await;
    assert_eq!(location(&sent), "waiting");
    assert_snapshot!("waiting", content(&mock.look(&format!("{pages}/waiting")).await));
    assert_eq!(location(&mock.submit(&format!("{pages}/approve"), "").await), "done");
    let left = mock.look(&format!("{pages}/done")).await;
    assert_eq!(location(&left), "https://taxi.example/return");
    assert_eq!(state(&mock), "AUTHORIZED");
    for used in [&link, &format!("{pages}/waiting"), &format!("{pages}/done")] {
        let reply = mock.look(used).await;
        assert_eq!(reply.status, 410, "{used}");
        assert!(reply.text.contains("This link has been used"), "{used}");
    }
}

#[tokio::test]
async fn receipt_of_a_payment_that_ends_where_it_was_made() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({"userFlow": "QR", "qrFormat": {"format": "TEXT/TARGETURL"}}));
    let pages = pages(&link.await);
    mock.submit(&format!("{pages}/phone"), "phone=4740000001").await;
    mock.submit(&format!("{pages}/approve"), "").await;
    let done = mock.look(&format!("{pages}/done")).await;
    assert_snapshot!("receipt", content(&done));
    let again = mock.look(&format!("{pages}/done")).await;
    assert_eq!(again.text, done.text, "a receipt can be looked at again");
}

#[tokio::test]
async fn request_that_expired_is_said_to_have() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({})).await;
    mock.unit().expire(&RIDE.parse().unwrap()).unwrap();
    assert_eq!(location(&mock.look(&link).await), format!("{}/done", &pages(&link)[1..]));
    assert_snapshot!("expired", content(&mock.look(&format!("{}/done", pages(&link))).await));
}

#[tokio::test]
async fn page_says_how_it_may_be_used() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({})).await;
    let reply = mock.look(&link).await;
    let header = |name: &str| reply.headers[name].to_str().unwrap();
    assert_eq!(header("content-type"), "text/html; charset=utf-8");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("x-frame-options"), "DENY");
    let policy = header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    for inline in [" style=", " onclick=", "javascript:"] {
        assert!(!content(&reply).contains(inline), "the policy would refuse {inline}");
    }
}

#[tokio::test]
async fn whatever_a_merchant_writes_is_text() {
    let mock = TestMock::start().await;
    let name = "</title><script>alert(1)</script>";
    let unit = json!({"name": name, "market": "DK"});
    let unit = mock.post("/control/v1/sales-units", "", &unit).await.json();
    let text = |name: &str| unit[name].as_str().unwrap();
    let bearer = mock.mock.unit(text("msn")).unwrap().issue_token().jwt;
    let hostile = "\"><img src=x onerror=alert(2)>&amp;'";
    let body = json!({
        "amount": {"currency": "DKK", "value": 100}, "paymentMethod": {"type": "WALLET"},
        "reference": RIDE, "userFlow": "WEB_REDIRECT", "paymentDescription": hostile,
        "returnUrl": "https://taxi.example/?a=\"><script>alert(3)</script>",
    });
    let bearer = format!("Bearer {bearer}");
    let headers = [
        ("Authorization", bearer.as_str()),
        ("Ocp-Apim-Subscription-Key", text("subscriptionKey")),
        ("Merchant-Serial-Number", text("msn")),
        ("Idempotency-Key", "key"),
    ];
    let path = "/epayment/v1/payments";
    let created = mock.call(Method::POST, path, &headers, &body.to_string()).await.json();
    let link = created["redirectUrl"].as_str().unwrap().replace("http://mock.test", "");
    let pages = pages(&link);
    let typed = mock.submit(&format!("{pages}/phone"), "phone=%22%3E%3Cscript%3Ealert(4)").await;
    mock.mock.unit(text("msn")).unwrap().expire(&RIDE.parse().unwrap()).unwrap();
    let ended = mock.look(&format!("{pages}/done")).await;
    assert!(ended.text.contains("alert(1)") && ended.text.contains("alert(3)"), "{}", ended.text);
    for page in [typed, ended] {
        let content = content(&page);
        for tag in ["<script>alert", "<img", name, hostile] {
            assert!(!content.contains(tag), "{tag}\n{content}");
        }
    }
}

#[tokio::test]
async fn nobody_goes_back_by_looking_at_headers_or_ahead() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({})).await;
    let pages = pages(&link);
    mock.submit(&format!("{pages}/phone"), "phone=4740000001").await;
    let head = Request::builder().method(Method::HEAD).uri(&link).body(Body::empty()).unwrap();
    assert_eq!(mock.send(head).await.status, 303);
    let ahead = Request::get(&link).header("Sec-Purpose", "prefetch;prerender");
    mock.send(ahead.body(Body::empty()).unwrap()).await;
    mock.look(&format!("{pages}/status")).await;
    assert_eq!(state(&mock), "CREATED");
    assert_eq!(location(&mock.look(&link).await), format!("{}/done", &pages[1..]));
    assert_eq!(state(&mock), "ABORTED");
}

#[tokio::test]
async fn number_sent_twice_is_sent_once_and_another_one_comes_from_going_back() {
    let mock = TestMock::start().await;
    let pages = pages(&mock.link(RIDE, json!({})).await);
    let phone = format!("{pages}/phone");
    for _ in 0..2 {
        assert_eq!(location(&mock.submit(&phone, "phone=4740000001").await), "waiting");
    }
    assert_eq!(location(&mock.submit(&phone, "phone=4740000002").await), "done");
    assert_eq!(state(&mock), "ABORTED");
}

#[tokio::test]
async fn nothing_is_approved_before_somebody_was_asked() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({})).await;
    let reply = mock.submit(&format!("{}/approve", pages(&link)), "").await;
    assert_eq!(location(&reply), format!("../..{link}"));
    assert_eq!(state(&mock), "CREATED");
}

#[tokio::test]
async fn forms_are_taken_from_own_pages_only() {
    let mock = TestMock::start().await;
    let pages = pages(&mock.link(RIDE, json!({})).await);
    for (host, origin) in [("mock.test", "https://evil.example"), ("evil.example", "")] {
        let request = Request::post(format!("{pages}/cancel")).header("Host", host);
        let request = if origin.is_empty() { request } else { request.header("Origin", origin) };
        let reply = mock.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(reply.status, 403, "{host} {origin}");
        assert!(reply.headers.contains_key("vipps-mock-reason"));
    }
    assert_eq!(state(&mock), "CREATED");
}

#[tokio::test]
async fn script_is_told_the_stage_and_the_time_by_the_units_clock() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({})).await;
    let pages = pages(&link);
    let status = async || -> Value { mock.look(&format!("{pages}/status")).await.json() };
    assert_eq!(status().await, json!({"stage": "asking", "left": "10:00"}));
    mock.unit().step(Target::By("PT61S".parse().unwrap())).await.unwrap();
    mock.submit(&format!("{pages}/phone"), "phone=4740000001").await;
    assert_eq!(status().await, json!({"stage": "confirming", "left": "8:59"}));
    mock.submit(&format!("{pages}/reject"), "").await;
    assert_eq!(status().await["stage"], "ended");
}

#[tokio::test]
async fn links_of_nobody_lead_nowhere() {
    let mock = TestMock::start().await;
    let link = mock.link(RIDE, json!({})).await;
    let other_unit = link.replace("900001-", "900002-");
    for path in ["/", "/?token=", "/?token=900001-", &other_unit, "/landing/900001-0/waiting"] {
        let reply = mock.look(path).await;
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.text.contains("This link leads nowhere"), "{path}");
    }
    mock.unit().reset();
    assert_eq!(mock.look(&link).await.status, 404, "a reset forgets links too");
}
