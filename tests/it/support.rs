//! A mock with a seed and a frozen clock, and calls to it without a socket.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode},
};
use serde_json::Value;
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use vipps_mock::{
    app::{Mock, RateLimits, SalesUnit, SalesUnitSeed, agenda::Target},
    config::default_units,
    delivery::{self, WebhookDates},
    domain::Strictness,
    http::{Edge, router},
};

/// What every clock in these tests reads at the start.
pub(crate) const NOON: &str = "2030-01-01T12:00:00Z";

pub(crate) struct TestMock {
    pub(crate) mock: Mock,
    router: Router,
    token: String,
}

pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl TestMock {
    /// The default sandbox, at noon, with a token for its first sales unit. Calls are not counted.
    pub(crate) async fn start() -> Self {
        Self::start_with(RateLimits::Off).await
    }

    pub(crate) async fn start_with(rate_limits: RateLimits) -> Self {
        Self::start_in(rate_limits, Strictness::Lenient).await
    }

    /// The same, with sales units of this strictness.
    pub(crate) async fn start_as(strictness: Strictness) -> Self {
        Self::start_in(RateLimits::Off, strictness).await
    }

    /// The same, with ids and chances of this seed.
    pub(crate) async fn start_with_seed(seed: u64) -> Self {
        Self::start_seeded(seed, RateLimits::Off, Strictness::Lenient).await
    }

    async fn start_in(rate_limits: RateLimits, strictness: Strictness) -> Self {
        Self::start_seeded(1, rate_limits, strictness).await
    }

    async fn start_seeded(seed: u64, rate_limits: RateLimits, strictness: Strictness) -> Self {
        let units = default_units().into_iter().map(|seed| SalesUnitSeed { strictness, ..seed });
        let (mock, newcomers) = Mock::new(seed, units.collect(), rate_limits);
        tokio::spawn(delivery::run(newcomers, WebhookDates::Unit));
        for unit in mock.units() {
            unit.freeze_clock();
            unit.step(Target::At(NOON.parse().unwrap())).await.unwrap();
        }
        let edge = Edge::new(mock.clone(), "http://mock.test".to_owned());
        let token = mock.unit("900001").unwrap().issue_token().jwt.to_string();
        Self { mock, router: router(edge, true), token }
    }

    /// Serves it over real connections, for what is about them. Says where.
    pub(crate) async fn serve(&self) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Called with the token that somebody has from another mock.
    pub(crate) fn with_token_of(self, other: &Self) -> Self {
        Self { token: other.token.clone(), ..self }
    }

    /// With a payment of this many minor units that waits for its customer.
    pub(crate) async fn with_payment(self, reference: &str, minor: u64) -> Self {
        let reply = self.create(reference, minor).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        self
    }

    /// With a payment that the customer has approved.
    pub(crate) async fn with_authorized(self, reference: &str, minor: u64) -> Self {
        let mock = self.with_payment(reference, minor).await;
        mock.unit().approve(&reference.parse().unwrap()).unwrap();
        mock
    }

    pub(crate) fn unit(&self) -> Arc<SalesUnit> {
        self.mock.unit("900001").unwrap()
    }

    pub(crate) async fn create(&self, reference: &str, minor: u64) -> Reply {
        let body = push_request(reference, minor);
        self.post("/epayment/v1/payments", &format!("create-{reference}"), &body).await
    }

    pub(crate) async fn capture(&self, reference: &str, minor: u64, key: &str) -> Reply {
        let path = format!("/epayment/v1/payments/{reference}/capture");
        self.post(&path, key, &modification(minor)).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Method::GET, path, &[], "").await
    }

    pub(crate) async fn post(&self, path: &str, key: &str, body: &Value) -> Reply {
        let headers = [("Idempotency-Key", key)];
        let headers = if key.is_empty() { &headers[..0] } else { &headers[..] };
        self.call(Method::POST, path, headers, &body.to_string()).await
    }

    /// A call with the keys of the first sales unit; `headers` come on top or instead.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        *request.headers_mut().unwrap() = self.headers(headers);
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// The keys of the first sales unit; `headers` come on top or instead.
    pub(crate) fn headers(&self, headers: &[(&str, &str)]) -> HeaderMap {
        let bearer = format!("Bearer {}", self.token);
        let seed = self.unit().seed().clone();
        let mut all = HeaderMap::new();
        let own = [
            ("Authorization", bearer.as_str()),
            ("Ocp-Apim-Subscription-Key", &*seed.subscription_key),
            ("Merchant-Serial-Number", seed.msn.as_str()),
            ("Content-Type", "application/json"),
        ];
        for (name, value) in own.iter().chain(headers) {
            let name: axum::http::HeaderName = name.parse().unwrap();
            match *value {
                "" => all.remove(name),
                value => all.insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap()),
            };
        }
        all
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Reply {
        let (status, headers, bytes) = self.send_for_bytes(request).await;
        Reply { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(crate) async fn send_for_bytes(
        &self,
        request: Request<Body>,
    ) -> (StatusCode, HeaderMap, Vec<u8>) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, headers, bytes.to_vec())
    }

    /// What a browser gets at this address.
    pub(crate) async fn look(&self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// What a browser gets for a form.
    pub(crate) async fn submit(&self, path: &str, form: &str) -> Reply {
        let request = Request::post(path).header("Host", "mock.test");
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// A payment with a link, and what the merchant was given as one.
    pub(crate) async fn link(&self, reference: &str, changes: Value) -> String {
        let mut body = push_request(reference, 34592);
        body["userFlow"] = "WEB_REDIRECT".into();
        body["returnUrl"] = "https://taxi.example/return".into();
        for (name, value) in changes.as_object().unwrap() {
            body[name] = value.clone();
        }
        let reply = self.post("/epayment/v1/payments", &format!("key-{reference}"), &body).await;
        assert_eq!(reply.status, 201, "{}", reply.text);
        reply.json()["redirectUrl"].as_str().unwrap().replace("http://mock.test", "")
    }
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// Status, all headers and the body, as they would stand on the wire.
    pub(crate) fn print(&self) -> String {
        let mut text = self.status.to_string();
        for (name, value) in &self.headers {
            text.extend(["\n", name.as_str(), ": ", value.to_str().unwrap()]);
        }
        text + "\n\n" + &self.text
    }

    /// The published code, if it is a coded problem.
    pub(crate) fn code(&self) -> String {
        let details = &self.json()["extraDetails"];
        assert_eq!(details[0]["name"], "ErrorCode", "{}", self.text);
        details[0]["reason"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn push_request(reference: &str, minor: u64) -> Value {
    serde_json::json!({
        "amount": {"currency": "NOK", "value": minor},
        "paymentMethod": {"type": "WALLET"},
        "customer": {"phoneNumber": "4740000001"},
        "customerInteraction": "CUSTOMER_PRESENT",
        "reference": reference,
        "userFlow": "PUSH_MESSAGE",
        "paymentDescription": "Taxi ride"
    })
}

pub(crate) fn modification(minor: u64) -> Value {
    serde_json::json!({"modificationAmount": {"currency": "NOK", "value": minor}})
}
