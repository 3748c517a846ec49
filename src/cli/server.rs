//! Stand-in for the in-process mock.

use std::net::SocketAddr;

use crate::app::SalesUnitSeed;
use crate::delivery::WebhookDates;

/// What a mock starts with.
#[derive(Debug)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// The address in links.
    pub public_url: Option<String>,
    /// The seed.
    pub seed: u64,
    /// The units.
    pub units: Vec<SalesUnitSeed>,
    /// Whose time.
    pub webhook_dates: WebhookDates,
    /// Whether the control API answers.
    pub control: bool,
}

impl Settings {
    /// The default sandbox on a free port.
    #[must_use]
    pub fn sandbox() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            seed: 0,
            units: crate::config::default_units(),
            webhook_dates: WebhookDates::Real,
            control: true,
        }
    }
}

/// Why a mock did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// It could not listen.
    #[error("cannot listen on {address}: {cause}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why not.
        cause: std::io::Error,
    },
}

/// A running mock.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
}

impl Server {
    /// Starts.
    ///
    /// # Errors
    ///
    /// When the address is taken.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let address = settings.listen;
        let listener = tokio::net::TcpListener::bind(address)
            .await
            .map_err(|cause| StartError::Listen { address, cause })?;
        Ok(Self { address: listener.local_addr().unwrap_or(address) })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stops.
    #[expect(clippy::unused_async, reason = "stand-in")]
    pub async fn stop(self) {}
}
