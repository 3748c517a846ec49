//! A merchant of the first sales unit, who calls a mock in another process.

use serde_json::{Value, json};
use vipps_mock::{app::SalesUnitSeed, config::default_units, taxi::transport::http_client};

use crate::support::{modification, push_request};

/// Asks for a token before each call, and has no patience: the first answer is the answer.
pub(crate) struct Merchant {
    http: reqwest::Client,
    url: String,
    unit: SalesUnitSeed,
}

impl Merchant {
    pub(crate) fn of(url: &str) -> Self {
        let (http, unit) = (http_client().unwrap(), default_units().remove(0));
        Self { http, url: url.to_owned(), unit }
    }

    async fn token(&self) -> String {
        let asked = self.http.post(format!("{}/accesstoken/get", self.url));
        let answer = asked.headers(keys(&self.unit)).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Asks a customer, who waits for the tester, for NOK 345.92.
    pub(crate) async fn create(&self, reference: &str) {
        self.create_with(push_request(reference, 34592)).await;
    }

    pub(crate) async fn create_with(&self, body: Value) {
        let key = format!("create-{}", body["reference"]);
        let (status, answer) = self.post("/epayment/v1/payments", &key, &body).await.unwrap();
        assert_eq!(status, 201, "{answer}");
    }

    /// Takes all of it, and says how that was answered.
    pub(crate) async fn capture(&self, reference: &str, key: &str) -> Result<(u16, Value), String> {
        let path = format!("/epayment/v1/payments/{reference}/capture");
        self.post(&path, key, &modification(34592)).await
    }

    /// Status and body; or why there is neither.
    pub(crate) async fn post(
        &self,
        path: &str,
        key: &str,
        body: &Value,
    ) -> Result<(u16, Value), String> {
        let call = self.http.post(format!("{}{path}", self.url)).headers(keys(&self.unit));
        let call = call.bearer_auth(self.token().await).header("Idempotency-Key", key).json(body);
        let response = call.send().await.map_err(|error| error.to_string())?;
        let status = response.status().as_u16();
        let text = response.text().await.map_err(|error| error.to_string())?;
        Ok((status, serde_json::from_str(&text).unwrap_or(json!(text))))
    }

    /// What the mock knows.
    pub(crate) async fn look(&self, path: &str) -> Value {
        let url = format!("{}/control/v1/sales-units/{}{path}", self.url, self.unit.msn);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// The state of a payment.
    pub(crate) async fn state(&self, reference: &str) -> String {
        let payment = self.look(&format!("/payments/{reference}")).await;
        payment["state"].as_str().unwrap_or("none").to_owned()
    }
}

fn keys(unit: &SalesUnitSeed) -> reqwest::header::HeaderMap {
    let pairs = [
        ("client_id", &*unit.client_id),
        ("client_secret", &*unit.client_secret),
        ("Ocp-Apim-Subscription-Key", &*unit.subscription_key),
        ("Merchant-Serial-Number", unit.msn.as_str()),
    ];
    let pair = |(name, value): (&'static str, &str)| {
        let name = reqwest::header::HeaderName::from_bytes(name.as_bytes()).unwrap();
        (name, value.parse().unwrap())
    };
    pairs.into_iter().map(pair).collect()
}
