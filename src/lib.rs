//! A local stand-in for the payment APIs of Vipps MobilePay, a taxi company that uses them the way
//! they are meant to be used, and a harness that tells whether an integration is right.
//!
//! Not affiliated with Vipps MobilePay AS. No money moves.
//!
//! # Layout
//!
//! The mock, from the inside out:
//!
//! * [`domain`]: what a payment is and may do. Pure and synchronous; whatever happens is told the
//!   time.
//! * [`app`]: the use cases and all state. Each sales unit has a lock, a clock and an agenda of its
//!   own.
//! * [`delivery`]: webhooks on the wire, signed and retried.
//! * [`http`]: the APIs, and the control API of the tester. Parses, asks, prints; decides nothing.
//!
//! Beside it, and speaking to it by HTTP only:
//!
//! * [`taxi`]: the reference merchant client.
//! * `scenario`: what goes wrong between a merchant and its customer, as recipes for a tester.
//! * [`conformance`]: the Gherkin features and what runs them.
//!
//! On top: [`cli`] and [`config`].
//!
//! Dependencies run one way: `cli`, then `http`, `delivery`, `conformance` and `taxi`, then `app`,
//! then `domain`.
//!
//! # Invariants
//!
//! They hold by absence, and `tests/it/invariants.rs` searches for what must not be there.
//!
//! 1. `domain` names no tokio, axum or reqwest, of serde only what a snapshot is made with, and has
//!    nothing asynchronous.
//! 2. `app` names no axum and no status code.
//! 3. In the mock, only `app/clock.rs` reads the time or sleeps, and only `app/entropy.rs` makes
//!    random numbers. `taxi/clock.rs` is the client's own, handed in by whoever starts it.
//! 4. `taxi`, `scenario` and `conformance` import nothing of `domain`, `app`, `http` or `delivery`:
//!    they must be able to find our mistakes.
//! 5. Within the mock, the status of a refusal stands in the table of `http/problem.rs`, and beside
//!    it only where an answer has a shape of its own: gateway, access token, control API, landing
//!    pages. An event name as a string stands in `domain/event.rs` only.
//! 6. A lock is never held across an `await`, and a use case takes it once.
//!
//! # Where to start reading
//!
//! [`domain::payment`], then [`app::unit`], `http/epayment/modify.rs`, `http/gateway.rs`,
//! [`app::agenda`] and [`delivery::sign`]. For the client: [`taxi`].

pub mod domain;

pub mod app;

pub mod delivery;

pub mod http;

pub mod taxi;

mod scenario;

pub mod conformance;

pub mod cli;

pub mod config;
