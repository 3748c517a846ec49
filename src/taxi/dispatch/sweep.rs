//! Looking at everything: at the start, now and then, and when a webhook comes.

use jiff::Timestamp;

use super::hold::Hold;
use super::record::Ride;
use super::{Dispatch, DispatchError, Trigger};
use crate::taxi::reference::RideKey;
use crate::taxi::ride::Step;
use crate::taxi::webhook::WebhookEvent;

/// What a webhook was about.
#[derive(Debug)]
pub enum Heard {
    /// A ride of ours, which has gone on.
    Ride(Box<Ride>),
    /// A payment that the journal knows nothing of. It is told, and no money is moved: a person
    /// finds out whose it is.
    Orphan(String),
}

impl Dispatch {
    /// At the start of the program: takes every ride of the journal on from where it was.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Journal`].
    pub async fn recover(&self) -> Result<Vec<Ride>, DispatchError> {
        self.all(Trigger::StartUp).await
    }

    /// Every ten minutes: takes every ride on, and warns of holds that the bank may soon let go.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Journal`].
    pub async fn sweep(&self) -> Result<Vec<Ride>, DispatchError> {
        let rides = self.all(Trigger::Sweep).await?;
        let soon = self.taxi.client().clock().now() + self.settings.warn_ahead;
        for hold in rides.iter().flat_map(|ride| ride.holds.iter()) {
            if let Some(until) = guaranteed_until(hold).filter(|until| *until <= soon) {
                let reference = hold.attempt.reference();
                self.taxi.say(Step::GuaranteeEnds { reference, until });
            }
        }
        Ok(rides)
    }

    async fn all(&self, why: Trigger) -> Result<Vec<Ride>, DispatchError> {
        let mut rides = Vec::new();
        for ride in self.journal.rides()? {
            rides.push(self.complete(&ride, why).await?);
        }
        Ok(rides)
    }

    /// A webhook has come. It is believed only so far that somebody looks.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Journal`].
    pub async fn heard(&self, event: &WebhookEvent) -> Result<Heard, DispatchError> {
        if let Some(ride) = self.ride_of(&event.reference)? {
            let ride = self.complete(&ride, Trigger::Webhook).await?;
            return Ok(Heard::Ride(Box::new(ride)));
        }
        let reference = event.reference.clone();
        tracing::warn!(%reference, event = %event.name, "webhook of an unknown payment");
        self.taxi.say(Step::Orphan { reference: reference.clone() });
        Ok(Heard::Orphan(reference))
    }

    /// The ride that a reference is made of, if the journal knows the payment.
    fn ride_of(&self, reference: &str) -> Result<Option<RideKey>, DispatchError> {
        let Some((ride, _)) = reference.rsplit_once('-') else { return Ok(None) };
        let Ok(ride) = ride.parse::<RideKey>() else { return Ok(None) };
        let known = Ride::read(&self.journal.read(&ride)?);
        let is_known = known.is_some_and(|ride| {
            ride.holds.iter().any(|hold| hold.attempt.reference().as_str() == reference)
        });
        Ok(is_known.then_some(ride))
    }
}

/// Until when the bank keeps what is still held.
fn guaranteed_until(hold: &Hold) -> Option<Timestamp> {
    let seen = hold.seen.as_ref().filter(|_| hold.is_approved() && hold.is_open())?;
    seen.guaranteed_until.as_ref()?.parse().ok()
}
