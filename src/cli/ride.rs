//! A ride on the terminal: the taxi drives, each step is printed, and the money is shown at the end.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::SignedDuration;

use super::failure::Failure;
use super::output::{self, Align, Colour, Table};
use super::serve::StopSignal;
use crate::app::clock;
use crate::taxi::client::{Client, SystemName};
use crate::taxi::clock::{Clock, RealClock};
use crate::taxi::credentials::Credentials;
use crate::taxi::error::Error;
use crate::taxi::reference::{Reference, RideKey};
use crate::taxi::ride::{
    Outcome, ReceiptStatus, RideError, RideOrder, Settlement, Step, Taxi, TipStatus,
};
use crate::taxi::webhook::{Receiver, unregister};

/// How long taking back the registration may hold up the end of the program.
const OFF_DUTY_TIMEOUT: SignedDuration = SignedDuration::from_secs(3);

/// The last number an attempt can have on the command line.
pub(crate) const ATTEMPT_MAX: u8 = 99;

/// A taxi that prints what it does.
#[derive(Debug)]
pub(crate) struct TaxiOnTerminal {
    taxi: Taxi,
    receiver: Option<Arc<Receiver>>,
    registered: Arc<AtomicBool>,
}

impl TaxiOnTerminal {
    /// A taxi with these credentials, told by webhook if it has a receiver.
    pub(crate) fn new(
        credentials: Credentials,
        receiver: Option<Receiver>,
    ) -> Result<Self, Failure> {
        let system = SystemName::reference_taxi();
        let client = Client::new(credentials, system, Arc::new(RealClock)).map_err(unusable)?;
        let receiver = receiver.map(Arc::new);
        let registered = Arc::new(AtomicBool::new(false));
        let taxi = Taxi::new(client).reporting_to(Arc::new(printer(Arc::clone(&registered))));
        let taxi = match &receiver {
            Some(receiver) => taxi.with_receiver(Arc::clone(receiver)),
            None => taxi,
        };
        Ok(Self { taxi, receiver, registered })
    }

    /// The taxi itself.
    pub(crate) fn taxi(&self) -> &Taxi {
        &self.taxi
    }

    /// Drives one ride to its end, and says whether the money is where it should be.
    ///
    /// Whoever interrupts a ride can take it up again under the same ride id.
    pub(crate) async fn drive(
        &self,
        order: &RideOrder,
        interrupted: &mut StopSignal,
    ) -> Result<Settlement, Failure> {
        let outcome = tokio::select! {
            outcome = self.taxi.drive(order) => outcome,
            () = interrupted.wait() => {
                let ride = &order.ride;
                return Err(Failure::NotMet {
                    message: "interrupted: the request for payment may still be open".to_owned(),
                    hint: Some(format!("the same flags and --ride {ride} take the ride up again")),
                });
            }
        };
        let settlement = settled(outcome, &order.ride)?;
        let money = money(&settlement).lines(Colour::of_stdout());
        output::line(&format!("\n{}", money.join("\n")))?;
        note_receipt(&settlement.receipt);
        note_tip(&settlement.tip);
        Ok(settlement)
    }

    /// Takes the registration back: the receiver ends with this process.
    ///
    /// It breaks off when the program is told to stop meanwhile, and does not wait long for an API
    /// that has fallen silent.
    pub(crate) async fn go_off_duty(self, interrupted: &mut StopSignal) -> ControlFlow<()> {
        let Some(receiver) = self.receiver else { return ControlFlow::Continue(()) };
        if !self.registered.load(Ordering::Relaxed) {
            return ControlFlow::Continue(());
        }
        let unregistering = unregister(self.taxi.client(), &receiver);
        let unregistered = tokio::select! {
            unregistered = clock::within(OFF_DUTY_TIMEOUT, unregistering) => unregistered,
            () = interrupted.wait() => {
                output::note("interrupted: webhooks may still be registered");
                return ControlFlow::Break(());
            }
        };
        match unregistered {
            Some(Ok(())) => {}
            Some(Err(error)) => {
                output::note(&format!("webhooks may still be registered: {error}"));
            }
            None => output::note("webhooks may still be registered: no answer in time"),
        }
        ControlFlow::Continue(())
    }
}

