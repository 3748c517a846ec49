//! A tip that did not fit into the hold is asked for by itself, after the fare is safe.
//!
//! The passenger owes the fare and gives the tip, so whatever becomes of the second request, the
//! ride is paid.

use futures::future::BoxFuture;

use super::outcome::{Outcome, TipStatus};
use super::{RideOrder, Step, Taxi};
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;

impl Taxi {
    /// Says what became of the tip, and asks for it if it was not taken with the fare.
    pub(super) async fn settle_tip(&self, order: &RideOrder, charged: &Fare) -> TipStatus {
        let tip = order.fare.tip();
        if tip.is_zero() {
            TipStatus::NotGiven
        } else if charged.tip() == tip {
            TipStatus::WithFare(tip)
        } else {
            self.say(Step::TipWantsRoom { tip });
            let outcome = Box::new(self.ask_for_tip(order, tip).await);
            TipStatus::Apart { tip, outcome }
        }
    }

    /// A ride holds the payment of its tip, which is paid like a ride: hence the box.
    fn ask_for_tip<'a>(&'a self, order: &'a RideOrder, tip: Amount) -> BoxFuture<'a, Outcome> {
        Box::pin(async move {
            match Fare::tip_alone(tip) {
                Ok(fare) => self.pay(&order.of_tip(fare)).await,
                Err(error) => Outcome::Failed(error.into()),
            }
        })
    }
}
