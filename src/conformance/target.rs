//! What the scenarios run against.

use std::sync::Arc;

use super::control::Control;
use super::error::RunError;
use crate::taxi::transport::http_client;

tokio::task_local! {
    /// The target of the current run. Cucumber makes worlds without arguments and polls them all
    /// within the run's own task, so this needs no global that two runs would fight over.
    pub(super) static TARGET: Arc<Target>;
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
}
