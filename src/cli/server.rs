//! Stand-in for the in-process mock.

use std::net::SocketAddr;

/// A country the platform sells in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Market {
    /// Norway.
    Norway,
    /// Denmark.
    Denmark,
    /// Finland.
    Finland,
}

/// What a sales unit may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent permissions")]
pub struct Permissions {
    /// Push.
    pub push_message: bool,
    /// Long.
    pub long_living: bool,
    /// Part.
    pub partial_capture: bool,
    /// Late.
    pub late_capture: bool,
}

/// A sales unit to start with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesUnitSeed {
    /// The number.
    pub msn: String,
    /// The name.
    pub name: String,
    /// The market.
    pub market: Market,
    /// The id.
    pub client_id: String,
    /// The secret.
    pub client_secret: String,
    /// The key.
    pub subscription_key: String,
    /// What it may do.
    pub permissions: Permissions,
}

/// Whose time webhooks are dated with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookDates {
    /// Wall clock.
    Real,
    /// The unit's.
    Unit,
}

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
