//! A merchant on the wire: the official API, called with one sales unit's keys and nothing hidden.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::clock::{SteppedClock, UnitClock};
use super::control::{Control, SalesUnit};
use super::exchange::{Exchange, FAULT};
use super::failure::Failure;
use super::http_call::{Call, send_secretly};
use super::secrets::Secrets;
use super::target::Target;
use crate::taxi::clock::{Clock as _, RealClock};
use crate::taxi::money::Amount;

/// One sales unit and whoever holds its keys.
#[derive(Debug)]
pub(super) struct Merchant {
    /// The unit and its keys.
    pub(super) unit: SalesUnit,
    /// The unit's clock, frozen where it can be.
    pub(super) clock: Arc<UnitClock>,
    /// The control API of the mock that the unit lives in; absent where there is none.
    pub(super) control: Control,
    /// The last digits of the phone that requests go to.
    pub(super) customer: &'static str,
    /// Whether the scenario has asked for faults, so that answers made by one are what it is about.
    pub(super) expects_faults: bool,
    target: Arc<Target>,
    token: Option<String>,
    secrets: Arc<Secrets>,
    mark: String,
    is_hurrying: bool,
}

impl Merchant {
    /// A sales unit for a scenario alone, in a market, with its clock frozen; or where no units
    /// can be made, the one that was given, for the scenario to share.
    pub(super) async fn open(
        target: &Arc<Target>,
        market: &str,
        permissions: &Value,
    ) -> Result<Self, Failure> {
        Self::open_in(target, market, permissions, "test").await
    }

    /// The same, in the test environment or in production.
    pub(super) async fn open_in(
        target: &Arc<Target>,
        market: &str,
        permissions: &Value,
        profile: &str,
    ) -> Result<Self, Failure> {
        let Some(given) = &target.given else {
            let control = target.control();
            let unit = control.create_unit(market, permissions, profile).await?;
            let clock = SteppedClock::freeze(control.clone(), &unit.msn).await?;
            return Ok(Self::new(target, unit, UnitClock::Stepped(clock), control, String::new()));
        };
        if market != given.market() || permissions.as_object().is_some_and(|it| !it.is_empty()) {
            return Err(Failure::new(format!("there is no other sales unit than {}", given.msn)));
        }
        let control = Control::absent(&target.http, &target.base_url);
        let clock = UnitClock::Running { quiet: target.quiet };
        Ok(Self::new(target, given.sales_unit(), clock, control, target.next_mark()))
    }

    /// Opens a sales unit in Norway that refuses what is not described.
    pub(super) async fn open_strict(target: &Arc<Target>) -> Result<Self, Failure> {
        let control = target.control();
        let unit = control.open_unit(&json!({ "market": "NO", "strict": true })).await?;
        let clock = SteppedClock::freeze(control.clone(), &unit.msn).await?;
        Ok(Self::new(target, unit, UnitClock::Stepped(clock), control, String::new()))
    }

    fn new(
        target: &Arc<Target>,
        unit: SalesUnit,
        clock: UnitClock,
        control: Control,
        mark: String,
    ) -> Self {
        let mut secrets = Secrets::default();
        secrets.add(&unit.client_secret, "VIPPS_CLIENT_SECRET");
        secrets.add(&unit.subscription_key, "VIPPS_SUBSCRIPTION_KEY");
        if let Some(given) = &target.given {
            secrets.add(&given.client_id, "VIPPS_CLIENT_ID");
            secrets.add(&given.phone, "VIPPS_PHONE");
        }
        Self {
            unit,
            clock: Arc::new(clock),
            control,
            customer: ORDINARY_CUSTOMER,
            expects_faults: false,
            target: Arc::clone(target),
            token: None,
            secrets: Arc::new(secrets),
            mark,
            is_hurrying: false,
        }
    }

    /// What the unit lives in.
    pub(super) fn target(&self) -> &Arc<Target> {
        &self.target
    }

    /// What tells this scenario's names from those of others in the same sales unit; empty in a
    /// unit of its own.
    pub(super) fn mark(&self) -> &str {
        &self.mark
    }

