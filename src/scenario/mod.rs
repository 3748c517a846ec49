//! Named scenarios: what goes wrong, or just so, between a merchant and its customer, as recipes of a few
//! steps each.
//!
//! A recipe is a small TOML file ([`recipe`]); those in `fixtures/scenarios/` are part of the binary
//! ([`catalogue`]). Its steps ([`step`]) are calls of the control API and nothing else, so whoever can make
//! those calls can run it ([`run`]): the command line does, and the features do.

mod catalogue;
mod recipe;
mod run;
mod step;

pub(crate) use catalogue::shipped;
pub(crate) use recipe::Recipe;
pub(crate) use run::{Bench, Cause, Done, Given, Report, RunError, run};
pub(crate) use step::{Call, KIND_WIDTH};
