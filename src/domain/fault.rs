//! What a tester asked to go wrong: which calls it strikes, what it does to them, and how often.

mod effect;
mod glob;
mod matcher;

use std::{collections::VecDeque, fmt, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use effect::{Commit, Effect, RETRY_AFTER_S, Stage, WireEffect};
pub use glob::Glob;
pub use matcher::{HeaderMatcher, Matcher, Probability, Traits};

use super::{EventType, Reference, webhook_effect::WebhookEffect};

/// A number of its own for each fault of a sales unit, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FaultId(pub u64);

/// What is to go wrong, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFault {
    /// What it strikes.
    pub matcher: Matcher,
    /// What it does.
    pub effect: Effect,
    /// How often it strikes; never 0. `None` means every time.
    pub times: Option<u32>,
    /// When it is over, however often it has struck. `None` means that time does not end it.
    pub until: Option<Timestamp>,
}

/// Something that is to go wrong, or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Its number.
    pub id: FaultId,
    /// What it strikes.
    pub matcher: Matcher,
    /// What it does.
    pub effect: Effect,
    /// How often it still strikes. `None` means every time, until it is removed.
    pub left: Option<u32>,
    /// When it is over.
    pub until: Option<Timestamp>,
    /// How often it has struck.
    pub hits: u32,
    /// How many calls it might have struck, going by what they are.
    seen: u32,
}

/// What is to be expected of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FaultState {
    /// It can strike.
    Waiting,
    /// It has struck as often as it was told.
    Spent,
    /// Its time is over.
    Expired,
}

/// There are too many faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sales unit has at most {FAULTS_MAX} faults")]
pub struct TooManyFaults;

/// How many faults a sales unit may have at a time.
pub const FAULTS_MAX: usize = 1_000;

/// How many faults are remembered that cannot strike any more, the latest.
pub const PAST_FAULTS_MAX: usize = 100;

/// The faults of a sales unit, in the order in which they strike.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Faults {
    waiting: Vec<Fault>,
    /// Those that cannot strike any more.
    past: VecDeque<Fault>,
    latest: u64,
}

impl Faults {
    /// Adds a fault behind the others.
    ///
    /// # Errors
    ///
    /// [`TooManyFaults`].
    pub fn add(&mut self, order: NewFault) -> Result<Fault, TooManyFaults> {
        if FAULTS_MAX <= self.waiting.len() {
            return Err(TooManyFaults);
        }
        self.latest += 1;
        let NewFault { matcher, effect, times: left, until } = order;
        let id = FaultId(self.latest);
        let fault = Fault { id, matcher, effect, left, until, hits: 0, seen: 0 };
        self.waiting.push(fault.clone());
        Ok(fault)
    }

    /// Whether none can strike.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Every fault that can still strike, and behind them those that could lately.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.waiting.iter().chain(&self.past)
    }

    /// Takes a fault away, and forgets it. Says whether there was one.
    pub fn remove(&mut self, id: FaultId) -> bool {
        let before = self.iter().count();
        self.waiting.retain(|it| it.id != id);
        self.past.retain(|it| it.id != id);
        self.iter().count() < before
    }

    /// Takes all of them away, and forgets them. Their numbers are not used again.
    pub fn clear(&mut self) {
        self.waiting.clear();
        self.past.clear();
    }

    /// Puts a fault aside whose time is over by now.
    pub fn expire(&mut self, id: FaultId, now: Timestamp) -> Option<Fault> {
        let is_it = |it: &Fault| it.id == id && it.state(now) == FaultState::Expired;
        let place = self.waiting.iter().position(is_it)?;
        Some(self.put_aside(place))
    }

    /// The first fault that strikes such a call here, counted as having struck. `dice` show a number
    /// below [`Probability::ALL`].
    pub fn strike(
        &mut self,
        stage: Stage,
        call: Traits<'_>,
        now: Timestamp,
        dice: &mut dyn FnMut() -> u32,
    ) -> Option<Arc<Fault>> {
        let is_such = |it: &Fault| it.effect.stage() == stage && it.matcher.matches(call);
        self.strike_first(is_such, now, dice)
    }

    /// The same for a webhook: the first fault that strikes an event of this type, and what it does.
    pub fn strike_webhook(
        &mut self,
        stage: Stage,
        event: EventType,
        reference: Option<&Reference>,
        now: Timestamp,
        dice: &mut dyn FnMut() -> u32,
    ) -> Option<(Arc<Fault>, WebhookEffect)> {
        let reference = reference.map(Reference::as_str);
        let is_such = |it: &Fault| {
            it.effect.stage() == stage
                && it.effect.concerns(event)
                && it.matcher.concerns(reference)
        };
        let fault = self.strike_first(is_such, now, dice)?;
        match fault.effect {
            Effect::Webhook { effect, .. } => Some((fault, effect)),
            Effect::Refuse { .. } | Effect::Wire(_) | Effect::Latency { .. } => None,
        }
    }

    /// Each fault that could strike counts the call, also where another is quicker.
    fn strike_first(
        &mut self,
        is_such: impl Fn(&Fault) -> bool,
        now: Timestamp,
        dice: &mut dyn FnMut() -> u32,
    ) -> Option<Arc<Fault>> {
        let mut first = None;
        let could = |it: &Fault| it.state(now) == FaultState::Waiting && is_such(it);
        let such = self.waiting.iter_mut().enumerate().filter(|(_, it)| could(it));
        for (place, fault) in such {
            fault.seen = fault.seen.saturating_add(1);
            if first.is_none() && fault.strikes_now(dice) {
                fault.hits = fault.hits.saturating_add(1);
                fault.left = fault.left.map(|left| left.saturating_sub(1));
                first = Some(place);
            }
        }
        let place = first?;
        let struck = self.waiting.get(place)?.clone();
        if struck.left == Some(0) {
            self.put_aside(place);
        }
        Some(Arc::new(struck))
    }

    fn put_aside(&mut self, place: usize) -> Fault {
        let fault = self.waiting.remove(place);
        if PAST_FAULTS_MAX <= self.past.len() {
            self.past.pop_front();
        }
        self.past.push_back(fault.clone());
        fault
    }
}

impl Fault {
    /// What is to be expected of it.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> FaultState {
        if self.left == Some(0) {
            FaultState::Spent
        } else if self.until.is_some_and(|until| until <= now) {
            FaultState::Expired
        } else {
            FaultState::Waiting
        }
    }

    fn strikes_now(&self, dice: &mut dyn FnMut() -> u32) -> bool {
        self.matcher.nth <= self.seen && self.matcher.probability.comes_about(dice)
    }
}

impl FaultState {
    /// What the control API calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Spent => "spent",
            Self::Expired => "expired",
        }
    }
}

/// Codes after which the same request, with the same key, is meant to be sent again: an internal
/// error, a payment that is locked, and a capture that failed for now (ePayment API guide, error
/// codes). All others stick to the key.
const TRANSIENT_CODES: [u16; 3] = [3010, 6160, 6280];

/// Whether a request that was refused with this code may be repeated with its key.
#[must_use]
pub fn is_transient(code: u16) -> bool {
    TRANSIENT_CODES.contains(&code)
}

impl fmt::Display for FaultId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests;
