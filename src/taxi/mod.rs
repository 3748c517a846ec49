//! The reference taxi merchant.

mod advice;
pub mod client;
pub mod clock;
pub mod credentials;
pub mod error;
pub mod money;
pub mod phone;
pub mod receipt;
pub mod reference;
pub mod retry;
pub mod transport;
pub mod webhook;
