//! What customers do by themselves: what their numbers say, or what a tester says instead.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    facts::Fact,
    unit::{SalesUnit, State},
};
use crate::domain::{
    Behaviour, Habit, Market, Payment, PaymentState, Person, PhoneNumber, Reference, Standing,
    user::{Act, Attempt, test_users},
};

/// The customers whose behaviour a tester has chosen.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Users(HashMap<PhoneNumber, Chosen>);

#[derive(Debug, Serialize, Deserialize)]
struct Chosen {
    behaviour: Behaviour,
    /// How many payments have met it.
    met: usize,
}

/// A customer, and what it does.
#[derive(Debug, Clone)]
pub struct User {
    /// Its number.
    pub phone: PhoneNumber,
    /// The market it is of, if of any.
    pub market: Option<Market>,
    /// What it does payment after payment, if it does anything by itself.
    pub behaviour: Option<Behaviour>,
    /// What it does with the next payment.
    pub next: Option<Habit>,
    /// Whether a tester has chosen it.
    pub is_chosen: bool,
    /// What it will do with payments that wait for it, in order.
    pub planned: Vec<PlannedAct>,
}

/// Something that a customer will do by itself, unless somebody else is quicker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedAct {
    /// When, by the unit's clock.
    pub at: Timestamp,
    /// With which payment.
    pub reference: Reference,
    /// What.
    pub act: Act,
}

/// A number at which nobody can have the app, so that no behaviour would ever show.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} begins with the code of no country that has the app")]
pub struct NoSuchCountry(pub PhoneNumber);

impl SalesUnit {
    /// The customers who act by themselves: those of the test numbers, and those a tester has chosen.
    #[must_use]
    pub fn users(&self) -> Vec<User> {
        self.look(|state, _| {
            let is_test_number = |it: &PhoneNumber| Habit::of(it).is_some();
            let mut others: Vec<_> =
                state.users.0.keys().filter(|it| !is_test_number(it)).cloned().collect();
            others.sort_unstable();
            let phones = test_users().map(|(phone, _)| phone).chain(others);
            phones.map(|phone| state.user(phone)).collect()
        })
    }

    /// This customer, whether or not it acts by itself.
    #[must_use]
    pub fn user(&self, phone: &PhoneNumber) -> User {
        self.look(|state, _| state.user(phone.clone()))
    }

    /// Chooses what a customer does, from the next payment on.
    ///
    /// # Errors
    ///
    /// [`NoSuchCountry`]; then nothing has changed.
    pub fn choose_behaviour(
        &self,
        phone: &PhoneNumber,
        behaviour: Behaviour,
    ) -> Result<User, NoSuchCountry> {
        if !phone.is_of_a_known_market() {
            return Err(NoSuchCountry(phone.clone()));
        }
        Ok(self.change(|change| {
            let text: Arc<str> = behaviour.to_string().into();
            change.state.users.0.insert(phone.clone(), Chosen { behaviour, met: 0 });
            change.note(Fact::Behaviour { phone: phone.clone(), behaviour: Some(text) });
            change.state.user(phone.clone())
        }))
    }

    /// Lets a customer do what its number says, from the next payment on. Says whether it did
    /// anything else before.
    #[must_use]
    pub fn clear_behaviour(&self, phone: &PhoneNumber) -> bool {
        self.change(|change| {
            let was_chosen = change.state.users.0.remove(phone).is_some();
            if was_chosen {
                change.note(Fact::Behaviour { phone: phone.clone(), behaviour: None });
            }
            was_chosen
        })
    }
}

impl Users {
    /// What the customer does with the next payment, if it does anything by itself.
    fn habit(&self, phone: &PhoneNumber) -> Option<&Habit> {
        match self.0.get(phone) {
            Some(chosen) => Some(chosen.behaviour.habit(chosen.met)),
            None => Habit::of(phone),
        }
    }

    /// Who the customer is to the next payment.
    pub(super) fn standing(&self, phone: &PhoneNumber) -> Standing {
        self.habit(phone).map(|it| it.standing).unwrap_or_default()
    }

    /// A payment meets the customer. What it does with that is what it did not do yet.
    pub(super) fn meet(&mut self, phone: &PhoneNumber) -> Option<Habit> {
        let habit = self.habit(phone).cloned();
        if let Some(chosen) = self.0.get_mut(phone) {
            chosen.met = chosen.met.saturating_add(1);
        }
        habit
    }
}

impl State {
    fn user(&self, phone: PhoneNumber) -> User {
        let market = Market::ALL.into_iter().find(|market| phone.is_of(*market));
        let chosen = self.users.0.get(&phone);
        let by_number = || {
            let always = Habit::of(&phone)?.clone();
            Some(Behaviour { once: Vec::new(), always })
        };
        let behaviour = chosen.map(|it| it.behaviour.clone()).or_else(by_number);
        let next = self.users.habit(&phone).cloned();
        let (is_chosen, planned) = (chosen.is_some(), self.planned(&phone));
        User { phone, market, behaviour, next, is_chosen, planned }
    }

    /// What this customer will do with payments that still wait for it.
    fn planned(&self, phone: &PhoneNumber) -> Vec<PlannedAct> {
        let waits = |reference: &Reference| {
            self.payment(reference).is_some_and(|it| it.state() == PaymentState::Created)
        };
        let acts = self.agenda.acts();
        let own = acts.filter(|(_, reference, whose, _)| *whose == phone && waits(reference));
        own.map(|(at, reference, _, act)| PlannedAct { at, reference: reference.clone(), act })
            .collect()
    }

    /// What the customer does with this payment: what it did when it was asked, whatever a tester
    /// has chosen since.
    fn habit<'a>(&'a self, payment: &'a Payment, phone: &PhoneNumber) -> Option<&'a Habit> {
        let asked = payment.asked().filter(|it| it.phone == *phone);
        asked.and_then(|it| it.habit.as_ref()).or_else(|| self.users.habit(phone))
    }

    /// Who the customer is to this payment.
    pub(super) fn standing(&self, payment: &Payment, phone: &PhoneNumber) -> Standing {
        self.habit(payment, phone).map(|it| it.standing).unwrap_or_default()
    }

    /// The customer of this number, as it is to this payment.
    pub(super) fn person(&self, payment: &Payment, phone: &PhoneNumber, now: Timestamp) -> Person {
        Person::of(phone, self.standing(payment, phone), now)
    }

    /// What comes of the customer's next attempt to pay this.
    pub(super) fn attempt(&self, payment: &Payment, phone: &PhoneNumber) -> Attempt {
        let in_vain = payment.declined().filter(|it| it.phone == *phone).count();
        self.habit(payment, phone).map_or(Attempt::Approve, |it| it.attempt(in_vain))
    }
}
