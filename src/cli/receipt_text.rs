//! A receipt as lines of text, the numbers below each other.

use super::output::Colour;
use super::wire::{Order, Receipt, ReceiptLine};
use crate::domain::money::decimal;
use crate::domain::receipt::percent;

/// The width of what stands before a sum. Longer texts push it to the right.
const TEXT_WIDTH: usize = 44;

/// The width of a sum: `1234567.00`.
const SUM_WIDTH: usize = 10;

/// A receipt and the link beside it, and where both are shown as a page.
pub(crate) fn lines(order: &Order, colour: Colour) -> Vec<String> {
    let mut lines = Vec::new();
    if order.orphan {
        lines.push("no payment has this name, so nobody sees this:".to_owned());
    }
    if let Some(receipt) = &order.receipt {
        lines.extend(sale(receipt, colour));
        lines.extend(foot(receipt));
        lines.extend(receipt.notice.iter().map(|notice| format!("! {notice}")));
    }
    if let Some(link) = &order.link {
        let image = link.image_id.iter().map(|image| format!(", with image {image}"));
        let image: String = image.collect();
        lines.push(format!("{} link: {}{image}", link.category, link.url));
    }
    lines.push(format!("as a page: {}", order.page));
    lines
}

/// The total with its currency.
pub(crate) fn total(receipt: &Receipt) -> String {
    format!("{} {}", receipt.currency, decimal(receipt.total))
}

fn sale(receipt: &Receipt, colour: Colour) -> Vec<String> {
    let mut lines: Vec<String> = receipt.lines.iter().map(line).collect();
    lines.push(format!("{:>TEXT_WIDTH$}{:->SUM_WIDTH$}", "", ""));
    lines.push(colour.bold(&row(&format!("total {}", receipt.currency), receipt.total)));
    let parts = [
        ("discount, already taken off", receipt.discount),
        ("of this shipping", receipt.shipping),
        ("of this returned", receipt.returned),
    ];
    let parts = parts.iter().filter(|(_, minor)| *minor != 0);
    lines.extend(parts.map(|(name, minor)| row(name, *minor)));
    lines.extend(receipt.vat.iter().map(|vat| {
        let text = format!(
            "VAT {} of {}",
            vat.rate.map_or_else(|| "without a rate".to_owned(), percent),
            decimal(vat.net)
        );
        row(&text, vat.tax)
    }));
    if let Some(tip) = receipt.tip {
        lines.push(row("tip", tip));
        lines.push(row("with the tip", receipt.total.saturating_add(tip)));
    }
    let sources = &receipt.payment_sources;
    lines.extend(sources.iter().map(|it| row(source(&it.source), it.amount)));
    lines
}

fn foot(receipt: &Receipt) -> Option<String> {
    let number = receipt.number.iter().map(|number| format!("receipt {number}"));
    let till = receipt.pos_id.iter().map(|till| format!("till {till}"));
    let barcode = receipt.barcode.iter().map(|it| format!("barcode {} {}", it.format, it.data));
    let parts: Vec<_> = number.chain(till).chain(barcode).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn line(line: &ReceiptLine) -> String {
    let kind = match line.kind.as_str() {
        "return" => " (returned)",
        "shipping" => " (shipping)",
        _ => "",
    };
    let unit = line.unit.as_deref().unwrap_or("PCS").to_lowercase();
    let quantity = line.quantity.iter().map(|quantity| format!("  {quantity} {unit}"));
    let price = line.unit_price.iter().map(|price| format!(" x {}", decimal(*price)));
    let discount = line.discount.iter().map(|it| format!("  discount {}", decimal(*it)));
    let notes: String = quantity.chain(price).chain(discount).collect();
    row(&format!("{}{kind}{notes}", line.name), line.amount)
}

fn row(text: &str, minor: i64) -> String {
    format!("{text:<TEXT_WIDTH$}{:>SUM_WIDTH$}", decimal(minor))
}

fn source(source: &str) -> &'static str {
    match source {
        "giftCard" => "paid by gift card",
        "card" => "paid by card",
        "voucher" => "paid by voucher",
        _ => "paid in cash",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receipt_reads_as_in_the_app() {
        let order = r#"{
            "paymentType": "ECOM", "orderId": "ride-0001-1", "orphan": true,
            "page": "http://127.0.0.1:8080/control/v1/sales-units/900001/receipts/ecom/ride-0001-1/page",
            "receipt": {
                "currency": "NOK", "total": 18704, "discount": 1000, "shipping": 0,
                "returned": -1000,
                "lines": [
                    {"name": "Start", "kind": "sale", "amount": 9700, "discount": 1000},
                    {"name": "Distance", "kind": "sale", "amount": 10004, "quantity": "8.2",
                     "unit": "KM", "unitPrice": 1220},
                    {"name": "Child seat", "kind": "return", "amount": -1000}
                ],
                "vat": [{"rate": 1350, "net": 16479, "tax": 2225}, {"net": 0, "tax": 0}],
                "tip": 1870, "paymentSources": [{"source": "giftCard", "amount": 5000}],
                "posId": "N-02272", "receiptNumber": "ride-0001",
                "barcode": {"format": "CODE 39", "data": "SC05"},
                "notice": "the app would hide these lines: they come to another sum"
            },
            "link": {"category": "RECEIPT", "url": "https://taxi.example/r/1", "imageId": "logo-1"}
        }"#;
        let order: Order = serde_json::from_str(order).expect("valid");
        insta::assert_snapshot!(lines(&order, Colour::Off).join("\n"), @r"
        no payment has this name, so nobody sees this:
        Start  discount 10.00                            97.00
        Distance  8.2 km x 12.20                        100.04
        Child seat (returned)                           -10.00
                                                    ----------
        total NOK                                       187.04
        discount, already taken off                      10.00
        of this returned                                -10.00
        VAT 13.5 % of 164.79                             22.25
        VAT without a rate of 0.00                        0.00
        tip                                              18.70
        with the tip                                    205.74
        paid by gift card                                50.00
        receipt ride-0001, till N-02272, barcode CODE 39 SC05
        ! the app would hide these lines: they come to another sum
        RECEIPT link: https://taxi.example/r/1, with image logo-1
        as a page: http://127.0.0.1:8080/control/v1/sales-units/900001/receipts/ecom/ride-0001-1/page
        ");
    }
}
