//! What the control API says of webhooks, as far as the command line prints it.

use serde::Deserialize;
use serde_json::{Map, Value};

/// A registration, its secret included.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Registration {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) events: Vec<String>,
    pub(crate) secret: String,
    pub(crate) undelivered: usize,
    #[serde(default)]
    pub(crate) failing_since: Option<String>,
}

/// An event on its way to one registration.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Delivery {
    pub(crate) id: String,
    pub(crate) registration_id: String,
    pub(crate) url: String,
    pub(crate) event: String,
    #[serde(default)]
    pub(crate) reference: Option<String>,
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) next_attempt_at: Option<String>,
    pub(crate) body: String,
    pub(crate) attempts: Vec<Attempt>,
}

/// One try.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Attempt {
    pub(crate) number: usize,
    pub(crate) at: String,
    #[serde(default)]
    pub(crate) status: Option<u16>,
    #[serde(default)]
    pub(crate) error: Option<String>,
    pub(crate) duration_ms: u64,
    #[serde(default)]
    pub(crate) request: Option<Request>,
    #[serde(default)]
    pub(crate) response: Option<Response>,
}

/// What was sent.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Request {
    pub(crate) target: String,
    pub(crate) headers: Map<String, Value>,
    pub(crate) string_to_sign: String,
    #[serde(default)]
    pub(crate) body: Option<String>,
}

/// What came back.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) is_cut: bool,
}

impl Attempt {
    /// The status, or why there is none.
    pub(crate) fn outcome(&self) -> String {
        match (self.status, &self.error) {
            (Some(status), _) => status.to_string(),
            (None, Some(error)) => error.clone(),
            (None, None) => "-".to_owned(),
        }
    }
}

impl Request {
    /// A header, empty when it was not sent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

#[cfg(test)]
pub(crate) mod examples {
    use super::Delivery;
    use crate::taxi::webhook::Secret;
    use crate::taxi::webhook::verify::{AUTHORIZATION_START, body_hash, sign, string_to_sign};

    pub(crate) const SECRET: &str = "not-a-real-secret";
    const BODY: &str =
        r#"{"msn":"900001","reference":"ride-0001","name":"CREATED","success":true}"#;

    /// A delivery that was refused once, and then taken.
    pub(crate) fn delivery() -> Delivery {
        let attempt = |number: usize, second: usize, status: u16, body: &str| {
            let date = format!("Thu, 01 Jan 2026 00:00:0{second} GMT");
            let hash = body_hash(BODY.as_bytes());
            let text = string_to_sign("/hook?shop=1", &date, "localhost:3000", &hash);
            let authorization =
                format!("{AUTHORIZATION_START}{}", sign(&Secret::new(SECRET), &text));
            serde_json::json!({
                "number": number, "at": format!("2026-01-01T00:00:0{second}.000Z"),
                "status": status, "durationMs": 3,
                "request": {
                    "method": "POST", "target": "/hook?shop=1", "stringToSign": text,
                    "headers": {
                        "Host": "localhost:3000", "x-ms-date": date, "x-ms-content-sha256": hash,
                        "Authorization": authorization, "Webhook-Id": "497f6eca",
                    },
                },
                "response": {
                    "status": status, "headers": [["content-length", "2"]], "body": body,
                    "isCut": false,
                },
            })
        };
        serde_json::from_value(serde_json::json!({
            "id": "3", "registrationId": "497f6eca", "url": "http://localhost:3000/hook?shop=1",
            "event": "epayments.payment.created.v1", "reference": "ride-0001",
            "status": "delivered", "body": BODY,
            "attempts": [attempt(1, 0, 500, "no"), attempt(2, 2, 200, "ok")],
        }))
        .expect("valid")
    }
}
