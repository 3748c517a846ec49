//! The conformance harness: Gherkin features that run against a mock over HTTP.
//!
//! It imports nothing of the mock, so that it can find the mock's mistakes. Reading order:
//! [`run`] and its [`Options`], `catalogue` and `selection` for what is run, [`lint`] for what is
//! refused, `world` for what a scenario knows, `merchant` and `http_call` for how it calls, and
//! `steps` for what the words of the features mean.

mod browser;
mod cab;
mod catalogue;
mod clock;
mod collector;
mod control;
mod error;
mod exchange;
mod failure;
mod http_call;
pub mod lint;
mod merchant;
mod parameters;
mod parser;
mod receiver;
mod relay;
mod runner;
mod selection;
mod steps;
mod summary;
mod target;
mod world;

pub use catalogue::{LoadedFeature, load};
pub use error::RunError;
pub use runner::{DEFAULT_JOBS, Options, run};
pub use selection::{ListedScenario, Selection, list, select};
pub use summary::{Outcome, ScenarioResult, Summary};
