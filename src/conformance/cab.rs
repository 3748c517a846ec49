//! The taxi of a scenario: the reference client, how webhooks reach it, and its ride.

use std::sync::Arc;

use tokio::sync::watch;

use super::failure::Failure;
use super::merchant::Merchant;
pub(super) use super::mortal::{Death, Mortal};
use super::opened::Thing;
use super::relay::{Passed, Passing, Relay};
use crate::taxi::client::{Client, Payment, SystemName};
use crate::taxi::credentials::Credentials;
use crate::taxi::dispatch::{Dispatch, Ride, Settings};
use crate::taxi::driver::Notice;
use crate::taxi::error::Error;
use crate::taxi::money::Amount;
use crate::taxi::reference::Attempt;
use crate::taxi::ride::{Outcome, RideOrder, Step, Taxi};
use crate::taxi::webhook::{DateCheck, Receiver};

/// The path of the taxi's address for webhooks.
pub(super) const WEBHOOK_PATH: &str = "/webhooks/vipps";

/// How webhooks reach the taxi.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Hearing {
    /// As they are sent.
    #[default]
    Well,
    /// Not at all, because the taxi has no address.
    NoAddress,
    /// Through a relay that does this to them.
    Badly(Passing),
}

/// The taxi of a scenario, called when first spoken of.
#[derive(Debug, Default)]
pub(super) struct Cab {
    /// How webhooks are to reach it.
    pub(super) hearing: Hearing,
    /// What happens to its calls on the way; changed by [`Self::let_calls_pass`].
    pub(super) calls_pass: Passing,
    /// Whether the passenger approves as soon as they are asked.
    pub(super) passenger_approves: bool,
    /// What the passenger gives on top of a fare.
    pub(super) tip: Option<Amount>,
    /// Whether the passenger declines to be asked once more, for the tip.
    pub(super) passenger_declines_tip: bool,
    /// The ride that is spoken of.
    pub(super) order: Option<RideOrder>,
    /// The attempt to get it paid that is spoken of.
    pub(super) attempt: Option<Attempt>,
    /// How the ride ended.
    pub(super) outcome: Option<Outcome>,
    /// What the taxi's last call came to.
    pub(super) called: Option<Result<Option<Payment>, Error>>,
    /// The link that a request of it was answered with.
    pub(super) link: Option<String>,
    /// What the driver reads of what was not even sent.
    pub(super) notice: Option<Notice>,
    /// The address its webhooks come to.
    pub(super) receiver: Option<Arc<Receiver>>,
    /// The address it really listens at, relay or not.
    pub(super) listens_at: String,
    /// The dispatch that takes the ride on, while it lives.
    pub(super) dispatch: Option<Dispatch>,
    /// What the dispatch has decided once.
    pub(super) settings: Settings,
    /// Its journal.
    pub(super) mortal: Mortal,
    /// The ride as the dispatch has left it.
    pub(super) ride: Option<Ride>,
    taxi: Option<Taxi>,
    told: watch::Sender<Vec<Step>>,
    calls: Option<Relay>,
    webhooks: Option<Relay>,
}

impl Cab {
    /// The taxi, called for this merchant when there is none yet.
    pub(super) async fn taxi(&mut self, merchant: &Merchant) -> Result<Taxi, Failure> {
        if let Some(taxi) = &self.taxi {
            return Ok(taxi.clone());
        }
        let client = self.client(merchant).await?;
        let told = self.told.clone();
        let tell = move |step: &Step| told.send_modify(|told| told.push(step.clone()));
        let mut taxi = Taxi::new(client).reporting_to(Arc::new(tell));
        if self.hearing != Hearing::NoAddress && !merchant.target().is_deaf() {
            let receiver = Arc::new(self.listen(merchant).await?);
            self.receiver = Some(Arc::clone(&receiver));
            taxi = taxi.with_receiver(receiver);
        }
        self.taxi = Some(taxi.clone());
        Ok(taxi)
    }

