//! What the control API says about calls.

use serde::Deserialize;

/// A call in short.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    pub(crate) id: String,
    pub(crate) at: String,
    pub(crate) method: String,
    pub(crate) target: String,
    #[serde(default)]
    pub(crate) operation: Option<String>,
    #[serde(default)]
    pub(crate) reference: Option<String>,
    pub(crate) status: u16,
    pub(crate) duration_ms: f64,
    #[serde(default)]
    pub(crate) reason: Option<String>,
    #[serde(default)]
    pub(crate) near_miss: Option<String>,
    #[serde(default)]
    pub(crate) fault: Option<String>,
}

/// A call, whole.
#[derive(Debug, Deserialize)]
pub(crate) struct Call {
    #[serde(flatten)]
    pub(crate) summary: Summary,
    pub(crate) request: Said,
    pub(crate) response: Said,
    #[serde(default)]
    pub(crate) curl: Option<String>,
    pub(crate) events: Vec<Event>,
    pub(crate) deliveries: Vec<Sent>,
}

/// What one side said.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Said {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    pub(crate) is_cut: bool,
}

/// What a call changed.
#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) text: String,
}

/// A webhook that a call sent out.
#[derive(Debug, Deserialize)]
pub(crate) struct Sent {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) event: Option<String>,
    #[serde(default)]
    pub(crate) status: Option<String>,
}
