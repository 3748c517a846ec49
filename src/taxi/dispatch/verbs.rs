//! What drivers, passengers and meters say. Each is written down, and then the ride goes on.

use super::hold::Hold;
use super::next::{Next, plan};
use super::record::{Ending, Ride};
use super::{Dispatch, DispatchError, Trigger};
use crate::taxi::fare::Fare;
use crate::taxi::journal::{Act, Entry};
use crate::taxi::money::Amount;
use crate::taxi::phone::Phone;
use crate::taxi::reference::{Purpose, RideKey};
use crate::taxi::ride::{Reach, RideOrder, Step};

impl Dispatch {
    /// Takes an order and asks the passenger, unless the pick-up is far away. The same ride ordered
    /// again is the same ride: the journal stands.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Journal`].
    pub async fn book(&self, order: RideOrder) -> Result<Ride, DispatchError> {
        self.take(order, &[]).await
    }

    /// Takes the order of a ride that is over: its fare is known before the passenger is asked, and
    /// is captured as soon as they approve.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Journal`].
    pub async fn book_final(&self, order: RideOrder) -> Result<Ride, DispatchError> {
        let fare = order.fare.clone();
        let ended = [Entry::Boarded, Entry::Owed { fare, no_show: false, more: false }];
        self.take(order, &ended).await
    }

    /// Takes up a ride whose journal is lost, from what the taximeter still knows: the payment is
    /// found by its name, and read before anything is sent.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Journal`].
    pub async fn rebuild(&self, order: RideOrder, fare: Fare) -> Result<Ride, DispatchError> {
        let attempt = order.attempt(order.attempt);
        let planned =
            Entry::Planned { attempt: attempt.clone(), order: order.clone(), alone: false };
        let asked = Entry::Intended { attempt, act: Act::Ask };
        let owed = Entry::Owed { fare, no_show: false, more: false };
        self.take(order, &[planned, asked, Entry::Boarded, owed]).await
    }

    async fn take(&self, order: RideOrder, more: &[Entry]) -> Result<Ride, DispatchError> {
        let key = order.ride.clone();
        let _alone = self.locks.of(&key).await;
        let known = Ride::read(&self.journal.read(&key)?);
        let ride = match known {
            Some(ride) => ride,
            None => self.write_order(order, more)?,
        };
        self.go_on(ride, Trigger::Driver).await
    }

    fn write_order(&self, mut order: RideOrder, more: &[Entry]) -> Result<Ride, DispatchError> {
        if !self.may_push() && order.reach == Reach::Push {
            order.reach = Reach::Qr;
        }
        let (ride, phone, fare) = (order.ride.clone(), order.phone.clone(), order.fare.total());
        let key = ride.clone();
        self.taxi.say(Step::Ordered { ride, phone, fare });
        // All at once: a ride whose end got lost on the way would hold money for ever.
        let entries = [&[Entry::Ordered(order)], more].concat();
        self.journal.write(&key, &entries)?;
        self.ride(&key)
    }

    /// The passenger is in the car.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] unless the passenger has approved.
    pub async fn board(&self, ride: &RideKey) -> Result<Ride, DispatchError> {
        self.change(ride, |ride| {
            let approved = ride.holds.last_of_fare().is_some_and(Hold::is_approved);
            if approved && ride.ending.is_none() {
                Ok(vec![Entry::Boarded])
            } else {
                Err(not_now(ride, "nobody has approved the payment"))
            }
        })
        .await
    }

    /// The meter shows so much, on the way. From 80 % of what is held on (see the settings), the
    /// passenger is asked for a second hold of `top_up`; asked once only.
    ///
    /// # Errors
    ///
    /// [`DispatchError::Fare`] when the sum cannot be asked for.
    pub async fn meter_shows(
        &self,
        ride: &RideKey,
        so_far: Amount,
        top_up: Amount,
    ) -> Result<Ride, DispatchError> {
        let percent = u128::from(self.settings.top_up_percent);
        let fare = Fare::taxi_ride(top_up)?;
        self.change(ride, |ride| {
            let held = ride.holds.iter().filter(|hold| !hold.alone).map(Hold::room);
            let held: u128 = held.map(|room| u128::from(room.value())).sum();
            let has_extra = ride.holds.iter().any(|it| it.attempt.purpose() == Purpose::Extra);
            let is_enough = u128::from(so_far.value()) * 100 < held * percent;
            if is_enough || has_extra || ride.ending.is_some() {
                return Ok(Vec::new());
            }
            Ok(planned(plan(ride, Purpose::Extra, fare, Reach::Push, false)))
        })
        .await
    }

    /// A stop on the way: so much is owed by now, and more will be. It is captured, and the hold
    /// stays.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] when the ride is over.
    pub async fn stop_over(&self, ride: &RideKey, so_far: Fare) -> Result<Ride, DispatchError> {
        self.owe(ride, so_far, false, true).await
    }

    /// The ride is over, and this is the fare.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] when it is over already: see [`Self::correct`].
    pub async fn end(&self, ride: &RideKey, fare: Fare) -> Result<Ride, DispatchError> {
        self.owe(ride, fare, false, false).await
    }

