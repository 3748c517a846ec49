//! The typed words of the steps.

mod payments;
mod pictures;
mod taxi;
mod values;

pub(super) use payments::{Answer, Event, Events, Flow, Market, Situation, State};
pub(super) use pictures::Picture;
pub(super) use taxi::{Ending, Habit, Objection, ReceiptFate};
pub(super) use values::{Duration, Field, Json, Key, Money, Names};
