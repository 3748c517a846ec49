//! One request and its reply, kept for the steps that look at it and for whoever reads a failure.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use http::{HeaderMap, Method};
use serde_json::Value;

use super::failure::{Failure, Held, same};
use super::secrets::Secrets;

/// A request and its reply.
#[derive(Debug, Clone)]
pub(super) struct Exchange {
    /// The address that was called, without a slash at its end.
    pub(super) base_url: String,
    /// The method of the request.
    pub(super) method: Method,
    /// The path and query of the request.
    pub(super) path: String,
    /// The headers of the request.
    pub(super) asked: HeaderMap,
    /// The body of the request as sent.
    pub(super) sent: String,
    /// The status of the reply.
    pub(super) status: u16,
    /// The headers of the reply.
    pub(super) headers: HeaderMap,
    /// The body of the reply as received.
    pub(super) body: String,
    /// What is not shown of it.
    pub(super) secrets: Arc<Secrets>,
}

/// Headers of a reply that say why it is as it is.
const TELLING: [&str; 4] = ["content-type", "retry-after", "vipps-mock-reason", FAULT];
/// The header by which a mock says that a fault somebody asked for made the answer.
pub(super) const FAULT: &str = "vipps-mock-fault";

/// The request as a command that sends it again, and the reply; secrets stand as variables.
impl fmt::Display for Exchange {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.write_request(&mut text)?;
        self.write_reply(&mut text)?;
        formatter.write_str(&self.secrets.mask(&text))
    }
}

impl Exchange {
    fn write_request(&self, text: &mut String) -> fmt::Result {
        let Self { base_url, method, path, sent, .. } = self;
        write!(text, "  request: curl -X {method} \"{base_url}{path}\"")?;
        for (name, value) in &self.asked {
            let value = value.to_str().unwrap_or("?").replace('"', "\\\"");
            write!(text, " \\\n             -H \"{name}: {value}\"")?;
        }
        if !sent.is_empty() {
            write!(text, " \\\n             -d '{}'", sent.replace('\'', "'\\''"))?;
        }
        Ok(())
    }

    fn write_reply(&self, text: &mut String) -> fmt::Result {
        write!(text, "\n  reply:   {}", self.status)?;
        for name in TELLING {
            if let Some(value) = self.header(name) {
                write!(text, "\n           {name}: {value}")?;
            }
        }
        if !self.body.is_empty() {
            write!(text, "\n           {}", self.body)?;
        }
        Ok(())
    }
}

impl Exchange {
    /// The reply's body as JSON.
    pub(super) fn json(&self) -> Result<Value, Failure> {
        serde_json::from_str(&self.body)
            .map_err(|error| Failure::new(format!("the reply is no JSON: {error}\n{self}")))
    }

    /// A value within the reply, `aggregate.capturedAmount`; null when it is not there.
    pub(super) fn at(&self, path: &str) -> Result<Value, Failure> {
        let pointer = format!("/{}", path.replace('.', "/"));
        Ok(self.json()?.pointer(&pointer).cloned().unwrap_or(Value::Null))
    }

    /// A header of the reply.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Holds when the reply has this status.
    pub(super) fn expect_status(&self, expected: u16) -> Held {
        same("the status", &self.status, &expected, self)
    }

    /// Holds when the reply has any success status.
    pub(super) fn expect_success(&self) -> Held {
        if (200..300).contains(&self.status) {
            return Ok(());
        }
        Err(Failure::new(format!("the request was refused\n{self}")))
    }

    /// Holds when the value at `path` is `expected`.
    pub(super) fn expect(&self, path: &str, expected: &Value) -> Held {
        let actual = self.at(path)?;
        if actual == *expected {
            return Ok(());
        }
        Err(Failure::new(format!("{path} is {actual}, expected {expected}\n{self}")))
    }

    /// The names and reasons of `extraDetails`.
    pub(super) fn details(&self) -> Result<Vec<(String, String)>, Failure> {
        let details = self.at("extraDetails")?;
        let text = |entry: &Value, name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        Ok(details
            .as_array()
            .into_iter()
            .flatten()
            .map(|entry| (text(entry, "name"), text(entry, "reason")))
            .collect())
    }

    /// Holds when the reply is a problem in the shape of the ePayment API.
    pub(super) fn expect_problem(&self) -> Held {
        let media = self.header("content-type").unwrap_or_default();
        if !media.starts_with("application/problem+json") {
            return Err(Failure::new(format!("the reply is {media}, no problem\n{self}")));
        }
        let kind = format!("https://httpstatuses.io/{}", self.status);
        self.expect("type", &Value::from(kind))?;
        self.expect("status", &Value::from(self.status))?;
        // The backend behind the gateway does not see the prefix, and its problems show it.
        let path = self.path.strip_prefix("/epayment").unwrap_or(&self.path);
        self.expect("instance", &Value::from(path))?;
        let trace = self.at("traceId")?;
        let parts: Vec<&str> = trace.as_str().unwrap_or_default().split('-').collect();
        let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
        same("the parts of the traceId", &lengths, &vec![2, 32, 16, 2], self)
    }

    /// Holds when the reply refuses with a numeric code, and this title if one is expected.
    pub(super) fn expect_code(&self, code: u32, title: Option<&str>) -> Held {
        self.expect_problem()?;
        let details = self.details()?;
        let expected = vec![("ErrorCode".to_owned(), code.to_string())];
        same("extraDetails", &details, &expected, self)?;
        if let Some(title) = title {
            self.expect("title", &Value::from(title))?;
        }
        self.expect_status(status_of(code))
    }

    /// Holds when the reply is a schema error that names this field, with no numeric code.
    pub(super) fn expect_field(&self, field: &str, reason: Option<&str>) -> Held {
        self.expect_problem()?;
        self.expect_status(400)?;
        self.expect("title", &Value::from("Bad Request"))?;
        let details = self.details()?;
        if details.iter().any(|(name, _)| name == "ErrorCode") {
            return Err(Failure::new(format!("a schema error carries no ErrorCode\n{self}")));
        }
        let Some((_, actual)) = details.iter().find(|(name, _)| name == field) else {
            return Err(Failure::new(format!("extraDetails do not name {field}\n{self}")));
        };
        match reason {
            Some(reason) => same("the reason", &actual.as_str(), &reason, self),
            None => Ok(()),
        }
    }
}

/// The status a code comes with: unknown references 404, conflicts 409, a locked payment 423, an
/// internal error 500, the rest 400.
fn status_of(code: u32) -> u16 {
    match code {
        5090 => 404,
        4010 | 4020 | 4150 => 409,
        6160 => 423,
        3010 => 500,
        _ => 400,
    }
}