/// Prints each step, and notes that there is a registration to take back.
fn printer(registered: Arc<AtomicBool>) -> impl Fn(&Step) {
    move |step| {
        if let Step::WebhooksReady { .. } = step {
            registered.store(true, Ordering::Relaxed);
        }
        let time = RealClock.now().strftime("%H:%M:%S");
        // A ride is not given up because nobody reads along.
        let _ = output::line(&format!("{time}  {step}"));
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn unusable(error: Error) -> Failure {
    let hint = Some(error.advice().to_owned());
    Failure::Usage { message: error.to_string(), hint }
}

fn settled(outcome: Outcome, ride: &RideKey) -> Result<Settlement, Failure> {
    match outcome {
        Outcome::Paid(settlement) => Ok(settlement),
        Outcome::Failed(RideError::Call { doing, error }) => {
            Err(Failure::Call { doing, error: Box::new(error) })
        }
        Outcome::Failed(error) => {
            let hint = Some(error.advice().to_owned());
            Err(Failure::NotMet { message: error.to_string(), hint })
        }
        outcome => {
            let hint = match &outcome {
                Outcome::Declined { reference } | Outcome::Expired { reference } => {
                    next_attempt(ride, reference)
                }
                _ => None,
            };
            Err(Failure::NotMet { message: outcome.to_string(), hint })
        }
    }
}

/// How to ask once more, as long as there is a number left. The attempt that ended need not be the
/// one that was ordered: the taxi goes past references that somebody else has used.
fn next_attempt(ride: &RideKey, ended: &Reference) -> Option<String> {
    let number = ended.as_str().strip_prefix(ride.as_str())?.strip_prefix('-')?;
    let next = number.parse::<u8>().ok()?.checked_add(1).filter(|next| *next <= ATTEMPT_MAX)?;
    Some(format!("ask again with: --ride {ride} --attempt {next}"))
}

fn money(settlement: &Settlement) -> Table {
    let mut table = Table::new(&[
        ("REFERENCE", Align::Left),
        ("AUTHORIZED", Align::Right),
        ("CAPTURED", Align::Right),
        ("RELEASED", Align::Right),
    ]);
    add_row(&mut table, settlement);
    if let TipStatus::Apart { outcome, .. } = &settlement.tip
        && let Outcome::Paid(tip) = outcome.as_ref()
    {
        add_row(&mut table, tip);
    }
    table
}

fn add_row(table: &mut Table, settlement: &Settlement) {
    table.row([
        settlement.reference.to_string(),
        settlement.authorized.to_string(),
        settlement.captured.to_string(),
        settlement.released.to_string(),
    ]);
}

/// The money is right whatever became of the receipt, so this is no failure.
fn note_receipt(receipt: &ReceiptStatus) {
    match receipt {
        ReceiptStatus::Stored | ReceiptStatus::AlreadyStored | ReceiptStatus::NotSent => {}
        ReceiptStatus::Differs => output::note("the ride is paid, but its receipt is another one"),
        ReceiptStatus::NotStored(_) => output::note("the ride is paid, but has no receipt"),
    }
}

/// A tip is a gift: the ride is paid without it.
fn note_tip(tip: &TipStatus) {
    if let TipStatus::Apart { tip, outcome } = tip
        && !outcome.is_paid()
    {
        output::note(&format!("the ride is paid, but not the tip of {tip}: {outcome}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_not_paid_is_told_how_to_ask_again() {
        let ride: RideKey = "n01234-0001".parse().expect("valid");
        let hint = |number| {
            let reference = ride.attempt(number).reference();
            let declined = settled(Outcome::Declined { reference: reference.clone() }, &ride);
            let expired = settled(Outcome::Expired { reference }, &ride);
            let hints = [declined, expired]
                .map(|settled| settled.expect_err("not paid").hint().map(str::to_owned));
            assert_eq!(hints[0], hints[1]);
            hints[0].clone()
        };
        let asks = "ask again with: --ride n01234-0001 --attempt 2";
        assert_eq!(hint(1).as_deref(), Some(asks));
        assert!(hint(98).is_some_and(|hint| hint.ends_with("--attempt 99")));
        assert_eq!(hint(99), None);
    }
}
