//! A small typed client of the control API.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use reqwest::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::failure::Failure;
use super::requests::wire::{Call as JournalCall, Summary};
use super::sales_units::Unit;
use super::target::{BaseUrl, ClientArgs, MockArgs};
use super::webhooks::wire::{Delivery, Registration};
use super::wire::{
    CheckIn, Clock, Fault, InboxItem, Move, Moved, Order, Payment, Problem, PublicUrl, SalesUnit,
    TestUser,
};
use crate::http::ControlToken;

/// How long a mock may take over an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// An advance returns when every due delivery was tried, and a receiver that hangs costs ten seconds.
const ADVANCE_TIMEOUT: Duration = Duration::from_mins(10);

/// A stream goes on until somebody ends it.
const STREAM_TIMEOUT: Duration = Duration::MAX;

/// The header that says after which event a stream is to go on (HTML standard, section 9.2).
const LAST_EVENT_ID: &str = "last-event-id";

/// The header on every answer of a mock.
pub(crate) const MOCK_HEADER: &str = "vipps-mock";

/// An answer: as it came, for programs, and as it is understood.
#[derive(Debug)]
pub(crate) struct Reply<T> {
    pub(crate) json: Value,
    pub(crate) body: T,
}

/// The control API of one mock.
#[derive(Debug)]
pub(crate) struct Control {
    url: BaseUrl,
    token: Option<ControlToken>,
    http: reqwest::Client,
}

impl Control {
    /// A client of the mock that is meant.
    pub(crate) fn of(mock: &MockArgs) -> Result<Self, Failure> {
        let MockArgs { url, control_token: token } = mock.clone();
        Ok(Self { url, token, http: crate::taxi::transport::http_client()? })
    }

    /// The version of the mock, from an answer of any kind.
    pub(crate) async fn version(&self) -> Result<String, Failure> {
        let response = self.send(Call::get(&["health"])).await?;
        let header = response.headers().get(MOCK_HEADER).and_then(|value| value.to_str().ok());
        Ok(header.unwrap_or_default().to_owned())
    }

    /// Every sales unit, in the order of the sandbox.
    pub(crate) async fn sales_units<T: DeserializeOwned>(&self) -> Result<Reply<Vec<T>>, Failure> {
        self.ask(Call::get(&["sales-units"])).await
    }

    /// Opens a sales unit.
    pub(crate) async fn create_unit(&self, wanted: Value) -> Result<Reply<Unit>, Failure> {
        self.ask(Call { body: Some(wanted), ..Call::post(&["sales-units"]) }).await
    }

    /// Brings a sales unit back as it was saved.
    pub(crate) async fn load_unit(
        &self,
        msn: &str,
        snapshot: Value,
    ) -> Result<Reply<Unit>, Failure> {
        let call = Call::new(Method::PUT, &["snapshot"]).of(msn);
        self.ask(Call { body: Some(snapshot), timeout: ADVANCE_TIMEOUT, ..call }).await
    }

    /// Drops a sales unit.
    pub(crate) async fn drop_unit(&self, msn: &str) -> Result<(), Failure> {
        self.tell(Call::new(Method::DELETE, &[]).of(msn)).await
    }

    /// Empties every sales unit.
    pub(crate) async fn reset_all(&self) -> Result<(), Failure> {
        self.tell(Call::post(&["reset"])).await
    }

    /// What links begin with.
    pub(crate) async fn public_url(&self) -> Result<Reply<PublicUrl>, Failure> {
        self.ask(Call::get(&["public-url"])).await
    }

    /// Lets links begin with another address.
    pub(crate) async fn set_public_url(&self, url: &str) -> Result<Reply<PublicUrl>, Failure> {
        let body = Some(json!({ "url": url }));
        self.ask(Call { body, ..Call::new(Method::PUT, &["public-url"]) }).await
    }

