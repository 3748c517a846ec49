//! A receipt as JSON, checked on the way in.
//!
//! The rules are those of the Order Management API description; the same receipt may come with a
//! request for payment.

use std::sync::Arc;

use crate::{
    domain::{
        Currency, Receipt,
        receipt::{
            Barcode, BarcodeFormat, BottomLine, Deprecated, OrderLine, PaymentSources,
            QuantityUnit, ShippingInfo, TaxRate, UnitInfo, is_quantity,
        },
    },
    http::schema::{Check, Node, Rule},
};

/// Reads a receipt, naming everything that is wrong with it.
pub(in crate::http) fn receipt(check: &mut Check, node: &Node<'_>) -> Option<Receipt> {
    check.members(node, "Receipt", &["orderLines", "bottomLine"])?;
    let order_lines = check.required(node, "orderLines").and_then(|it| order_lines(check, &it));
    let bottom_line = check.required(node, "bottomLine").and_then(|it| bottom_line(check, &it));
    Some(Receipt { order_lines: order_lines?, bottom_line: bottom_line? })
}

fn order_lines(check: &mut Check, node: &Node<'_>) -> Option<Vec<OrderLine>> {
    let items: Vec<_> = check.list(node, "List`1[OrderLine]")?.collect();
    if items.is_empty() {
        let text = "The field OrderLines must have at least 1 element.";
        check.fail_at(node, Rule::Said(text.to_owned()));
        return None;
    }
    let lines: Vec<_> = items.iter().map(|item| order_line(check, item)).collect();
    lines.into_iter().collect()
}

/// The members of an order line.
const ORDER_LINE: [&str; 12] = [
    "name",
    "id",
    "totalAmount",
    "totalAmountExcludingTax",
    "totalTaxAmount",
    "taxRate",
    "taxPercentage",
    "unitInfo",
    "discount",
    "productUrl",
    "isReturn",
    "isShipping",
];

fn order_line(check: &mut Check, node: &Node<'_>) -> Option<OrderLine> {
    check.members(node, "OrderLine", &ORDER_LINE)?;
    let text = |check: &mut Check, name| {
        check.required(node, name).and_then(|it| check.string(it)).map(Arc::<str>::from)
    };
    let sum = |check: &mut Check, name| {
        check.required(node, name).and_then(|it| check.integer(it, i64::MIN, i64::MAX))
    };
    let (name, id) = (text(check, "name"), text(check, "id"));
    let total_minor = sum(check, "totalAmount");
    let total_excluding_tax_minor = sum(check, "totalAmountExcludingTax");
    let tax_minor = sum(check, "totalTaxAmount");
    let is_nothing = total_minor == Some(0) && tax_minor == Some(0);
    let tax = tax_rate(check, node, is_nothing);
    let unit = node.member("unitInfo").map(|it| unit_info(check, &it));
    let discount_minor = node.member("discount").map(|it| natural(check, it));
    let product_url = node.member("productUrl").map(|it| check.string(it).map(Arc::from));
    let is_return = node.member("isReturn").map(|it| check.boolean(it));
    let is_shipping = node.member("isShipping").map(|it| check.boolean(it));
    let line = OrderLine {
        name: name?,
        id: id?,
        total_minor: total_minor?,
        total_excluding_tax_minor: total_excluding_tax_minor?,
        tax_minor: tax_minor?,
        tax: tax?,
        unit: unit.flatten(),
        discount_minor: discount_minor.flatten(),
        product_url: product_url.flatten(),
        is_return: is_return.flatten(),
        is_shipping: is_shipping.flatten(),
    };
    if line.adds_up() {
        return Some(line);
    }
    let text = "Total amount '-' total amount excluding tax does not match order line total tax \
                amount";
    check.fail_at(node, Rule::Said(text.to_owned()));
    None
}

/// Exactly one of the two ways to say it. Official samples have neither on a line of nothing.
fn tax_rate(check: &mut Check, node: &Node<'_>, is_nothing: bool) -> Option<TaxRate> {
    let rate = node.member("taxRate");
    let percentage = node.member("taxPercentage");
    match (rate, percentage) {
        (Some(rate), None) => {
            let value = check.integer(rate, 0, 10_000)?;
            u16::try_from(value).ok().map(TaxRate::HundredthsOfPercent)
        }
        (None, Some(percentage)) => {
            let value = check.integer(percentage, 0, 100)?;
            u8::try_from(value).ok().map(TaxRate::Percent)
        }
        (Some(_), Some(_)) => {
            check.fail_at(node, Rule::Said("Both tax rate and tax percentage set".to_owned()));
            None
        }
        (None, None) if is_nothing => Some(TaxRate::Unsaid),
        (None, None) => {
            let text = "Either tax rate or tax percentage must be set";
            check.fail_at(node, Rule::Said(text.to_owned()));
            None
        }
    }
}

