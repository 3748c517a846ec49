//! The flags that say what to run, against what, and what to write.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

use super::super::serve::listen_address;
use super::super::target::BaseUrl;
use crate::conformance::{
    DEFAULT_JOBS, DEFAULT_JOBS_SHARED, GivenUnit, Options, Reports, Selection, Show, TargetOptions,
    WebhookAddress,
};
use crate::http::ControlToken;

#[derive(Debug, Args)]
pub(super) struct SelectionArgs {
    /// Features or directories of features, among the embedded ones or on disk [default: all embedded]
    #[arg(value_name = "PATH")]
    paths: Vec<String>,

    /// Directory with features of your own, to run instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    features: Option<PathBuf>,

    /// Only scenarios whose tags match, such as '@taxi and not @mock-only'
    #[arg(long, value_name = "EXPR")]
    tags: Option<String>,

    /// Only scenarios with this in their name, in any case
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// Address of a running mock, or of anything else that speaks the API; without a control API
    /// there, the keys come from the VIPPS_… variables [default: a mock started for this run]
    #[arg(long, value_name = "URL")]
    pub(super) target: Option<BaseUrl>,

    /// What the target's control API is used with, if `serve` was given a --control-token
    #[arg(long, value_name = "TOKEN", env = "VIPPS_MOCK_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<ControlToken>,

    /// Phone number of a test user, for a target without a control API
    #[arg(long, value_name = "PHONE", env = "VIPPS_PHONE")]
    phone: Option<String>,

    /// Name by which the target reaches this machine, when it runs in a container or elsewhere;
    /// webhooks are then listened for on all addresses, not only on loopback
    #[arg(long, value_name = "NAME", requires = "target", value_parser = host_name)]
    webhook_host: Option<String>,

    /// Where to listen for webhooks that come through a tunnel
    #[arg(long, value_name = "ADDR", requires = "webhook_url", conflicts_with = "webhook_host",
          value_parser = listen_address)]
    webhook_listen: Option<SocketAddr>,

    /// Address at which the target reaches that listener
    #[arg(long, value_name = "URL", requires = "webhook_listen")]
    webhook_url: Option<BaseUrl>,

    /// File that says which scenarios are known to fail at the target, and which to leave out
    #[arg(long, value_name = "FILE")]
    expect: Option<PathBuf>,

    #[arg(long, value_name = "FILE", help = "Write a JUnit XML report here")]
    junit: Option<PathBuf>,

    /// Write a Cucumber JSON report here
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write a report here that a browser shows
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Write a summary in Markdown here, for the page of a CI run
    #[arg(long, value_name = "FILE")]
    summary: Option<PathBuf>,

    #[arg(long, value_name = "N", value_parser = one_or_more, help = format!(
        "How many scenarios run at a time [default: {DEFAULT_JOBS}, or {DEFAULT_JOBS_SHARED} in a sales unit that they share]"
    ))]
    jobs: Option<usize>,

    /// Number that the ids of the mock started for this run are drawn from [default: random, printed]
    #[arg(long, value_name = "N", conflicts_with = "target")]
    pub(super) seed: Option<u64>,

    /// Stop at the first failure
    #[arg(long)]
    fail_fast: bool,

    /// Name every scenario that could not run
    #[arg(long)]
    pub(super) verbose: bool,
}

impl From<SelectionArgs> for Selection {
    fn from(args: SelectionArgs) -> Self {
        let SelectionArgs { paths, features, tags, name } = args;
        Self { features, paths, tags, name }
    }
}

impl RunArgs {
    /// The run they ask for, against the given address of a mock of its own if there is one.
    pub(super) fn options(self, own: Option<String>) -> Options {
        let is_own = own.is_some();
        let url = own.or_else(|| self.target.map(|url| url.to_string())).unwrap_or_default();
        let webhooks = match (self.webhook_host, self.webhook_listen, self.webhook_url) {
            (Some(name), ..) => WebhookAddress::Host(name),
            (None, Some(listen), Some(url)) => {
                WebhookAddress::Tunnel { listen, url: url.to_string() }
            }
            _ => WebhookAddress::Loopback,
        };
        let lookup = |name: &str| match name {
            "VIPPS_PHONE" => self.phone.clone(),
            _ => std::env::var(name).ok(),
        };
        Options {
            selection: Selection::default(),
            // Whether it is needed is found out at the target.
            target: TargetOptions {
                url,
                is_own,
                control_token: self.control_token.map(|it| it.reveal().to_owned()),
                unit: GivenUnit::from_lookup(lookup).ok(),
                webhooks,
            },
            expectations: self.expect,
            reports: Reports {
                junit: self.junit,
                json: self.json,
                html: self.html,
                summary: self.summary,
            },
            jobs: self.jobs,
            fail_fast: self.fail_fast,
            show: Show::Nothing,
        }
    }
}

/// A name or an address of IPv4, as it stands in a URL before the port.
fn host_name(text: &str) -> Result<String, String> {
    let fits = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '-' | '.' | '_');
    if text.is_empty() || !text.chars().all(fits) {
        return Err("expected a name such as host.docker.internal, without a port".to_owned());
    }
    // As it will be in the Host header of the webhook.
    Ok(text.to_ascii_lowercase())
}

fn one_or_more(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(jobs) if jobs > 0 => Ok(jobs),
        _ => Err("expected a whole number from 1".to_owned()),
    }
}
