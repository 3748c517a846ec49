//! What stands between the mock and a receiver: it looks, prints, and changes nothing.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use reqwest::Url;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

use crate::app::clock::{Stopwatch, within};
use crate::cli::failure::Failure;
use crate::cli::output::{self, Format};
use crate::delivery::send::HEADERS;
use crate::delivery::wire::Wire;
use crate::domain::delivery::{ANSWER_WITHIN, Answer};
use crate::taxi::clock::{Clock as _, RealClock};
use crate::taxi::webhook::Secret;
use crate::taxi::webhook::receiver::{Address, DELIVERY_BYTES_MAX};
use crate::taxi::webhook::verify::{Delivery, Freshness, SKEW_MAX, verify};

/// A listener's state.
#[derive(Debug)]
pub(super) struct Relay {
    address: Address,
    forward_to: Option<Url>,
    wire: Wire,
    format: Format,
    /// Known a moment after the registration, when a delivery may be here already.
    trusted: watch::Sender<Option<Trusted>>,
    nobody_reads: Notify,
}

/// The registration whose deliveries come here.
#[derive(Debug, Clone)]
pub(super) struct Trusted {
    pub(super) id: String,
    pub(super) secret: Secret,
}

/// What the receiver behind said, or why it said nothing.
#[derive(Debug)]
struct Reaction {
    status: StatusCode,
    answer: Option<Answer>,
    error: Option<String>,
    duration_ms: u64,
}

/// How much of a body is printed, in characters.
const SHOWN_MAX: usize = 2_000;

impl Relay {
    pub(super) fn new(url: &str, forward_to: Option<Url>, format: Format) -> std::io::Result<Self> {
        Ok(Self {
            address: Address::parse(url)?,
            forward_to,
            wire: Wire::new(),
            format,
            trusted: watch::Sender::new(None),
            nobody_reads: Notify::new(),
        })
    }

    /// Believes deliveries of this registration.
    pub(super) fn trust(&self, trusted: Trusted) {
        self.trusted.send_replace(Some(trusted));
    }

    /// Returns when standard output has gone away.
    pub(super) async fn nobody_reads(&self) {
        self.nobody_reads.notified().await;
    }

    /// Serves until the task is ended.
    pub(super) fn serve(self: &Arc<Self>, listener: TcpListener) -> JoinHandle<()> {
        // Every path comes here: one of the user's may have signs that a router reads as its own.
        let router = Router::new()
            .fallback(receive)
            .layer(DefaultBodyLimit::max(DELIVERY_BYTES_MAX))
            .with_state(Arc::clone(self));
        tokio::spawn(async move {
            // Serving ends with the program; there is nobody to tell of an error.
            let _ = axum::serve(listener, router).await;
        })
    }

    /// Why a delivery cannot be believed, if it cannot.
    async fn objection(&self, headers: &HeaderMap, body: &[u8]) -> Option<String> {
        let mut trusted = self.trusted.subscribe();
        // The sender lives as long as this relay.
        let trusted = trusted.wait_for(Option::is_some).await.ok()?.clone()?;
        let id = headers.get("webhook-id").and_then(|it| it.to_str().ok()).unwrap_or_default();
        if id != trusted.id {
            return Some(format!("Webhook-Id is {id:?}, not that of this registration"));
        }
        let Address { path_and_query, host, .. } = &self.address;
        let delivery = Delivery { path_and_query, host, headers, body };
        let freshness = Freshness { now: RealClock.now(), skew_max: SKEW_MAX };
        verify(&trusted.secret, &delivery, Some(freshness)).err().map(|error| error.to_string())
    }

    async fn pass_on(&self, headers: &HeaderMap, body: &[u8]) -> Reaction {
        let stopwatch = Stopwatch::start();
        let Some(url) = &self.forward_to else {
            return Reaction { status: StatusCode::OK, answer: None, error: None, duration_ms: 0 };
        };
        let headers = as_sent(headers);
        let asking = async {
            let mut incoming = self.wire.post(url, &headers, body).await?;
            let _ =
                within(SignedDuration::from_secs(1), self.wire.hear_out(url, &mut incoming)).await;
            Ok::<_, crate::delivery::wire::WireError>(incoming.answer())
        };
        let (status, answer, error) = match within(ANSWER_WITHIN, asking).await {
            Some(Ok(answer)) => {
                let status = StatusCode::from_u16(answer.status);
                (status.unwrap_or(StatusCode::BAD_GATEWAY), Some(answer), None)
            }
            Some(Err(error)) => (StatusCode::BAD_GATEWAY, None, Some(error.to_string())),
            None => (StatusCode::GATEWAY_TIMEOUT, None, Some("no answer within 10s".to_owned())),
        };
        Reaction { status, answer, error, duration_ms: stopwatch.elapsed_ms() }
    }

