//! The reference taxi merchant: how to take a payment with Vipps MobilePay and get it right.
//!
//! It speaks HTTP and knows nothing of the simulator, so it runs against any address that answers
//! as the real API does. A taxi is the example, but little here is about taxis.
//!
//! # In which order to read
//!
//! 1. [`ride`]: the whole story, from the order to the money. Start here.
//! 2. [`client`]: one method for each call, what is sent and what comes back, the access token.
//! 3. [`reference`](mod@reference): names and idempotency keys made from the ride, so that nothing
//!    happens twice.
//! 4. [`retry`]: the one table of what to do after a failure, and [`error`]: the forms a failure
//!    comes in, with what to do about each.
//! 5. [`webhook`]: [`webhook::verify`] to copy, and the receiver around it.
//! 6. [`journal`]: what is written before each call, and [`dispatch`]: many rides, each of which may
//!    be cut off anywhere; how the money is divided, and what to do after a crash.
//! 7. [`meter`], [`fare`], [`offer`], [`vat`] and [`receipt`]: tax to the last minor unit, and what the passenger sees.
//! 8. [`driver`]: the few words that stand on the driver's screen.
//! 9. [`money`] and [`phone`]: whole minor units, and numbers that stay out of logs.
//! 10. [`clock`], [`credentials`], [`transport`]: what is handed in from outside.
//!
//! # What is deliberately absent
//!
//! No floating point in money, no random idempotency key, no wait outside [`clock`], and no
//! decision that rests on a webhook alone.

mod advice;
pub mod client;
pub mod clock;
pub mod credentials;
pub mod dispatch;
pub mod driver;
pub mod error;
pub mod fare;
pub mod journal;
pub mod meter;
pub mod money;
pub mod offer;
pub mod phone;
pub mod receipt;
pub mod reference;
pub mod retry;
pub mod ride;
pub mod transport;
pub mod vat;
pub mod webhook;

#[cfg(test)]
mod stand_in;
