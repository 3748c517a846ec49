//! vipps-mock.

pub mod cli;
pub mod conformance;
pub mod taxi;
