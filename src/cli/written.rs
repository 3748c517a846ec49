//! Rides of a journal on the terminal: driven, cut off, and taken up again.

use std::path::Path;
use std::sync::Arc;

use super::failure::Failure;
use super::output::{self, Align, Colour, Table};
use super::ride::{ATTEMPT_MAX, TaxiOnTerminal};
use super::serve::StopSignal;
use crate::taxi::dispatch::{Dispatch, DispatchError, Ride, RideState};
use crate::taxi::journal::{FileJournal, Journal};
use crate::taxi::ride::RideOrder;

/// A journal, and how its file is called on the command line.
#[derive(Debug)]
pub(crate) struct Written {
    journal: Arc<dyn Journal>,
    file: String,
}

impl Written {
    /// Opens the journal in this file, and makes it if there is none.
    pub(crate) fn open(file: &Path) -> Result<Self, Failure> {
        let journal = FileJournal::open(file).map_err(|error| Failure::Usage {
            message: error.to_string(),
            hint: Some("end the other program that has it open, or name another file".to_owned()),
        })?;
        Ok(Self { journal: Arc::new(journal), file: file.display().to_string() })
    }

    fn dispatch(&self, taxi: &TaxiOnTerminal) -> Dispatch {
        Dispatch::new(taxi.taxi().clone(), Arc::clone(&self.journal))
    }

    /// Drives a ride to its end. One that the journal knows is taken up where it was: its own order
    /// stands, and a later attempt asks the passenger once more.
    pub(crate) async fn drive(
        &self,
        taxi: &TaxiOnTerminal,
        order: RideOrder,
        interrupted: &mut StopSignal,
    ) -> Result<(), Failure> {
        let (dispatch, key, attempt) = (self.dispatch(taxi), order.ride.clone(), order.attempt);
        let phone = order.phone.clone();
        let driving = async {
            let ride = dispatch.drive(order).await?;
            let last = ride.holds.last_of_fare();
            if last.is_some_and(|it| it.is_unpaid() && it.attempt.number() < attempt) {
                // Perhaps it was the wrong number, so the one that is given now is asked.
                dispatch.ask_somebody_else(&key, phone).await?;
                return dispatch.wait(&key).await;
            }
            Ok(ride)
        };
        let ride = tokio::select! {
            ride = driving => ride.map_err(|error| failed(&error))?,
            () = interrupted.wait() => return Err(self.interrupted()),
        };
        self.verdict(&ride)
    }

    /// Takes up every ride of the journal that is not at its end.
    pub(crate) async fn resume(
        &self,
        taxi: &TaxiOnTerminal,
        interrupted: &mut StopSignal,
    ) -> Result<(), Failure> {
        let dispatch = self.dispatch(taxi);
        let resuming = async {
            taxi.taxi().prepare_webhooks().await;
            let mut rides = Vec::new();
            for ride in dispatch.recover().await? {
                rides.push(dispatch.wait(ride.key()).await?);
            }
            Ok(rides)
        };
        let rides = tokio::select! {
            rides = resuming => rides.map_err(|error: DispatchError| failed(&error))?,
            () = interrupted.wait() => return Err(self.interrupted()),
        };
        if rides.is_empty() {
            output::note("no ride is in the journal");
        }
        // All are shown, and the first that is not at its end decides how the program ends.
        let verdicts: Vec<_> = rides.iter().map(|ride| self.verdict(ride)).collect();
        verdicts.into_iter().collect()
    }

    fn interrupted(&self) -> Failure {
        Failure::NotMet {
            message: "interrupted: the ride is as far as its journal says".to_owned(),
            hint: Some(self.resuming()),
        }
    }

    fn resuming(&self) -> String {
        format!("take it up again with: vipps-mock taxi resume --journal {}", self.file)
    }

    /// Shows the money, and says whether it is where it should be.
    fn verdict(&self, ride: &Ride) -> Result<(), Failure> {
        let money = money(ride).lines(Colour::of_stdout());
        output::line(&format!("\nride {} is {}\n{}", ride.key(), ride.state, money.join("\n")))?;
        let begun = ride.holds.iter().find_map(|hold| hold.pending.as_ref());
        let hint = match (ride.state, begun) {
            (RideState::Manual, _) => "have somebody compare the payment with the ride".to_owned(),
            (RideState::Settled, Some(_)) => {
                output::note("the ride is paid, but has no receipt yet");
                return Ok(());
            }
            (
                RideState::Settled
                | RideState::Receipted
                | RideState::NoShow
                | RideState::Refunded
                | RideState::Disputed
                | RideState::CancelledBeforePickup,
                _,
            ) => return Ok(()),
            (RideState::PayAborted | RideState::PayExpired | RideState::PayTerminated, _) => {
                self.next_attempt(ride)
            }
            _ => self.resuming(),
        };
        let why = ride.failures.last().map(|failure| format!(": {}", failure.words));
        let why = ride.flag.as_ref().map(|flag| format!(": {flag}")).or(why);
        let message = format!("ride {} is {}{}", ride.key(), ride.state, why.unwrap_or_default());
        Err(Failure::NotMet { message, hint: Some(hint) })
    }

    fn next_attempt(&self, ride: &Ride) -> String {
        let last = ride.holds.last_of_fare().map_or(0, |hold| hold.attempt.number());
        if last >= ATTEMPT_MAX {
            return "order the ride anew, under another id".to_owned();
        }
        let (key, next) = (ride.key(), last + 1);
        format!("ask again with: --ride {key} --attempt {next} --journal {}", self.file)
    }
}

fn failed(error: &DispatchError) -> Failure {
    let hint = Some("nothing is sent that is not written: see to the journal first".to_owned());
    Failure::NotMet { message: error.to_string(), hint }
}

fn money(ride: &Ride) -> Table {
    let mut table = Table::new(&[
        ("REFERENCE", Align::Left),
        ("STATE", Align::Left),
        ("AUTHORIZED", Align::Right),
        ("CAPTURED", Align::Right),
        ("RELEASED", Align::Right),
        ("GIVEN BACK", Align::Right),
    ]);
    for hold in ride.holds.iter() {
        let reference = hold.attempt.reference().to_string();
        let none = || "-".to_owned();
        match &hold.seen {
            Some(seen) => table.row([
                reference,
                seen.state.to_string(),
                seen.money.authorized_amount.to_string(),
                seen.money.captured_amount.to_string(),
                seen.money.cancelled_amount.to_string(),
                seen.money.refunded_amount.to_string(),
            ]),
            None => table.row([reference, none(), none(), none(), none(), none()]),
        }
    }
    table
}
