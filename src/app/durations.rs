//! Lengths of time as testers write them.

pub use crate::domain::durations::duration;
