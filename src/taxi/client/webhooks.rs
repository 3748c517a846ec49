//! The webhooks API: register, list, delete.

use serde::{Deserialize, Serialize};

use super::Client;
use super::call::Call;
use crate::taxi::error::Error;
use crate::taxi::webhook::Secret;

/// A registration as the list shows it. The secret is told once, at registration.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Registration {
    /// What deliveries carry in `Webhook-Id`.
    pub id: String,
    /// Where deliveries go.
    pub url: String,
    /// Which events are delivered.
    #[serde(default)]
    pub events: Vec<String>,
}

/// What the API says about a new registration, this once.
#[derive(Debug, Clone, Deserialize)]
pub struct NewRegistration {
    /// What deliveries carry in `Webhook-Id`.
    pub id: String,
    /// What deliveries are signed with.
    pub secret: Secret,
}

impl Client {
    /// Registers an address for events such as `epayments.payment.authorized.v1`.
    ///
    /// Look at [`Self::webhooks`] first: registering an address twice delivers everything twice.
    ///
    /// # Errors
    ///
    /// See [`Error`]; the address may be refused, or too many registered.
    pub async fn register_webhook(
        &self,
        url: &str,
        events: &[&str],
    ) -> Result<NewRegistration, Error> {
        let body = RegisterBody { url, events };
        // Registering has no key, so a lost answer is not repeated: the list tells what came of it.
        let call = Call::post(["webhooks", "v1", "webhooks"]).json(&body)?.only_once();
        self.send(&call).await?.json()
    }

    /// Lists the registrations of the sales unit.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn webhooks(&self) -> Result<Vec<Registration>, Error> {
        let call = Call::get(["webhooks", "v1", "webhooks"]);
        let list: RegistrationList = self.send(&call).await?.json()?;
        Ok(list.webhooks)
    }

    /// Ends a registration.
    ///
    /// # Errors
    ///
    /// See [`Error`]; 404 when there is none with this id.
    pub async fn delete_webhook(&self, id: &str) -> Result<(), Error> {
        let call = Call::delete(["webhooks", "v1", "webhooks", id]);
        self.send(&call).await.map(drop)
    }
}

#[derive(Serialize)]
struct RegisterBody<'a> {
    url: &'a str,
    events: &'a [&'a str],
}

#[derive(Deserialize)]
struct RegistrationList {
    webhooks: Vec<Registration>,
}