    /// Calls that belong to no sales unit.
    pub(crate) async fn strays(
        &self,
        wanted: &[(&'static str, String)],
    ) -> Result<Reply<Vec<Summary>>, Failure> {
        self.ask(Call::get(&["requests"]).asking(wanted)).await
    }

    /// The same as an HTTP archive.
    pub(crate) async fn stray_archive(
        &self,
        wanted: &[(&'static str, String)],
    ) -> Result<Reply<Value>, Failure> {
        self.ask(Call::get(&["requests.har"]).asking(wanted)).await
    }

    pub(crate) async fn stray(
        &self,
        id: &str,
        unmasked: bool,
    ) -> Result<Reply<JournalCall>, Failure> {
        self.ask(Call::get(&["requests", id]).unmasked(unmasked)).await
    }

    /// Opens the stream of events, of one sales unit or of all of them: after an event or from the
    /// `start`, and rather after `last_id`, where it was heard before.
    pub(crate) async fn events(
        &self,
        msn: Option<&str>,
        after: Option<&str>,
        last_id: Option<&str>,
        waits: bool,
    ) -> Result<Response, Failure> {
        let follow = (!waits).then_some(("follow", "false"));
        let query = after.map(|after| ("after", after)).into_iter().chain(follow).collect();
        let header = last_id.map(|id| (LAST_EVENT_ID, id));
        let call = Call { query, header, timeout: STREAM_TIMEOUT, ..Call::get(&["events"]) };
        let call = if let Some(msn) = msn { call.of(msn) } else { call };
        let response = self.send(call).await?;
        if response.status().is_success() {
            return Ok(response);
        }
        Err(self.refusal(response).await)
    }

    /// Makes a call that is answered with something.
    async fn ask<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<Reply<T>, Failure> {
        let response = self.send(call).await?;
        let bytes = self.accepted(response).await?;
        let json: Value = serde_json::from_slice(&bytes).map_err(|e| self.unreadable(&e))?;
        let body = T::deserialize(&json).map_err(|error| self.unreadable(&error))?;
        Ok(Reply { json, body })
    }

    /// Makes a call that is answered with nothing.
    async fn tell(&self, call: Call<'_>) -> Result<(), Failure> {
        let response = self.send(call).await?;
        self.accepted(response).await.map(drop)
    }

    /// Sends, and makes sure that it is a mock that answered.
    async fn send(&self, call: Call<'_>) -> Result<Response, Failure> {
        let mut url = self.url.join(["control", "v1"].into_iter().chain(call.path));
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.http.request(call.method, url).timeout(call.timeout);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token.reveal());
        }
        if let Some((name, value)) = call.header {
            request = request.header(name, value);
        }
        if let Some(body) = call.body {
            request = request.json(&body);
        }
        let response = request.send().await.map_err(|error| self.unreachable(&error))?;
        if response.headers().contains_key(MOCK_HEADER) {
            Ok(response)
        } else {
            Err(Failure::NotAMock { url: self.url.to_string() })
        }
    }

    /// The bytes of an answer that says yes.
    async fn accepted(&self, response: Response) -> Result<Vec<u8>, Failure> {
        if !response.status().is_success() {
            return Err(self.refusal(response).await);
        }
        let bytes = response.bytes().await.map_err(|error| self.unreachable(&error))?;
        Ok(bytes.into())
    }

    /// What an answer that says no means.
    async fn refusal(&self, response: Response) -> Failure {
        let status = response.status();
        let bytes = match response.bytes().await {
            Ok(bytes) => bytes,
            Err(error) => return self.unreachable(&error),
        };
        match serde_json::from_slice::<Problem>(&bytes) {
            Ok(problem) => Failure::Refused { detail: problem.sentence(), hint: problem.hint },
            // Without its control API a mock answers like the gateway, which knows no such path.
            Err(_) if status == StatusCode::NOT_FOUND => {
                Failure::NoControl { url: self.url.to_string() }
            }
            Err(_) => Failure::Refused { detail: format!("status {status}"), hint: None },
        }
    }

    fn unreachable(&self, error: &reqwest::Error) -> Failure {
        Failure::Unreachable { url: self.url.to_string(), cause: root_cause(error) }
    }

    /// What the mock sent makes no sense.
    pub(crate) fn unreadable(&self, error: &dyn std::error::Error) -> Failure {
        Failure::Unreadable { url: self.url.to_string(), cause: error.to_string() }
    }
}

/// One call, before it is made.
#[derive(Debug)]
struct Call<'a> {
    method: Method,
    path: Vec<&'a str>,
    query: Vec<(&'a str, &'a str)>,
    header: Option<(&'static str, &'a str)>,
    body: Option<Value>,
    timeout: Duration,
}

impl<'a> Call<'a> {
    fn get(path: &[&'a str]) -> Self {
        Self::new(Method::GET, path)
    }

    fn post(path: &[&'a str]) -> Self {
        Self::new(Method::POST, path)
    }

    fn new(method: Method, path: &[&'a str]) -> Self {
        let (path, query) = (path.to_vec(), Vec::new());
        Self { method, path, query, header: None, body: None, timeout: ANSWER_TIMEOUT }
    }

    /// The same call for what is wanted.
    fn asking(mut self, wanted: &'a [(&'static str, String)]) -> Self {
        self.query = wanted.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self
    }

    /// The same call, for what is masked too.
    fn unmasked(mut self, unmasked: bool) -> Self {
        self.query.extend(unmasked.then_some(("unmasked", "true")));
        self
    }

    /// The same call about one sales unit.
    fn of(mut self, msn: &'a str) -> Self {
        self.path.splice(0..0, ["sales-units", msn]);
        self
    }
}

/// The innermost reason in few words: "connection refused", not the whole chain around it.
pub(crate) fn root_cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut deepest: &dyn std::error::Error = error;
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(refused) = inner.downcast_ref::<io::Error>()
            && refused.kind() == io::ErrorKind::ConnectionRefused
        {
            return "connection refused".to_owned();
        }
        deepest = inner;
        source = inner.source();
    }
    deepest.to_string()
}

