//! Amounts of a create request.

use crate::{
    domain::{
        Amount, Currency,
        payment::{Asked, Refusal},
    },
    http::{
        fields::amount,
        schema::{Check, Node},
    },
};

/// An amount with decimals is refused, but not before the key has been looked at.
pub(super) fn whole_amount(check: &mut Check, node: &Node<'_>) -> Option<Amount> {
    match amount(check, node)? {
        Asked::Amount(amount) => Some(amount),
        Asked::NotWhole => {
            check.refuse(Refusal::AmountNotWhole);
            Some(Amount::zero(Currency::Nok))
        }
    }
}
