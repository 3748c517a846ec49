//! A receipt: order lines and the bottom line, as the customer's app shows them.
//!
//! The rules are those of the Order Management API description, version 2.1.

pub mod sums;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Currency;

/// A receipt. Immutable once stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// At least one line.
    pub order_lines: Vec<OrderLine>,
    /// What concerns the whole sale.
    pub bottom_line: BottomLine,
}

/// One line. All sums are in minor units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// What was sold.
    pub name: Arc<str>,
    /// The merchant's id of it.
    pub id: Arc<str>,
    /// Including tax, after discount.
    pub total_minor: i64,
    /// The same without tax.
    pub total_excluding_tax_minor: i64,
    /// The tax.
    pub tax_minor: i64,
    /// How the tax was said.
    pub tax: TaxRate,
    /// Quantity and unit.
    pub unit: Option<UnitInfo>,
    /// Total discount of the line.
    pub discount_minor: Option<u64>,
    /// Where the product is described.
    pub product_url: Option<Arc<str>>,
    /// Counts negative in all sums.
    pub is_return: Option<bool>,
    /// Is a shipping cost.
    pub is_shipping: Option<bool>,
}

/// The ways to say a tax rate, of which a line uses exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaxRate {
    /// `taxPercentage`: whole percent, 0 to 100.
    Percent(u8),
    /// `taxRate`: hundredths of a percent, 0 to 10000.
    HundredthsOfPercent(u16),
    /// Not at all: a line without money.
    Unsaid,
}

/// Quantity and unit of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitInfo {
    /// Price a unit, including tax, before discount.
    pub unit_price_minor: Option<u64>,
    /// A decimal number as text, for instance `8.2`.
    pub quantity: Arc<str>,
    /// What is counted.
    pub unit: Option<QuantityUnit>,
}

/// What a quantity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuantityUnit {
    /// Pieces.
    Pieces,
    /// Kilograms.
    Kilogram,
    /// Kilometres.
    Kilometre,
    /// Minutes.
    Minute,
    /// Litres.
    Litre,
    /// Kilowatt-hours.
    KilowattHour,
}

/// What concerns the whole sale. All sums are in minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BottomLine {
    /// The currency of every sum. Absent only where the description lets it be null.
    pub currency: Option<Currency>,
    /// The tip.
    pub tip_minor: Option<u64>,
    /// The device that sold.
    pub pos_id: Option<Arc<str>>,
    /// What else the sale was paid with.
    pub payment_sources: Option<PaymentSources>,
    /// A code to scan.
    pub barcode: Option<Barcode>,
    /// The merchant's number of the receipt.
    pub receipt_number: Option<Arc<str>>,
    /// Members that the description calls deprecated.
    pub deprecated: Deprecated,
}

/// What older clients still send. Kept as it came, and otherwise ignored: sums come from the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deprecated {
    /// `giftCardAmount`.
    pub gift_card_minor: Option<u64>,
    /// `terminalId`.
    pub terminal_id: Option<Arc<str>>,
    /// `totalAmount`.
    pub total_minor: Option<i64>,
    /// `totalTax`.
    pub tax_minor: Option<u64>,
    /// `totalDiscount`.
    pub discount_minor: Option<u64>,
    /// `shippingAmount`.
    pub shipping_minor: Option<u64>,
    /// `shippingInfo`.
    pub shipping: Option<ShippingInfo>,
}

/// What shipping cost, as it was told before it became a line. In minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingInfo {
    /// With tax.
    pub amount_minor: Option<u64>,
    /// Without tax.
    pub net_minor: Option<u64>,
    /// The tax.
    pub tax_minor: Option<u64>,
    /// The rate in whole percent.
    pub tax_percent: Option<u8>,
}

/// What else a sale was paid with, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentSources {
    /// Gift card.
    pub gift_card_minor: Option<i64>,
    /// Card.
    pub card_minor: Option<i64>,
    /// Voucher.
    pub voucher_minor: Option<i64>,
    /// Cash.
    pub cash_minor: Option<i64>,
}

