//! What this side refuses to send: the part of the integration checklist that a taxi can check
//! before it asks anybody.
//!
//! Some of it the API refuses as well, and some it takes without a word: a request that leaves out
//! where the customer is counts as one to somebody elsewhere, and is found out in a review, months
//! later.
//!
//! Source: the in-store and the taxi integration checklists.

use super::wire::{CreatePayment, CustomerInteraction, UserFlow};

/// Why a request for payment is not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// It says that the passenger is elsewhere, which is also what saying nothing means.
    #[error("the passenger of a taxi is present, and the request does not say so")]
    NotPresent,
    /// It is to be pushed, and to no number.
    #[error("a push needs a phone number to go to")]
    Nobody,
    /// It is a link, and nobody knows where the passenger comes back to.
    #[error("a link needs an address to come back to")]
    NoWayBack,
}

impl Unsent {
    pub(in crate::taxi) fn advice(self) -> &'static str {
        match self {
            Self::NotPresent => "send CUSTOMER_PRESENT: the rules of payments in person ask for it",
            Self::Nobody => "ask the passenger for a phone number, or show a QR code",
            Self::NoWayBack => "send a returnUrl, https or a scheme of your app",
        }
    }
}

impl CreatePayment {
    /// Checks what a taxi's request must say.
    ///
    /// # Errors
    ///
    /// [`Unsent`], the first thing that is wrong.
    pub fn check(&self) -> Result<(), Unsent> {
        if self.customer_interaction != CustomerInteraction::CustomerPresent {
            return Err(Unsent::NotPresent);
        }
        match self.user_flow {
            UserFlow::PushMessage if self.customer.is_none() => Err(Unsent::Nobody),
            UserFlow::WebRedirect | UserFlow::NativeRedirect if self.return_url.is_none() => {
                Err(Unsent::NoWayBack)
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxi::money::Amount;

    #[test]
    fn a_request_says_what_a_taxis_request_must() {
        let (reference, phone) = ("ride-0001-1".parse().unwrap(), "4790000001".parse().unwrap());
        let push = CreatePayment::push(reference, Amount::nok(34592), phone);
        let (user_flow, return_url) = (UserFlow::WebRedirect, Some("taxiapp://ride".to_owned()));
        let link = CreatePayment { user_flow, return_url, customer: None, ..push.clone() };
        let code = CreatePayment { user_flow: UserFlow::Qr, customer: None, ..push.clone() };
        let absent = CustomerInteraction::CustomerNotPresent;
        let cases = [
            (push.clone(), Ok(())),
            (link.clone(), Ok(())),
            (code, Ok(())),
            (CreatePayment { customer: None, ..push.clone() }, Err(Unsent::Nobody)),
            (CreatePayment { return_url: None, ..link }, Err(Unsent::NoWayBack)),
            (CreatePayment { customer_interaction: absent, ..push }, Err(Unsent::NotPresent)),
        ];
        for (request, expected) in cases {
            assert_eq!(request.check(), expected, "{request:?}");
        }
    }
}
