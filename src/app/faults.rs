//! Use cases of a tester who wants something to go wrong.

use super::{
    facts::Fact,
    payments::CommandError,
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Operation, Reference,
    fault::{Commit, Effect, Fault, FaultId, Matcher, Stage, TooManyFaults, is_transient},
};

/// The answer that a tester asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("fault {fault} of the sales unit was waiting for this call")]
pub struct FaultAnswer {
    /// Which fault.
    pub fault: FaultId,
    /// The published code it answers with.
    pub code: u16,
    /// What was to be done.
    pub operation: Operation,
}

/// What became of an operation.
pub(super) struct Outcome<T> {
    /// What whoever called is told.
    pub(super) told: Result<T, CommandError>,
    /// What its key remembers. Nothing, if the same request is meant to be sent again.
    pub(super) remembered: Option<Result<T, CommandError>>,
}

impl SalesUnit {
    /// Adds a fault. It strikes `times` times, or until it is removed.
    ///
    /// # Errors
    ///
    /// [`TooManyFaults`].
    pub fn add_fault(
        &self,
        matcher: Matcher,
        effect: Effect,
        times: Option<u32>,
    ) -> Result<Fault, TooManyFaults> {
        self.change(|change| {
            let fault = change.state.faults.add(matcher, effect, times)?;
            change.note(Fact::FaultAdded { fault: fault.clone() });
            Ok(fault)
        })
    }

    /// Every fault that can still strike, in the order in which they would.
    #[must_use]
    pub fn faults(&self) -> Vec<Fault> {
        self.look(|state, _| state.faults.iter().cloned().collect())
    }

    /// Removes a fault. Says whether there was one.
    #[must_use]
    pub fn remove_fault(&self, id: FaultId) -> bool {
        self.change(|change| change.state.faults.remove(id))
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.change(|change| change.state.faults.clear());
    }
}

impl Change<'_> {
    /// Carries out an operation, unless a fault is waiting for it.
    pub(super) fn carry_out<T: Clone>(
        &mut self,
        operation: Operation,
        reference: &Reference,
        carry_out: impl FnOnce(&mut Self) -> Result<T, CommandError>,
    ) -> Outcome<T> {
        let Some((fault, commit)) = self.strike(operation, reference) else {
            let answer = carry_out(self);
            return Outcome { told: answer.clone(), remembered: Some(answer) };
        };
        let remembered = match commit {
            Commit::First => Some(carry_out(self)),
            Commit::Never if is_transient(fault.code) => None,
            Commit::Never => Some(Err(fault.into())),
        };
        Outcome { told: Err(fault.into()), remembered }
    }

    /// The fault that answers a call in place of the operation, or after it.
    pub(super) fn strike(
        &mut self,
        operation: Operation,
        reference: &Reference,
    ) -> Option<(FaultAnswer, Commit)> {
        let fault = self.state.faults.strike(Stage::Operation, operation, reference)?;
        let Effect::Refuse { code, commit } = fault.effect else { return None };
        let answer = FaultAnswer { fault: fault.id, code, operation };
        self.note(Fact::FaultStruck { fault, operation, reference: reference.clone() });
        Some((answer, commit))
    }
}
