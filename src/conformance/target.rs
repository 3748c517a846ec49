//! What the scenarios run against.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::address::{Addresses, Port, WebhookAddress};
use super::capabilities::{Capabilities, discover};
use super::control::Control;
use super::error::RunError;
use super::failure::Failure;
use super::given::GivenUnit;
use super::merchant::Merchant;
use super::opened::{Closing, Opened};
use super::pace::Pace;
use crate::taxi::clock::{Clock as _, RealClock};
use crate::taxi::transport::http_client;

tokio::task_local! {
    /// The target of the current run. Cucumber makes worlds without arguments and polls them all
    /// within the run's own task, so this needs no global that two runs would fight over.
    pub(super) static TARGET: Arc<Target>;
}

/// How long a shared token is used: half of the hour that it is good for.
const TOKEN_AGE_MAX: SignedDuration = SignedDuration::from_mins(30);
/// How long after the last webhook no other is expected, from this machine and from elsewhere.
const QUIET_HERE: SignedDuration = SignedDuration::from_millis(50);
const QUIET_ELSEWHERE: SignedDuration = SignedDuration::from_secs(4);

/// Where to run, and what is known of it beforehand.
#[derive(Debug, Clone, Default)]
pub struct TargetOptions {
    /// The address of a mock, or of anything else that speaks the API: `http://127.0.0.1:8080`.
    pub url: String,
    /// Whether it is a mock that was started for this run, so that nothing need be asked.
    pub is_own: bool,
    /// What its control API is used with, if it wants a token.
    pub control_token: Option<String>,
    /// The sales unit to use where none can be made.
    pub unit: Option<GivenUnit>,
    /// Where webhooks are to be sent.
    pub webhooks: WebhookAddress,
}

/// Something that speaks the API, and the one HTTP client that all scenarios share.
#[derive(Debug)]
pub(super) struct Target {
    /// The address without a slash at the end.
    pub(super) base_url: String,
    /// Whether it is a mock that ends with the run.
    pub(super) is_own: bool,
    /// The shared client.
    pub(super) http: reqwest::Client,
    /// The unit that all scenarios share; none where each makes its own.
    pub(super) given: Option<GivenUnit>,
    /// How long after the last webhook no other is expected.
    pub(super) quiet: SignedDuration,
    /// How often may be called, where scenarios share a unit.
    pub(super) pace: Pace,
    /// What has to be closed again, where scenarios share a unit.
    pub(super) opened: Opened,
    control_token: Option<String>,
    addresses: Addresses,
    is_deaf: AtomicBool,
    run: String,
    scenarios: AtomicU32,
    token: Mutex<Option<(String, Timestamp)>>,
}

impl Target {
    /// Finds what is at the address, and what can be done with it.
    pub(super) async fn reach(
        options: &TargetOptions,
    ) -> Result<(Arc<Self>, Capabilities), RunError> {
        let base_url = options.url.trim_end_matches('/').to_owned();
        let http = http_client().map_err(|error| RunError::NoClient(error.to_string()))?;
        let control = Control::new(&http, &base_url, options.control_token.as_deref());
        let has_control = options.is_own || has_control(&control, &base_url).await?;
        let given = if has_control {
            None
        } else {
            let missing = || RunError::NoUnit { url: base_url.clone() };
            Some(options.unit.clone().ok_or_else(missing)?)
        };
        let addresses = Addresses::open(&options.webhooks, &http).await?;
        let quiet = if is_here(&base_url) { QUIET_HERE } else { QUIET_ELSEWHERE };
        let target = Arc::new(Self {
            base_url,
            is_own: options.is_own,
            http,
            given,
            quiet,
            control_token: options.control_token.clone(),
            pace: Pace::default(),
            opened: Opened::default(),
            addresses,
            is_deaf: AtomicBool::new(false),
            run: run_mark(RealClock.now()),
            scenarios: AtomicU32::new(0),
            token: Mutex::default(),
        });
        let capabilities = discover(&target, options.is_own).await?;
        target.is_deaf.store(capabilities.no_webhooks.is_some(), Ordering::Relaxed);
        Ok((target, capabilities))
    }

    /// Its control API, where there is one.
    pub(super) fn control(&self) -> Control {
        Control::new(&self.http, &self.base_url, self.control_token.as_deref())
    }

