//! What a customer does in the app before the money is reserved: it shares its profile, chooses how
//! the goods are sent, and approves.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::CommandError;
use crate::{
    app::{
        agenda::Due,
        facts::Fact,
        orders::OrderKey,
        profiles::customer_of,
        shipping::{CallbackRequest, ShippingCall},
        unit::{Change, SalesUnit},
    },
    domain::{
        Address, Amount, Market, Payment, PaymentError, PaymentState, Permissions, Person,
        PhoneNumber, Receipt, Reference, ShippingDetails, ShippingError,
        card::Card,
        money::AMOUNT_MAX_MINOR,
        payment::{Approval, Move, Refusal},
        shipping::{Offer, Shipping, ShippingGroup, choose},
    },
};

/// What a tester, or a page, says for the customer. What is left open, the customer does as usual:
/// it sends the goods home, by the way that is selected when it first looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wish {
    /// Who approves.
    pub customer: Option<PhoneNumber>,
    /// Where the goods go.
    pub address: Option<Address>,
    /// Which way, by the merchant's name for it.
    pub option: Option<Arc<str>>,
    /// What the customer pays with.
    pub card: Card,
}

/// What has become of an approval.
pub(in crate::app) enum Begun {
    /// It is done.
    Approved,
    /// The merchant is being asked for its shipping options.
    Asking,
}

/// [`Payment::approve`] or [`Payment::settle`].
pub(super) type Reserve =
    fn(&Payment, Arc<Approval>, Market, Permissions, Timestamp) -> Result<Move, PaymentError>;

type Reply = oneshot::Sender<Result<(), CommandError>>;

impl SalesUnit {
    /// The customer approves, once the merchant has said how it ships, if it has to be asked.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, it does not wait for its customer, or the
    /// goods cannot be shipped; then nothing has changed.
    pub async fn approve_as(&self, reference: &Reference, wish: Wish) -> Result<(), CommandError> {
        let (reply, answer) = oneshot::channel();
        match self.change(|change| change.begin_approval(reference, wish, Some(reply)))? {
            Begun::Approved => Ok(()),
            Begun::Asking => answer.await.unwrap_or_else(|_| {
                let error = ShippingError::CallbackFailed("the sales unit was reset".into());
                Err(CommandError::Shipping { error, reference: reference.clone() })
            }),
        }
    }

    /// The customer does not want to share its profile, and that ends the payment.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when there is no such payment, it does not wait for its customer, or the
    /// customer is not asked to share anything.
    pub fn refuse_consent(&self, reference: &Reference) -> Result<(), CommandError> {
        self.change(|change| {
            let payment = change.find(reference)?;
            let phone = customer_of(payment, change.unit.seed().market);
            let scopes = payment.request().scopes();
            let is_open = payment.state() == PaymentState::Created;
            if is_open && change.state.profiles.to_ask(&phone, &scopes, change.now).is_empty() {
                return Err(CommandError::NothingToConsentTo(reference.clone()));
            }
            change.make(reference, None, Payment::reject).map(|_| ())
        })
    }
}

