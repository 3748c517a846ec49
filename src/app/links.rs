//! What becomes of a payment by whoever follows its link.
//!
//! A link is held by somebody without keys: its token is all there is to show, and says which sales
//! unit and which payment is meant.

use std::sync::Arc;

use jiff::Timestamp;

use super::{
    Mock,
    entropy::hex,
    payments::{CommandError, Wish},
    unit::{Change, SalesUnit},
};
use crate::domain::{
    Payment, PaymentState, PhoneNumber, Reference, Standing,
    payment::{Link, LinkAddress, LinkKind, Payer, PaymentMethod, UserFlow},
};

/// A link that exists: whose, and to which payment.
#[derive(Debug, Clone)]
pub struct Followed {
    /// Whose.
    pub unit: Arc<SalesUnit>,
    /// To which payment.
    pub reference: Reference,
}

/// How a payment looks to whoever follows its link.
#[derive(Debug, Clone)]
pub struct Visit {
    /// The payment.
    pub payment: Payment,
    /// The unit's time.
    pub now: Timestamp,
    /// How far the customer has come.
    pub stage: Stage,
}

/// How far the customer has come by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has said who pays.
    Asking,
    /// Somebody has, and has to confirm it.
    Confirming(Payer),
    /// The payment has been answered, and whoever follows the link is to be told.
    Ended,
    /// The link has led somebody to the end before, or the browser was closed on the way.
    Dead,
}

/// Why somebody cannot pay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the customer was not found, or may not pay this business")]
pub struct MayNotPay;

impl Mock {
    /// The payment that a link's token stands for.
    #[must_use]
    pub fn follow(&self, token: &str) -> Option<Followed> {
        let (msn, _) = token.split_once('-')?;
        let unit = self.unit(msn)?;
        let reference = unit.look(|state, _| state.links.get(token).cloned())?;
        Some(Followed { unit, reference })
    }
}

impl Followed {
    /// How it stands. Changes nothing.
    #[must_use]
    pub fn look(&self) -> Option<Visit> {
        self.unit.look(|state, now| Some(Visit::of(state.payment(&self.reference)?, now)))
    }

    /// Somebody opens the link. If somebody had said before that they would pay, they have gone
    /// back, and that aborts the payment (ePayment API guide, landing page).
    #[must_use]
    pub fn open(&self) -> Option<Visit> {
        self.change(|change, visit| {
            if let Stage::Confirming(_) = visit.stage {
                let _ = change.make(&self.reference, None, Payment::reject);
            }
        })
    }

    /// Somebody says that the owner of this number pays. Saying it twice is saying it once; saying
    /// another number is possible only after having gone back.
    ///
    /// # Errors
    ///
    /// [`MayNotPay`] when the owner is no user, or must not pay this; then nothing has changed.
    pub fn ask(&self, phone: &PhoneNumber) -> Result<Option<Visit>, MayNotPay> {
        let payer = Payer::Phone(phone.clone());
        let mut answer = Ok(());
        let visit = self.change(|change, visit| match visit.stage {
            Stage::Asking if visit.takes_cards() => {}
            Stage::Asking if !change.may_pay(phone, &visit.payment) => answer = Err(MayNotPay),
            Stage::Asking => {
                change.take_payer(&self.reference, payer);
                change.ask(&self.reference, phone);
            }
            Stage::Confirming(said) if said != payer => {
                let _ = change.make(&self.reference, None, Payment::reject);
            }
            Stage::Confirming(_) | Stage::Ended | Stage::Dead => {}
        });
        answer.map(|()| visit)
    }

    /// Somebody says that a card pays. Whose it is, nobody asks.
    #[must_use]
    pub fn take_card(&self, bin: &Arc<str>) -> Option<Visit> {
        self.change(|change, visit| {
            if visit.stage == Stage::Asking && visit.takes_cards() {
                change.take_payer(&self.reference, Payer::Card { bin: bin.clone() });
            }
        })
    }

