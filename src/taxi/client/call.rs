//! What every call has in common: address, headers, repetition.

use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Method, RequestBuilder, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Client;
use super::refusal;
use super::token::AccessToken;
use crate::taxi::error::{Error, TransportKind};
use crate::taxi::reference::IdempotencyKey;
use crate::taxi::retry::{Failure, Next, Repetition, RetryAfter};

/// One call. Repeating it sends the very same bytes under the same key.
#[derive(Debug, Clone)]
pub(super) struct Call {
    method: Method,
    path: Vec<String>,
    body: Option<Vec<u8>>,
    key: Option<IdempotencyKey>,
    repetition: Repetition,
}

/// A success: its status and body.
#[derive(Debug)]
pub(super) struct Reply {
    status: u16,
    body: Vec<u8>,
}

impl Call {
    pub(super) fn get<const N: usize>(path: [&str; N]) -> Self {
        Self::new(Method::GET, &path)
    }

    pub(super) fn post<const N: usize>(path: [&str; N]) -> Self {
        Self::new(Method::POST, &path)
    }

    pub(super) fn put<const N: usize>(path: [&str; N]) -> Self {
        Self::new(Method::PUT, &path)
    }

    pub(super) fn delete<const N: usize>(path: [&str; N]) -> Self {
        Self::new(Method::DELETE, &path)
    }

    fn new(method: Method, path: &[&str]) -> Self {
        let path = path.iter().map(|&segment| segment.to_owned()).collect();
        Self { method, path, body: None, key: None, repetition: Repetition::Harmless }
    }

    /// With this body.
    pub(super) fn json(self, body: &impl Serialize) -> Result<Self, Error> {
        let body = serde_json::to_vec(body).map_err(|error| Error::Setup(error.to_string()))?;
        Ok(Self { body: Some(body), ..self })
    }

    /// With this key, which makes repeating it harmless.
    pub(super) fn key(self, key: &IdempotencyKey) -> Self {
        Self { key: Some(key.clone()), ..self }
    }

    /// Not to be repeated if it may have arrived.
    pub(super) fn only_once(self) -> Self {
        Self { repetition: Repetition::OnlyIfNothingHappened, ..self }
    }

    fn url(&self, base: &Url) -> Url {
        let mut url = base.clone();
        // The base was checked when the client was made, so it has segments.
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(&self.path);
        }
        url
    }
}

impl Reply {
    /// The body, read as JSON.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let mut json = serde_json::Deserializer::from_slice(&self.body);
        serde_path_to_error::deserialize(&mut json)
            .map_err(|error| Error::Unexpected { status: self.status, message: error.to_string() })
    }
}

impl Client {
    /// Makes a call with an access token. A refused token is renewed once: it may have been
    /// revoked, or our clock may be wrong. Refused again, something else is the matter.
    pub(super) async fn send(&self, call: &Call) -> Result<Reply, Error> {
        let token = self.access_token().await?;
        match self.send_with_retries(call, Some(&token)).await {
            Err(error) if error.status() == Some(401) => {
                self.forget_token(&token).await;
                let token = self.access_token().await?;
                self.send_with_retries(call, Some(&token)).await
            }
            outcome => outcome,
        }
    }

    /// Makes a call, and again while [`crate::taxi::retry`] says so.
    pub(super) async fn send_with_retries(
        &self,
        call: &Call,
        token: Option<&AccessToken>,
    ) -> Result<Reply, Error> {
        let mut attempt = 1;
        // A later failure, such as a refused connection, must not hide that an earlier call may
        // have had its effect.
        let mut open = None;
        loop {
            let failure = match self.send_once(call, token).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            match self.retries.next(attempt, call.repetition, &failure) {
                Next::GiveUp if failure.error.status() == Some(401) => return Err(failure.error),
                Next::GiveUp => return Err(open.unwrap_or(failure.error)),
                Next::RepeatAfter(wait) => {
                    let wait = wait + self.clock.jitter(wait / 4);
                    let error = &failure.error;
                    tracing::warn!(attempt, wait_s = wait.as_secs_f64(), %error, "call repeated");
                    self.clock.sleep(wait).await;
                }
            }
            if failure.error.leaves_outcome_open() {
                open.get_or_insert(failure.error);
            }
            attempt += 1;
        }
    }

    async fn send_once(&self, call: &Call, token: Option<&AccessToken>) -> Result<Reply, Failure> {
        let response = self.request(call, token).send().await.map_err(lost)?;
        let status = response.status().as_u16();
        tracing::debug!(method = %call.method, path = %call.path.join("/"), status, "call answered");
        let retry_after = self.retry_after(&response);
        let body = response.bytes().await.map_err(lost)?.to_vec();
        if (200..300).contains(&status) {
            return Ok(Reply { status, body });
        }
        Err(Failure { error: refusal::read(status, &call.path, &body), retry_after })
    }

    fn request(&self, call: &Call, token: Option<&AccessToken>) -> RequestBuilder {
        let keys = &self.credentials;
        let mut request = self
            .http
            .request(call.method.clone(), call.url(&self.base_url))
            .header("Ocp-Apim-Subscription-Key", &keys.subscription_key)
            .header("Merchant-Serial-Number", &keys.msn);
        for (name, value) in self.system.headers() {
            request = request.header(name, value);
        }
        request = match token {
            Some(token) => request.bearer_auth(token.text()),
            // Only the token call goes without a token, and it has the keys instead.
            None => request
                .header("client_id", &keys.client_id)
                .header("client_secret", &keys.client_secret),
        };
        if let Some(key) = &call.key {
            request = request.header("Idempotency-Key", key.as_str());
        }
        match &call.body {
            Some(body) => request.header(CONTENT_TYPE, "application/json").body(body.clone()),
            None => request,
        }
    }

    fn retry_after(&self, response: &Response) -> Option<RetryAfter> {
        let text = response.headers().get(RETRY_AFTER)?.to_str().ok()?;
        RetryAfter::read(text, self.clock.now())
    }
}

/// No answer. The address is taken out of the text: it is in the log line already.
fn lost(error: reqwest::Error) -> Failure {
    if error.is_builder() {
        // A key with a line break in it, for one. Nothing was sent, and nothing will be.
        let error = Error::Setup(error.without_url().to_string());
        return Failure { error, retry_after: None };
    }
    let kind = match () {
        () if error.is_connect() => TransportKind::Connect,
        () if error.is_timeout() => TransportKind::Timeout,
        () => TransportKind::Broken,
    };
    let error = error.without_url();
    let mut message = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        message = format!("{message}: {inner}");
        cause = inner.source();
    }
    Failure { error: Error::Transport { kind, message }, retry_after: None }
}
