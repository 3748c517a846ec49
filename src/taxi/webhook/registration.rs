//! Getting an address registered exactly once.
//!
//! Registering is not idempotent: each call makes one more registration, and each registration
//! gets every event. A merchant that registers at every start soon receives everything many times,
//! signed with secrets it has thrown away.

use super::Receiver;
use crate::taxi::client::{Client, Registration};
use crate::taxi::error::Error;

/// All that can happen to a payment.
pub const PAYMENT_EVENTS: [&str; 8] = [
    "epayments.payment.created.v1",
    "epayments.payment.aborted.v1",
    "epayments.payment.expired.v1",
    "epayments.payment.cancelled.v1",
    "epayments.payment.captured.v1",
    "epayments.payment.refunded.v1",
    "epayments.payment.authorized.v1",
    "epayments.payment.terminated.v1",
];

/// Whether a registration was there or had to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registered {
    /// It was there, and its secret is known.
    Already,
    /// It was made now.
    Now,
}

/// Makes sure that the receiver's address is registered once, and that its secret is known.
///
/// A registration of this address whose secret nobody knows any more is deleted: its deliveries
/// could never be verified.
///
/// # Errors
///
/// See [`Error`]; the address may be refused, or too many registered.
pub async fn ensure_registered(client: &Client, receiver: &Receiver) -> Result<Registered, Error> {
    let _one_at_a_time = receiver.registering.lock().await;
    let mut found = false;
    for registration in ours(client, receiver).await? {
        if !found && receiver.trusts(&registration.id) && has_all_events(&registration) {
            found = true;
        } else {
            forget(client, receiver, &registration.id).await?;
        }
    }
    if found {
        return Ok(Registered::Already);
    }
    let new = client.register_webhook(receiver.url(), &PAYMENT_EVENTS).await?;
    receiver.trust(&new.id, new.secret);
    Ok(Registered::Now)
}

/// Ends every registration of the receiver's address, for a receiver that will not come back.
///
/// # Errors
///
/// See [`Error`].
pub async fn unregister(client: &Client, receiver: &Receiver) -> Result<(), Error> {
    let _one_at_a_time = receiver.registering.lock().await;
    for registration in ours(client, receiver).await? {
        forget(client, receiver, &registration.id).await?;
    }
    Ok(())
}

async fn ours(client: &Client, receiver: &Receiver) -> Result<Vec<Registration>, Error> {
    let mut registrations = client.webhooks().await?;
    registrations.retain(|registration| registration.url == receiver.url());
    Ok(registrations)
}

fn has_all_events(registration: &Registration) -> bool {
    PAYMENT_EVENTS.iter().all(|event| registration.events.iter().any(|have| have == event))
}

/// Deletes on the other side first: until that is done, deliveries must still verify.
async fn forget(client: &Client, receiver: &Receiver, id: &str) -> Result<(), Error> {
    match client.delete_webhook(id).await {
        // Somebody else deleted it meanwhile, which is what was wanted.
        Err(error) if error.status() == Some(404) => {}
        outcome => outcome?,
    }
    receiver.distrust(id);
    Ok(())
}
