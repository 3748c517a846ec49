//! Medians and their kin.

use std::time::Duration;

use serde::Serialize;

/// How several figures of one kind are spread.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Spread {
    pub(crate) min: f64,
    pub(crate) lower_quartile: f64,
    pub(crate) median: f64,
    pub(crate) upper_quartile: f64,
    pub(crate) max: f64,
}

impl Spread {
    pub(crate) fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = figures.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        Self {
            min: at_share(&sorted, 0.0),
            lower_quartile: at_share(&sorted, 0.25),
            median: at_share(&sorted, 0.5),
            upper_quartile: at_share(&sorted, 0.75),
            max: at_share(&sorted, 1.0),
        }
    }
}

/// The figure that this share of the others does not exceed, between two neighbours if need be.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a place in a list is small and not negative"
)]
fn at_share(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share * last as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// What half of the calls, and all but one in a hundred, did not exceed. In microseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Latency {
    pub(crate) p50_us: f64,
    pub(crate) p99_us: f64,
}

impl Latency {
    pub(crate) fn of<'a>(calls: impl IntoIterator<Item = &'a Duration>) -> Self {
        let mut sorted: Vec<f64> = calls.into_iter().map(|call| call.as_secs_f64() * 1e6).collect();
        sorted.sort_by(f64::total_cmp);
        Self { p50_us: at_share(&sorted, 0.5), p99_us: at_share(&sorted, 0.99) }
    }
}
