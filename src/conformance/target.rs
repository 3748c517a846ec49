//! What the scenarios run against.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;

use super::control::Control;
use super::error::RunError;
use crate::taxi::transport::http_client;

tokio::task_local! {
    /// The target of the current run. Cucumber makes worlds without arguments and polls them all
    /// within the run's own task, so this needs no global that two runs would fight over.
    pub(super) static TARGET: Arc<Target>;
}

/// A free port to be called at, and its address, which is not everywhere the same.
#[derive(Debug)]
pub(super) struct Port {
    /// What is listened on.
    pub(super) listener: TcpListener,
    /// The address for callers in this process, without a slash at its end.
    pub(super) from_here: String,
    /// The address for the mock, without a slash at its end.
    pub(super) from_mock: String,
}

/// A running mock, and the one HTTP client that all scenarios share.
#[derive(Debug)]
pub(super) struct Target {
    /// The address without a slash at the end.
    pub(super) base_url: String,
    /// The name by which the mock reaches this machine, when it runs on another.
    pub(super) webhook_host: Option<String>,
    /// The shared client.
    pub(super) http: reqwest::Client,
}

impl Target {
    /// Finds the mock at `url`.
    pub(super) async fn reach(url: &str, webhook_host: Option<String>) -> Result<Self, RunError> {
        let base_url = url.trim_end_matches('/').to_owned();
        let http = http_client().map_err(|error| RunError::NoClient(error.to_string()))?;
        let target = Self { base_url, webhook_host, http };
        let control = Control::new(&target.http, &target.base_url);
        control.health().await.map_err(|failure| RunError::NoTarget {
            url: target.base_url.clone(),
            message: failure.to_string(),
        })?;
        Ok(target)
    }

    /// Listens at a free port: on loopback, or on every address for a mock elsewhere.
    pub(super) async fn listen(&self) -> io::Result<Port> {
        let (address, host) = match &self.webhook_host {
            None => (Ipv4Addr::LOCALHOST, "127.0.0.1"),
            Some(name) => (Ipv4Addr::UNSPECIFIED, name.as_str()),
        };
        let listener = TcpListener::bind((address, 0)).await?;
        let port = listener.local_addr()?.port();
        let from_here = format!("http://127.0.0.1:{port}");
        Ok(Port { listener, from_here, from_mock: format!("http://{host}:{port}") })
    }
}
