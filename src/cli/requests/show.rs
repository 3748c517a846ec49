//! `vipps-mock requests show`: one call, whole.

use super::status;
use super::wire::{Call, Said, Sent};
use crate::cli::output::{self, Colour};

/// A call as people read it.
pub(crate) fn lines(call: &Call, colour: Colour) -> Vec<String> {
    let it = &call.summary;
    let optional = [
        ("operation", &it.operation),
        ("reference", &it.reference),
        ("reason", &it.reason),
        ("near miss", &it.near_miss),
        ("fault", &it.fault),
    ];
    let mut facts = vec![
        ("call", it.id.clone()),
        ("came", it.at.clone()),
        ("took", format!("{:.3} ms", it.duration_ms)),
        ("status", status(it.status)),
    ];
    facts.extend(optional.into_iter().filter_map(|(name, it)| Some((name, it.clone()?))));
    let mut lines = output::pairs(&facts);
    let mut section = |heading: &str, content: Vec<String>| {
        if !content.is_empty() {
            lines.extend([String::new(), colour.bold(heading)]);
            lines.extend(content);
        }
    };
    let first = format!("{} {} HTTP/1.1", it.method, it.target);
    section("WHAT WAS SENT", said(first, &call.request));
    section("WHAT WAS ANSWERED", said(status(it.status), &call.response));
    section("WHAT CAME OF IT", call.events.iter().map(|it| it.text.clone()).collect());
    section("WEBHOOKS", call.deliveries.iter().map(sent).collect());
    let again =
        call.curl.as_deref().unwrap_or("(the body was not kept whole, so there is no command)");
    section("TO CALL AGAIN", vec![again.to_owned()]);
    lines
}

fn said(first: String, said: &Said) -> Vec<String> {
    let mut lines = vec![first];
    lines.extend(said.headers.iter().map(|(name, value)| format!("{name}: {value}")));
    if !said.body.is_empty() {
        lines.extend([String::new(), said.body.clone()]);
    }
    if said.is_cut {
        lines.push("(and so on)".to_owned());
    }
    lines
}

fn sent(sent: &Sent) -> String {
    let Sent { id, event, status } = sent;
    match (event, status) {
        (Some(event), Some(status)) => {
            format!("{id}  {event}  {status}  (vipps-mock webhooks show {id})")
        }
        _ => format!("{id}  forgotten meanwhile"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_is_told_from_both_sides() {
        let call: Call = serde_json::from_str(
            r#"{"id": "7", "at": "2030-01-01T12:00:00.000Z", "method": "POST",
                "target": "/epayment/v1/payments/ride-0001/capture", "operation": "capture",
                "reference": "ride-0001", "status": 200, "durationMs": 0.213,
                "request": {"headers": [["idempotency-key", "fare-1"]], "body": "{}",
                            "bodySize": 2, "isCut": false},
                "response": {"headers": [], "body": "", "bodySize": 0, "isCut": false},
                "events": [{"at": "2030-01-01T12:00:00.000Z", "kind": "payment",
                            "text": "payment ride-0001: CAPTURED NOK 500.00"}],
                "curl": "curl 'http://127.0.0.1:8080/epayment/v1/payments/ride-0001/capture'",
                "deliveries": [{"id": "3", "event": "epayments.payment.captured.v1",
                                "status": "delivered"}, {"id": "4"}]}"#,
        )
        .expect("valid");
        insta::assert_snapshot!(lines(&call, Colour::Off).join("\n"), @r"
        call       7
        came       2030-01-01T12:00:00.000Z
        took       0.213 ms
        status     200
        operation  capture
        reference  ride-0001

        WHAT WAS SENT
        POST /epayment/v1/payments/ride-0001/capture HTTP/1.1
        idempotency-key: fare-1

        {}

        WHAT WAS ANSWERED
        200

        WHAT CAME OF IT
        payment ride-0001: CAPTURED NOK 500.00

        WEBHOOKS
        3  epayments.payment.captured.v1  delivered  (vipps-mock webhooks show 3)
        4  forgotten meanwhile

        TO CALL AGAIN
        curl 'http://127.0.0.1:8080/epayment/v1/payments/ride-0001/capture'
        ");
    }
}
