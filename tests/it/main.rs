//! All HTTP tests in one binary, so that there is one link.
#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

mod access_token;
mod codes;
mod concurrency;
mod control;
mod decisions;
mod epayment;
mod events;
mod express;
mod faults;
mod features_asked;
mod fixtures;
mod fuzz;
mod gateway;
mod invariants;
mod kills;
mod landing;
mod merchant;
mod model;
mod openapi;
mod order_management;
mod program;
mod protection;
mod qr;
mod scenarios;
mod shell;
mod snapshot;
mod snippets;
mod strict;
mod support;
mod tail;
mod watch;
mod webhooks;