    /// Whoever was asked confirms.
    ///
    /// # Errors
    ///
    /// [`CommandError`] when the payment cannot be approved, or the card is refused, which is noted.
    pub async fn confirm(&self) -> Result<Option<Visit>, CommandError> {
        let is_asked = |visit: Visit| matches!(visit.stage, Stage::Confirming(_));
        if self.look().is_some_and(is_asked) {
            self.unit.approve_as(&self.reference, Wish::default()).await?;
        }
        Ok(self.look())
    }

    /// The customer cancels, on the page or in the app.
    #[must_use]
    pub fn cancel(&self) -> Option<Visit> {
        self.change(|change, visit| match visit.stage {
            Stage::Asking | Stage::Confirming(_) => {
                let _ = change.make(&self.reference, None, Payment::reject);
            }
            Stage::Ended | Stage::Dead => {}
        })
    }

    /// Whoever followed the link is told how the payment ended; that uses it up. Says how it stood
    /// before that.
    #[must_use]
    pub fn leave(&self) -> Option<Visit> {
        self.unit.change(|change| {
            let now = change.now;
            let payment = change.state.payment_mut(&self.reference)?;
            let visit = Visit::of(payment, now);
            if visit.stage == Stage::Ended {
                payment.link_mut().map(Link::use_up);
            }
            Some(visit)
        })
    }

    /// Does something that depends on how it stands, and says how it stands then.
    fn change(&self, apply: impl FnOnce(&mut Change<'_>, Visit)) -> Option<Visit> {
        self.unit.change(|change| {
            let now = change.now;
            let visit = Visit::of(change.state.payment(&self.reference)?, now);
            apply(change, visit);
            Some(Visit::of(change.state.payment(&self.reference)?, now))
        })
    }
}

impl Change<'_> {
    /// A link that nobody can guess, and that says whose it is.
    pub(super) fn draw_link(&self, kind: LinkKind) -> LinkAddress {
        let secret = hex(&self.unit.entropy().bytes::<24>());
        LinkAddress { token: format!("{}-{secret}", self.unit.msn()).into(), kind }
    }

    /// Nobody is told why not. Whoever is somebody else the next time has now been met as who it was.
    pub(super) fn may_pay(&mut self, phone: &PhoneNumber, payment: &Payment) -> bool {
        let standing = self.state.users.standing(phone);
        let may_pay = phone.is_of_a_known_market()
            && standing != Standing::Unknown
            && payment.request().is_for_the_age_of(phone, standing, self.now);
        if !may_pay {
            self.state.users.meet(phone);
        }
        may_pay
    }

    pub(super) fn take_payer(&mut self, reference: &Reference, payer: Payer) {
        if let Some(link) = self.state.payment_mut(reference).and_then(Payment::link_mut) {
            link.take(payer);
        }
    }
}

impl Visit {
    fn of(payment: &Payment, now: Timestamp) -> Self {
        Self { stage: Stage::of(payment), payment: payment.clone(), now }
    }

    /// Whether it is paid by a card that is typed in, and not in the app.
    #[must_use]
    pub fn takes_cards(&self) -> bool {
        self.payment.request().method == PaymentMethod::Card
    }

    /// Whether whoever followed the link has closed the browser.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.payment.link().is_some_and(Link::is_closed)
    }

    /// Where the customer goes afterwards, unless the payment ends where it was made: after a scan
    /// nobody waits anywhere else.
    #[must_use]
    pub fn return_url(&self) -> Option<&str> {
        let request = self.payment.request();
        request.return_url.as_deref().filter(|_| request.user_flow != UserFlow::Qr)
    }
}

impl Stage {
    fn of(payment: &Payment) -> Self {
        let link = payment.link();
        if link.is_some_and(Link::is_closed) {
            return Self::Dead;
        }
        match payment.state() {
            PaymentState::Created | PaymentState::Processing => match link.and_then(Link::payer) {
                None => Self::Asking,
                Some(payer) => Self::Confirming(payer.clone()),
            },
            PaymentState::Authorized(_)
            | PaymentState::Aborted
            | PaymentState::Expired
            | PaymentState::Terminated => {
                if link.is_some_and(Link::is_used) {
                    Self::Dead
                } else {
                    Self::Ended
                }
            }
        }
    }
}
