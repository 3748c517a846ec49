//! The typed words of the steps.

mod payments;
mod pictures;
mod taxi;
mod values;

use cucumber::codegen::Parameter;

pub(super) use payments::{
    Answer, Event, Events, Flow, Identity, Market, Operation, Permission, Situation, State,
};
pub(super) use pictures::Picture;
pub(super) use taxi::{Act, Ending, Habit, Objection, Proxy, ReceiptFate, Statuses, Typing};
pub(super) use values::{Duration, Field, Json, Key, Money, Names};

/// The name and the pattern of each, for those who print steps.
pub(super) fn all() -> Vec<(&'static str, &'static str)> {
    fn one<P: Parameter>() -> (&'static str, &'static str) {
        (P::NAME, P::REGEX)
    }
    vec![
        one::<Act>(),
        one::<Answer>(),
        one::<Duration>(),
        one::<Ending>(),
        one::<Event>(),
        one::<Events>(),
        one::<Field>(),
        one::<Flow>(),
        one::<Habit>(),
        one::<Typing>(),
        one::<Identity>(),
        one::<Json>(),
        one::<Key>(),
        one::<Market>(),
        one::<Money>(),
        one::<Names>(),
        one::<Objection>(),
        one::<Operation>(),
        one::<Permission>(),
        one::<Picture>(),
        one::<Proxy>(),
        one::<ReceiptFate>(),
        one::<Situation>(),
        one::<State>(),
        one::<Statuses>(),
    ]
}
