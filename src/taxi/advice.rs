//! What to do about a refusal, one line each, for the person at the dispatch desk.
//!
//! The numbers are the error codes of the ePayment API documentation.

use super::error::{Problem, TransportKind};

pub(super) fn for_problem(problem: &Problem) -> &'static str {
    match problem.code {
        Some(code) => for_code(code),
        None => for_status(problem.status, !problem.fields.is_empty()),
    }
}

fn for_code(code: u32) -> &'static str {
    match code {
        4010 | 4020 => {
            "one key was used for two different calls: compare with the payment, raise an alarm, never guess a new key"
        }
        4040 => "send amounts in whole minor units: 34592 for NOK 345.92",
        4050 | 4060 => "ask the passenger to scan again",
        4070 | 7010 => "check the phone number with the passenger, or show a QR code",
        4090 | 4100..=4140 | 4160 => "correct the request, and send it with a new key",
        4150 => {
            "read the payment that has this reference: take it over if it is this ride's, else use the next attempt number"
        }
        5040 => "charge in the currency of the sales unit's market",
        5050 | 5060 | 5070 | 5100 => "have the sales unit's set-up checked at Vipps MobilePay",
        5080 => "the sales unit may not push requests: show a QR code, and ask for approval",
        5090 => "check the reference and the sales unit: this one does not know the payment",
        6010 => "the amount is below the smallest that can be charged",
        6020 => "nothing is captured: release the hold instead",
        6080 => "wait until the passenger has approved",
        6040 => "all of it is captured: refund instead",
        6050 | 6190 => "nothing is left to cancel: read the payment to be sure",
        6060 => "the passenger approved after all: go on with the ride, or release the hold",
        6070 => "the hold was released: ask for a new payment",
        6090 => "capture what is reserved, and ask for the rest in a new payment",
        6100 | 6030 | 6260 => "the hold is gone: ask for a new payment, and note the debt",
        6140 => "this sales unit captures all or nothing: charge the exact fare in a new payment",
        6150 | 6180 => "less than that is left to refund: read the payment",
        6210 => "this payment takes no refund: read it, and pay what is owed by bank transfer",
        6220 => "it is too late for a refund: pay what is owed by bank transfer",
        6160 | 6250 | 6280 => {
            "the payment is busy: repeat the same call with the same key in a moment"
        }
        6170 | 6200 => "this payment cannot be captured any more: read it to see what it holds",
        10010..=10070 => "force approve works for set-up test users of the test environment only",
        _ => "read the payment back, and ask support with the trace id",
    }
}

fn for_status(status: u16, names_fields: bool) -> &'static str {
    match status {
        400 | 422 if names_fields => {
            "correct the fields that are named, and send it with a new key"
        }
        401 | 403 => {
            "check that key, secret, subscription key and MSN are one sales unit's, and of this environment"
        }
        404 => "check the reference and the sales unit",
        409 => "it exists already: read it back and compare",
        423 => "the payment is busy: repeat the same call with the same key in a moment",
        429 => "too many calls: wait a minute",
        500.. => {
            "not your fault: repeat the same call with the same key, then read the payment back"
        }
        _ => "correct the request, and send it with a new key",
    }
}

pub(super) fn for_gateway(status: u16) -> &'static str {
    match status {
        401 => "check the subscription key, and that the token is this sales unit's",
        403 => "check that the MSN belongs to these keys, and that the product is active on it",
        404 => "check the base URL: there is no such API at this address",
        429 => "too many calls: wait a minute",
        _ => "not your fault: repeat the same call with the same key",
    }
}

pub(super) fn for_token(status: u16) -> &'static str {
    match status {
        400 => "check the client id, and that it is of this environment (test or production)",
        401 => "check the client secret",
        _ => "repeat the call in a moment",
    }
}

pub(super) fn for_order_management(status: u16) -> &'static str {
    match status {
        400 => "correct the receipt and send it again: a refused receipt is not stored",
        409 => "a receipt is stored already and cannot be changed: read it back and compare",
        _ => "send the receipt again later: the payment does not depend on it",
    }
}

pub(super) fn for_transport(kind: TransportKind) -> &'static str {
    match kind {
        TransportKind::Connect => "check the address and the network; nothing was sent",
        TransportKind::Timeout | TransportKind::Broken => {
            "it may have happened: repeat the same call with the same key, or read the payment back"
        }
    }
}
