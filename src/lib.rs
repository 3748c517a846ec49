//! vipps-mock.

pub mod domain;

pub mod app;

pub mod delivery;


pub mod cli;
pub mod config;
pub mod conformance;
pub mod taxi;
