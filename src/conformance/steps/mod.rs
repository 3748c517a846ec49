//! What the words of the features mean, grouped by what they are about.
//!
//! A *merchant* calls the API on the wire, so that every byte of an answer can be looked at. A
//! *taxi* is the reference client. A *customer* and a *tester* act through the control API.
#![expect(clippy::needless_pass_by_value, reason = "cucumber hands steps their captures by value")]

mod answers;
mod app_views;
mod approvals;
mod asking;
mod bookings;
mod calls;
mod clocks;
mod customers;
mod deliveries;
mod dispatches;
mod express;
mod fares;
mod faults;
mod guards;
mod hearing;
mod identities;
mod inbox;
mod journal;
mod limits;
mod links;
mod mishaps;
mod modifications;
mod near_misses;
mod pages;
mod payments;
mod profiles;
mod receipts;
mod registrations;
mod requests;
pub(super) mod rides;
mod scenarios;
mod shoppers;
mod snapshots;
mod streams;
mod tables;
mod taxis;
mod tokens;
mod units;
mod users;
mod wires;