impl Change<'_> {
    /// The customer approves, or waits for the merchant to say how it ships.
    pub(in crate::app) fn begin_approval(
        &mut self,
        reference: &Reference,
        wish: Wish,
        reply: Option<Reply>,
    ) -> Result<Begun, CommandError> {
        let payment = self.find(reference)?;
        let Some(shipping) = payment.request().features.shipping.clone() else {
            return self.approve_offered(reference, &wish, None).map(|()| Begun::Approved);
        };
        let Offer::Dynamic(callback) = &shipping.offer else {
            return self.approve_offered(reference, &wish, None).map(|()| Begun::Approved);
        };
        check_open(payment)?;
        let person = self.customer(payment, &wish)?;
        let address = self
            .address(&shipping, &person, &wish)
            .map_err(|error| CommandError::Shipping { error, reference: reference.clone() })?;
        let casing = self.state.callback_casing;
        let request = CallbackRequest::new(callback, reference, &address, casing);
        self.ask_merchant(ShippingCall { reference: reference.clone(), wish, request, reply });
        Ok(Begun::Asking)
    }

    /// The customer approves with what the merchant offers.
    pub(in crate::app) fn approve_offered(
        &mut self,
        reference: &Reference,
        wish: &Wish,
        offered: Option<&[ShippingGroup]>,
    ) -> Result<(), CommandError> {
        let payment = self.find(reference)?;
        check_open(payment)?;
        let request = payment.request().clone();
        let person = self.customer(payment, wish)?;
        let chosen = request.features.shipping.as_ref();
        let goods = request.amount;
        let shipping = chosen.map(|it| self.ship(it, goods, &person, wish, offered)).transpose();
        let shipping = shipping
            .map_err(|error| CommandError::Shipping { error, reference: reference.clone() })?;
        let scopes = request.scopes();
        let shared = self.shared(&person, &scopes);
        let approval = Arc::new(Approval { shared, shipping });
        self.pay(reference, &person.phone, approval, wish.card)
    }

    /// The money is reserved, by a move that the approval leads to.
    pub(super) fn reserve(
        &mut self,
        reference: &Reference,
        phone: &PhoneNumber,
        approval: &Arc<Approval>,
        compute: Reserve,
    ) -> Result<(), CommandError> {
        let seed = self.unit.seed();
        let (market, permissions, now) = (seed.market, seed.permissions, self.now);
        let payment = self.find(reference)?;
        // The approval goes back to the request that created the payment, and carries its key.
        let key = payment.create_key().cloned();
        let scopes = payment.request().scopes();
        let step = |payment: &Payment| compute(payment, approval.clone(), market, permissions, now);
        let person = self.state.person(payment, phone, now);
        self.make(reference, key, step)?;
        self.share(&person, &scopes);
        if let Some(details) = &approval.shipping {
            self.rewrite_receipt(reference, details);
        }
        if let Some(held) = self.find(reference)?.reservation() {
            self.plan(held.guaranteed_until, Due::GuaranteeEnd(reference.clone()));
        }
        Ok(())
    }

    /// Who approves, if it is old enough.
    fn customer(&self, payment: &Payment, wish: &Wish) -> Result<Person, CommandError> {
        let market = self.unit.seed().market;
        let phone = wish.customer.clone().unwrap_or_else(|| customer_of(payment, market));
        let standing = self.state.standing(payment, &phone);
        if payment.request().is_for_the_age_of(&phone, standing, self.now) {
            Ok(Person::of(&phone, standing, self.now))
        } else {
            Err(Refusal::CustomerNotFound.into())
        }
    }

    fn address(
        &self,
        shipping: &Shipping,
        person: &Person,
        wish: &Wish,
    ) -> Result<Address, ShippingError> {
        let address = wish.address.clone().or_else(|| person.home.clone());
        let address = address.ok_or(ShippingError::NoAddress)?;
        shipping.check_country(&address.country, self.unit.seed().market.code())?;
        Ok(address)
    }

    fn ship(
        &self,
        shipping: &Shipping,
        goods: Amount,
        person: &Person,
        wish: &Wish,
        offered: Option<&[ShippingGroup]>,
    ) -> Result<ShippingDetails, ShippingError> {
        let address = self.address(shipping, person, wish)?;
        let groups = match &shipping.offer {
            Offer::Fixed(groups) => groups,
            Offer::Dynamic(_) => offered.ok_or(ShippingError::NotAsked)?,
        };
        let option = choose(groups, wish.option.as_deref())?;
        // What is authorised has to be capturable, and no capture may ask for more.
        let total_minor = goods.minor().checked_add(option.amount.minor());
        if total_minor.is_none_or(|it| AMOUNT_MAX_MINOR < it) {
            return Err(ShippingError::TooMuch(option.id.clone()));
        }
        Ok(ShippingDetails {
            address,
            cost: option.amount,
            option_id: option.id.clone(),
            option_name: option.name.clone(),
        })
    }

    /// The line of the receipt that is about shipping says what the customer has chosen.
    fn rewrite_receipt(&mut self, reference: &Reference, details: &ShippingDetails) {
        let key = OrderKey::of_payment(reference);
        let rewrite = |receipt: &mut Receipt| receipt.rewrite_shipping(details);
        if self.state.orders.rewrite_receipt(&key, rewrite) {
            self.note(Fact::Receipt { order: reference.into() });
        }
    }
}

/// Only a payment that waits for its customer is of interest to it.
fn check_open(payment: &Payment) -> Result<(), CommandError> {
    let error = match payment.state() {
        PaymentState::Created => return Ok(()),
        PaymentState::Processing => PaymentError::BankIsAsked,
        PaymentState::Authorized(_) => PaymentError::AlreadyAuthorized,
        PaymentState::Aborted | PaymentState::Expired | PaymentState::Terminated => {
            PaymentError::NotOpen(payment.state().name())
        }
    };
    Err(CommandError::Payment { error, reference: payment.reference().clone() })
}
