//! Waiting for the passenger: look when a webhook comes, and when it is time.

use super::hold::Hold;
use super::{Dispatch, DispatchError, Ride, Trigger};
use crate::taxi::journal::{Act, Entry};
use crate::taxi::reference::RideKey;
use crate::taxi::ride::{FIRST_POLL_AFTER, FoundBy, POLL_EVERY, RideOrder, Step, WAIT_MAX};

impl Dispatch {
    /// Takes a ride whose fare is known from the order to the money.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Journal`].
    pub async fn drive(&self, order: RideOrder) -> Result<Ride, DispatchError> {
        self.taxi.prepare_webhooks().await;
        let ride = order.ride.clone();
        self.book_final(order).await?;
        self.wait(&ride).await
    }

    /// Waits until every request of the ride is answered, and takes the ride on from there. Returns
    /// at once when none is open.
    ///
    /// A request that nobody has answered when it must have expired is withdrawn: an approval at
    /// that moment wins.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Unknown`] and [`DispatchError::Journal`].
    pub async fn wait(&self, ride: &RideKey) -> Result<Ride, DispatchError> {
        let clock = self.taxi.client().clock().clone();
        // Nobody answers at once, and a webhook would tell: so the first look is not now.
        let mut found = self.ride(ride)?;
        while let Some(open) = waited_for(&found) {
            let attempt = open.attempt.clone();
            let reference = attempt.reference();
            let mut hints = self.taxi.hints(&reference);
            let give_up_at = clock.now() + WAIT_MAX;
            let mut pause = FIRST_POLL_AFTER;
            while found.holds.of(&attempt).is_some_and(Hold::is_waiting) {
                if clock.now() >= give_up_at {
                    self.taxi.say(Step::GaveUpWaiting);
                    return self.withdraw_open(ride).await;
                }
                let why = match self.taxi.next_look(hints.as_mut(), pause).await {
                    FoundBy::Webhook => Trigger::Webhook,
                    FoundBy::Polling => Trigger::Poll,
                };
                pause = POLL_EVERY;
                found = self.complete(ride, why).await?;
            }
        }
        Ok(found)
    }

    /// Withdraws the open request of a ride, and takes the ride on from there. An approval at the
    /// same moment wins.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Unknown`] and [`DispatchError::Journal`].
    pub async fn withdraw_open(&self, ride: &RideKey) -> Result<Ride, DispatchError> {
        let intent = |ride: &Ride| {
            let open = waited_for(ride);
            let attempt = open.map(|hold| hold.attempt.clone());
            let intended = |attempt| Entry::Intended { attempt, act: Act::Withdraw };
            Ok(attempt.map(intended).into_iter().collect())
        };
        self.change(ride, intent).await
    }
}

/// The request that the passenger has not answered.
fn waited_for(ride: &Ride) -> Option<&Hold> {
    if ride.flag.is_some() {
        return None;
    }
    ride.holds.iter().find(|hold| hold.asked && hold.is_waiting())
}
