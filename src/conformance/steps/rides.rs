//! Rides of the reference taxi.

/// The taxi of a scenario.
#[derive(Debug, Default)]
pub(in crate::conformance) struct TaxiWorld {}
