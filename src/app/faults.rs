//! Use cases of a tester who wants something to go wrong.
//!
//! A call can meet faults twice: when the gateway has let it through ([`SalesUnit::meet`]), and when
//! its operation is about to be carried out. What is known of it by then, but not by the use cases,
//! is kept beside them ([`seen_as`]).

use std::sync::Arc;

use jiff::SignedDuration;

use serde::{Deserialize, Serialize};

use super::{
    agenda::Due,
    facts::Fact,
    payments::CommandError,
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Operation, Reference,
    fault::{
        Commit, Effect, Fault, FaultId, FaultState, Matcher, NewFault, Probability, Stage,
        TooManyFaults, Traits, WireEffect, is_transient,
    },
};

/// The answer that a tester asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("fault {fault} of the sales unit was waiting for this call")]
pub struct FaultAnswer {
    /// Which fault.
    pub fault: FaultId,
    /// The published code it answers with.
    pub code: u16,
    /// What was to be done.
    pub operation: Operation,
}

/// What a tester asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What the fault strikes.
    pub matcher: Matcher,
    /// What it does.
    pub effect: Effect,
    /// How often it strikes; never 0. `None` means every time.
    pub times: Option<u32>,
    /// After what time it is over. `None` means that time does not end it.
    pub expires_after: Option<SignedDuration>,
}

/// What is known of a call where there are faults that it could meet.
#[derive(Debug, Clone, Default)]
pub struct SeenCall {
    /// What it asks for, as the journal calls it, if that is anything.
    pub operation: Option<&'static str>,
    /// The payment or order that it is about.
    pub reference: Option<String>,
    /// Names, in lower case, and values.
    pub headers: Vec<(Box<str>, Box<[u8]>)>,
}

/// What a call met on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Met {
    /// Which fault befell it, and what that does.
    pub fault: Option<(FaultId, WireEffect)>,
    /// How late the answer is to come.
    pub late_by: Option<SignedDuration>,
}

/// What became of an operation.
pub(super) struct Outcome<T> {
    /// What whoever called is told.
    pub(super) told: Result<T, CommandError>,
    /// What its key remembers. Nothing, if the same request is meant to be sent again.
    pub(super) remembered: Option<Result<T, CommandError>>,
}

tokio::task_local! {
    static SEEN: Arc<SeenCall>;
}

/// Has a call answered, whose operation meets faults as this call.
pub async fn seen_as<F: Future>(seen: Arc<SeenCall>, call: F) -> F::Output {
    SEEN.scope(seen, call).await
}

impl SalesUnit {
    /// Adds a fault.
    ///
    /// # Errors
    ///
    /// [`TooManyFaults`].
    pub fn add_fault(&self, wish: Wish) -> Result<Fault, TooManyFaults> {
        self.change(|change| {
            let Wish { matcher, effect, times, expires_after } = wish;
            // What lies beyond all timestamps never ends.
            let until = expires_after.and_then(|it| change.now.checked_add(it).ok());
            let fault = change.state.faults.add(NewFault { matcher, effect, times, until })?;
            if let Some(until) = until {
                change.plan(until, Due::FaultExpiry(fault.id));
            }
            change.note(Fact::FaultAdded { fault: Arc::new(fault.clone()) });
            Ok(fault)
        })
    }

    /// Every fault that can still strike, in the order in which they would, and behind them those
    /// that could lately; each with what is to be expected of it.
    #[must_use]
    pub fn faults(&self) -> Vec<(Fault, FaultState)> {
        self.look(|state, now| state.faults.iter().map(|it| (it.clone(), it.state(now))).collect())
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

    /// What befalls a call that has been let through, before anybody looks at what it wants.
    #[must_use]
    pub fn meet(&self, call: &SeenCall) -> Met {
        self.change(|change| {
            let call = call.traits();
            let late = change.strike_call(Stage::Latency, call);
            let late_by = late.and_then(|it| match it.effect {
                Effect::Latency { from, to } => Some(self.draw_between(from, to)),
                Effect::Refuse { .. } | Effect::Wire(_) | Effect::Webhook { .. } => None,
            });
            let fault = change.strike_call(Stage::Wire, call).and_then(|it| match it.effect {
                Effect::Wire(effect) => Some((it.id, effect)),
                Effect::Refuse { .. } | Effect::Latency { .. } | Effect::Webhook { .. } => None,
            });
            Met { fault, late_by }
        })
    }

    /// A time between two, to the millisecond.
    fn draw_between(&self, from: SignedDuration, to: SignedDuration) -> SignedDuration {
        let span = u32::try_from((to - from).as_millis()).unwrap_or(u32::MAX - 1);
        if span == 0 {
            return from;
        }
        from + SignedDuration::from_millis(self.dice().number(0, span + 1).into())
    }
}

impl SeenCall {
    fn traits(&self) -> Traits<'_> {
        let Self { operation, reference, headers } = self;
        Traits { operation: *operation, reference: reference.as_deref(), headers }
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
        if self.state.faults.is_empty() {
            return None;
        }
        let seen = SEEN.try_with(Arc::clone).unwrap_or_default();
        let (operation_name, reference) = (Some(operation.name()), Some(reference.as_str()));
        let call = Traits { operation: operation_name, reference, ..seen.traits() };
        let fault = self.strike_call(Stage::Operation, call)?;
        let Effect::Refuse { code, commit } = fault.effect else { return None };
        Some((FaultAnswer { fault: fault.id, code, operation }, commit))
    }

    /// The fault that strikes a call here.
    fn strike_call(&mut self, stage: Stage, call: Traits<'_>) -> Option<Arc<Fault>> {
        let fault = self.state.faults.strike(stage, call, self.now, &mut self.unit.throw())?;
        self.note(Fact::FaultStruck {
            fault: fault.clone(),
            operation: call.operation.unwrap_or("a call").into(),
            reference: call.reference.map(Into::into),
        });
        Some(fault)
    }

    /// The time of a fault may be over: then it is put aside.
    pub(super) fn expire_fault(&mut self, id: FaultId) {
        if let Some(fault) = self.state.faults.expire(id, self.now) {
            self.note(Fact::FaultExpired { fault: Arc::new(fault) });
        }
    }
}

impl SalesUnit {
    /// What decides where something is left to chance.
    pub(super) fn throw(&self) -> impl FnMut() -> u32 {
        || self.dice().number(0, Probability::ALL)
    }
}
