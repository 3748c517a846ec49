//! The receipt as order management and the create call take it.

use serde::{Deserialize, Serialize};

use super::money::Currency;

/// What was bought, line by line. Once stored it never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// At least one line.
    pub order_lines: Vec<OrderLine>,
    /// What is true of the whole sale.
    pub bottom_line: BottomLine,
}

/// One thing on the receipt. All sums are in minor units and after discount.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrderLine {
    /// What the passenger reads.
    pub name: String,
    /// What our accounts call it.
    pub id: String,
    /// The sum with tax.
    pub total_amount: i64,
    /// The sum without tax.
    pub total_amount_excluding_tax: i64,
    /// The tax: the difference of the two, exactly.
    pub total_tax_amount: i64,
    /// The rate in hundredths of a percent: 1200 is 12 %.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_rate: Option<u16>,
    /// What was taken off, with tax; the sums are without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discount: Option<i64>,
    /// How many of what, for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_info: Option<UnitInfo>,
}

/// How many of what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitInfo {
    /// The price of one, with tax, in minor units.
    pub unit_price: Option<i64>,
    /// How many, as text so that `8.2` stays `8.2`.
    pub quantity: String,
    /// What is counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity_unit: Option<String>,
}

/// What is true of the whole sale.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BottomLine {
    /// The currency of all lines.
    pub currency: Currency,
    /// The tip, which is in no line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tip_amount: Option<i64>,
    /// Which till, here which car.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pos_id: Option<String>,
    /// The number of the legal receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receipt_number: Option<String>,
}

impl Receipt {
    /// The sum of all lines, with tax, in minor units.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.order_lines.iter().map(|line| line.total_amount).sum()
    }

    /// Whether both tell of the same money: the same lines with the same sums, and the same tip.
    ///
    /// What is read back may carry members that were filled in on the way, so the rest is left out.
    #[must_use]
    pub fn tells_the_same_as(&self, other: &Self) -> bool {
        let money = |receipt: &Self| -> Vec<_> {
            let lines = receipt.order_lines.iter();
            lines
                .map(|line| {
                    let sums = (line.total_amount, line.total_amount_excluding_tax);
                    (line.id.clone(), sums, line.total_tax_amount)
                })
                .collect()
        };
        let tip = |receipt: &Self| receipt.bottom_line.tip_amount.unwrap_or(0);
        self.bottom_line.currency == other.bottom_line.currency
            && tip(self) == tip(other)
            && money(self) == money(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::taxi::fare::{Fare, ReceiptDetails};
    use crate::taxi::money::Amount;

    fn receipt(total: u64) -> Receipt {
        Fare::taxi_ride(Amount::nok(total)).unwrap().receipt(ReceiptDetails::default())
    }

    #[test]
    fn a_receipt_read_back_with_more_members_tells_the_same() {
        let mut read_back = serde_json::to_value(receipt(34592)).unwrap();
        read_back["orderLines"][0]["discount"] = 0.into();
        read_back["orderLines"][0]["productUrl"] = serde_json::Value::Null;
        read_back["bottomLine"]["tipAmount"] = 0.into();
        read_back["bottomLine"]["posId"] = "N-02272".into();
        let read_back: Receipt = serde_json::from_value(read_back).unwrap();
        assert!(read_back.tells_the_same_as(&receipt(34592)));
    }

    #[test]
    fn a_receipt_over_another_sum_tells_something_else() {
        assert!(!receipt(34592).tells_the_same_as(&receipt(34593)));
        let mut tipped = receipt(34592);
        tipped.bottom_line.tip_amount = Some(1);
        assert!(!receipt(34592).tells_the_same_as(&tipped));
    }
}
