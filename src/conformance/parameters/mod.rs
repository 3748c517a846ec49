//! The typed words of the steps.

mod payments;
mod taxi;
mod values;

pub(super) use payments::{Answer, Event, Events, Flow, Identity, Market, Situation, State};
pub(super) use taxi::{Ending, Habit, Objection};
pub(super) use values::{Duration, Field, Json, Key, Money, Names};
