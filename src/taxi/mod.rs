//! The reference taxi merchant.

mod advice;
pub mod client;
pub mod clock;
pub mod credentials;
pub mod error;
pub mod fare;
pub mod money;
pub mod phone;
pub mod receipt;
pub mod reference;
pub mod retry;
pub mod ride;
pub mod transport;
pub mod webhook;

#[cfg(test)]
mod stand_in;
