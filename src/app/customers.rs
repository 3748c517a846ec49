//! Customers who are known by something else than their phone number: a check-in, or their own code.

use std::{collections::HashMap, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    entropy::hex,
    facts::Fact,
    unit::{Change, SalesUnit, State},
};
use crate::domain::{
    PhoneNumber,
    customer::{CUSTOMER_TOKEN_LIFETIME, CustomerIdentity, PersonalQr},
    payment::Refusal,
};

/// Which customer is behind which token and which code.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Customers {
    checked_in: HashMap<Arc<str>, CheckIn>,
    codes: HashMap<Arc<str>, PhoneNumber>,
}

#[derive(Debug, Serialize, Deserialize)]
struct CheckIn {
    phone: PhoneNumber,
    expires_at: Timestamp,
}

/// What a merchant may ask a customer by who has checked in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerToken {
    /// `customer.customerToken` of a create request.
    pub token: Arc<str>,
    /// When it is no longer taken.
    pub expires_at: Timestamp,
}

impl SalesUnit {
    /// A token as the event of a check-in carries it, valid for fifteen minutes of the unit's time.
    #[must_use]
    pub fn issue_customer_token(&self, phone: &PhoneNumber) -> CustomerToken {
        self.change(|change| change.issue_customer_token(phone))
    }

    /// The code that this customer's app shows: the same one however often it is asked for.
    #[must_use]
    pub fn issue_personal_qr(&self, phone: &PhoneNumber) -> PersonalQr {
        self.change(|change| {
            let customers = &mut change.state.customers;
            let known = customers.codes.iter().find(|(_, owner)| *owner == phone);
            if let Some((token, _)) = known {
                return PersonalQr::Tokenised(token.clone());
            }
            let token: Arc<str> = hex(&change.unit.entropy().bytes::<16>()).into();
            change.state.customers.codes.insert(token.clone(), phone.clone());
            change.note(Fact::Customer { phone: phone.clone(), what: "has a code of its own" });
            PersonalQr::Tokenised(token)
        })
    }

    /// Who is meant.
    ///
    /// # Errors
    ///
    /// [`Refusal::InvalidPersonalQr`] or [`Refusal::InvalidCustomerToken`] when it is nobody.
    pub fn identify(&self, identity: &CustomerIdentity) -> Result<PhoneNumber, Refusal> {
        self.look(|state, now| state.identify(identity, now))
    }
}

impl Change<'_> {
    /// As [`SalesUnit::issue_customer_token`], within a change that does more.
    pub(super) fn issue_customer_token(&mut self, phone: &PhoneNumber) -> CustomerToken {
        let now = self.now;
        let token: Arc<str> = BASE64_STANDARD.encode(self.unit.entropy().bytes::<36>()).into();
        let expires_at = now + CUSTOMER_TOKEN_LIFETIME;
        let checked_in = &mut self.state.customers.checked_in;
        checked_in.retain(|_, it| now < it.expires_at);
        checked_in.insert(token.clone(), CheckIn { phone: phone.clone(), expires_at });
        self.note(Fact::Customer { phone: phone.clone(), what: "has checked in" });
        CustomerToken { token, expires_at }
    }
}

impl State {
    /// Who is meant, at this time.
    pub(super) fn identify(
        &self,
        identity: &CustomerIdentity,
        now: Timestamp,
    ) -> Result<PhoneNumber, Refusal> {
        let customers = &self.customers;
        match identity {
            CustomerIdentity::Phone(phone)
            | CustomerIdentity::PersonalQr(PersonalQr::ClearText(phone)) => Ok(phone.clone()),
            CustomerIdentity::PersonalQr(PersonalQr::Tokenised(token)) => {
                customers.codes.get(token).cloned().ok_or(Refusal::InvalidPersonalQr)
            }
            CustomerIdentity::Token(token) => {
                let known = customers.checked_in.get(token).filter(|it| now < it.expires_at);
                known.map(|it| it.phone.clone()).ok_or(Refusal::InvalidCustomerToken)
            }
        }
    }
}
