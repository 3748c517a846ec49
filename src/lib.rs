//! vipps-mock.

pub mod domain;

pub mod app;

pub mod delivery;

pub mod http;

pub mod cli;
pub mod config;
pub mod conformance;
pub mod taxi;
