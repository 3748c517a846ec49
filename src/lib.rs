//! vipps-mock.

pub mod cli;
pub mod config;
pub mod conformance;
pub mod taxi;
