//! One attempt: signed now, sent once, and what became of it.

use std::{borrow::Cow, sync::Arc};

use jiff::SignedDuration;
use url::Url;

use super::{
    gate::Gate,
    sign::{authorization, content_hash, http_date, signature, string_to_sign},
    wire::{Wire, origin, path_and_query},
};
use crate::{
    app::{
        agenda::{Posting, Sender},
        clock::{Stopwatch, machine_time, within},
        shipping::{CallbackAnswer, CallbackRequest},
    },
    domain::{
        Attempt, Outcome,
        delivery::{ANSWER_WITHIN, Exchange},
        webhook_effect::WebhookEffect,
    },
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

/// Sends webhooks over HTTP and HTTPS. Cloning it is cheap, and clones share what they may have
/// on the wire at a time.
#[derive(Debug, Clone)]
pub struct HttpSender {
    dates: WebhookDates,
    answer_within: SignedDuration,
    wire: Wire,
    gate: Arc<Gate>,
}

/// How long a receiver may take over the rest of an answer whose status is known.
const HEAR_OUT_WITHIN: SignedDuration = SignedDuration::from_secs(1);

/// What the platform says it is.
const USER_AGENT: &str = "Vipps MobilePay/1.0 Webhooks/1.0";

/// The names of the headers, in the order and casing in which they are sent.
pub const HEADERS: [&str; 10] = [
    "Host",
    "User-Agent",
    "Content-Type",
    "Content-Length",
    "Accept-Encoding",
    "x-ms-date",
    "x-ms-content-sha256",
    "Authorization",
    "X-Vipps-Authorization",
    "Webhook-Id",
];

impl HttpSender {
    /// A sender that dates its requests so, and waits for an answer as long as the platform does.
    #[must_use]
    pub fn new(dates: WebhookDates) -> Self {
        let (wire, gate) = (Wire::new(), Arc::new(Gate::new()));
        Self { dates, answer_within: ANSWER_WITHIN, wire, gate }
    }

    /// The same with other patience, in real time.
    #[must_use]
    pub fn answered_within(self, answer_within: SignedDuration) -> Self {
        Self { answer_within, ..self }
    }

    fn date(&self, posting: &Posting) -> String {
        let now = match self.dates {
            WebhookDates::Real => machine_time(),
            WebhookDates::Unit => posting.at,
        };
        http_date(match posting.fault {
            Some(WebhookEffect::StaleDate) => now - STALE_BY,
            _ => now,
        })
    }

    /// Sends what has been made ready, and notes in it what came back.
    async fn exchange(&self, url: &Url, exchange: &mut Exchange) -> Outcome {
        let sending = self.wire.post(url, &exchange.headers, exchange.body.as_bytes());
        match within(self.answer_within, sending).await {
            Some(Ok(mut incoming)) => {
                // A body that never comes must not hold up the next event for long.
                let _ = within(HEAR_OUT_WITHIN, self.wire.hear_out(url, &mut incoming)).await;
                exchange.answer = Some(incoming.answer());
                Outcome::Answered(incoming.status())
            }
            Some(Err(error)) => Outcome::Failed(error.reason()),
            None => Outcome::Failed(no_answer(self.answer_within)),
        }
    }
}

impl From<WebhookDates> for HttpSender {
    fn from(dates: WebhookDates) -> Self {
        Self::new(dates)
    }
}

impl Sender for HttpSender {
    async fn send(&self, posting: &Posting) -> Attempt {
        let url = match Url::parse(&posting.url) {
            Ok(url) => url,
            Err(error) => {
                let reason = format!("the address cannot be read: {error}");
                return Attempt::bare(posting.at, Outcome::Failed(reason.into()));
            }
        };
        // Held until the attempt is over. Waiting for it is not the receiver's time.
        let _pass = self.gate.enter(&origin(&url)).await;
        let stopwatch = Stopwatch::start();
        let mut exchange = prepare(&url, posting, self.date(posting));
        let outcome = self.exchange(&url, &mut exchange).await;
        let duration_ms = stopwatch.elapsed_ms();
        Attempt { at: posting.at, outcome, duration_ms, exchange: Some(Arc::new(exchange)) }
    }

    async fn ask(&self, question: &CallbackRequest) -> CallbackAnswer {
        let url = Url::parse(&question.url).map_err(|error| error.to_string())?;
        let _pass = self.gate.enter(&origin(&url)).await;
        let mut headers = vec![
            ("Host", host(&url)),
            ("Content-Type", "application/json;charset=UTF-8".to_owned()),
            ("Content-Length", question.body.len().to_string()),
        ];
        headers.extend(question.token.iter().map(|token| ("Authorization", token.to_string())));
        let asking = async {
            let sent = self.wire.post(&url, &headers, question.body.as_bytes()).await;
            let mut incoming = sent.map_err(|error| error.reason().into_owned())?;
            self.wire.hear_out(&url, &mut incoming).await;
            Ok((incoming.status(), incoming.body()?))
        };
        within(self.answer_within, asking)
            .await
            .unwrap_or_else(|| Err(no_answer(self.answer_within).into_owned()))
    }
}

fn no_answer(limit: SignedDuration) -> Cow<'static, str> {
    format!("no answer within {limit:#}").into()
}

/// What is signed, and the headers in which it travels: the captured set, and nothing else.
fn prepare(url: &Url, posting: &Posting, date: String) -> Exchange {
    let target = path_and_query(url);
    let host = host(url);
    let hash = content_hash(posting.body.as_bytes());
    let string_to_sign = string_to_sign(&target, &date, &host, &hash);
    let secret = match posting.fault {
        Some(WebhookEffect::CorruptSignature) => OTHER_SECRET,
        _ => &posting.secret,
    };
    let authorization = authorization(&signature(secret, &string_to_sign));
    let body = match posting.fault {
        Some(WebhookEffect::CorruptBody) => corrupted(&posting.body).into(),
        _ => posting.body.clone(),
    };
    let id = match posting.fault {
        Some(WebhookEffect::WrongId) => OTHER_ID.to_owned(),
        _ => posting.registration.to_string(),
    };
    let values = [
        host,
        USER_AGENT.to_owned(),
        "application/json; charset=utf-8".to_owned(),
        body.len().to_string(),
        "gzip".to_owned(),
        date,
        hash,
        authorization.clone(),
        authorization,
        id,
    ];
    let mut headers: Vec<_> = HEADERS.into_iter().zip(values).collect();
    if posting.fault == Some(WebhookEffect::NoAuthorization) {
        headers.retain(|(name, _)| *name != "Authorization");
    }
    Exchange { target, headers, body, string_to_sign, answer: None, fault: posting.fault }
}

/// What nobody has registered with.
const OTHER_SECRET: &str = "not-the-secret-of-this-registration";
const OTHER_ID: &str = "00000000-0000-4000-8000-000000000000";

/// How old a stale date is.
const STALE_BY: SignedDuration = SignedDuration::from_hours(1);

/// Still JSON, and about another amount: whoever does not look at the hash believes it.
fn corrupted(body: &str) -> String {
    match body.split_once("\"value\":") {
        Some((before, after)) => format!("{before}\"value\":1{after}"),
        None => format!("{body} "),
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

    #[test]
    fn patience_is_told_in_plain_words() {
        assert_eq!(no_answer(ANSWER_WITHIN), "no answer within 10s");
    }
}
