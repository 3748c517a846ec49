//! One attempt: signed now, sent once, and what became of it.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::{
    sign::{authorization, content_hash, http_date, signature, string_to_sign},
    wire::Wire,
};
use crate::{
    app::{
        agenda::{Posting, Sender},
        clock::{Stopwatch, machine_time, within},
    },
    domain::{Attempt, Outcome, delivery::ANSWER_WITHIN},
};

/// Which clock `x-ms-date` is read from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum WebhookDates {
    /// The machine's: receivers know no other, and some refuse a date five minutes off.
    #[default]
    Real,
    /// The sales unit's, for receivers that follow it.
    Unit,
}

/// Sends webhooks over HTTP and HTTPS. Cloning it is cheap.
#[derive(Debug, Clone)]
pub struct HttpSender {
    dates: WebhookDates,
    wire: Arc<Wire>,
}

/// How long a receiver may take over the rest of an answer whose status is known.
const HEAR_OUT_WITHIN: SignedDuration = SignedDuration::from_secs(1);

/// What the platform says it is.
const USER_AGENT: &str = "Vipps MobilePay/1.0 Webhooks/1.0";

impl HttpSender {
    /// A sender that dates its requests so.
    #[must_use]
    pub fn new(dates: WebhookDates) -> Self {
        Self { dates, wire: Arc::new(Wire::new()) }
    }

    fn date(&self, unit_time: Timestamp) -> String {
        http_date(match self.dates {
            WebhookDates::Real => machine_time(),
            WebhookDates::Unit => unit_time,
        })
    }
}

impl Sender for HttpSender {
    async fn send(&self, posting: Posting) -> Attempt {
        let stopwatch = Stopwatch::start();
        let failed = |reason: String| Outcome::Failed(reason.into());
        let mut attempt = Attempt {
            at: posting.at,
            outcome: failed(String::new()),
            duration_ms: 0,
            headers: Vec::new(),
            string_to_sign: String::new(),
        };
        let url = match Url::parse(&posting.url) {
            Ok(url) => url,
            Err(error) => {
                attempt.outcome = failed(format!("the address cannot be read: {error}"));
                return attempt;
            }
        };
        (attempt.string_to_sign, attempt.headers) = head(&url, &posting, self.date(posting.at));
        let sending = self.wire.post(&url, &attempt.headers, posting.body.as_bytes());
        attempt.outcome = match within(ANSWER_WITHIN, sending).await {
            Some(Ok(answer)) => {
                let status = answer.status;
                // A body that never comes must not hold up the next event for long.
                let _ = within(HEAR_OUT_WITHIN, answer.hear_out()).await;
                Outcome::Answered(status)
            }
            Some(Err(error)) => failed(error.to_string()),
            None => failed(format!("no answer within {} seconds", ANSWER_WITHIN.as_secs())),
        };
        attempt.duration_ms = stopwatch.elapsed_ms();
        attempt
    }
}

/// What is signed, and the headers in which it travels: the captured set, and nothing else.
fn head(url: &Url, posting: &Posting, date: String) -> (String, Vec<(&'static str, String)>) {
    let path_and_query = path_and_query(url);
    let host = host(url);
    let hash = content_hash(posting.body.as_bytes());
    let text = string_to_sign(&path_and_query, &date, &host, &hash);
    let authorization = authorization(&signature(&posting.secret, &text));
    let headers = vec![
        ("Host", host),
        ("User-Agent", USER_AGENT.to_owned()),
        ("Content-Type", "application/json; charset=utf-8".to_owned()),
        ("Content-Length", posting.body.len().to_string()),
        ("Accept-Encoding", "gzip".to_owned()),
        ("x-ms-date", date),
        ("x-ms-content-sha256", hash),
        ("Authorization", authorization.clone()),
        ("X-Vipps-Authorization", authorization),
        ("Webhook-Id", posting.registration.to_string()),
    ];
    (text, headers)
}

/// The request target: the path, and the query where there is one.
#[must_use]
pub(super) fn path_and_query(url: &Url) -> String {
    match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

/// The host, with its port unless that is the scheme's own.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_follows_from_the_registered_address() {
        let cases = [
            ("https://taxi.example/hooks", "/hooks", "taxi.example"),
            ("https://TAXI.example:443/hooks?a=1&b=%20", "/hooks?a=1&b=%20", "taxi.example"),
            ("http://localhost:3000/hooks#top", "/hooks", "localhost:3000"),
            ("http://localhost:80", "/", "localhost"),
            ("http://[::1]:3000/h", "/h", "[::1]:3000"),
        ];
        for (text, path, expected_host) in cases {
            let url = Url::parse(text).unwrap();
            assert_eq!(path_and_query(&url), path, "{text}");
            assert_eq!(host(&url), expected_host, "{text}");
        }
    }
}
