//! The command line: flags, one file per group of commands, output and exit codes.

pub mod server;

mod access;
mod check_in;
mod clock;
mod conformance;
mod control;
mod demo;
mod duration;
mod env;
mod events;
mod exit;
mod failure;
mod faults;
mod health;
mod inbox;
mod meter;
mod output;
mod payments;
mod program;
mod public_url;
mod receipt_text;
mod receipts;
mod requests;
mod ride;
mod sales_units;
mod scenario;
mod serve;
mod shell;
mod tail;
mod target;
mod taxi;
mod users;
mod watch;
mod webhooks;
mod wire;
mod written;

pub use exit::Exit;
pub use program::{command, main};