    /// Listens where the target can reach it.
    pub(super) async fn listen(&self) -> std::io::Result<Port> {
        self.addresses.listen().await
    }

    /// Whether webhooks come through something that has its own address for this machine.
    pub(super) fn has_tunnel(&self) -> bool {
        self.addresses.is_tunnel()
    }

    /// Whether the target is on this machine, or said to be told how to reach it.
    pub(super) fn may_reach_us(&self) -> bool {
        is_here(&self.base_url) || self.addresses.is_named()
    }

    /// Whether no webhook comes here, so that a taxi had better have no address.
    pub(super) fn is_deaf(&self) -> bool {
        self.is_deaf.load(Ordering::Relaxed)
    }

    /// A mark for the names of one scenario, unlike any other's of this and other runs.
    pub(super) fn next_mark(&self) -> String {
        let number = self.scenarios.fetch_add(1, Ordering::Relaxed);
        format!("{}{number:03x}", self.run)
    }

    /// The token that scenarios of one unit share, while it is fresh enough.
    pub(super) fn shared_token(&self) -> Option<String> {
        self.with_token(|token| {
            let (token, since) = token.as_ref()?;
            let age = RealClock.now().duration_since(*since);
            (age < TOKEN_AGE_MAX).then(|| token.clone())
        })
    }

    /// Keeps a token for the others, where scenarios share a unit.
    pub(super) fn share_token(&self, token: &str) {
        if self.given.is_some() {
            self.with_token(|shared| *shared = Some((token.to_owned(), RealClock.now())));
        }
    }

    // One token is whole between any two statements, whatever panicked elsewhere.
    fn with_token<T>(&self, act: impl FnOnce(&mut Option<(String, Timestamp)>) -> T) -> T {
        act(&mut self.token.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Closes whatever is still open, at the end of a run.
    pub(super) async fn close(self: &Arc<Self>) -> Closing {
        let Some(given) = &self.given else { return Closing::default() };
        match Merchant::open(self, given.market(), &serde_json::json!({})).await {
            Ok(mut merchant) => self.opened.close(None, &mut merchant).await,
            Err(failure) => Closing { closed: 0, left: vec![failure.to_string()] },
        }
    }
}

async fn has_control(control: &Control, base_url: &str) -> Result<bool, RunError> {
    let url = base_url.to_owned();
    let unreached = |failure: Failure| RunError::NoTarget {
        url: base_url.to_owned(),
        message: failure.to_string(),
    };
    if !control.answers().await.map_err(unreached)? {
        return Ok(false);
    }
    match control.refusal().await.map_err(unreached)? {
        None => Ok(true),
        Some(message) => Err(RunError::ControlRefused { url, message }),
    }
}

/// Whether an address is one of this machine.
fn is_here(base_url: &str) -> bool {
    let host = reqwest::Url::parse(base_url).ok();
    let host = host.as_ref().and_then(reqwest::Url::host_str).unwrap_or_default();
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

/// Letters and digits that say when the run began, to the millisecond of two years.
fn run_mark(now: Timestamp) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut rest = now.as_millisecond().unsigned_abs();
    let mut mark = String::from("x");
    for _ in 0..7 {
        let digit = usize::try_from(rest % 36).unwrap_or_default();
        mark.push(char::from(DIGITS[digit]));
        rest /= 36;
    }
    mark
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_machine_is_known_as_one() {
        let cases = [
            ("http://127.0.0.1:8080", true),
            ("http://localhost:8080", true),
            ("http://[::1]:8080", true),
            ("https://apitest.vipps.no", false),
            ("http://localhost.example", false),
        ];
        for (url, expected) in cases {
            assert_eq!(is_here(url), expected, "{url}");
        }
    }

    #[test]
    fn runs_have_marks_of_their_own() {
        let now: Timestamp = "2030-01-01T12:00:00Z".parse().unwrap();
        let mark = run_mark(now);
        assert_ne!(mark, run_mark(now + SignedDuration::from_millis(1)));
        assert_ne!(mark, run_mark(now + SignedDuration::from_hours(24 * 300)));
        assert!(mark.len() == 8 && mark.starts_with('x'), "{mark}");
    }
}
