//! A merchant on the wire: the official API, called with one sales unit's keys and nothing hidden.

use std::sync::Arc;

use serde_json::{Value, json};

use super::clock::SteppedClock;
use super::control::{Control, SalesUnit};
use super::exchange::Exchange;
use super::failure::Failure;
use super::http_call::{Call, send};
use super::target::Target;
use crate::taxi::money::Amount;

/// One sales unit and whoever holds its keys.
#[derive(Debug)]
pub(super) struct Merchant {
    /// The unit and its keys.
    pub(super) unit: SalesUnit,
    /// The unit's clock, frozen.
    pub(super) clock: Arc<SteppedClock>,
    /// The control API of the mock that the unit lives in.
    pub(super) control: Control,
    /// The last digits of the phone that requests go to.
    pub(super) customer: &'static str,
    target: Arc<Target>,
    token: Option<String>,
}

impl Merchant {
    /// Opens a sales unit in a market and freezes its clock.
    pub(super) async fn open(
        target: &Arc<Target>,
        market: &str,
        permissions: &Value,
    ) -> Result<Self, Failure> {
        let control = Control::new(&target.http, &target.base_url);
        let unit = control.create_unit(market, permissions).await?;
        let clock = Arc::new(SteppedClock::freeze(control.clone(), &unit.msn).await?);
        let customer = ORDINARY_CUSTOMER;
        Ok(Self { unit, clock, control, customer, target: Arc::clone(target), token: None })
    }

    /// What the unit lives in.
    pub(super) fn target(&self) -> &Target {
        &self.target
    }

    /// Sends a call with the merchant's keys, unless the call brings its own.
    pub(super) async fn call(&mut self, call: Call) -> Result<Exchange, Failure> {
        let mut keys = vec![
            ("Authorization".to_owned(), format!("Bearer {}", self.token().await?)),
            ("Ocp-Apim-Subscription-Key".to_owned(), self.unit.subscription_key.clone()),
            ("Merchant-Serial-Number".to_owned(), self.unit.msn.clone()),
        ];
        keys.extend(call.headers);
        send(&self.target.http, &self.target.base_url, Call { headers: keys, ..call }).await
    }

    /// The token call, with the keys as they should be unless `call` says otherwise.
    pub(super) async fn token_call(&self, call: Call) -> Result<Exchange, Failure> {
        let mut keys = vec![
            ("client_id".to_owned(), self.unit.client_id.clone()),
            ("client_secret".to_owned(), self.unit.client_secret.clone()),
            ("Ocp-Apim-Subscription-Key".to_owned(), self.unit.subscription_key.clone()),
            ("Merchant-Serial-Number".to_owned(), self.unit.msn.clone()),
        ];
        keys.extend(call.headers);
        send(&self.target.http, &self.target.base_url, Call { headers: keys, ..call }).await
    }

    /// A good token, fetched when there is none yet.
    pub(super) async fn token(&mut self) -> Result<String, Failure> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let call = Call::new(http::Method::POST, "/accesstoken/get");
        let exchange = self.token_call(call).await?;
        exchange.expect_status(200)?;
        let token = exchange.at("access_token")?.as_str().unwrap_or_default().to_owned();
        self.token = Some(token.clone());
        Ok(token)
    }

    /// Forgets the token, because time has passed over it.
    pub(super) fn forget_token(&mut self) {
        self.token = None;
    }

    /// The phone number that requests go to.
    pub(super) fn phone(&self) -> String {
        self.phone_of(self.customer)
    }

    /// The phone number, in the merchant's country, that ends in these two digits.
    pub(super) fn phone_of(&self, last_two: &str) -> String {
        let prefix = match self.unit.currency.as_str() {
            "DKK" => "45900000",
            "EUR" => "3589000000",
            _ => "47900000",
        };
        format!("{prefix}{last_two}")
    }

    /// A request for money as a taximeter makes it.
    pub(super) fn request_for(&self, reference: &str, amount: Amount) -> Value {
        json!({
            "amount": amount,
            "paymentMethod": { "type": "WALLET" },
            "customer": { "phoneNumber": self.phone() },
            "customerInteraction": "CUSTOMER_PRESENT",
            "userFlow": "PUSH_MESSAGE",
            "reference": reference,
            "paymentDescription": "A ride across town",
        })
    }
}

/// The end of a number that waits for the tester.
pub(super) const ORDINARY_CUSTOMER: &str = "99";
