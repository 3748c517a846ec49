//! The conformance harness: Gherkin features that run against a mock over HTTP.
//!
//! It imports nothing of the mock, so that it can find the mock's mistakes. Reading order:
//! [`run`] and its [`Options`], `catalogue` and `selection` for what is run, [`lint`] for what is
//! refused, `world` for what a scenario knows, `merchant` and `http_call` for how it calls, and
//! `steps` for what the words of the features mean.

mod address;
mod browser;
mod cab;
mod capabilities;
mod catalogue;
mod clock;
mod collector;
mod control;
mod error;
mod exchange;
mod expectations;
mod failure;
mod given;
mod http_call;
pub mod ledger;
pub mod lint;
mod merchant;
mod mortal;
mod obstacles;
mod opened;
mod pace;
mod parameters;
mod parser;
mod plan;
mod progress;
mod receiver;
mod relay;
mod report;
mod runner;
mod secrets;
mod selection;
mod steps;
mod stream;
mod summary;
mod target;
mod vocabulary;
mod world;

pub use address::WebhookAddress;
pub use capabilities::Capabilities;
pub use catalogue::{LoadedFeature, load};
pub use error::RunError;
pub use given::GivenUnit;
pub use opened::Closing;
pub use progress::Show;
pub use report::{Reports, write_terminal};
pub use runner::{DEFAULT_JOBS, DEFAULT_JOBS_SHARED, Options, run, run_until};
pub use selection::{ListedScenario, Selection, list, select};
pub use summary::{Outcome, ScenarioResult, StepResult, Summary};
pub use target::TargetOptions;
pub use vocabulary::{KnownStep, steps};
