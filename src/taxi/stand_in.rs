//! A server for the client's tests: it answers what a test says, and remembers what it was asked.

use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use futures::stream;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::client::{Client, SystemName};
use super::clock::Clock;
use super::credentials::Credentials;

/// What the server was asked.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) call: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What the server answers.
pub(crate) enum Reply {
    Json(u16, Value),
    Throttled(&'static str),
    /// Success begins, and then the connection breaks.
    Lost,
}

type Script = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// The running server.
pub(crate) struct StandIn {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    server: JoinHandle<()>,
}

impl StandIn {
    /// Tokens are answered by the server itself, all else by `script`.
    pub(crate) async fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let state: (Script, _) = (Arc::new(script), Arc::clone(&asked));
        let router = Router::new().fallback(answer).with_state(state);
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, asked, server }
    }

    pub(crate) fn client(&self, clock: Arc<dyn Clock>) -> Client {
        let credentials = Credentials {
            base_url: self.url.clone(),
            client_id: "the-id".to_owned(),
            client_secret: "the-secret".to_owned(),
            subscription_key: "the-key".to_owned(),
            msn: "900001".to_owned(),
        };
        Client::new(credentials, SystemName::reference_taxi(), clock).unwrap()
    }

    /// Everything asked so far, without the token calls.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.retain(|asked| !asked.is_for_token());
        asked
    }

    /// The same as text, such as `POST /epayment/v1/payments`.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.call).collect()
    }

    pub(crate) fn token_calls(&self) -> Vec<Asked> {
        let mut asked = self.asked.lock().unwrap().clone();
        asked.retain(Asked::is_for_token);
        asked
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn is_for_token(&self) -> bool {
        self.call == "POST /accesstoken/get"
    }
}

async fn answer(
    State((script, log)): State<(Script, Arc<Mutex<Vec<Asked>>>)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let asked = Asked { call: format!("{method} {uri}"), headers, body };
    log.lock().unwrap().push(asked.clone());
    if asked.is_for_token() {
        let token = format!("token-{}", log.lock().unwrap().len());
        let body = json!({"token_type": "Bearer", "expires_in": "3599", "access_token": token});
        return body.to_string().into_response();
    }
    match script(&asked) {
        Reply::Json(status, body) => {
            (StatusCode::from_u16(status).unwrap(), body.to_string()).into_response()
        }
        Reply::Throttled(retry_after) => {
            (StatusCode::TOO_MANY_REQUESTS, [("retry-after", retry_after)]).into_response()
        }
        Reply::Lost => {
            let broken = stream::iter([Ok(Bytes::from("{")), Err(io::Error::other("cut"))]);
            Body::from_stream(broken).into_response()
        }
    }
}

/// A refusal by the payment API.
pub(crate) fn problem(status: u16, code: &str) -> Reply {
    let details = json!([{"name": "ErrorCode", "reason": code}]);
    let title = format!("Title of {code}");
    let body = json!({"title": title, "status": status, "extraDetails": details, "traceId": "00"});
    Reply::Json(status, body)
}

/// A script that gives these answers one after the other, and then the last one for ever.
pub(crate) fn in_turn(replies: Vec<fn() -> Reply>) -> impl Fn(&Asked) -> Reply {
    let next = Mutex::new(replies.into_iter().peekable());
    move |_| {
        let mut next = next.lock().unwrap();
        let reply = *next.peek().unwrap();
        if next.len() > 1 {
            next.next();
        }
        reply()
    }
}
