//! Webhooks: how a delivery is verified, received and used.

mod secret;

pub use secret::Secret;