/// A barcode on the receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Barcode {
    /// Which symbology.
    pub format: BarcodeFormat,
    /// What it says.
    pub data: Arc<str>,
}

/// Which symbology.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BarcodeFormat {
    /// `EAN-13`.
    Ean13,
    /// `CODE 39`.
    Code39,
    /// `CODE 128`.
    Code128,
}

impl OrderLine {
    /// Whether total, total without tax and tax agree.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.total_minor.checked_sub(self.total_excluding_tax_minor) == Some(self.tax_minor)
    }
}

impl Receipt {
    /// How much room it takes in memory, roughly, in bytes.
    #[must_use]
    pub fn weight_bytes(&self) -> usize {
        let text = |text: &Option<Arc<str>>| text.as_ref().map_or(0, |text| text.len());
        let line = |line: &OrderLine| {
            let quantity = line.unit.as_ref().map_or(0, |unit| unit.quantity.len());
            let texts = line.name.len() + line.id.len() + quantity + text(&line.product_url);
            size_of::<OrderLine>() + texts
        };
        let bottom = &self.bottom_line;
        let barcode = bottom.barcode.as_ref().map_or(0, |barcode| barcode.data.len());
        let texts = [&bottom.pos_id, &bottom.receipt_number, &bottom.deprecated.terminal_id];
        let texts: usize = texts.into_iter().map(text).sum();
        size_of::<Self>() + texts + barcode + self.order_lines.iter().map(line).sum::<usize>()
    }
}

impl TaxRate {
    /// The rate in hundredths of a percent, whichever way it was said.
    #[must_use]
    pub fn hundredths(self) -> Option<u16> {
        match self {
            Self::Percent(percent) => Some(u16::from(percent) * 100),
            Self::HundredthsOfPercent(rate) => Some(rate),
            Self::Unsaid => None,
        }
    }
}

impl QuantityUnit {
    /// Every unit of the description.
    pub const ALL: [Self; 6] = [
        Self::Pieces,
        Self::Kilogram,
        Self::Kilometre,
        Self::Minute,
        Self::Litre,
        Self::KilowattHour,
    ];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pieces => "PCS",
            Self::Kilogram => "KG",
            Self::Kilometre => "KM",
            Self::Minute => "MINUTE",
            Self::Litre => "LITRE",
            Self::KilowattHour => "KWH",
        }
    }
}

impl BarcodeFormat {
    /// Every format of the description.
    pub const ALL: [Self; 3] = [Self::Ean13, Self::Code39, Self::Code128];

    /// The word on the wire.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ean13 => "EAN-13",
            Self::Code39 => "CODE 39",
            Self::Code128 => "CODE 128",
        }
    }
}

/// A rate in hundredths of a percent, for people: `13.5 %`.
#[must_use]
pub fn percent(hundredths: u16) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    match rest {
        0 => format!("{whole} %"),
        rest if rest % 10 == 0 => format!("{whole}.{} %", rest / 10),
        rest => format!("{whole}.{rest:02} %"),
    }
}

/// Whether the text is a quantity: digits, and at most eight decimals after a
/// full stop, ten characters in all.
#[must_use]
pub fn is_quantity(text: &str) -> bool {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && digits(decimals) && decimals.len() <= 8
}

#[cfg(test)]
mod tests {
    use super::{is_quantity, percent};

    #[test]
    fn a_rate_is_written_without_idle_zeros() {
        let cases =
            [(1200, "12 %"), (1350, "13.5 %"), (1225, "12.25 %"), (1205, "12.05 %"), (0, "0 %")];
        for (hundredths, expected) in cases {
            assert_eq!(percent(hundredths), expected);
        }
    }

    #[test]
    fn quantity_is_a_decimal_number_as_text() {
        let cases = [
            ("8.2", true),
            ("14", true),
            ("8,2", false),
            ("8.", false),
            (".5", false),
            ("", false),
        ];
        for (text, valid) in cases {
            assert_eq!(is_quantity(text), valid, "{text}");
        }
    }
}
