//! Calls as an HTTP archive, which browsers and other tools open (HAR 1.2).
//!
//! What the mock knows besides stands in members that begin with an underscore, as the format has it
//! for what is not its own.

use axum::http::StatusCode;
use serde::Serialize;
use url::form_urlencoded;
use utoipa::ToSchema;

use super::view::{CallBody, SaidBody};

/// An archive.
#[derive(Serialize, ToSchema)]
#[schema(as = Har)]
pub(in crate::http::control) struct HarBody {
    log: Log,
}

/// What an archive has: its version, who wrote it, and the calls.
#[derive(Serialize, ToSchema)]
#[schema(as = HarLog)]
struct Log {
    /// Of the format.
    version: &'static str,
    creator: Creator,
    /// The calls, oldest first.
    entries: Vec<Entry>,
}

/// What has made the archive.
#[derive(Serialize, ToSchema)]
#[schema(as = HarCreator)]
struct Creator {
    name: &'static str,
    version: &'static str,
}

/// A call.
#[derive(Serialize, ToSchema)]
#[schema(as = HarEntry)]
#[serde(rename_all = "camelCase")]
pub(super) struct Entry {
    /// When it came, by the clock of the sales unit.
    started_date_time: String,
    /// Real milliseconds until the answer.
    time: f64,
    request: Request,
    response: Response,
    /// Always empty: nothing is cached.
    #[schema(value_type = Object)]
    cache: Empty,
    timings: Timings,
    /// Its number in the journal.
    #[serde(rename = "_id")]
    id: String,
    #[serde(rename = "_operation", skip_serializing_if = "Option::is_none")]
    operation: Option<&'static str>,
    #[serde(rename = "_reference", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(rename = "_reason", skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(rename = "_nearMiss", skip_serializing_if = "Option::is_none")]
    near_miss: Option<String>,
    #[serde(rename = "_fault", skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

#[derive(Serialize)]
struct Empty {}

/// What was asked.
#[derive(Serialize, ToSchema)]
#[schema(as = HarRequest)]
#[serde(rename_all = "camelCase")]
struct Request {
    method: String,
    url: String,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    query_string: Vec<Pair>,
    #[serde(skip_serializing_if = "Option::is_none")]
    post_data: Option<PostData>,
    headers_size: i8,
    body_size: usize,
}

/// What was answered.
#[derive(Serialize, ToSchema)]
#[schema(as = HarResponse)]
#[serde(rename_all = "camelCase")]
struct Response {
    status: u16,
    status_text: &'static str,
    http_version: &'static str,
    cookies: [Pair; 0],
    headers: Vec<Pair>,
    content: Content,
    /// What the `Location` header says, if there is one.
    #[serde(rename = "redirectURL")]
    redirect_url: String,
    headers_size: i8,
    body_size: usize,
}

/// A header, or a member of a query.
#[derive(Clone, Serialize, ToSchema)]
#[schema(as = HarPair)]
struct Pair {
    name: String,
    value: String,
}

/// The body of a request.
#[derive(Serialize, ToSchema)]
#[schema(as = HarPostData)]
#[serde(rename_all = "camelCase")]
struct PostData {
    mime_type: String,
    text: String,
}

/// The body of an answer.
#[derive(Serialize, ToSchema)]
#[schema(as = HarContent)]
#[serde(rename_all = "camelCase")]
struct Content {
    size: usize,
    mime_type: String,
    text: String,
}

/// In real milliseconds.
#[derive(Serialize, ToSchema)]
#[schema(as = HarTimings)]
struct Timings {
    send: f64,
    wait: f64,
    receive: f64,
}

/// How the format says that nobody has counted.
const UNKNOWN: i8 = -1;

const HTTP: &str = "HTTP/1.1";

impl HarBody {
    pub(super) fn of(entries: Vec<Entry>) -> Self {
        let creator = Creator { name: "vipps-mock", version: env!("CARGO_PKG_VERSION") };
        Self { log: Log { version: "1.2", creator, entries } }
    }
}

impl Entry {
    /// A call that came to this address.
    pub(super) fn of(call: CallBody, base: &str) -> Self {
        let CallBody { summary, request, response, .. } = call;
        let query = summary.target.split_once('?').map_or("", |(_, query)| query);
        let query_string = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| Pair { name: name.into_owned(), value: value.into_owned() })
            .collect();
        let post_data = (!request.body.is_empty()).then(|| PostData {
            mime_type: request.header("content-type"),
            text: request.body.clone(),
        });
        let status_text =
            StatusCode::from_u16(summary.status).ok().and_then(|it| it.canonical_reason());
        Self {
            started_date_time: summary.at,
            time: summary.duration_ms,
            request: Request {
                method: summary.method,
                url: format!("{base}{}", summary.target),
                http_version: HTTP,
                cookies: [],
                headers: pairs(&request),
                query_string,
                post_data,
                headers_size: UNKNOWN,
                body_size: request.body_size,
            },
            response: Response {
                status: summary.status,
                status_text: status_text.unwrap_or_default(),
                http_version: HTTP,
                cookies: [],
                headers: pairs(&response),
                redirect_url: response.header("location"),
                headers_size: UNKNOWN,
                body_size: response.body_size,
                content: Content {
                    size: response.body_size,
                    mime_type: response.header("content-type"),
                    text: response.body,
                },
            },
            cache: Empty {},
            // All of it is the mock's: what the network took, it does not know.
            timings: Timings { send: 0.0, wait: summary.duration_ms, receive: 0.0 },
            id: summary.id,
            operation: summary.operation,
            reference: summary.reference,
            reason: summary.reason,
            near_miss: summary.near_miss,
            fault: summary.fault,
        }
    }
}

fn pairs(said: &SaidBody) -> Vec<Pair> {
    let pair = |(name, value): &(String, String)| Pair { name: name.clone(), value: value.clone() };
    said.headers.iter().map(pair).collect()
}

impl SaidBody {
    /// The first value of a header, or nothing.
    fn header(&self, name: &str) -> String {
        let found = self.headers.iter().find(|(it, _)| it == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }
}
