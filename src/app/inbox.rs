//! What waits in customers' apps until a tester says what they do.

use std::collections::HashSet;

use jiff::Timestamp;

use super::unit::{SalesUnit, State};
use crate::domain::{
    Amount, Habit, Payment, PaymentState, PhoneNumber, Reference,
    card::Decline,
    payment::{AskedCustomer, Attention},
    user::Act,
};

/// A payment that nobody will answer unless a tester does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxItem {
    /// Whose answer it waits for.
    pub phone: PhoneNumber,
    /// Which payment.
    pub reference: Reference,
    /// How much it is about.
    pub amount: Amount,
    /// What it is for, in the merchant's words.
    pub description: Option<String>,
    /// Since when the customer has it before it.
    pub since: Timestamp,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Whether the customer has opened the app and is confirming it.
    pub is_open: bool,
    /// What came of the latest attempt to pay, if there was one.
    pub declined: Option<Decline>,
}

impl SalesUnit {
    /// What waits for this customer, or for everybody, the longest wait first.
    ///
    /// What a customer will do something about by itself does not wait for a tester, nor does what
    /// it is to ignore.
    #[must_use]
    pub fn inbox(&self, phone: Option<&PhoneNumber>) -> Vec<InboxItem> {
        self.look(|state, _| {
            let answered_by_itself: HashSet<_> =
                state.agenda.acts().map(|(_, reference, ..)| reference).collect();
            let is_wanted = |item: &InboxItem| {
                phone.is_none_or(|it| *it == item.phone)
                    && !answered_by_itself.contains(&item.reference)
            };
            let mut items: Vec<_> = state.waiting().filter(is_wanted).collect();
            items.sort_by_key(|it| it.since);
            items
        })
    }
}

impl State {
    /// Every payment that a customer has before it and may answer.
    fn waiting(&self) -> impl Iterator<Item = InboxItem> {
        let open = self.payments.iter().filter(|it| it.state() == PaymentState::Created);
        let open = open.filter(|it| it.attention() != Attention::Ignoring);
        let asked = open.filter_map(|payment| Some((payment, payment.asked()?)));
        asked.filter(|(_, asked)| !is_ignored(asked)).map(|(it, asked)| InboxItem::of(it, asked))
    }
}

/// Whether the last thing the customer does with it is nothing.
fn is_ignored(asked: &AskedCustomer) -> bool {
    let last = |habit: &Habit| habit.steps.last().map(|step| step.act);
    asked.habit.as_ref().and_then(last) == Some(Act::Ignore)
}

impl InboxItem {
    fn of(payment: &Payment, asked: &AskedCustomer) -> Self {
        Self {
            phone: asked.phone.clone(),
            reference: payment.reference().clone(),
            amount: payment.amount(),
            description: payment.request().description.as_ref().map(ToString::to_string),
            since: asked.at,
            expires_at: payment.expires_at(),
            is_open: payment.attention() == Attention::Confirming,
            declined: payment.declined().last().map(|attempt| attempt.reason),
        }
    }
}
