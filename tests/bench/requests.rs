//! The requests, byte for byte. The bare route is sent the same ones.

use std::net::SocketAddr;

use serde_json::Value;
use vipps_mock::config::default_units;

use crate::{Outcome, connection::Connection};

/// The keys of the sales unit that is called.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    token: String,
    subscription_key: String,
    msn: String,
}

/// A request with a number in one or more places: the payment's, and so the reference's and the
/// idempotency key's.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    bytes: Vec<u8>,
    places: Vec<usize>,
}

/// As many digits as any number will need, so that every request is of one length.
const PLACE: &str = "000000000000";

impl Keys {
    /// Those of the first sales unit, with a fresh token.
    pub(crate) async fn fetch(server: SocketAddr) -> Outcome<Self> {
        let unit = default_units().into_iter().next().ok_or("the sandbox is empty")?;
        let request = format!(
            "POST /accesstoken/get HTTP/1.1\r\nhost: {server}\r\nclient_id: {}\r\n\
             client_secret: {}\r\nocp-apim-subscription-key: {}\r\ncontent-length: 0\r\n\r\n",
            unit.client_id, unit.client_secret, unit.subscription_key
        );
        let mut connection = Connection::open(server).await?;
        let reply: Value = serde_json::from_slice(connection.call(request.as_bytes()).await?.body)?;
        let token = reply["access_token"].as_str().ok_or("no token in the reply")?;
        Ok(Self {
            token: token.to_owned(),
            subscription_key: unit.subscription_key.to_string(),
            msn: unit.msn.as_str().to_owned(),
        })
    }

    /// `POST /epayment/v1/payments`.
    pub(crate) fn create(&self, server: SocketAddr) -> Request {
        let body = format!(
            "{{\"amount\":{{\"currency\":\"NOK\",\"value\":34592}},\
             \"paymentMethod\":{{\"type\":\"WALLET\"}},\
             \"customer\":{{\"phoneNumber\":\"4740000001\"}},\
             \"reference\":\"bench-{PLACE}\",\
             \"returnUrl\":\"https://taxi.example/rides/bench-{PLACE}\",\
             \"userFlow\":\"WEB_REDIRECT\",\
             \"paymentDescription\":\"Taxi from the station to the harbour\"}}"
        );
        Request::new(&format!(
            "POST /epayment/v1/payments HTTP/1.1\r\n{}Content-Type: application/json\r\n\
             Idempotency-Key: bench-key-{PLACE}\r\nContent-Length: {}\r\n\r\n{body}",
            self.headers(server),
            body.len()
        ))
    }

    /// `GET /epayment/v1/payments/{reference}`.
    pub(crate) fn get(&self, server: SocketAddr) -> Request {
        let path = format!("/epayment/v1/payments/bench-{PLACE}");
        Request::new(&format!("GET {path} HTTP/1.1\r\n{}\r\n", self.headers(server)))
    }

    /// A `POST` of JSON.
    pub(crate) fn post(&self, server: SocketAddr, path: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\n{}Content-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.headers(server),
            body.len()
        )
    }

    /// A call of the control API about the sales unit.
    pub(crate) fn control(
        &self,
        server: SocketAddr,
        method: &str,
        path: &str,
        body: &str,
    ) -> String {
        format!(
            "{method} /control/v1/sales-units/{}{path} HTTP/1.1\r\nHost: {server}\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.msn,
            body.len()
        )
    }

    /// Empties the sales unit; tokens stay.
    pub(crate) fn reset(&self, server: SocketAddr) -> String {
        format!(
            "POST /control/v1/sales-units/{}/reset HTTP/1.1\r\nHost: {server}\r\n\
             Content-Length: 0\r\n\r\n",
            self.msn
        )
    }

    fn headers(&self, server: SocketAddr) -> String {
        format!(
            "Host: {server}\r\nAuthorization: Bearer {}\r\nOcp-Apim-Subscription-Key: {}\r\n\
             Merchant-Serial-Number: {}\r\nVipps-System-Name: bench\r\n\
             Vipps-System-Version: 1.0.0\r\n",
            self.token, self.subscription_key, self.msn
        )
    }
}

impl Request {
    fn new(text: &str) -> Self {
        let places = text.match_indices(PLACE).map(|(place, _)| place).collect();
        Self { bytes: text.into(), places }
    }

    /// The request about the payment of this number.
    pub(crate) fn about(&mut self, number: u64) -> &[u8] {
        let mut digits = [b'0'; PLACE.len()];
        let mut rest = number;
        for digit in digits.iter_mut().rev() {
            *digit = b"0123456789"[(rest % 10) as usize];
            rest /= 10;
        }
        for place in &self.places {
            self.bytes[*place..*place + PLACE.len()].copy_from_slice(&digits);
        }
        &self.bytes
    }
}
