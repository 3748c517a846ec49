//! What a scenario knows: its merchant, the payment it is about, and what was answered last.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};

use super::browser::Browser;
use super::cab::Cab;
use super::control::Delivery;
use super::exchange::Exchange;
use super::failure::{Failure, Held};
use super::http_call::Call;
use super::merchant::Merchant;
use super::receiver::Receiver;
use super::stream::Heard;
use super::target::TARGET;
use crate::scenario::Report;

/// One scenario's world: a sales unit of its own, so that scenarios run side by side.
#[derive(Debug, cucumber::World)]
#[world(init = Self::open)]
pub(super) struct World {
    /// Whom the scenario is about.
    pub(super) merchant: Merchant,
    /// The other one, if the scenario needs two.
    pub(super) other: Option<Merchant>,
    /// The payment that is spoken of.
    pub(super) reference: String,
    /// The request for money that was sent last.
    pub(super) request: Value,
    /// What was answered to the actions of the scenario, oldest first.
    pub(super) answers: Vec<Exchange>,
    /// The webhook addresses, the one spoken of last.
    pub(super) receivers: Vec<Receiver>,
    /// The registration that is spoken of.
    pub(super) registration: String,
    /// The links beside receipts that were added, oldest first.
    pub(super) links: Vec<String>,
    /// The taxi, in scenarios about rides.
    pub(super) cab: Cab,
    /// The customer's browser.
    pub(super) browser: Browser,
    /// What is heard of the stream of events.
    pub(super) heard: Heard,
    /// The sales unit as it was saved.
    pub(super) snapshot: Value,
    /// What came of the scenario that was run, if one was.
    pub(super) scenario: Option<Result<Report, String>>,
    /// Whom the merchant means to ask, as a request says it.
    pub(super) customer: Value,
    /// The name that the merchant knows its customer by.
    pub(super) sub: String,
    /// The token from before time passed.
    pub(super) old_token: String,
    /// When the scenario's time began.
    pub(super) began: jiff::Timestamp,
    /// Whether a step of the scenario looks back at how the payment was before the last action.
    pub(super) looks_back: bool,
    before: Option<(Value, Value)>,
    names: u32,
}

/// The words of a step that compares the payment with how it was.
pub(super) const LOOKS_BACK: &str = "nothing has happened to the payment";

impl World {
    async fn open() -> Result<Self, Failure> {
        let target = TARGET
            .try_with(Arc::clone)
            .map_err(|_| Failure::new("a scenario was started outside of a run"))?;
        let merchant = Merchant::open(&target, "NO", &json!({})).await?;
        let began = crate::taxi::clock::Clock::now(merchant.clock.as_ref());
        Ok(Self {
            merchant,
            other: None,
            reference: String::new(),
            request: Value::Null,
            answers: Vec::new(),
            receivers: Vec::new(),
            registration: String::new(),
            links: Vec::new(),
            cab: Cab::default(),
            browser: Browser::default(),
            heard: Heard::default(),
            snapshot: Value::Null,
            scenario: None,
            customer: Value::Null,
            sub: String::new(),
            old_token: String::new(),
            began,
            looks_back: false,
            before: None,
            names: 0,
        })
    }

    /// Drops what the scenario has opened. A failure here is nobody's: the unit is the mock's to
    /// forget, and what is left in a shared one is closed at the end of the run.
    pub(super) async fn close(&mut self) {
        if !self.merchant.control.is_there() {
            let (target, mark) =
                (Arc::clone(self.merchant.target()), self.merchant.mark().to_owned());
            let _ = target.opened.close(Some(&mark), &mut self.merchant).await;
        }
        self.receivers.clear();
        if self.merchant.target().is_own {
            // The whole mock ends with the run.
            return;
        }
        for merchant in [Some(&self.merchant), self.other.as_ref()].into_iter().flatten() {
            let _ = merchant.control.try_unit(&merchant.unit.msn, Method::DELETE, "", None).await;
        }
    }

    /// Starts over with a merchant in another market or with other permissions.
    pub(super) async fn become_merchant(&mut self, market: &str, permissions: Value) -> Held {
        self.become_merchant_in(market, permissions, "test").await
    }

    /// Starts over with a merchant in the test environment or in production.
    pub(super) async fn become_merchant_in(
        &mut self,
        market: &str,
        permissions: Value,
        profile: &str,
    ) -> Held {
        self.close().await;
        let target = TARGET.with(Arc::clone);
        self.merchant = Merchant::open_in(&target, market, &permissions, profile).await?;
        self.began = crate::taxi::clock::Clock::now(self.merchant.clock.as_ref());
        Ok(())
    }

    /// Starts over with a merchant whose sales unit refuses what is not described.
    pub(super) async fn become_strict_merchant(&mut self) -> Held {
        self.close().await;
        let target = TARGET.with(Arc::clone);
        self.merchant = Merchant::open_strict(&target).await?;
        self.began = crate::taxi::clock::Clock::now(self.merchant.clock.as_ref());
        Ok(())
    }

