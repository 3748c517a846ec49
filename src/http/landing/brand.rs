//! What a landing page is dressed in. Our own styling; nothing is taken from the platform.

use crate::domain::Market;

/// The name and the look that customers of a market know.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brand {
    /// What the app is called.
    pub(super) name: &'static str,
    /// The class in the style sheet.
    pub(super) theme: &'static str,
    /// A phone number as people there write it.
    pub(super) example: &'static str,
}

impl Brand {
    /// Vipps in Norway, MobilePay in Denmark and Finland.
    pub(super) const fn of(market: Market) -> Self {
        match market {
            Market::Norway => Self { name: "Vipps", theme: "vipps", example: "+47 900 00 001" },
            Market::Denmark => {
                Self { name: "MobilePay", theme: "mobilepay", example: "+45 90 00 00 01" }
            }
            Market::Finland => {
                Self { name: "MobilePay", theme: "mobilepay", example: "+358 90 000 0001" }
            }
        }
    }
}
