//! `vipps-mock serve`: runs the mock until it is told to stop.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::FalseyValueParser;
use clap::{Args, ValueEnum};
use jiff::SignedDuration;

use super::access::AccessArgs;
use super::duration::DurationText;
use super::exit::{self, Exit};
use super::failure::Failure;
use super::output;
use super::server::{ControlApi, Server, Settings};
use super::target::BaseUrl;
use crate::app::entropy::random_seed;
use crate::app::{RateLimits, clock};
use crate::config;
use crate::delivery::WebhookDates;
use crate::domain::{Profile, Strictness};

/// Where a mock listens when nothing else is said.
pub(crate) const DEFAULT_LISTEN: &str = "127.0.0.1:8080";

/// How long calls in progress may take once the mock is told to stop.
const STOP_TIMEOUT: SignedDuration = SignedDuration::from_millis(500);

/// Flags of `vipps-mock serve`.
#[derive(Debug, Args)]
#[command(after_long_help = exit::help(
    &[
        "vipps-mock serve",
        "vipps-mock serve --listen 127.0.0.1:0 --seed 42",
        "vipps-mock serve --config sandbox.toml --webhook-dates unit",
        "vipps-mock serve --listen 0.0.0.0:8080 --control-token \"$TOKEN\"",
    ],
    &[Exit::Done, Exit::Usage, Exit::Config, Exit::Listen],
))]
pub(crate) struct ServeArgs {
    /// Address to listen on; port 0 takes any free port
    #[arg(long, value_name = "ADDR", env = "VIPPS_MOCK_LISTEN", default_value = DEFAULT_LISTEN,
          value_parser = listen_address)]
    listen: SocketAddr,

    /// Address put into links, when it differs from the one listened on
    #[arg(long, value_name = "URL", env = "VIPPS_MOCK_PUBLIC_URL")]
    public_url: Option<BaseUrl>,

    /// File with the sales units to start with [default: the built-in sandbox]
    #[arg(long, value_name = "FILE", env = "VIPPS_MOCK_CONFIG")]
    config: Option<PathBuf>,

    /// Number that ids and secrets are drawn from; the same seed gives the same ones [default: random, printed]
    #[arg(long, value_name = "N", env = "VIPPS_MOCK_SEED")]
    seed: Option<u64>,

    /// Which time the x-ms-date header of webhooks tells
    #[arg(long, value_name = "TIME", env = "VIPPS_MOCK_WEBHOOK_DATES", default_value = "real")]
    webhook_dates: DatesArg,

    /// Which environment to be: the test environment has force approve and special amounts, production
    /// has CARD payments and tokens of a day
    #[arg(long, value_name = "PROFILE", env = "VIPPS_MOCK_PROFILE", default_value = "test")]
    profile: ProfileArg,

    /// Refuse what the API descriptions do not allow: unknown members, calls without the
    /// Merchant-Serial-Number header, over-long Vipps-System-* headers, bodies not said to be JSON
    #[arg(long, env = "VIPPS_MOCK_STRICT", value_parser = FalseyValueParser::new())]
    strict: bool,

    /// How long a receiver of webhooks has to answer; the platform waits 10s
    #[arg(
        long,
        value_name = "DURATION",
        env = "VIPPS_MOCK_WEBHOOK_TIMEOUT",
        default_value = "10s"
    )]
    webhook_timeout: DurationText,

    /// Count no calls: for load tests, which the published limits would stop
    #[arg(long, env = "VIPPS_MOCK_NO_RATE_LIMITS", value_parser = FalseyValueParser::new())]
    no_rate_limits: bool,

    /// Answer nothing under /control
    #[arg(long, env = "VIPPS_MOCK_NO_CONTROL", value_parser = FalseyValueParser::new())]
    no_control: bool,

    #[command(flatten)]
    access: AccessArgs,
}

/// Values of `--webhook-dates`.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum DatesArg {
    /// The wall clock, which is what receivers compare with
    Real,
    /// The clock of the sales unit, which a tester can move
    Unit,
}

/// Values of `--profile`.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum ProfileArg {
    /// The test environment
    Test,
    /// Production
    Production,
}

impl ServeArgs {
    fn settings(self, seed: u64) -> Result<Settings, Failure> {
        let control =
            if self.no_control { ControlApi::Off } else { self.access.control(self.listen)? };
        Ok(Settings {
            listen: self.listen,
            public_url: self.public_url.map(|url| url.to_string()),
            seed,
            units: config::sales_units(self.config.as_deref())?,
            webhook_dates: match self.webhook_dates {
                DatesArg::Real => WebhookDates::Real,
                DatesArg::Unit => WebhookDates::Unit,
            },
            webhook_timeout: self.webhook_timeout.length(),
            rate_limits: if self.no_rate_limits { RateLimits::Off } else { RateLimits::On },
            strictness: Strictness::when(self.strict),
            profile: match self.profile {
                ProfileArg::Test => Profile::Test,
                ProfileArg::Production => Profile::Production,
            },
            control,
        })
    }
}

/// Serves until SIGTERM or SIGINT.
pub(crate) async fn run(args: ServeArgs) -> Result<Exit, Failure> {
    let seed = args.seed.unwrap_or_else(random_seed);
    let settings = args.settings(seed)?;
    // Asked for before the mock says that it is ready, so that no early signal is missed.
    let mut told_to_stop = StopSignal::new()?;
    let server = Server::start(settings).await?;
    output::note(&format!("seed {seed} (the same ids again: --seed {seed})"));
    output::line(&format!("listening on {}", server.url()))?;
    told_to_stop.wait().await;
    stop(server).await;
    Ok(Exit::Done)
}

/// Stops a mock, and does not wait forever for a client that keeps its call open.
pub(crate) async fn stop(server: Server) {
    if clock::within(STOP_TIMEOUT, server.stop()).await.is_none() {
        output::note("stopped without waiting for calls still in progress");
    }
}

/// Somebody at the keyboard, or a process manager, wants the program to end.
#[derive(Debug)]
pub(crate) struct StopSignal {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl StopSignal {
    pub(crate) fn new() -> Result<Self, Failure> {
        use tokio::signal::unix::{SignalKind, signal};
        let handler = |kind| signal(kind).map_err(Failure::Signals);
        let terminate = handler(SignalKind::terminate())?;
        Ok(Self { terminate, interrupt: handler(SignalKind::interrupt())? })
    }

    pub(crate) async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl StopSignal {
    #[expect(clippy::unnecessary_wraps, reason = "the same shape as on unix")]
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self {})
    }

    pub(crate) async fn wait(&mut self) {
        // Where there is no handler to be had, the program ends only by being killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// An address with a port; `localhost` is understood, other names are not looked up.
pub(crate) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let address = text.strip_prefix("localhost:").map(|port| format!("127.0.0.1:{port}"));
    let address = address.as_deref().unwrap_or(text);
    address.parse().map_err(|_| format!("expected IP:PORT, such as {DEFAULT_LISTEN}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_to_listen_on_has_an_ip_and_a_port() {
        let cases = [
            ("127.0.0.1:8080", Some("127.0.0.1:8080")),
            ("localhost:0", Some("127.0.0.1:0")),
            ("[::1]:80", Some("[::1]:80")),
            ("8080", None),
            ("127.0.0.1", None),
            ("127.0.0.1:99999", None),
            ("mock.example:80", None),
        ];
        for (text, expected) in cases {
            let parsed = listen_address(text).ok().map(|address| address.to_string());
            assert_eq!(parsed.as_deref(), expected, "{text}");
        }
    }
}
