//! What a tester asked to go wrong: which calls it strikes, what it does to them, and how often.

use std::{collections::VecDeque, fmt};

use super::{EventType, Operation, Reference, webhook_effect::WebhookEffect};

/// A number of its own for each fault of a sales unit, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FaultId(pub u64);

/// Something that is to go wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its number.
    pub id: FaultId,
    /// What it strikes.
    pub matcher: Matcher,
    /// What it does.
    pub effect: Effect,
    /// How often it still strikes; never 0. `None` means every time, until it is removed.
    pub left: Option<u32>,
}

/// What a fault strikes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matcher {
    /// Which operation; any that the effect can strike if there is none.
    pub operation: Option<Operation>,
    /// Which payment; any if there is none.
    pub reference: Option<Reference>,
}

/// What a fault does. Each kind strikes at a [`Stage`] of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The operation is answered with this published error code.
    Refuse {
        /// The code.
        code: u16,
        /// Whether the operation takes effect all the same.
        commit: Commit,
    },
    /// Something goes wrong with a webhook. The matcher's operation says nothing about it.
    Webhook {
        /// Which events; any that the effect can strike if there is none.
        event: Option<EventType>,
        /// What.
        effect: WebhookEffect,
    },
}

/// Whether an operation that is refused by a fault takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    /// Nothing happens.
    Never,
    /// It happens, and only the answer is wrong: as if the true one had been lost on the way.
    First,
}

/// Where on its way a call, or later a webhook, meets a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// When the operation is about to be carried out: the call is well-formed, and its key new.
    Operation,
    /// When an event is queued for a registration.
    Event,
    /// When a webhook is about to be sent.
    Attempt,
}

/// There are too many faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sales unit has at most {FAULTS_MAX} faults")]
pub struct TooManyFaults;

/// How many faults a sales unit may have at a time.
pub const FAULTS_MAX: usize = 1_000;

/// The faults of a sales unit, in the order in which they strike.
#[derive(Debug, Default)]
pub struct Faults {
    waiting: VecDeque<Fault>,
    latest: u64,
}

impl Faults {
    /// Adds a fault behind the others.
    ///
    /// # Errors
    ///
    /// [`TooManyFaults`].
    pub fn add(
        &mut self,
        matcher: Matcher,
        effect: Effect,
        times: Option<u32>,
    ) -> Result<Fault, TooManyFaults> {
        if FAULTS_MAX <= self.waiting.len() {
            return Err(TooManyFaults);
        }
        self.latest += 1;
        let fault = Fault { id: FaultId(self.latest), matcher, effect, left: times };
        self.waiting.push_back(fault.clone());
        Ok(fault)
    }

    /// Whether none can strike.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Every fault that can still strike.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.waiting.iter()
    }

    /// Takes a fault away. Says whether there was one.
    pub fn remove(&mut self, id: FaultId) -> bool {
        let before = self.waiting.len();
        self.waiting.retain(|it| it.id != id);
        self.waiting.len() < before
    }

    /// Takes all of them away. Their numbers are not used again.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }

    /// The first fault that strikes here, counted as having struck.
    pub fn strike(
        &mut self,
        stage: Stage,
        operation: Operation,
        reference: &Reference,
    ) -> Option<Fault> {
        self.strike_first(|it| {
            it.effect.stage() == stage && it.matcher.matches(operation, reference)
        })
    }

    /// The same for a webhook: the first fault that strikes an event of this type, and what it does.
    pub fn strike_webhook(
        &mut self,
        stage: Stage,
        event: EventType,
        reference: Option<&Reference>,
    ) -> Option<(Fault, WebhookEffect)> {
        let fault = self.strike_first(|it| {
            it.effect.stage() == stage
                && it.effect.concerns(event)
                && it.matcher.reference.as_ref().is_none_or(|it| Some(it) == reference)
        })?;
        match fault.effect {
            Effect::Webhook { effect, .. } => Some((fault, effect)),
            Effect::Refuse { .. } => None,
        }
    }

    fn strike_first(&mut self, strikes: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let place = self.waiting.iter().position(strikes)?;
        let fault = self.waiting.get_mut(place)?;
        match &mut fault.left {
            None => Some(fault.clone()),
            Some(left) if 1 < *left => {
                *left -= 1;
                Some(fault.clone())
            }
            Some(_) => self.waiting.remove(place),
        }
    }
}

impl Matcher {
    fn matches(&self, operation: Operation, reference: &Reference) -> bool {
        self.operation.is_none_or(|it| it == operation)
            && self.reference.as_ref().is_none_or(|it| it == reference)
    }
}

