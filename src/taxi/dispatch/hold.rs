//! One payment of a ride, as the journal tells it: what it holds of the passenger's money.
//!
//! The right side of the recovery table is here: a payment that was read decides what came of a call
//! whose answer never arrived.

use crate::taxi::client::PaymentState;
use crate::taxi::journal::entry::Seen;
use crate::taxi::journal::{Act, FailedCall};
use crate::taxi::money::Amount;
use crate::taxi::reference::Attempt;
use crate::taxi::ride::RideOrder;

/// One payment: what it holds of the passenger's money.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Its name.
    pub attempt: Attempt,
    /// What is asked, and how.
    pub order: RideOrder,
    /// Whether it is owed besides the fare.
    pub alone: bool,
    /// The call whose end is not known.
    pub pending: Option<Act>,
    /// Whether the passenger was asked.
    pub asked: bool,
    /// Where the passenger is sent to pay, if not by a push.
    pub leads_to: Option<String>,
    /// How it was read last.
    pub seen: Option<Seen>,
    /// How many capture keys are used up.
    pub captures: u8,
    /// How many refund keys are used up.
    pub refunds: u8,
    /// What became of its receipt.
    pub receipt: ReceiptState,
    /// Why no more can be captured of it, or not a part: the number of the error.
    pub refused: Option<u32>,
    /// Why the passenger could not be asked.
    pub not_asked: Option<FailedCall>,
}

/// What became of the receipt of a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptState {
    /// None is stored, as far as we know.
    Missing,
    /// It is stored.
    Stored,
    /// It was refused for good, or another one is stored.
    Wrong,
}

/// Parts cannot be captured.
pub(super) const NO_PARTS: u32 = 6140;
/// The hold is gone: released by somebody, by the deadline, or by the bank.
pub(super) const GONE: [u32; 4] = [6070, 6100, 6030, 6260];
/// More was to be captured than is held.
const TOO_MUCH: u32 = 6090;

impl Hold {
    pub(super) fn new(attempt: Attempt, order: RideOrder, alone: bool) -> Self {
        Self {
            attempt,
            order,
            alone,
            pending: None,
            asked: false,
            leads_to: None,
            seen: None,
            captures: 0,
            refunds: 0,
            receipt: ReceiptState::Missing,
            refused: None,
            not_asked: None,
        }
    }

    pub(super) fn done(&mut self, act: &Act, seen: Option<Seen>) {
        self.pending = None;
        self.use_up(act);
        match act {
            Act::Ask => self.asked = true,
            Act::SendReceipt => self.receipt = ReceiptState::Stored,
            Act::Withdraw | Act::Capture { .. } | Act::Release | Act::Refund { .. } => {}
        }
        if let Some(mut seen) = seen {
            let known = self.seen.take().and_then(|seen| seen.guaranteed_until);
            // Answers to changes do not repeat it.
            seen.guaranteed_until = seen.guaranteed_until.or(known);
            self.seen = Some(seen);
        }
    }

    pub(super) fn failed(&mut self, act: &Act, failure: &FailedCall) {
        if failure.may_pass {
            // The intent stands: the payment will say what came of it.
            return;
        }
        self.pending = None;
        // A refusal sticks to its key, so the next decision gets another.
        self.use_up(act);
        match act {
            Act::Ask => self.not_asked = Some(failure.clone()),
            Act::SendReceipt => self.receipt = ReceiptState::Wrong,
            Act::Capture { .. } | Act::Release => {
                let says_why = |code: &u32| *code == NO_PARTS || GONE.contains(code);
                self.refused = failure.code.filter(says_why).or(self.refused);
            }
            Act::Withdraw | Act::Refund { .. } => {}
        }
    }

    fn use_up(&mut self, act: &Act) {
        match act {
            Act::Capture { part, .. } => self.captures = self.captures.max(*part),
            Act::Refund { decision, .. } => self.refunds = self.refunds.max(*decision),
            Act::Ask | Act::Withdraw | Act::Release | Act::SendReceipt => {}
        }
    }

