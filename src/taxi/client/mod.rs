//! The typed client: one method for each call a taxi makes.
//!
//! Read `payments` for the methods, [`wire`] for what they send and receive, `call` for what
//! every call has in common, `token` for how the access token is kept, and `refusal` for how the
//! four forms of refusal become one [`Error`].

mod call;
mod checklist;
mod orders;
mod payments;
mod refusal;
mod system;
#[cfg(test)]
mod tests;
mod token;
mod webhooks;
pub mod wire;

use std::sync::Arc;

pub use checklist::Unsent;
pub use orders::{ImageId, Link, Order};
pub use payments::CancelScope;
use reqwest::Url;
pub use system::{SystemName, SystemNameError};
pub use webhooks::{NewRegistration, Registration};
pub use wire::{
    Aggregate, CreatePayment, CreatedPayment, EventName, Payment, PaymentEvent, PaymentState,
};

use self::token::TokenCache;
use super::clock::Clock;
use super::credentials::Credentials;
use super::error::Error;
use super::retry::RetryPolicy;
use super::transport::http_client;

/// A client of the APIs for one sales unit. Copies share connections and access token.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    base_url: Url,
    credentials: Arc<Credentials>,
    system: SystemName,
    clock: Arc<dyn Clock>,
    tokens: Arc<TokenCache>,
    retries: RetryPolicy,
}

impl Client {
    /// A client that acts for the sales unit of these credentials. Nothing is called yet.
    ///
    /// # Errors
    ///
    /// [`Error::Setup`] when the base URL is none, or TLS cannot be set up.
    pub fn new(
        credentials: Credentials,
        system: SystemName,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, Error> {
        let base_url = Url::parse(&credentials.base_url)
            .map_err(|error| Error::unusable(&credentials, error))?;
        if base_url.cannot_be_a_base() || !matches!(base_url.scheme(), "http" | "https") {
            return Err(Error::unusable(&credentials, "it must begin with https:// or http://"));
        }
        Ok(Self {
            http: http_client()?,
            base_url,
            credentials: Arc::new(credentials),
            system,
            clock,
            tokens: Arc::default(),
            retries: RetryPolicy::USUAL,
        })
    }

    /// The same client with other patience, such as [`RetryPolicy::NEVER`].
    #[must_use]
    pub fn with_retries(self, retries: RetryPolicy) -> Self {
        Self { retries, ..self }
    }

    /// The sales unit this client acts for.
    #[must_use]
    pub fn msn(&self) -> &str {
        &self.credentials.msn
    }

    /// The clock this client waits on.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }
}
