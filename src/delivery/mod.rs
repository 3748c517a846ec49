//! Webhooks on the wire: signed, sent, and driven by each sales unit's agenda.

pub mod sign;

pub mod send;

mod wire;

use crate::app::{Newcomers, agenda};

pub use send::{HttpSender, WebhookDates};

/// Drives the agenda of every sales unit, present and to come, for as long as the mock lives.
///
/// A slow receiver holds up nothing but the events of its own payment.
pub async fn run(mut newcomers: Newcomers, dates: WebhookDates) {
    let sender = HttpSender::new(dates);
    while let Some(unit) = newcomers.recv().await {
        tokio::spawn(agenda::drive(unit, sender.clone()));
    }
}