    /// A name of a scenario as it is on the wire: as it is, or where a sales unit is shared, with
    /// what makes it unique. Idempotency keys are sent through this by [`Self::call`].
    pub(super) fn own(&self, name: &str) -> String {
        let is_unique = self.mark.is_empty() || name.contains(&self.mark);
        if is_unique { name.to_owned() } else { format!("{name}-{}", self.mark) }
    }

    /// From now on calls are made without a look at the limits, which are what it is about.
    pub(super) fn hurry(&mut self) {
        self.is_hurrying = true;
    }

    /// Sends a call with the merchant's keys, unless the call brings its own.
    pub(super) async fn call(&mut self, call: Call) -> Result<Exchange, Failure> {
        let keys = vec![
            ("Authorization".to_owned(), format!("Bearer {}", self.token().await?)),
            ("Ocp-Apim-Subscription-Key".to_owned(), self.unit.subscription_key.clone()),
            ("Merchant-Serial-Number".to_owned(), self.unit.msn.clone()),
        ];
        self.send(call.beneath(keys)).await
    }

    /// The token call, with the keys as they should be unless `call` says otherwise.
    pub(super) async fn token_call(&self, call: Call) -> Result<Exchange, Failure> {
        let keys = vec![
            ("client_id".to_owned(), self.unit.client_id.clone()),
            ("client_secret".to_owned(), self.unit.client_secret.clone()),
            ("Ocp-Apim-Subscription-Key".to_owned(), self.unit.subscription_key.clone()),
            ("Merchant-Serial-Number".to_owned(), self.unit.msn.clone()),
        ];
        self.send(call.beneath(keys)).await
    }

    async fn send(&self, mut call: Call) -> Result<Exchange, Failure> {
        if self.target.given.is_none() {
            return self.send_once(call).await;
        }
        for (name, key) in &mut call.headers {
            // A key that has to be too long, or empty, stays as it is.
            if name.eq_ignore_ascii_case("Idempotency-Key") && (1..=36).contains(&key.len()) {
                *key = self.own(key);
            }
        }
        if !self.is_hurrying {
            self.target.pace.wait(&call).await;
        }
        let mut exchange = self.send_once(call.clone()).await?;
        if exchange.status == 429 && !self.is_hurrying {
            RealClock.sleep(retry_after(&exchange)).await;
            exchange = self.send_once(call).await?;
        }
        self.target.opened.note(&self.mark, &exchange);
        Ok(exchange)
    }

    async fn send_once(&self, call: Call) -> Result<Exchange, Failure> {
        let Target { http, base_url, .. } = self.target.as_ref();
        let exchange = send_secretly(http, base_url, call, Arc::clone(&self.secrets)).await?;
        if exchange.header(FAULT).is_some() && !self.expects_faults {
            let words = "a fault that somebody asked for made this answer; it shows nothing";
            return Err(Failure::new(format!("{words}\n{exchange}")));
        }
        Ok(exchange)
    }

    /// A good token, fetched when there is none yet.
    pub(super) async fn token(&mut self) -> Result<String, Failure> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let token = match self.target.shared_token() {
            Some(token) => token,
            None => self.fetch_token().await?,
        };
        Arc::make_mut(&mut self.secrets).add(&token, "TOKEN");
        self.token = Some(token.clone());
        Ok(token)
    }

    async fn fetch_token(&self) -> Result<String, Failure> {
        let call = Call::new(http::Method::POST, "/accesstoken/get");
        let exchange = self.token_call(call).await?;
        exchange.expect_status(200)?;
        let token = exchange.at("access_token")?.as_str().unwrap_or_default().to_owned();
        self.target.share_token(&token);
        Ok(token)
    }

    /// Forgets the token, because time has passed over it.
    pub(super) fn forget_token(&mut self) {
        self.token = None;
    }

    /// The phone number that requests go to.
    pub(super) fn phone(&self) -> String {
        if let (Some(given), ORDINARY_CUSTOMER) = (&self.target.given, self.customer) {
            return given.phone.clone();
        }
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

/// How long a refused call is to wait, a minute at most.
fn retry_after(exchange: &Exchange) -> SignedDuration {
    let seconds = exchange.header("retry-after").and_then(|text| text.parse().ok());
    SignedDuration::from_secs(seconds.unwrap_or(60).clamp(1, 60))
}
