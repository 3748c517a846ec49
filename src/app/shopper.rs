//! What a tester lets a customer do with one payment besides approving and rejecting it.

use serde::{Deserialize, Serialize};

use super::{
    facts::Fact,
    payments::{CommandError, Wish},
    profiles::customer_of,
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Payment, PaymentState, Reference,
    card::Card,
    kept::{Word, word},
    payment::{Attention, Link, Payer, PaymentMethod, Refusal},
    user::Outcome,
};

/// Why a customer cannot do what a tester wants it to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ShopperError {
    /// The payment has been answered, or taken back.
    #[error("it is {0} and does not wait for its customer")]
    NotWaiting(#[serde(deserialize_with = "word")] Word),
    /// The customer has paid, and nobody knows yet whether that worked.
    #[error("it is {0}, and the bank is being asked: only time answers it")]
    BankIsAsked(#[serde(deserialize_with = "word")] Word),
    /// A card is typed in on a page.
    #[error("it is paid with a card on a page, and not in the app")]
    NoApp,
    /// The flow has no page to come from.
    #[error("by {0} the customer comes from no browser")]
    NoBrowser(#[serde(deserialize_with = "word")] Word),
    /// It has been sent back, or closed before.
    #[error("its browser has come to the end already")]
    BrowserHasGone,
}

impl SalesUnit {
    /// The customer tries to pay, and this comes of it, whatever its number and the amount say. A
    /// payment that is refused waits on.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, it does not wait for its customer, or the
    /// customer does not get as far as paying; then nothing has changed.
    pub async fn fail(&self, reference: &Reference, outcome: Outcome) -> Result<(), CommandError> {
        self.look(|state, _| waiting(state.payment(reference), reference, self).map(drop))?;
        let wish = Wish { card: Card::Certain(outcome.attempt()), ..Wish::default() };
        match self.approve_as(reference, wish).await {
            Ok(()) | Err(CommandError::Declined { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The customer will not answer, whatever it does otherwise: the payment is left to expire.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, or it does not wait for its customer.
    pub fn ignore(&self, reference: &Reference) -> Result<(), CommandError> {
        self.change(|change| {
            change.waiting(reference)?;
            change.state.agenda.forget_acts(reference);
            change.attend(reference, Attention::Ignoring, "the customer will not answer");
            Ok(())
        })
    }

    /// The customer opens the app and is about to confirm. If nobody has been asked yet, the one
    /// whom the merchant has named is asked by that, as if it had followed the link.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, it does not wait for its customer, it is not
    /// paid in the app, or the customer may not pay it.
    pub fn open_app(&self, reference: &Reference) -> Result<(), CommandError> {
        self.change(|change| {
            let payment = change.waiting(reference)?;
            if payment.request().method == PaymentMethod::Card {
                return Err(refused(reference, ShopperError::NoApp));
            }
            if payment.asked().is_none() {
                let payment = payment.clone();
                let phone = customer_of(&payment, self.seed().market);
                if !change.may_pay(&phone, &payment) {
                    return Err(Refusal::CustomerNotFound.into());
                }
                change.take_payer(reference, Payer::Phone(phone.clone()));
                change.ask(reference, &phone);
            }
            change.attend(reference, Attention::Confirming, "the customer has opened the app");
            Ok(())
        })
    }

    /// The customer's browser is closed: it never comes back to the merchant. What the customer does
    /// in the app is another matter.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, it has no link, or whoever followed that has
    /// come to the end already.
    pub fn close_browser(&self, reference: &Reference) -> Result<(), CommandError> {
        self.change(|change| {
            let payment = change.find(reference)?;
            let flow = payment.request().user_flow.code();
            match payment.link() {
                None => return Err(refused(reference, ShopperError::NoBrowser(flow))),
                Some(link) if link.is_used() => {
                    return Err(refused(reference, ShopperError::BrowserHasGone));
                }
                Some(_) => {}
            }
            change.state.payment_mut(reference).and_then(Payment::link_mut).map(Link::close);
            let what = "the customer's browser was closed";
            change.note(Fact::Shopper { reference: reference.clone(), what });
            Ok(())
        })
    }
}

impl Change<'_> {
    fn waiting(&self, reference: &Reference) -> Result<&Payment, CommandError> {
        waiting(self.state.payment(reference), reference, self.unit)
    }

    fn attend(&mut self, reference: &Reference, attention: Attention, what: &'static str) {
        if let Some(payment) = self.state.payment_mut(reference) {
            payment.attend(attention);
        }
        self.note(Fact::Shopper { reference: reference.clone(), what });
    }
}

/// The payment, if it waits for its customer.
fn waiting<'a>(
    payment: Option<&'a Payment>,
    reference: &Reference,
    unit: &SalesUnit,
) -> Result<&'a Payment, CommandError> {
    let payment = payment.ok_or_else(|| unit.unknown(reference))?;
    let state = payment.state();
    match state {
        PaymentState::Created => Ok(payment),
        PaymentState::Processing => {
            Err(refused(reference, ShopperError::BankIsAsked(state.name())))
        }
        PaymentState::Authorized(_)
        | PaymentState::Aborted
        | PaymentState::Expired
        | PaymentState::Terminated => {
            Err(refused(reference, ShopperError::NotWaiting(state.name())))
        }
    }
}

fn refused(reference: &Reference, error: ShopperError) -> CommandError {
    CommandError::Shopper { error, reference: reference.clone() }
}