    /// The payment was read, and says what came of a call that was never answered.
    pub(super) fn saw(&mut self, seen: Seen) {
        self.asked = true;
        let happened = match &self.pending {
            Some(Act::Ask) => true,
            Some(Act::Withdraw) => seen.state != PaymentState::Created,
            Some(Act::Capture { in_all, .. }) => {
                seen.money.captured_amount.value() >= in_all.value()
            }
            Some(Act::Release) => seen.money.held().is_zero(),
            Some(Act::Refund { in_all, .. }) => {
                seen.money.refunded_amount.value() >= in_all.value()
            }
            Some(Act::SendReceipt) | None => false,
        };
        if happened && let Some(act) = self.pending.take() {
            self.use_up(&act);
        }
        self.seen = Some(seen);
    }

    /// Whether the passenger has approved it.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.state == PaymentState::Authorized)
    }

    /// Whether it may still be approved.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        let open =
            |seen: &Seen| matches!(seen.state, PaymentState::Created | PaymentState::Unknown(_));
        !self.could_not_ask() && self.seen.as_ref().is_none_or(open)
    }

    /// Whether it has ended without an approval.
    #[must_use]
    pub fn is_unpaid(&self) -> bool {
        !self.is_waiting() && !self.is_approved()
    }

    /// Whether it is planned, and nothing was done about it.
    pub(super) fn is_untouched(&self) -> bool {
        self.pending.is_none() && !self.asked && !self.could_not_ask()
    }

    /// Whether nobody was asked, and nobody will be.
    #[must_use]
    pub fn could_not_ask(&self) -> bool {
        self.not_asked.is_some()
    }

    /// What is held of it, if its answer is known: nothing for one that was never approved.
    #[must_use]
    pub fn held(&self) -> Option<Amount> {
        match &self.seen {
            Some(seen) if self.is_approved() => Some(seen.money.held()),
            _ if self.is_waiting() => None,
            _ => Some(self.zero()),
        }
    }

    /// Whether it holds something, or may come to.
    #[must_use]
    pub fn is_open(&self) -> bool {
        // What the bank has let go cannot be released any more.
        let is_gone = self.refused.is_some_and(|code| GONE.contains(&code));
        !is_gone && !self.held().is_some_and(Amount::is_zero)
    }

    /// What is captured of it and not given back.
    #[must_use]
    pub fn kept(&self) -> Amount {
        self.seen.as_ref().map_or(self.zero(), |seen| {
            let kept = seen.money.captured_amount.checked_sub(seen.money.refunded_amount);
            kept.unwrap_or(self.zero())
        })
    }

    /// How much of the fare can be had of it: what is captured, and what still can be.
    pub(super) fn room(&self) -> Amount {
        let Some(seen) = self.seen.as_ref().filter(|_| self.is_approved()) else {
            return self.zero();
        };
        match self.refused {
            Some(code) if GONE.contains(&code) => self.kept(),
            _ => self.kept().checked_add(seen.money.held()).unwrap_or(self.zero()),
        }
    }

    pub(super) fn has_captured(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| !seen.money.captured_amount.is_zero())
    }

    pub(super) fn has_refunded(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| !seen.money.refunded_amount.is_zero())
    }

    /// Whether there is a receipt of what was captured, or nothing to have one of.
    pub(super) fn is_receipted(&self) -> bool {
        !self.has_captured() || self.receipt == ReceiptState::Stored
    }

    pub(super) fn zero(&self) -> Amount {
        Amount::new(self.order.fare.total().currency(), 0)
    }
}

/// Whether this refusal is one that the ride knows a way around.
pub(super) fn has_a_way(act: &Act, code: Option<u32>) -> bool {
    match act {
        Act::Ask | Act::SendReceipt => true,
        Act::Withdraw => matches!(code, Some(6060 | 6190 | 6050)),
        Act::Capture { .. } => {
            code.is_some_and(|code| [NO_PARTS, TOO_MUCH].contains(&code) || GONE.contains(&code))
        }
        Act::Release => {
            code.is_some_and(|code| [6040, 6050, 6190].contains(&code) || GONE.contains(&code))
        }
        Act::Refund { .. } => false,
    }
}
