//! A receipt as JSON, printed as it was stored.

use serde::Serialize;

use crate::domain::{
    Currency, Receipt,
    receipt::{BottomLine, OrderLine, QuantityUnit, TaxRate},
};

/// A receipt as it is printed: what was not sent is left out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::http) struct ReceiptBody {
    order_lines: Vec<OrderLineBody>,
    bottom_line: BottomLineBody,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderLineBody {
    name: String,
    id: String,
    total_amount: i64,
    total_amount_excluding_tax: i64,
    total_tax_amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_percentage: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_rate: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit_info: Option<UnitInfoBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    discount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_return: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_shipping: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnitInfoBody {
    unit_price: Option<u64>,
    quantity: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity_unit: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BottomLineBody {
    currency: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tip_amount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pos_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_sources: Option<PaymentSourcesBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    barcode: Option<BarcodeBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    gift_card_amount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terminal_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_tax: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_discount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_amount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipping_info: Option<ShippingInfoBody>,
}

/// All members are required, and may be null.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShippingInfoBody {
    amount: Option<u64>,
    amount_excluding_tax: Option<u64>,
    tax_amount: Option<u64>,
    tax_percentage: Option<u8>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PaymentSourcesBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    gift_card: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voucher: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cash: Option<i64>,
}

#[derive(Serialize)]
struct BarcodeBody {
    format: &'static str,
    data: String,
}

impl From<&Receipt> for ReceiptBody {
    fn from(receipt: &Receipt) -> Self {
        Self {
            order_lines: receipt.order_lines.iter().map(OrderLineBody::from).collect(),
            bottom_line: BottomLineBody::from(&receipt.bottom_line),
        }
    }
}

impl From<&OrderLine> for OrderLineBody {
    fn from(line: &OrderLine) -> Self {
        let (tax_percentage, tax_rate) = match line.tax {
            TaxRate::Percent(percent) => (Some(percent), None),
            TaxRate::HundredthsOfPercent(rate) => (None, Some(rate)),
            TaxRate::Unsaid => (None, None),
        };
        Self {
            name: line.name.to_string(),
            id: line.id.to_string(),
            total_amount: line.total_minor,
            total_amount_excluding_tax: line.total_excluding_tax_minor,
            total_tax_amount: line.tax_minor,
            tax_percentage,
            tax_rate,
            unit_info: line.unit.as_ref().map(|unit| UnitInfoBody {
                unit_price: unit.unit_price_minor,
                quantity: unit.quantity.to_string(),
                quantity_unit: unit.unit.map(QuantityUnit::code),
            }),
            discount: line.discount_minor,
            product_url: line.product_url.as_ref().map(ToString::to_string),
            is_return: line.is_return,
            is_shipping: line.is_shipping,
        }
    }
}

impl From<&BottomLine> for BottomLineBody {
    fn from(line: &BottomLine) -> Self {
        Self {
            currency: line.currency.map(Currency::code),
            tip_amount: line.tip_minor,
            pos_id: line.pos_id.as_ref().map(ToString::to_string),
            payment_sources: line.payment_sources.map(|it| PaymentSourcesBody {
                gift_card: it.gift_card_minor,
                card: it.card_minor,
                voucher: it.voucher_minor,
                cash: it.cash_minor,
            }),
            barcode: line
                .barcode
                .as_ref()
                .map(|it| BarcodeBody { format: it.format.code(), data: it.data.to_string() }),
            receipt_number: line.receipt_number.as_ref().map(ToString::to_string),
            gift_card_amount: line.deprecated.gift_card_minor,
            terminal_id: line.deprecated.terminal_id.as_ref().map(ToString::to_string),
            total_amount: line.deprecated.total_minor,
            total_tax: line.deprecated.tax_minor,
            total_discount: line.deprecated.discount_minor,
            shipping_amount: line.deprecated.shipping_minor,
            shipping_info: line.deprecated.shipping.map(|it| ShippingInfoBody {
                amount: it.amount_minor,
                amount_excluding_tax: it.net_minor,
                tax_amount: it.tax_minor,
                tax_percentage: it.tax_percent,
            }),
        }
    }
}
