//! Use cases of profile sharing: what customers have consented to, and who may still read it.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Mock,
    facts::Fact,
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Consent, Market, Payment, Person, PhoneNumber, Scope, UserDetails,
    payment::{Payer, Shared},
};

/// What every customer has consented to.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Profiles(HashMap<PhoneNumber, Consent>);

/// A consent, and whether what was consented to can still be read.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The consent.
    pub consent: Consent,
    /// Whether its time is not over.
    pub is_fresh: bool,
}

impl Mock {
    /// The sales unit that has issued this token, if it is still valid.
    #[must_use]
    pub fn unit_by_token(&self, token: &str) -> Option<Arc<SalesUnit>> {
        self.units().into_iter().find(|unit| unit.accepts_token(token))
    }
}

impl SalesUnit {
    /// What a merchant may read about the customer of this name.
    #[must_use]
    pub fn profile(&self, sub: &str) -> Option<Shown> {
        self.look(|state, now| {
            let consent = state.profiles.0.values().find(|it| &*it.sub == sub)?.clone();
            Some(Shown { is_fresh: consent.is_fresh(now), consent })
        })
    }

    /// What the customer of a payment would be asked to share: nothing that it has lately agreed to.
    #[must_use]
    pub fn asks_to_share(&self, payment: &Payment) -> Vec<Scope> {
        self.look(|state, now| {
            let phone = customer_of(payment, self.seed().market);
            state.profiles.to_ask(&phone, &payment.request().scopes(), now)
        })
    }

    /// The name of a customer at this sales unit, always the same one.
    fn sub_of(&self, phone: &PhoneNumber) -> Arc<str> {
        self.entropy().uuid_of(phone.as_str())
    }
}

impl Profiles {
    /// What the customer has not agreed to yet, or too long ago. All of it or nothing is asked for.
    pub(super) fn to_ask(
        &self,
        phone: &PhoneNumber,
        scopes: &[Scope],
        now: Timestamp,
    ) -> Vec<Scope> {
        match self.0.get(phone) {
            Some(consent) if consent.covers(scopes, now) => Vec::new(),
            Some(_) | None => scopes.to_vec(),
        }
    }
}

/// Who pays: whoever came by the link, or was named by the merchant, or else somebody whose number
/// nobody has named.
pub(super) fn customer_of(payment: &Payment, market: Market) -> PhoneNumber {
    let came = payment.link().and_then(|link| match link.payer()? {
        Payer::Phone(phone) => Some(phone),
        Payer::Card { .. } => None,
    });
    came.or(payment.request().phone.as_ref())
        .cloned()
        .unwrap_or_else(|| PhoneNumber::test_number(market, UNNAMED))
}

/// The end of the number of a customer that nobody has named.
const UNNAMED: u8 = 99;

impl Change<'_> {
    /// The customer shares what it is asked for. It is asked only if it has not agreed lately.
    pub(super) fn share(&mut self, person: &Person, scopes: &[Scope]) {
        let now = self.now;
        if self.state.profiles.to_ask(&person.phone, scopes, now).is_empty() {
            return;
        }
        let earlier = self.state.profiles.0.get(&person.phone).filter(|it| it.is_fresh(now));
        let mut all = earlier.map(|it| it.scopes.clone()).unwrap_or_default();
        all.extend(scopes.iter().copied());
        all.sort_unstable();
        all.dedup();
        let sub = self.unit.sub_of(&person.phone);
        let consent = Consent { sub, scopes: all, at: now, person: person.clone() };
        self.state.profiles.0.insert(person.phone.clone(), consent);
        let phone = person.phone.clone();
        self.note(Fact::Customer { phone, what: "has consented to share its profile" });
    }

    /// What the merchant learns with a payment.
    pub(super) fn shared(&self, person: &Person, scopes: &[Scope]) -> Option<Shared> {
        let is_asked = !scopes.is_empty();
        is_asked.then(|| Shared {
            sub: self.unit.sub_of(&person.phone),
            details: UserDetails::of(person, scopes),
        })
    }
}