    /// The other merchant, opened when first spoken of.
    pub(super) async fn another_merchant(&mut self) -> Result<&mut Merchant, Failure> {
        if self.other.is_none() {
            let target = TARGET.with(Arc::clone);
            self.other = Some(Merchant::open(&target, "NO", &json!({})).await?);
        }
        self.other.as_mut().ok_or_else(|| Failure::new("there is no other merchant"))
    }

    /// A reference or key that this scenario has not used yet, and no other in its sales unit.
    pub(super) fn fresh(&mut self, kind: &str) -> String {
        self.names += 1;
        format!("{}-{:04}", self.merchant.own(kind), self.names)
    }

    /// Does what the scenario is about: notes how the payment stands, calls, and keeps the answer.
    pub(super) async fn act(&mut self, call: Call) -> Result<&Exchange, Failure> {
        self.remember().await?;
        let exchange = self.merchant.call(call).await?;
        Ok(self.keep(exchange))
    }

    /// As [`Self::act`], for what has to succeed before the scenario can go on.
    pub(super) async fn prepare(&mut self, call: Call) -> Held {
        self.act(call).await?.expect_success()
    }

    /// Keeps an answer as the last one.
    pub(super) fn keep(&mut self, exchange: Exchange) -> &Exchange {
        self.answers.push(exchange);
        &self.answers[self.answers.len() - 1]
    }

    /// What was answered last.
    pub(super) fn answer(&self) -> Result<&Exchange, Failure> {
        self.answers.last().ok_or_else(|| Failure::new("nothing has been asked yet"))
    }

    /// The path of the payment that is spoken of.
    pub(super) fn payment_path(&self) -> String {
        format!("/epayment/v1/payments/{}", self.reference)
    }

    /// Reads the payment that is spoken of.
    pub(super) async fn payment(&mut self) -> Result<Exchange, Failure> {
        let call = Call::get(self.payment_path());
        let exchange = self.merchant.call(call).await?;
        exchange.expect_status(200)?;
        Ok(exchange)
    }

    /// Reads the event log of the payment that is spoken of.
    pub(super) async fn events(&mut self) -> Result<Exchange, Failure> {
        let call = Call::get(format!("{}/events", self.payment_path()));
        let exchange = self.merchant.call(call).await?;
        exchange.expect_status(200)?;
        Ok(exchange)
    }

    /// The first event of a name in the log of the payment that is spoken of.
    pub(super) async fn event(&mut self, name: &str) -> Result<Value, Failure> {
        let log = self.events().await?;
        let events = log.json()?;
        events
            .as_array()
            .into_iter()
            .flatten()
            .find(|event| event["name"] == name)
            .cloned()
            .ok_or_else(|| Failure::new(format!("there is no {name} event\n{log}")))
    }

    /// Notes how the payment stands, if a later step is to say that nothing has happened.
    pub(super) async fn remember(&mut self) -> Held {
        self.before = None;
        if self.looks_back && !self.reference.is_empty() {
            self.before = Some(self.standing().await?);
        }
        Ok(())
    }

    /// Holds when the payment stands as it did before the last action.
    pub(super) async fn expect_nothing_happened(&mut self) -> Held {
        let Some(before) = self.before.clone() else {
            return Err(Failure::new("there was no payment before the action"));
        };
        let now = self.standing().await?;
        if before == now {
            return Ok(());
        }
        let ((payment_before, events_before), (payment, events)) = (before, now);
        Err(Failure::new(format!(
            "the payment was\n  {payment_before}\n  {events_before}\nand is\n  {payment}\n  {events}"
        )))
    }

    async fn standing(&mut self) -> Result<(Value, Value), Failure> {
        let payment = self.merchant.call(Call::get(self.payment_path())).await?;
        let events = Call::get(format!("{}/events", self.payment_path()));
        let events = self.merchant.call(events).await?;
        Ok((payment.json()?, events.json()?))
    }

    /// Asks the control API about the merchant's unit and keeps the answer, whatever it is.
    pub(super) async fn ask_control(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Held {
        self.remember().await?;
        let merchant = &mut self.merchant;
        merchant.expects_faults |= method == Method::POST && path == "/faults";
        let unit = &merchant.unit.msn;
        let exchange = merchant.control.try_unit(unit, method, path, body.as_ref()).await?;
        self.keep(exchange);
        Ok(())
    }

    /// The webhook address that is spoken of, after all that is due has been delivered.
    pub(super) async fn receiver(&self) -> Result<&Receiver, Failure> {
        let heard = || self.receivers.iter().map(|it| it.received().len()).sum::<usize>();
        loop {
            let before = heard();
            self.merchant.clock.settle().await?;
            // A mock is done when it says so; from others, the last word is the one that nothing
            // follows.
            if self.merchant.control.is_there() || heard() == before {
                break;
            }
        }
        self.receivers.last().ok_or_else(|| Failure::new("there is no receiver"))
    }

    /// The deliveries about the payment that is spoken of.
    pub(super) async fn deliveries(&self) -> Result<Vec<Delivery>, Failure> {
        self.merchant.clock.settle().await?;
        let merchant = &self.merchant;
        merchant.control.deliveries(&merchant.unit.msn, Some(&self.reference)).await
    }
}
