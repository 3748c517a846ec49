//! Calls no more often than the API allows, where many scenarios share one sales unit.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::http_call::Call;
use crate::taxi::clock::{Clock as _, RealClock};

/// The window of the limits, and a little more: their clock is not ours.
const WINDOW: SignedDuration = SignedDuration::from_millis(61_000);
/// Creates, captures, cancels and refunds of one payment, each (ePayment API guide, rate limits).
const CHANGES_MAX: usize = 5;
/// Reads of one payment, and of its event log (the same).
const READS_MAX: usize = 120;

/// When what was called, by operation and reference.
#[derive(Debug, Default)]
pub(super) struct Pace {
    calls: Mutex<HashMap<(String, String), VecDeque<Timestamp>>>,
}

impl Pace {
    /// Returns when the call is within the limits, and counts it.
    pub(super) async fn wait(&self, call: &Call) {
        let Some((kind, most)) = limited(call) else { return };
        while let Some(pause) = self.take(&kind, most, RealClock.now()) {
            RealClock.sleep(pause).await;
        }
    }

    /// Counts the call, or says how long it has to wait.
    fn take(&self, kind: &(String, String), most: usize, now: Timestamp) -> Option<SignedDuration> {
        // The lists are whole between any two statements, whatever panicked elsewhere.
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let made = calls.entry(kind.clone()).or_default();
        while made.front().is_some_and(|first| now.duration_since(*first) >= WINDOW) {
            made.pop_front();
        }
        match made.front() {
            Some(first) if made.len() >= most => Some(WINDOW - now.duration_since(*first)),
            _ => {
                made.push_back(now);
                None
            }
        }
    }
}

/// What a call is counted as, and how many of these there may be in the window. A payment without
/// a reference that the gateway can read is counted with all others of its kind.
fn limited(call: &Call) -> Option<((String, String), usize)> {
    let path = call.path.split('?').next()?.strip_prefix("/epayment/v1/payments")?;
    let mut segments = path.split('/').skip(1);
    let (first, second) = (segments.next(), segments.next());
    let counted = |operation: &str, reference: &str, most| {
        Some(((operation.to_owned(), reference.to_owned()), most))
    };
    match (call.method == Method::POST, first, second) {
        (true, None, _) => {
            let body: Option<Value> =
                call.body.as_ref().and_then(|body| serde_json::from_str(body).ok());
            let reference = body.as_ref().and_then(|body| body["reference"].as_str());
            counted("create", reference.unwrap_or_default(), CHANGES_MAX)
        }
        (true, Some(reference), Some(operation)) => counted(operation, reference, CHANGES_MAX),
        (false, Some(reference), operation) => {
            counted(operation.unwrap_or("get"), reference, READS_MAX)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind(call: &Call) -> Option<String> {
        limited(call)
            .map(|((operation, reference), most)| format!("{operation} {reference} {most}"))
    }

    #[test]
    fn calls_are_counted_by_operation_and_reference() {
        let create = |body| Call::post("/epayment/v1/payments", &body);
        let cases = [
            (create(json!({ "reference": "ride-0001" })), Some("create ride-0001 5")),
            (create(json!([])), Some("create  5")),
            (
                Call::post("/epayment/v1/payments/ride-0001/capture", &json!({})),
                Some("capture ride-0001 5"),
            ),
            (Call::get("/epayment/v1/payments/ride-0001"), Some("get ride-0001 120")),
            (Call::get("/epayment/v1/payments/ride-0001/events"), Some("events ride-0001 120")),
            (Call::get("/webhooks/v1/webhooks"), None),
            (Call::post("/epayment/v1/test/payments/ride-0001/approve", &json!({})), None),
        ];
        for (call, expected) in cases {
            assert_eq!(kind(&call).as_deref(), expected, "{call:?}");
        }
    }

    #[test]
    fn the_sixth_change_waits_until_the_first_is_a_minute_old() {
        let pace = Pace::default();
        let kind = ("capture".to_owned(), "ride-0001".to_owned());
        let start: Timestamp = "2030-01-01T12:00:00Z".parse().unwrap();
        for second in 0..5 {
            let now = start + SignedDuration::from_secs(second);
            assert_eq!(pace.take(&kind, CHANGES_MAX, now), None, "{second}");
        }
        let later = start + SignedDuration::from_secs(20);
        let pause = pace.take(&kind, CHANGES_MAX, later).unwrap();
        assert_eq!(pause, SignedDuration::from_secs(41));
        assert_eq!(pace.take(&kind, CHANGES_MAX, later + pause), None);
        let other = ("refund".to_owned(), "ride-0001".to_owned());
        assert_eq!(pace.take(&other, CHANGES_MAX, later), None);
    }
}