/// The control API, as far as it is about one sales unit.
#[derive(Debug)]
pub(crate) struct UnitControl {
    control: Control,
    msn: String,
}

impl UnitControl {
    /// The sales unit that was asked for, or the first one.
    pub(crate) async fn open(args: &ClientArgs) -> Result<Self, Failure> {
        let control = Control::of(&args.mock)?;
        let msn = match &args.unit.msn {
            Some(msn) => msn.clone(),
            None => first(control.sales_units().await?.body)?.msn,
        };
        Ok(Self { control, msn })
    }

    pub(crate) fn msn(&self) -> &str {
        &self.msn
    }

    pub(crate) async fn payments(
        &self,
        state: Option<&str>,
    ) -> Result<Reply<Vec<Payment>>, Failure> {
        let query = state.map(|state| ("state", state)).into_iter().collect();
        self.ask(Call { query, ..Call::get(&["payments"]) }).await
    }

    pub(crate) async fn payment(&self, reference: &str) -> Result<Reply<Payment>, Failure> {
        self.ask(Call::get(&["payments", reference])).await
    }

    /// Does what the customer, or nobody, does.
    pub(crate) async fn make(
        &self,
        step: Move,
        reference: &str,
    ) -> Result<Reply<Payment>, Failure> {
        self.ask(Call::post(&["payments", reference, step.path()])).await
    }

    /// The customer tries to pay, and this comes of it.
    pub(crate) async fn fail(
        &self,
        reference: &str,
        outcome: &str,
    ) -> Result<Reply<Payment>, Failure> {
        let body = Some(json!({ "outcome": outcome }));
        self.ask(Call { body, ..Call::post(&["payments", reference, "fail"]) }).await
    }

    /// What Order Management keeps, or only what matches no payment.
    pub(crate) async fn receipts(&self, orphans: bool) -> Result<Reply<Vec<Order>>, Failure> {
        let query = orphans.then_some(("orphan", "true")).into_iter().collect();
        self.ask(Call { query, ..Call::get(&["receipts"]) }).await
    }

    pub(crate) async fn receipt(&self, kind: &str, order: &str) -> Result<Reply<Order>, Failure> {
        self.ask(Call::get(&["receipts", kind, order])).await
    }

    pub(crate) async fn registrations(&self) -> Result<Reply<Vec<Registration>>, Failure> {
        self.ask(Call::get(&["registrations"])).await
    }