    /// The passenger was not there. The fee is for those who have agreed to one; else this is
    /// [`Self::call_off`].
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] when the ride is over.
    pub async fn no_show(&self, ride: &RideKey, fee: Fare) -> Result<Ride, DispatchError> {
        self.owe(ride, fee, true, false).await
    }

    async fn owe(
        &self,
        ride: &RideKey,
        fare: Fare,
        no_show: bool,
        more: bool,
    ) -> Result<Ride, DispatchError> {
        self.change(ride, |ride| match &ride.ending {
            // Said once more, as when the first answer got lost.
            Some(Ending::Owed { fare: known, more: false, .. }) if *known == fare => Ok(Vec::new()),
            None | Some(Ending::Owed { more: true, .. }) => {
                Ok(vec![Entry::Owed { fare, no_show, more }])
            }
            _ => Err(not_now(ride, "it has ended; a wrong fare is corrected")),
        })
        .await
    }

    /// The fare was wrong. What was taken too much is given back; what was taken too little is
    /// captured if it is still held, and asked for otherwise.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] before the ride has ended.
    pub async fn correct(&self, ride: &RideKey, fare: Fare) -> Result<Ride, DispatchError> {
        self.change(ride, |ride| match ride.ending {
            Some(Ending::Owed { no_show, more: false, .. }) => {
                Ok(vec![Entry::Owed { fare, no_show, more: false }])
            }
            _ => Err(not_now(ride, "it has no fare yet")),
        })
        .await
    }

    /// There will be no ride. The request is withdrawn while it is open; if the passenger approves
    /// at the same moment, the hold is released.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] once something is owed.
    pub async fn call_off(&self, ride: &RideKey) -> Result<Ride, DispatchError> {
        self.change(ride, |ride| match &ride.ending {
            None => Ok(vec![Entry::CalledOff]),
            Some(Ending::CalledOff) => Ok(Vec::new()),
            Some(Ending::Owed { .. }) if ride.paid().is_zero() => Ok(vec![Entry::CalledOff]),
            Some(Ending::Owed { .. }) => Err(not_now(ride, "something is paid: give it back")),
        })
        .await
    }

    /// Asks once more for what was declined or not answered, under the next name.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] while the last request is open, or when it was approved.
    pub async fn ask_again(&self, ride: &RideKey, reach: Reach) -> Result<Ride, DispatchError> {
        self.ask_next(ride, |last| RideOrder { reach, ..last }).await
    }

    /// The wrong person was asked: withdraws the open request and asks this number, under the next
    /// name.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] when nobody is being asked, or the stranger has approved.
    pub async fn ask_somebody_else(
        &self,
        ride: &RideKey,
        phone: Phone,
    ) -> Result<Ride, DispatchError> {
        self.withdraw_open(ride).await?;
        self.ask_next(ride, |last| RideOrder { phone, ..last }).await
    }

    /// Asks under the next name, for what the last request was for, if that came to nothing.
    async fn ask_next(
        &self,
        ride: &RideKey,
        change: impl FnOnce(RideOrder) -> RideOrder,
    ) -> Result<Ride, DispatchError> {
        self.change(ride, |ride| {
            let last = ride.holds.iter().next_back().filter(|hold| hold.is_unpaid());
            let Some(last) = last else {
                return Err(not_now(ride, "the last request is open, or was approved"));
            };
            let order = change(last.order.clone());
            Ok(vec![Entry::Planned { attempt: last.attempt.next(), order, alone: last.alone }])
        })
        .await
    }

    /// Something is owed besides the fare, such as for a lost thing: a payment of its own, with the
    /// passenger's consent, and never out of an old hold.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] before the ride has ended.
    pub async fn charge_also(
        &self,
        ride: &RideKey,
        what: Fare,
        reach: Reach,
    ) -> Result<Ride, DispatchError> {
        self.change(ride, |ride| match ride.ending {
            Some(Ending::Owed { more: false, .. }) => {
                Ok(planned(plan(ride, Purpose::Extra, what, reach, true)))
            }
            _ => Err(not_now(ride, "it has not ended")),
        })
        .await
    }

    /// The passenger objects. A person decides, and [`Self::correct`] gives back what is to be.
    ///
    /// # Errors
    ///
    /// [`DispatchError::NotNow`] before anything is paid.
    pub async fn dispute(&self, ride: &RideKey) -> Result<Ride, DispatchError> {
        self.change(ride, |ride| {
            if ride.paid().is_zero() {
                return Err(not_now(ride, "nothing is paid"));
            }
            Ok(vec![Entry::Disputed])
        })
        .await
    }
}

fn planned(next: Next) -> Vec<Entry> {
    match next {
        Next::Plan { attempt, order, alone } => {
            vec![Entry::Planned { attempt, order: *order, alone }]
        }
        _ => Vec::new(),
    }
}

fn not_now(ride: &Ride, why: &'static str) -> DispatchError {
    DispatchError::NotNow { ride: ride.key().clone(), state: ride.state, why }
}