fn unit_info(check: &mut Check, node: &Node<'_>) -> Option<UnitInfo> {
    check.members(node, "UnitInfo", &["unitPrice", "quantity", "quantityUnit"])?;
    let unit_price = nullable(check, node, "unitPrice");
    let unit_price_minor = unit_price.and_then(|it| natural(check, it));
    let quantity = check.required(node, "quantity").and_then(|it| {
        let text = check.text(it, 0, 10)?;
        if !is_quantity(text) {
            check.fail_at(&it, Rule::Pattern(r"^\d+([\.]\d{1,8})?$"));
            return None;
        }
        Some(Arc::from(text))
    });
    let unit = node.member("quantityUnit").map(|it| {
        check.word(it, "QuantityUnit", QuantityUnit::ALL.map(|unit| (unit.code(), unit)))
    });
    Some(UnitInfo { unit_price_minor, quantity: quantity?, unit: unit.flatten() })
}

/// What a receipt can be in: less than a payment can.
const CURRENCIES: [Currency; 3] = [Currency::Nok, Currency::Dkk, Currency::Eur];

/// The members of a bottom line, those included that the description calls deprecated.
const BOTTOM_LINE: [&str; 13] = [
    "currency",
    "tipAmount",
    "posId",
    "paymentSources",
    "barcode",
    "receiptNumber",
    "shippingInfo",
    "giftCardAmount",
    "totalAmount",
    "totalTax",
    "totalDiscount",
    "shippingAmount",
    "terminalId",
];

fn bottom_line(check: &mut Check, node: &Node<'_>) -> Option<BottomLine> {
    check.members(node, "BottomLine", &BOTTOM_LINE)?;
    let currency = check.required(node, "currency").and_then(|it| {
        check.word(it, "Currency", CURRENCIES.map(|currency| (currency.code(), currency)))
    });
    let text = |check: &mut Check, name| {
        node.member(name).and_then(|it| check.string(it)).map(Arc::<str>::from)
    };
    let tip_minor = node.member("tipAmount").map(|it| natural(check, it));
    let pos_id = text(check, "posId");
    let receipt_number = text(check, "receiptNumber");
    let payment_sources = node.member("paymentSources").and_then(|it| payment_sources(check, &it));
    let barcode = node.member("barcode").and_then(|it| barcode(check, &it));
    Some(BottomLine {
        currency: Some(currency?),
        tip_minor: tip_minor.flatten(),
        pos_id,
        payment_sources,
        barcode,
        receipt_number,
        deprecated: deprecated(check, node),
    })
}

/// What older clients send must be right as well, though nothing follows from it.
fn deprecated(check: &mut Check, node: &Node<'_>) -> Deprecated {
    let mut sum = |name| node.member(name).and_then(|it| natural(check, it));
    let gift_card_minor = sum("giftCardAmount");
    let tax_minor = sum("totalTax");
    let discount_minor = sum("totalDiscount");
    let shipping_minor = sum("shippingAmount");
    Deprecated {
        gift_card_minor,
        terminal_id: node.member("terminalId").and_then(|it| check.string(it)).map(Arc::from),
        total_minor: node
            .member("totalAmount")
            .and_then(|it| check.integer(it, i64::MIN, i64::MAX)),
        tax_minor,
        discount_minor,
        shipping_minor,
        shipping: node.member("shippingInfo").and_then(|it| shipping_info(check, &it)),
    }
}

fn shipping_info(check: &mut Check, node: &Node<'_>) -> Option<ShippingInfo> {
    check.members(
        node,
        "ShippingInfo",
        &["amount", "amountExcludingTax", "taxAmount", "taxPercentage"],
    )?;
    let mut sum = |name, max| nullable(check, node, name).and_then(|it| check.integer(it, 0, max));
    let natural = |value: Option<i64>| value.and_then(|it| u64::try_from(it).ok());
    Some(ShippingInfo {
        amount_minor: natural(sum("amount", i64::MAX)),
        net_minor: natural(sum("amountExcludingTax", i64::MAX)),
        tax_minor: natural(sum("taxAmount", i64::MAX)),
        tax_percent: sum("taxPercentage", 100).and_then(|it| u8::try_from(it).ok()),
    })
}

fn payment_sources(check: &mut Check, node: &Node<'_>) -> Option<PaymentSources> {
    check.members(node, "PaymentSources", &["giftCard", "card", "voucher", "cash"])?;
    let mut sum = |name| node.member(name).and_then(|it| check.integer(it, i64::MIN, i64::MAX));
    Some(PaymentSources {
        gift_card_minor: sum("giftCard"),
        card_minor: sum("card"),
        voucher_minor: sum("voucher"),
        cash_minor: sum("cash"),
    })
}

fn barcode(check: &mut Check, node: &Node<'_>) -> Option<Barcode> {
    check.members(node, "Barcode", &["format", "data"])?;
    let format = check.required(node, "format").and_then(|it| {
        check.word(it, "BarcodeFormat", BarcodeFormat::ALL.map(|it| (it.code(), it)))
    });
    let data = check.required(node, "data").and_then(|it| check.string(it));
    Some(Barcode { format: format?, data: data?.into() })
}

/// A member that must be there, but may be null.
fn nullable<'a>(check: &mut Check, node: &'a Node<'a>, name: &'static str) -> Option<Node<'a>> {
    match node.value().get(name) {
        Some(_) => node.member(name),
        None => check.required(node, name),
    }
}

fn natural(check: &mut Check, node: Node<'_>) -> Option<u64> {
    check.integer(node, 0, i64::MAX).and_then(|value| u64::try_from(value).ok())
}
