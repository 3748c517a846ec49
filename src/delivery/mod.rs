//! Webhooks on the wire: signed, sent, and driven by each sales unit's agenda.

pub mod sign;

pub mod send;

pub mod wire;

mod gate;

use tokio::task::JoinSet;

use crate::app::{Newcomers, agenda};

pub use send::{HttpSender, WebhookDates};

/// Drives the agenda of every sales unit, present and to come, for as long as the mock lives.
///
/// A slow receiver holds up nothing but the events of its own registrations. Dropping the future
/// ends all deliveries.
pub async fn run(mut newcomers: Newcomers, sender: impl Into<HttpSender>) {
    let sender = sender.into();
    let mut drivers = JoinSet::new();
    loop {
        tokio::select! {
            Some(unit) = newcomers.recv() => {
                drivers.spawn(agenda::drive(unit, sender.clone()));
            }
            Some(_) = drivers.join_next() => {}
            else => return,
        }
    }
}
