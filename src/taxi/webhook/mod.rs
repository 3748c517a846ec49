//! Webhooks: how a delivery is verified, received and used.
//!
//! [`verify`] is the part to copy. [`receiver`] shows what stands around it: verify before parsing,
//! answer at once, drop repeats. [`registration`] gets the address registered exactly once.

pub mod event;
mod inbox;
pub mod receiver;
pub mod registration;
mod secret;
#[cfg(test)]
mod tests;
pub mod verify;

pub use event::WebhookEvent;
pub use receiver::{Counts, DateCheck, Receiver, Subscription};
pub use registration::{ensure_registered, unregister};
pub use secret::Secret;
pub use verify::VerifyError;

#[cfg(test)]
pub(crate) use tests::signed as signed_for_tests;
