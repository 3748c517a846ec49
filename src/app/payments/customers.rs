//! What customers do to a payment, by themselves, by a tester's hand, or by force.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Approver, CommandError, Wish};
use crate::{
    app::{agenda::Due, facts::Fact, unit::Change},
    domain::{
        Payment, PaymentError, PaymentState, PhoneNumber, Reference, Standing,
        card::{Card, Decline, DeclinedAttempt, Verdict, verdict},
        payment::{Approval, AskedCustomer, Refusal},
        user::{Act, Attempt},
    },
};

/// Why the test endpoint does not approve for a customer, though the payment could be approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApproveError {
    /// The token is not that of the payment's landing page.
    #[error("the token does not belong to this payment")]
    WrongToken,
    /// The customer has never paid in the app.
    #[error("the customer has never approved a payment in the app, and is not identified")]
    Unidentified,
    /// The customer has no card.
    #[error("the customer has no card")]
    NoCard,
    /// The customer's only card is blocked by the merchant.
    #[error("the only card of the customer is a commercial one, and those are blocked")]
    BlockedSource,
    /// The customer may not pay that much.
    #[error("the payment exceeds the limit of the customer")]
    OverTheLimit,
    /// The customer's test card has expired, which the platform answers as an error of its own.
    #[error("the test card of the customer has expired: take another test user")]
    ExpiredCard,
    /// The customer is of another market than the sales unit.
    #[error("a test user pays in its own market only")]
    OtherMarket,
}

impl Change<'_> {
    /// The customer of this number is asked now, and may do by itself what its behaviour says.
    pub(in crate::app) fn ask(&mut self, reference: &Reference, phone: &PhoneNumber) {
        let habit = self.state.users.meet(phone);
        let Some(payment) = self.state.payment_mut(reference) else { return };
        let expires_at = payment.expires_at();
        let (phone, at) = (phone.clone(), self.now);
        payment.ask(AskedCustomer { phone: phone.clone(), at, habit: habit.clone() });
        for (at, act) in habit.iter().flat_map(|it| it.plan(at, expires_at)) {
            self.plan(at, Due::Customer(reference.clone(), phone.clone(), act));
        }
    }

    /// The customer presses Pay in the app, all else being settled. A card that is refused is noted:
    /// the customer may try again.
    pub(super) fn pay(
        &mut self,
        reference: &Reference,
        phone: &PhoneNumber,
        approval: Arc<Approval>,
        card: Card,
    ) -> Result<(), CommandError> {
        let payment = self.find(reference)?;
        let request = payment.request();
        let amount = request.amount_with(approval.shipping.as_ref());
        let blocks = request.blocks_sources;
        let (market, environment) = (self.unit.seed().market, self.unit.environment());
        let by_card = |attempt| verdict(amount, market, environment, attempt, blocks);
        let verdict = match card {
            Card::Usual => by_card(self.state.attempt(payment, phone)),
            Card::With(attempt) => by_card(attempt),
            Card::Certain(attempt) => attempt.verdict(blocks),
            Card::Forced => Verdict::Approved,
        };
        match verdict {
            Verdict::Approved => {
                self.reserve(reference, phone, &approval, Payment::approve)?;
                if card != Card::Forced {
                    self.state.identified.insert(phone.clone());
                }
                Ok(())
            }
            Verdict::Declined(reason) => {
                self.note_declined(reference, phone, reason);
                Err(CommandError::Declined { reason, reference: reference.clone() })
            }
            Verdict::ApprovedAfter(wait) => {
                if let Some(payment) = self.state.payment_mut(reference) {
                    payment.await_bank();
                }
                self.note(Fact::BankAsked { reference: reference.clone() });
                let settlement = Due::Settlement(reference.clone(), phone.clone(), approval);
                self.plan(self.now + wait, settlement);
                Ok(())
            }
        }
    }

    fn note_declined(&mut self, reference: &Reference, phone: &PhoneNumber, reason: Decline) {
        let attempt = DeclinedAttempt { at: self.now, phone: phone.clone(), reason };
        if let Some(payment) = self.state.payment_mut(reference) {
            payment.note_declined(attempt);
        }
        self.note(Fact::Declined { reference: reference.clone(), reason });
    }

    /// The test endpoint approves for the customer: the amounts that cards refuse mean nothing to
    /// it, but there has to be a customer who could pay.
    pub(super) fn force_approve(
        &mut self,
        reference: &Reference,
        approver: &Approver,
    ) -> Result<(), CommandError> {
        let payment = self.find(reference)?;
        if payment.request().is_express() && payment.state() == PaymentState::Created {
            let error = PaymentError::ExpressNotForced;
            return Err(CommandError::Payment { error, reference: reference.clone() });
        }
        let customer = match approver {
            Approver::Customer(identity) => {
                let phone = self.state.identify(identity, self.now)?;
                if !phone.is_of_a_known_market() {
                    return Err(Refusal::InvalidPhoneNumber(phone).into());
                }
                Some(phone)
            }
            Approver::Token(token) => {
                let link = payment.link().map(|it| &*it.address().token);
                if link != Some(token) {
                    return Err(ApproveError::WrongToken.into());
                }
                payment.request().phone.clone()
            }
            Approver::UnreadableQr => return Err(Refusal::InvalidPersonalQr.into()),
        };
        if let (PaymentState::Created, Some(customer)) = (payment.state(), &customer) {
            self.check_customer(payment, customer)?;
        }
        let wish = Wish { customer, card: Card::Forced, ..Wish::default() };
        self.approve_offered(reference, &wish, None)
    }

    fn check_customer(&self, payment: &Payment, phone: &PhoneNumber) -> Result<(), CommandError> {
        if !phone.is_of(self.unit.seed().market) {
            return Err(ApproveError::OtherMarket.into());
        }
        let standing = self.state.standing(payment, phone);
        let attempt = self.state.attempt(payment, phone);
        let error = match (standing, attempt) {
            (Standing::Unknown, _) => return Err(Refusal::CustomerNotFound.into()),
            (Standing::Unidentified, _) if !self.state.identified.contains(phone) => {
                ApproveError::Unidentified
            }
            (_, Attempt::Refused(Decline::NoCard)) => ApproveError::NoCard,
            (_, Attempt::Refused(Decline::PaymentLimitExceeded)) => ApproveError::OverTheLimit,
            (_, Attempt::Refused(Decline::ExpiredCard)) => ApproveError::ExpiredCard,
            (_, Attempt::WithCommercialCard) if payment.request().blocks_sources => {
                ApproveError::BlockedSource
            }
            _ => return Ok(()),
        };
        Err(error.into())
    }

    /// The customer may have been too late, or the merchant quicker: then nothing happens.
    pub(in crate::app) fn customer_acts(
        &mut self,
        reference: &Reference,
        phone: &PhoneNumber,
        act: Act,
    ) {
        let _ = match act {
            Act::Pay(attempt) => {
                let (customer, card) = (Some(phone.clone()), Card::With(attempt));
                let wish = Wish { customer, card, ..Wish::default() };
                self.begin_approval(reference, wish, None).map(|_| ())
            }
            Act::Reject => self.make(reference, None, Payment::reject).map(|_| ()),
            Act::Ignore => Ok(()),
        };
    }

    /// The bank has answered at last.
    pub(in crate::app) fn settle(
        &mut self,
        reference: &Reference,
        phone: &PhoneNumber,
        approval: &Arc<Approval>,
    ) {
        let _ = self.reserve(reference, phone, approval, Payment::settle);
    }
}
