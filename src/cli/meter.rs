//! The parts of a fare on the command line.

use clap::Args;

use super::failure::Failure;
use super::taxi::{amount, wrong_flag};
use crate::taxi::fare::{Fare, FareError};
use crate::taxi::meter::{Extra, Meter, Metered};
use crate::taxi::money::Currency;
use crate::taxi::vat::Market;

/// What the meter says, in place of `--fare`.
#[derive(Debug, Args)]
pub(super) struct MeterArgs {
    /// In place of --fare: what it costs to get in, the first line of the receipt
    #[arg(long, value_name = "AMOUNT", conflicts_with = "fare", allow_hyphen_values = true)]
    start: Option<String>,

    /// Kilometres and the price of one, such as 8.2@12.20
    #[arg(long, value_name = "COUNT@PRICE", requires = "start", allow_hyphen_values = true)]
    km: Option<String>,

    /// Minutes and the price of one, such as 14@8.42
    #[arg(long, value_name = "COUNT@PRICE", requires = "start", allow_hyphen_values = true)]
    minutes: Option<String>,

    /// A road toll; may be given several times
    #[arg(long, value_name = "AMOUNT", requires = "start", allow_hyphen_values = true)]
    toll: Vec<String>,

    /// A supplement, such as for the night; may be given several times
    #[arg(long, value_name = "AMOUNT", requires = "start", allow_hyphen_values = true)]
    supplement: Vec<String>,
}

impl MeterArgs {
    /// The fare of these parts.
    pub(super) fn fare(&self, currency: Currency) -> Result<Fare, Failure> {
        let market = Market::of(currency).map_err(|error| wrong_flag("--currency", &error))?;
        let start = self.start.as_deref().unwrap_or_default();
        let tolls = self.toll.iter().map(|text| amount("--toll", currency, text).map(Extra::toll));
        let supplements = self.supplement.iter().map(|text| {
            let gross = amount("--supplement", currency, text)?;
            Ok(Extra::supplement("Supplement", gross))
        });
        let meter = Meter {
            market,
            start: amount("--start", currency, start)?,
            distance: metered("--km", currency, self.km.as_deref())?,
            time: metered("--minutes", currency, self.minutes.as_deref())?,
            extras: tolls.chain(supplements).collect::<Result<_, Failure>>()?,
            tip: None,
        };
        meter.fare().map_err(|error| wrong_flag("--start", &error))
    }
}

fn metered(flag: &str, currency: Currency, text: Option<&str>) -> Result<Option<Metered>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let (count, price) = text.split_once('@').ok_or_else(|| Failure::Usage {
        message: format!(
            "invalid value for '{flag}': `{text}` is no count and price: write 8.2@12.20"
        ),
        hint: None,
    })?;
    let count = count.parse().map_err(|error: FareError| wrong_flag(flag, &error))?;
    Ok(Some(Metered { count, unit_price: amount(flag, currency, price)? }))
}