    pub(crate) async fn deliveries(
        &self,
        wanted: &[(&'static str, String)],
    ) -> Result<Reply<Vec<Delivery>>, Failure> {
        self.ask(Call::get(&["deliveries"]).asking(wanted)).await
    }

    pub(crate) async fn requests(
        &self,
        wanted: &[(&'static str, String)],
    ) -> Result<Reply<Vec<Summary>>, Failure> {
        self.ask(Call::get(&["requests"]).asking(wanted)).await
    }

    /// The calls that are wanted, as an HTTP archive.
    pub(crate) async fn archive(
        &self,
        wanted: &[(&'static str, String)],
    ) -> Result<Reply<Value>, Failure> {
        self.ask(Call::get(&["requests.har"]).asking(wanted)).await
    }

    pub(crate) async fn request(
        &self,
        id: &str,
        unmasked: bool,
    ) -> Result<Reply<JournalCall>, Failure> {
        self.ask(Call::get(&["requests", id]).unmasked(unmasked)).await
    }

    /// The control API as a whole, for good.
    pub(crate) fn into_control(self) -> Control {
        self.control
    }

    /// The control API as a whole.
    pub(crate) fn control(&self) -> &Control {
        &self.control
    }

    pub(crate) async fn delivery(&self, id: &str) -> Result<Reply<Delivery>, Failure> {
        self.ask(Call::get(&["deliveries", id])).await
    }

    /// Returns when the attempt has come back.
    pub(crate) async fn resend(&self, id: &str) -> Result<Reply<Delivery>, Failure> {
        let call = Call::post(&["deliveries", id, "resend"]);
        self.ask(Call { timeout: ADVANCE_TIMEOUT, ..call }).await
    }

    /// A customer scans a code of the merchant's.
    pub(crate) async fn check_in(
        &self,
        phone: &str,
        code: &str,
    ) -> Result<Reply<CheckIn>, Failure> {
        let body = Some(json!({ "merchantQrId": code }));
        self.ask(Call { body, ..Call::post(&["users", phone, "check-in"]) }).await
    }

    /// The sales unit itself, with all there is to know about it.
    pub(crate) async fn sales_unit(&self) -> Result<Reply<Unit>, Failure> {
        self.ask(Call::get(&[])).await
    }

    /// All that is in the sales unit, to be saved.
    pub(crate) async fn snapshot(&self) -> Result<Value, Failure> {
        let call = Call { timeout: ADVANCE_TIMEOUT, ..Call::get(&["snapshot"]) };
        self.ask(call).await.map(|reply: Reply<Value>| reply.body)
    }

    /// The keys of the sales unit.
    pub(crate) async fn keys(&self) -> Result<SalesUnit, Failure> {
        self.ask(Call::get(&[])).await.map(|reply| reply.body)
    }

    /// Where the mock is.
    pub(crate) fn url(&self) -> &BaseUrl {
        &self.control.url
    }

    pub(crate) async fn users(&self) -> Result<Reply<Vec<TestUser>>, Failure> {
        self.ask(Call::get(&["users"])).await
    }

    /// Chooses what a customer does by itself.
    pub(crate) async fn set_user(
        &self,
        phone: &str,
        behaviour: &str,
    ) -> Result<Reply<TestUser>, Failure> {
        let body = Some(json!({ "behaviour": behaviour }));
        self.ask(Call { body, ..Call::new(Method::PUT, &["users", phone]) }).await
    }

    /// Lets a customer do what its number says.
    pub(crate) async fn clear_user(&self, phone: &str) -> Result<(), Failure> {
        let call = Call::new(Method::DELETE, &["users", phone]);
        self.control.tell(call.of(&self.msn)).await
    }

    /// What waits for one customer, or for all.
    pub(crate) async fn inbox(
        &self,
        phone: Option<&str>,
    ) -> Result<Reply<Vec<InboxItem>>, Failure> {
        let call = match phone {
            Some(phone) => Call::get(&["users", phone, "inbox"]),
            None => Call::get(&["inbox"]),
        };
        self.ask(call).await
    }

    pub(crate) async fn faults(&self) -> Result<Reply<Vec<Fault>>, Failure> {
        self.ask(Call::get(&["faults"])).await
    }

    pub(crate) async fn add_fault(&self, fault: Value) -> Result<Reply<Fault>, Failure> {
        self.ask(Call { body: Some(fault), ..Call::post(&["faults"]) }).await
    }

    /// Takes one fault away, or all of them.
    pub(crate) async fn clear_faults(&self, id: Option<&str>) -> Result<(), Failure> {
        let path: Vec<&str> = ["faults"].into_iter().chain(id).collect();
        self.control.tell(Call::new(Method::DELETE, &path).of(&self.msn)).await
    }

    pub(crate) async fn clock(&self) -> Result<Reply<Clock>, Failure> {
        self.ask(Call::get(&["clock"])).await
    }

    pub(crate) async fn freeze(&self) -> Result<Reply<Clock>, Failure> {
        self.ask(Call::post(&["clock", "freeze"])).await
    }

    pub(crate) async fn resume(&self) -> Result<Reply<Clock>, Failure> {
        self.ask(Call::post(&["clock", "resume"])).await
    }

    pub(crate) async fn advance(&self, by: &str) -> Result<Reply<Moved>, Failure> {
        self.ask(Self::step("advance", json!({ "by": by }))).await
    }

    pub(crate) async fn set(&self, to: &str) -> Result<Reply<Moved>, Failure> {
        self.ask(Self::step("set", json!({ "to": to }))).await
    }

    pub(crate) async fn reset(&self) -> Result<(), Failure> {
        self.control.tell(Call::post(&["reset"]).of(&self.msn)).await
    }

    /// Any call beneath the sales unit: what it is answered with, nothing as null. It may move time.
    pub(crate) async fn any(
        &self,
        method: Method,
        path: &[String],
        body: Option<Value>,
    ) -> Result<Value, Failure> {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        let call = Call { body, timeout: ADVANCE_TIMEOUT, ..Call::new(method, &path) };
        let response = self.control.send(call.of(&self.msn)).await?;
        let bytes = self.control.accepted(response).await?;
        if bytes.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(&bytes).map_err(|error| self.unreadable(&error))
    }

    /// What the mock sent makes no sense.
    pub(crate) fn unreadable(&self, error: &dyn std::error::Error) -> Failure {
        self.control.unreadable(error)
    }

    fn step(name: &str, body: Value) -> Call<'_> {
        Call { body: Some(body), timeout: ADVANCE_TIMEOUT, ..Call::post(&["clock", name]) }
    }

    async fn ask<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<Reply<T>, Failure> {
        self.control.ask(call.of(&self.msn)).await
    }
}

/// The sales unit meant when none is named.
pub(crate) fn first(units: Vec<SalesUnit>) -> Result<SalesUnit, Failure> {
    units.into_iter().next().ok_or_else(|| Failure::Refused {
        detail: "the mock has no sales unit".to_owned(),
        hint: Some("vipps-mock reset --all brings back the sandbox".to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::http::HeaderMap;
    use axum::routing::get;
    use tokio::net::TcpListener;

    use super::super::exit::Exit;
    use super::*;

    const PROBLEM: &str = r#"{"type":"about:blank","title":"Conflict","status":409,
        "detail":"payment ride-0001 is EXPIRED","hint":"only a CREATED one can be approved"}"#;
    const GATEWAY: &str = r#"{"responseInfo":{"responseCode":404,"responseMessage":"No"}}"#;

    /// The address of a server that gives this answer to whoever asks for the sales units.
    async fn answering(status: u16, is_mock: bool, body: &'static str) -> MockArgs {
        let mut headers = HeaderMap::new();
        if is_mock {
            headers.insert(MOCK_HEADER, "0.1.0".parse().unwrap());
        }
        let status = StatusCode::from_u16(status).unwrap();
        let answer = get(async move || (status, headers, body));
        let router = Router::new().route("/control/v1/sales-units", answer);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        at(&url)
    }

    fn at(url: &str) -> MockArgs {
        MockArgs { url: url.parse().unwrap(), control_token: None }
    }

    async fn failure(status: u16, is_mock: bool, body: &'static str) -> Failure {
        let control = Control::of(&answering(status, is_mock, body).await).unwrap();
        control.sales_units::<SalesUnit>().await.unwrap_err()
    }

    #[tokio::test]
    async fn a_refusal_is_told_in_the_mocks_words() {
        let refused = failure(409, true, PROBLEM).await;
        assert_eq!(refused.to_string(), "payment ride-0001 is EXPIRED");
        assert_eq!(refused.hint(), Some("only a CREATED one can be approved"));
        assert_eq!(refused.exit(), Exit::Refused);
    }

    #[tokio::test]
    async fn a_mock_without_control_api_is_recognised() {
        let failure = failure(404, true, GATEWAY).await;
        assert!(matches!(failure, Failure::NoControl { .. }), "{failure:?}");
        assert_eq!(failure.exit(), Exit::Refused);
    }

    #[tokio::test]
    async fn another_server_is_not_taken_for_a_mock() {
        let failure = failure(200, false, "[]").await;
        assert!(matches!(failure, Failure::NotAMock { .. }), "{failure:?}");
        assert_eq!(failure.exit(), Exit::Unreachable);
    }

    #[tokio::test]
    async fn an_answer_of_another_form_is_reported() {
        let failure = failure(200, true, "[{}]").await;
        assert!(failure.to_string().ends_with("missing field `msn`"), "{failure}");
    }

    #[tokio::test]
    async fn nobody_there_is_said_in_three_words() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let failure = Control::of(&at(&url)).unwrap().sales_units::<SalesUnit>().await.unwrap_err();
        let expected = format!("cannot reach a mock at {url}: connection refused");
        assert_eq!(failure.to_string(), expected);
        assert_eq!(failure.hint(), Some("start one with: vipps-mock serve"));
        assert_eq!(failure.exit(), Exit::Unreachable);
    }
}
