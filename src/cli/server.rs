//! A whole mock in this process: the state, the routes, and the deliveries.

use std::{io, net::SocketAddr};

use jiff::SignedDuration;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

use crate::{
    app::{Mock, RateLimits, SalesUnitSeed, clock::within, entropy::random_seed},
    config::default_units,
    delivery::{self, HttpSender, WebhookDates},
    domain::{Profile, Strictness, delivery::ANSWER_WITHIN},
    http::{ControlToken, Edge, router},
};

/// What a mock is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where to listen. Port 0 picks a free one.
    pub listen: SocketAddr,
    /// What links begin with; by default the address listened on, or `localhost` for all of them.
    pub public_url: Option<String>,
    /// Where ids come from.
    pub seed: u64,
    /// The sales units.
    pub units: Vec<SalesUnitSeed>,
    /// Which clock `x-ms-date` is read from.
    pub webhook_dates: WebhookDates,
    /// How long a receiver of webhooks has to answer, in real time.
    pub webhook_timeout: SignedDuration,
    /// Whether calls are counted.
    pub rate_limits: RateLimits,
    /// How calls are read, unless a sales unit is opened with a strictness of its own.
    pub strictness: Strictness,
    /// Which environment to be, unless a sales unit is opened with a profile of its own.
    pub profile: Profile,
    /// What answers under `/control`.
    pub control: ControlApi,
}

/// Who may use the control API.
#[derive(Debug, Clone)]
pub enum ControlApi {
    /// Nobody: nothing answers there.
    Off,
    /// Whoever reaches the mock, but for pages elsewhere.
    Open,
    /// Those of them who know this token.
    With(ControlToken),
}

/// How long calls in progress may hold up a stop.
const STOP_WITHIN: SignedDuration = SignedDuration::from_millis(500);

/// A running mock. Dropping it stops it.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    seed: u64,
    stop: Option<oneshot::Sender<()>>,
    serving: JoinHandle<()>,
    delivering: JoinHandle<()>,
}

/// The mock could not listen.
#[derive(Debug, thiserror::Error)]
#[error("listen on {address}: {cause}")]
pub struct StartError {
    /// Where.
    pub address: SocketAddr,
    /// Why not.
    pub cause: io::Error,
}

impl Settings {
    /// The default sandbox on a free loopback port, with a seed nobody chose.
    #[must_use]
    pub fn sandbox() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            seed: random_seed(),
            units: default_units(),
            webhook_dates: WebhookDates::Real,
            webhook_timeout: ANSWER_WITHIN,
            rate_limits: RateLimits::On,
            strictness: Strictness::Lenient,
            profile: Profile::Test,
            control: ControlApi::Open,
        }
    }

    /// The mock that the features run against.
    ///
    /// The taxi of the features lives by the sales unit's clock, so its webhooks are dated by it.
    /// Nor have the features ten seconds for a receiver that is meant to keep silent.
    #[must_use]
    pub fn for_features() -> Self {
        let webhook_timeout = SignedDuration::from_millis(700);
        Self { webhook_dates: WebhookDates::Unit, webhook_timeout, ..Self::sandbox() }
    }
}

impl Server {
    /// Listens, and serves from then on.
    ///
    /// # Errors
    ///
    /// [`StartError`] when the address cannot be listened on.
    pub async fn start(settings: Settings) -> Result<Self, StartError> {
        let failed = |cause| StartError { address: settings.listen, cause };
        let listener = TcpListener::bind(settings.listen).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let Settings { strictness, profile, .. } = settings;
        let units = settings.units.into_iter();
        let units = units.map(|seed| SalesUnitSeed { strictness, profile, ..seed });
        let (mock, newcomers) = Mock::new(settings.seed, units.collect(), settings.rate_limits);
        let public_url = settings.public_url.unwrap_or_else(|| default_public_url(address));
        let edge =
            Edge::new(mock.clone(), public_url).with_strictness(strictness).with_profile(profile);
        let router = match settings.control {
            ControlApi::Off => router(edge, false),
            ControlApi::Open => router(edge, true),
            ControlApi::With(token) => router(edge.with_control_token(token), true),
        };
        let sender = HttpSender::new(settings.webhook_dates);
        let sender = sender.answered_within(settings.webhook_timeout);
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            // Idle connections are closed, calls in progress are answered, and streams, which would
            // go on for ever, are brought to their end.
            let until = async move {
                drop(stopped.await);
                mock.end_histories();
            };
            // Serving ends when it is told to, and in no other way.
            let _ = axum::serve(listener, router).with_graceful_shutdown(until).await;
        });
        let delivering = tokio::spawn(delivery::run(newcomers, sender));
        Ok(Self { address, seed: settings.seed, stop: Some(stop), serving, delivering })
    }

    /// Where it listens, with the port it really has.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as a base URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The seed of its ids: starting with it again gives the same ones.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// Stops it: calls in progress are answered, but not waited for long.
    pub async fn stop(mut self) {
        drop(self.stop.take());
        self.delivering.abort();
        let _ = within(STOP_WITHIN, &mut self.serving).await;
    }
}

/// All addresses together are none that a browser could open.
fn default_public_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

impl Drop for Server {
    /// Serving ends by itself: its `stop` goes with the rest.
    fn drop(&mut self) {
        self.delivering.abort();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_can_be_opened_whatever_is_listened_on() {
        let cases = [
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("[::1]:8080", "http://[::1]:8080"),
            ("0.0.0.0:8080", "http://localhost:8080"),
            ("[::]:9000", "http://localhost:9000"),
        ];
        for (listen, expected) in cases {
            assert_eq!(default_public_url(listen.parse().unwrap()), expected);
        }
    }
}
