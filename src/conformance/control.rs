//! The control API of a mock: what a tester, a customer or time does.

use std::sync::Arc;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::exchange::Exchange;
use super::failure::Failure;
use super::http_call::{Call, send_secretly};
use super::secrets::Secrets;

/// A sales unit with its keys, as the control API shows it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SalesUnit {
    /// The merchant serial number.
    pub(super) msn: String,
    /// The currency of its market.
    pub(super) currency: String,
    /// The user name of the token call.
    pub(super) client_id: String,
    /// The password of the token call.
    pub(super) client_secret: String,
    /// The key that every call carries.
    pub(super) subscription_key: String,
}

/// A webhook on its way, as the control API shows it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Delivery {
    /// Whether it is waiting, delivered or dropped.
    pub(super) status: String,
    /// The event, `epayments.payment.created.v1`.
    pub(super) event: String,
    /// What has been tried so far.
    pub(super) attempts: Vec<Attempt>,
}

/// One attempt of a delivery.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Attempt {
    #[serde(rename = "at")]
    moment: String,
    /// Why there was no answer.
    pub(super) error: Option<String>,
}

impl Attempt {
    /// When it was made, in the unit's time.
    pub(super) fn at(&self) -> Result<jiff::Timestamp, Failure> {
        let moment = &self.moment;
        moment.parse().map_err(|error| Failure::new(format!("{moment} is no moment: {error}")))
    }
}

/// Talks to the control API of one mock, if the target has one.
#[derive(Debug, Clone)]
pub(super) struct Control {
    http: reqwest::Client,
    base_url: String,
    token: Option<String>,
    secrets: Arc<Secrets>,
    is_there: bool,
}

impl Control {
    /// The control API at `base_url`, used with this token if it wants one.
    pub(super) fn new(http: &reqwest::Client, base_url: &str, token: Option<&str>) -> Self {
        let mut secrets = Secrets::default();
        if let Some(token) = token {
            secrets.add(token, "VIPPS_MOCK_CONTROL_TOKEN");
        }
        Self {
            http: http.clone(),
            base_url: base_url.to_owned(),
            token: token.map(str::to_owned),
            secrets: Arc::new(secrets),
            is_there: true,
        }
    }

    /// Of a target that speaks the official API and nothing else.
    pub(super) fn absent(http: &reqwest::Client, base_url: &str) -> Self {
        Self { is_there: false, ..Self::new(http, base_url, None) }
    }

    /// Whether the target has a control API.
    pub(super) fn is_there(&self) -> bool {
        self.is_there
    }

    /// Asks whether there is a mock with a control API, and it is ready.
    ///
    /// # Errors
    ///
    /// When nothing answers at all.
    pub(super) async fn answers(&self) -> Result<bool, Failure> {
        let exchange = self.try_any(Call::get("/control/v1/health")).await?;
        Ok(exchange.status == 200 && exchange.header("vipps-mock").is_some())
    }

    /// Why a tester may not use it, if so.
    pub(super) async fn refusal(&self) -> Result<Option<String>, Failure> {
        let exchange = self.try_any(Call::get("/control/v1/sales-units")).await?;
        if exchange.status == 200 {
            return Ok(None);
        }
        let detail = exchange.at("detail").ok().and_then(|it| it.as_str().map(str::to_owned));
        Ok(Some(detail.unwrap_or_else(|| format!("status {}", exchange.status))))
    }

    /// Creates a sales unit in a market, with all permissions but the ones named as false.
    pub(super) async fn create_unit(
        &self,
        market: &str,
        permissions: &Value,
        profile: &str,
    ) -> Result<SalesUnit, Failure> {
        let body = json!({ "market": market, "permissions": permissions, "profile": profile });
        self.open_unit(&body).await
    }

    /// Opens a sales unit of this description.
    pub(super) async fn open_unit(&self, body: &Value) -> Result<SalesUnit, Failure> {
        let exchange = self.ask(Call::post("/control/v1/sales-units", body)).await?;
        from_json(exchange.json()?, &exchange)
    }

    /// Sends any call and takes any answer.
    pub(super) async fn try_any(&self, call: Call) -> Result<Exchange, Failure> {
        if !self.is_there {
            let Call { method, path, .. } = call;
            return Err(Failure::new(format!("the target has no control API for {method} {path}")));
        }
        let call = call.beneath(self.authorization().into_iter().collect());
        send_secretly(&self.http, &self.base_url, call, Arc::clone(&self.secrets)).await
    }

    /// Begins to read a stream, whose end is not waited for.
    pub(super) async fn open(&self, path: &str) -> Result<reqwest::Response, Failure> {
        let failed = |error| Failure::new(format!("{path} cannot be listened to: {error}"));
        let mut request = self.http.get(format!("{}{path}", self.base_url));
        if let Some((name, value)) = self.authorization() {
            request = request.header(name, value);
        }
        request.send().await.and_then(reqwest::Response::error_for_status).map_err(failed)
    }

    /// The header that says who asks, where that matters.
    fn authorization(&self) -> Option<(String, String)> {
        let token = self.token.as_ref()?;
        Some(("Authorization".to_owned(), format!("Bearer {token}")))
    }

    /// Sends a call to one unit and takes any answer; the path begins after the MSN.
    pub(super) async fn try_unit(
        &self,
        msn: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Exchange, Failure> {
        let path = format!("/control/v1/sales-units/{msn}{path}");
        let call = Call { body: body.map(Value::to_string), ..Call::new(method, path) };
        self.try_any(call).await
    }

    /// Sends a call to one unit that must succeed.
    pub(super) async fn unit(
        &self,
        msn: &str,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Exchange, Failure> {
        let exchange = self.try_unit(msn, method, path, body).await?;
        exchange.expect_success()?;
        Ok(exchange)
    }

    /// The deliveries about one payment, or of the whole unit.
    pub(super) async fn deliveries(
        &self,
        msn: &str,
        reference: Option<&str>,
    ) -> Result<Vec<Delivery>, Failure> {
        let path = match reference {
            Some(reference) => format!("/deliveries?reference={reference}"),
            None => "/deliveries".to_owned(),
        };
        let exchange = self.unit(msn, Method::GET, &path, None).await?;
        from_json(exchange.json()?, &exchange)
    }

    async fn ask(&self, call: Call) -> Result<Exchange, Failure> {
        let exchange = self.try_any(call).await?;
        exchange.expect_success()?;
        Ok(exchange)
    }
}

/// Reads a reply of the control API into its type.
pub(super) fn from_json<T: serde::de::DeserializeOwned>(
    value: Value,
    exchange: &Exchange,
) -> Result<T, Failure> {
    serde_json::from_value(value)
        .map_err(|error| Failure::new(format!("the reply is not as agreed: {error}\n{exchange}")))
}