    fn print(&self, lines: &str) {
        if let Err(Failure::Output(_)) = output::line(lines) {
            self.nobody_reads.notify_one();
        }
    }
}

async fn receive(
    State(relay): State<Arc<Relay>>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if method != Method::POST {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let objection = relay.objection(&headers, &body).await;
    let body_text = String::from_utf8_lossy(&body);
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    if relay.format == Format::Table {
        relay.print(&arrival(&time(), &event, &body_text, objection.as_deref()));
    }
    let reaction = relay.pass_on(&headers, &body).await;
    match relay.format {
        Format::Json => {
            let line = as_json(&headers, &body_text, objection.as_deref(), &reaction);
            relay.print(&line.to_string());
        }
        Format::Table if relay.forward_to.is_some() => {
            relay.print(&departure(&time(), &event, &reaction));
        }
        Format::Table => {}
    }
    reaction.into_response()
}

impl IntoResponse for Reaction {
    /// What the receiver behind said, as far as it is kept: the mock shows it.
    fn into_response(self) -> Response {
        let answer = self.answer.unwrap_or(Answer {
            status: self.status.as_u16(),
            headers: Vec::new(),
            body: self.error.unwrap_or_default(),
            is_cut: false,
        });
        let mut response = (self.status, answer.body).into_response();
        let said =
            answer.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if let Some(value) = said.and_then(|(_, value)| value.parse().ok()) {
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
        response
    }
}

fn time() -> String {
    RealClock.now().strftime("%H:%M:%S").to_string()
}

/// The headers in the casing in which they were sent; parsing has taken it away.
fn as_sent(headers: &HeaderMap) -> Vec<(&str, String)> {
    let name = |lower: &'_ str| HEADERS.into_iter().find(|it| it.eq_ignore_ascii_case(lower));
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    let each = headers.iter();
    each.map(|(lower, value)| {
        (name(lower.as_str()).unwrap_or(lower.as_str()), text(value.as_bytes()))
    })
    .collect()
}

fn arrival(time: &str, event: &Value, body: &str, objection: Option<&str>) -> String {
    let mut text = format!("{time}  -> {}", title(event));
    match objection {
        None => text.push_str("  verified"),
        // Writing to a string cannot fail.
        Some(objection) => drop(write!(text, "  NOT VERIFIED: {objection}")),
    }
    let _ = write!(text, "\n          {}", start(body));
    text
}

fn departure(time: &str, event: &Value, reaction: &Reaction) -> String {
    let Reaction { status, answer, error, duration_ms } = reaction;
    let said = match error {
        Some(error) => format!("{error}, so the mock is answered {}", status.as_u16()),
        None => status.to_string(),
    };
    let mut text = format!("{time}  <- {}  {said}  in {duration_ms} ms", title(event));
    if let Some(body) = answer.as_ref().map(|it| it.body.trim_end()).filter(|it| !it.is_empty()) {
        let _ = write!(text, "\n          {}", start(body));
    }
    text
}

/// What a person looks for first: the event, its payment, its amount.
fn title(event: &Value) -> String {
    let text = |name: &str| event[name].as_str().map(str::to_owned);
    let amount = event["amount"]["value"].as_u64().map(|minor| {
        let currency = event["amount"]["currency"].as_str().unwrap_or_default();
        format!("{currency} {}.{:02}", minor / 100, minor % 100)
    });
    let failed = (event["success"] == false).then(|| "failed".to_owned());
    let name = text("name").or_else(|| text("eventType"));
    let name = name.or_else(|| event.get("customerToken").map(|_| "checked in".to_owned()));
    let parts = [name, failed, text("reference").or_else(|| text("merchantQrId")), amount];
    let title = parts.into_iter().flatten().collect::<Vec<_>>().join("  ");
    if title.is_empty() { "something without a name".to_owned() } else { title }
}

fn start(text: &str) -> String {
    let mut start: String = text.chars().take(SHOWN_MAX).collect();
    if start.len() < text.len() {
        start.push_str("...");
    }
    start.replace('\n', "\n          ")
}

fn as_json(headers: &HeaderMap, body: &str, objection: Option<&str>, reaction: &Reaction) -> Value {
    let pairs = as_sent(headers).into_iter().map(|(name, it)| (name.to_owned(), Value::from(it)));
    let answer = reaction.answer.as_ref();
    json!({
        "headers": pairs.collect::<serde_json::Map<_, _>>(),
        "body": body,
        "verified": objection.is_none(),
        "objection": objection,
        "answered": reaction.status.as_u16(),
        "answer": answer.map(|it| json!({"headers": it.headers, "body": it.body})),
        "error": reaction.error,
        "durationMs": reaction.duration_ms,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_and_its_answer_are_two_readable_lines() {
        let body = r#"{"name":"CAPTURED","reference":"ride-0001","amount":{"currency":"NOK","value":34592},"success":true}"#;
        let event: Value = serde_json::from_str(body).expect("valid");
        let answer =
            Answer { status: 401, headers: Vec::new(), body: "who?\n".to_owned(), is_cut: false };
        let status = StatusCode::UNAUTHORIZED;
        let reaction = Reaction { status, answer: Some(answer), error: None, duration_ms: 3 };
        let refused = Reaction {
            status: StatusCode::BAD_GATEWAY,
            answer: None,
            error: Some("connection refused".to_owned()),
            duration_ms: 0,
        };
        let lines = [
            arrival("12:00:00", &event, body, None),
            departure("12:00:00", &event, &reaction),
            departure("12:00:02", &event, &refused),
            arrival("12:00:03", &json!({}), "{}", Some("the header authorization is missing")),
        ];
        insta::assert_snapshot!(lines.join("\n"), @r#"
        12:00:00  -> CAPTURED  ride-0001  NOK 345.92  verified
                  {"name":"CAPTURED","reference":"ride-0001","amount":{"currency":"NOK","value":34592},"success":true}
        12:00:00  <- CAPTURED  ride-0001  NOK 345.92  401 Unauthorized  in 3 ms
                  who?
        12:00:02  <- CAPTURED  ride-0001  NOK 345.92  connection refused, so the mock is answered 502  in 0 ms
        12:00:03  -> something without a name  NOT VERIFIED: the header authorization is missing
                  {}
        "#);
    }

    /// Whoever listens behind answers with what it got.
    async fn receiver() -> Url {
        let echo = async |headers: HeaderMap, body: Bytes| {
            let names: Vec<_> = headers.keys().map(|it| it.as_str().to_owned()).collect();
            let host = headers["host"].to_str().expect("text").to_owned();
            let said = format!("{host} {} {}", names.join(","), String::from_utf8_lossy(&body));
            (StatusCode::IM_A_TEAPOT, said)
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook?shop=1", listener.local_addr().expect("bound"));
        let router = Router::new().fallback(echo);
        tokio::spawn(async move { axum::serve(listener, router).await });
        url.parse().expect("valid")
    }

    #[tokio::test]
    async fn bytes_and_headers_reach_the_receiver_behind_and_its_answer_comes_back() {
        let relay =
            Relay::new("http://taxi.example/hook?shop=1", Some(receiver().await), Format::Json);
        let relay = relay.expect("valid");
        let secret = Secret::new("not-a-real-secret");
        relay.trust(Trusted { id: "r".to_owned(), secret: secret.clone() });
        let body = r#"{"name":"CREATED"}"#;
        let mut headers = crate::taxi::webhook::signed_for_tests(
            "http://taxi.example/hook?shop=1",
            "r",
            &secret,
            body,
        );
        headers.insert("host", "taxi.example".parse().expect("valid"));
        headers.insert("content-length", body.len().into());
        let objection = relay.objection(&headers, body.as_bytes()).await.expect("an old date");
        assert!(objection.starts_with("the date in x-ms-date is"), "{objection}");

        let reaction = relay.pass_on(&headers, body.as_bytes()).await;
        assert_eq!(reaction.status, StatusCode::IM_A_TEAPOT);
        let said = reaction.answer.expect("an answer").body;
        let names = "x-ms-date,x-ms-content-sha256,authorization,webhook-id,host,content-length";
        assert_eq!(said, format!("taxi.example {names} {body}"));
    }

    #[tokio::test]
    async fn a_receiver_that_is_not_there_is_a_bad_gateway() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/", listener.local_addr().expect("bound"));
        drop(listener);
        let relay = Relay::new(&url, url.parse().ok(), Format::Json).expect("valid");
        let reaction = relay.pass_on(&HeaderMap::new(), b"{}").await;
        assert_eq!(reaction.status, StatusCode::BAD_GATEWAY);
        assert_eq!(reaction.error.as_deref(), Some("connection refused"));
    }

    #[test]
    fn headers_are_passed_on_as_they_were_sent() {
        let mut headers = HeaderMap::new();
        for name in ["host", "x-ms-date", "x-vipps-authorization", "x-of-a-proxy"] {
            headers.insert(name, "v".parse().expect("valid"));
        }
        let names: Vec<_> = as_sent(&headers).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Host", "x-ms-date", "X-Vipps-Authorization", "x-of-a-proxy"]);
    }
}
