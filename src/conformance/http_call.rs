//! Sends one request exactly as asked and keeps the reply exactly as it came.

use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde_json::Value;

use super::exchange::Exchange;
use super::failure::Failure;
use super::secrets::Secrets;

/// A request to be sent.
#[derive(Debug, Clone)]
pub(super) struct Call {
    /// The method.
    pub(super) method: Method,
    /// The path and query.
    pub(super) path: String,
    /// The body, which need not be JSON although it says so.
    pub(super) body: Option<String>,
    /// Headers, the later one winning over an earlier one of its name.
    pub(super) headers: Vec<(String, String)>,
    /// Headers to leave out after all.
    pub(super) without: Vec<String>,
}

impl Call {
    /// A request without a body.
    pub(super) fn new(method: Method, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: None, headers: Vec::new(), without: Vec::new() }
    }

    /// A GET.
    pub(super) fn get(path: impl Into<String>) -> Self {
        Self::new(Method::GET, path)
    }

    /// A POST of JSON.
    pub(super) fn post(path: impl Into<String>, body: &Value) -> Self {
        Self { body: Some(body.to_string()), ..Self::new(Method::POST, path) }
    }

    /// With an idempotency key, if there is one.
    pub(super) fn key(self, key: Option<&str>) -> Self {
        match key {
            Some(key) => self.header("Idempotency-Key", key),
            None => self,
        }
    }

    /// With a header.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With these headers, unless the call brings its own.
    pub(super) fn beneath(mut self, mut headers: Vec<(String, String)>) -> Self {
        headers.append(&mut self.headers);
        Self { headers, ..self }
    }

    /// Without a header that every call has.
    pub(super) fn without(mut self, name: &str) -> Self {
        self.without.push(name.to_owned());
        self
    }
}

/// Sends a call to the server at `base_url`.
pub(super) async fn send(
    http: &reqwest::Client,
    base_url: &str,
    call: Call,
) -> Result<Exchange, Failure> {
    send_secretly(http, base_url, call, Arc::default()).await
}

/// As [`send`], with secrets that are not shown.
pub(super) async fn send_secretly(
    http: &reqwest::Client,
    base_url: &str,
    call: Call,
    secrets: Arc<Secrets>,
) -> Result<Exchange, Failure> {
    let asked = headers_of(&call)?;
    let sent = call.body.unwrap_or_default();
    let failed = |error: reqwest::Error| {
        Failure::new(format!("{} {} was not answered: {error}", call.method, call.path))
    };
    let reply = http
        .request(call.method.clone(), format!("{base_url}{}", call.path))
        .headers(asked.clone())
        .body(sent.clone())
        .send()
        .await
        .map_err(failed)?;
    let status = reply.status().as_u16();
    let headers = reply.headers().clone();
    let body = reply.text().await.map_err(failed)?;
    let (base_url, method, path) = (base_url.to_owned(), call.method, call.path);
    Ok(Exchange { base_url, method, path, asked, sent, status, headers, body, secrets })
}

/// The headers of a call, as they are sent.
fn headers_of(call: &Call) -> Result<HeaderMap, Failure> {
    let mut headers = HeaderMap::new();
    if call.body.is_some() {
        headers.insert(http::header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    let unusable = |name: &str| Failure::new(format!("{name} cannot be sent as a header"));
    for (name, value) in &call.headers {
        let parsed: HeaderName = name.parse().map_err(|_| unusable(name))?;
        headers.insert(parsed, value.parse().map_err(|_| unusable(name))?);
    }
    for name in &call.without {
        headers.remove(name);
    }
    Ok(headers)
}