/// Codes after which the same request, with the same key, is meant to be sent again: an internal
/// error, a payment that is locked, and a capture that failed for now (ePayment API guide, error
/// codes). All others stick to the key.
const TRANSIENT_CODES: [u16; 3] = [3010, 6160, 6280];

impl Effect {
    /// Where it strikes.
    #[must_use]
    pub const fn stage(self) -> Stage {
        match self {
            Self::Refuse { .. } => Stage::Operation,
            Self::Webhook { effect, .. } => effect.stage(),
        }
    }

    /// Whether it is one that an event of this type can be struck by.
    fn concerns(self, event: EventType) -> bool {
        match self {
            Self::Refuse { .. } => false,
            Self::Webhook { event: wanted, effect } => {
                wanted.is_none_or(|it| it == event) && effect.can_strike(event)
            }
        }
    }
}

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

impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.operation.map_or("any call", Operation::name))?;
        match &self.reference {
            Some(reference) => write!(f, " of {reference}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refuse { code, commit: Commit::Never } => write!(f, "refused with {code}"),
            Self::Refuse { code, commit: Commit::First } => {
                write!(f, "carried out, and answered with {code}")
            }
            Self::Webhook { event: Some(event), effect } => write!(f, "{effect} ({event} alone)"),
            Self::Webhook { event: None, effect } => effect.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuse(code: u16) -> Effect {
        Effect::Refuse { code, commit: Commit::Never }
    }

    fn strike(faults: &mut Faults, operation: Operation, reference: &str) -> Option<u64> {
        let reference = reference.parse().unwrap();
        faults.strike(Stage::Operation, operation, &reference).map(|it| it.id.0)
    }

    #[test]
    fn the_first_that_matches_strikes_as_often_as_it_was_told() {
        let mut faults = Faults::default();
        let of = |reference: &str| Some(reference.parse().unwrap());
        let captures = Matcher { operation: Some(Operation::Capture), reference: None };
        let ride_2 = Matcher { operation: None, reference: of("ride-0002") };
        let anything = Matcher { operation: None, reference: None };
        faults.add(captures, refuse(6280), Some(2)).unwrap();
        faults.add(ride_2, refuse(3010), Some(1)).unwrap();
        faults.add(anything, refuse(6160), None).unwrap();
        let calls = [
            (Operation::Capture, "ride-0001", Some(1)),
            (Operation::Capture, "ride-0002", Some(1)),
            (Operation::Capture, "ride-0002", Some(2)),
            (Operation::Refund, "ride-0002", Some(3)),
            (Operation::Get, "ride-0001", Some(3)),
        ];
        for (operation, reference, expected) in calls {
            assert_eq!(strike(&mut faults, operation, reference), expected, "{operation:?}");
        }
        assert!(faults.remove(FaultId(3)));
        assert!(!faults.remove(FaultId(3)));
        assert_eq!(strike(&mut faults, Operation::Get, "ride-0001"), None);
    }

    #[test]
    fn webhooks_are_struck_by_faults_of_their_own() {
        let mut faults = Faults::default();
        let anything = Matcher { operation: None, reference: None };
        let captured = EventType::Payment(crate::domain::EventName::Captured);
        let lost = Effect::Webhook { event: Some(captured), effect: WebhookEffect::Drop };
        let failed = Effect::Webhook { event: None, effect: WebhookEffect::Unsuccessful };
        let forged = Effect::Webhook { event: None, effect: WebhookEffect::CorruptSignature };
        for effect in [refuse(3010), lost, failed, forged] {
            faults.add(anything.clone(), effect, Some(1)).unwrap();
        }
        let mut strike = |stage, event| {
            let reference = "ride-0001".parse().unwrap();
            let struck = faults.strike_webhook(stage, event, Some(&reference));
            struck.map(|(_, effect)| effect.name())
        };
        assert_eq!(strike(Stage::Event, EventType::CheckedIn), None, "a check-in cannot fail");
        assert_eq!(strike(Stage::Event, captured), Some("drop"));
        assert_eq!(strike(Stage::Event, captured), Some("unsuccessful"));
        assert_eq!(strike(Stage::Event, captured), None);
        assert_eq!(strike(Stage::Attempt, EventType::CheckedIn), Some("corrupt-signature"));
    }

    #[test]
    fn there_is_a_limit() {
        let mut faults = Faults::default();
        let anything = Matcher { operation: None, reference: None };
        for _ in 0..FAULTS_MAX {
            faults.add(anything.clone(), refuse(3010), None).unwrap();
        }
        assert_eq!(faults.add(anything, refuse(3010), None), Err(TooManyFaults));
    }
}