    /// From now on the taxi's calls pass like this.
    pub(super) fn let_calls_pass(&mut self, passing: Passing) {
        self.calls_pass = passing;
        self.calls.iter().for_each(|relay| relay.let_pass(passing));
    }

    /// What was down on the way to or from the taxi is up again.
    pub(super) fn mend(&self) {
        self.calls.iter().chain(&self.webhooks).for_each(Relay::mend);
    }

    /// What the taxi's calls go through, once there is a taxi.
    pub(super) fn calls(&self) -> Result<&Relay, Failure> {
        self.calls.as_ref().ok_or_else(|| Failure::new("the taxi has not called"))
    }

    /// The webhooks as they came to the taxi, where they come through something.
    pub(super) fn webhooks_passed(&self) -> Result<Vec<Passed>, Failure> {
        let relay = self.webhooks.as_ref();
        relay.map(Relay::passed).ok_or_else(|| Failure::new("nobody has looked at the webhooks"))
    }

    /// Where the taxi hears, which it has to.
    pub(super) fn receiver(&self) -> Result<&Arc<Receiver>, Failure> {
        self.receiver.as_ref().ok_or_else(|| Failure::new("the taxi has no address"))
    }

    /// What the taxi has told of its ride so far.
    pub(super) fn told(&self) -> Vec<Step> {
        self.told.borrow().clone()
    }

    /// Returns when the taxi, after what it has told so far, tells that it waits.
    pub(super) fn waiting(&self) -> impl Future<Output = ()> + use<> {
        let before = self.told.borrow().len();
        let mut changes = self.told.subscribe();
        async move {
            let waits = |told: &Vec<Step>| {
                told.iter().skip(before).any(|step| matches!(step, Step::Waiting { .. }))
            };
            // The sender lives as long as the taxi's scenario.
            let _ = changes.wait_for(waits).await;
        }
    }

    /// What the taxi has told, a line a step, for whoever reads a failure.
    pub(super) fn story(&self) -> String {
        let told = self.told();
        told.iter().map(|step| format!("  {step}")).collect::<Vec<_>>().join("\n")
    }

    async fn client(&mut self, merchant: &Merchant) -> Result<Client, Failure> {
        let target = merchant.target();
        let relay = Relay::of_calls(target, self.calls_pass).await?;
        let base_url = relay.from_here.clone();
        self.calls = Some(relay);
        let unit = &merchant.unit;
        let credentials = Credentials {
            base_url,
            client_id: unit.client_id.clone(),
            client_secret: unit.client_secret.clone(),
            subscription_key: unit.subscription_key.clone(),
            msn: unit.msn.clone(),
        };
        Client::new(credentials, SystemName::reference_taxi(), merchant.clock.clone())
            .map_err(|error| Failure::new(error.to_string()))
    }

    async fn listen(&mut self, merchant: &Merchant) -> Result<Receiver, Failure> {
        let failed = |error: std::io::Error| Failure::new(format!("the taxi is deaf: {error}"));
        let target = merchant.target();
        let port = target.listen().await.map_err(failed)?;
        self.listens_at = port.from_here;
        let mut address = port.from_mock;
        let mut path = WEBHOOK_PATH.to_owned();
        if let Hearing::Badly(passing) = self.hearing {
            let relay = Relay::of_webhooks(target, &self.listens_at, passing).await?;
            address.clone_from(&relay.from_mock);
            self.webhooks = Some(relay);
            if let Passing::Changing(_) = passing {
                path.push_str("?car=n02272");
            }
        }
        if !merchant.control.is_there() {
            target.opened.add(merchant.mark(), Thing::Address(address.clone()));
        }
        // The mock dates its webhooks in real time or in the unit's, which only its owner knows.
        Receiver::serve(port.listener, &format!("{address}{path}"), DateCheck::Off).map_err(failed)
    }
}
