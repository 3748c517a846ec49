//! The page of a receipt, with every number as text.

use askama::Template;

use super::view::{LineView, OrderView, ReceiptView};
use crate::{
    app::SalesUnit,
    domain::{Payment, money::decimal, receipt::percent},
    http::control::payments::status,
};

/// What the page says.
#[derive(Template)]
#[template(path = "page.html", config = "src/http/control/receipts/askama.toml")]
pub(super) struct Page {
    merchant: String,
    order_id: String,
    payment_type: &'static str,
    /// What became of the payment; nothing when there is none.
    status: Option<String>,
    description: Option<String>,
    receipt: Option<Paper>,
    link: Option<Button>,
    version: &'static str,
}

/// A receipt as it is printed.
struct Paper {
    currency: &'static str,
    lines: Vec<Line>,
    /// What the total is made of besides sales: discounts, shipping, returns.
    parts: Vec<(&'static str, String)>,
    total: String,
    vat: Vec<Vat>,
    /// What comes after the total: the tip, and what was paid with something else.
    after: Vec<(&'static str, String)>,
    /// Number, till, barcode, time.
    foot: Vec<(&'static str, String)>,
    notice: Option<String>,
}

struct Line {
    name: String,
    /// Where the product is described, on the web.
    url: Option<String>,
    notes: String,
    amount: String,
}

struct Vat {
    rate: String,
    net: String,
    tax: String,
    gross: String,
}

/// A link on the web is one to press; an address of an app is only shown.
struct Button {
    label: &'static str,
    url: String,
    is_web: bool,
    image: Option<String>,
}

impl Page {
    pub(super) fn of(unit: &SalesUnit, payment: Option<&Payment>, order: &OrderView) -> Self {
        let description = payment.and_then(|payment| payment.request().description.as_ref());
        Self {
            merchant: unit.seed().name.to_string(),
            order_id: order.order_id.clone(),
            payment_type: order.payment_type,
            status: payment.map(status),
            description: description.map(ToString::to_string),
            receipt: order.receipt.as_ref().map(Paper::of),
            link: order.link.as_ref().map(|link| Button {
                label: label(link.category),
                url: link.url.clone(),
                is_web: is_web(&link.url),
                image: link.image.clone(),
            }),
            version: env!("CARGO_PKG_VERSION"),
        }
    }
}

impl Paper {
    fn of(receipt: &ReceiptView) -> Self {
        let parts = [
            ("Discount, already taken off", receipt.discount),
            ("Of this shipping", receipt.shipping),
            ("Of this returned", receipt.returned),
        ];
        let parts = parts.into_iter().filter(|(_, minor)| *minor != 0);
        let vat = receipt.vat.iter().map(|it| Vat {
            rate: it.rate.map_or_else(|| "no rate".to_owned(), percent),
            net: money(it.net),
            tax: money(it.tax),
            gross: money(it.net.saturating_add(it.tax)),
        });
        let tip = receipt.tip.map(|tip| {
            let both = receipt.total.saturating_add_unsigned(tip);
            [("Tip", unsigned(tip)), ("With the tip", money(both))]
        });
        let sources =
            receipt.payment_sources.iter().map(|it| (source(it.source), money(it.amount)));
        let barcode = receipt.barcode.as_ref().map(|it| format!("{} {}", it.format, it.data));
        let foot = [
            ("Receipt", receipt.receipt_number.clone()),
            ("Till", receipt.pos_id.clone()),
            ("Barcode", barcode),
            ("Stored", Some(receipt.stored_at.clone())),
        ];
        Self {
            currency: receipt.currency,
            lines: receipt.lines.iter().map(Line::of).collect(),
            parts: parts.map(|(name, minor)| (name, money(minor))).collect(),
            total: money(receipt.total),
            vat: vat.collect(),
            after: tip.into_iter().flatten().chain(sources).collect(),
            foot: foot.into_iter().filter_map(|(name, text)| Some((name, text?))).collect(),
            notice: receipt.notice.clone(),
        }
    }
}

impl Line {
    fn of(line: &LineView) -> Self {
        let quantity = line.quantity.as_ref().map(|quantity| {
            let unit = line.unit.unwrap_or_default();
            let price = line.unit_price.map(|price| format!(" \u{d7} {}", unsigned(price)));
            format!("{quantity} {}{}", unit.to_lowercase(), price.unwrap_or_default())
        });
        let discount = line.discount.map(|it| format!("discount {}", unsigned(it)));
        let kind = match line.kind {
            "return" => Some("returned".to_owned()),
            "shipping" => Some("shipping".to_owned()),
            _ => None,
        };
        let notes: Vec<_> = [kind, quantity, discount].into_iter().flatten().collect();
        Self {
            name: line.name.clone(),
            url: line.product_url.clone().filter(|url| is_web(url)),
            notes: notes.join(", "),
            amount: money(line.amount),
        }
    }
}

/// Whether a browser may follow the address: it came from somebody else.
fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The words on the button, by what is behind it.
fn label(category: &str) -> &'static str {
    match category {
        "RECEIPT" => "See the receipt",
        "ORDER_CONFIRMATION" => "See the order confirmation",
        "DELIVERY" => "Follow the delivery",
        "TICKET" => "See the ticket",
        "BOOKING" => "See the booking",
        _ => "See more",
    }
}

fn source(source: &str) -> &'static str {
    match source {
        "giftCard" => "Paid by gift card",
        "card" => "Paid by card",
        "voucher" => "Paid by voucher",
        _ => "Paid in cash",
    }
}

/// With a real minus sign, which a hyphen is not.
fn money(minor: i64) -> String {
    decimal(minor).replace('-', "\u{2212}")
}

fn unsigned(minor: u64) -> String {
    decimal(i64::try_from(minor).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_on_the_web_can_be_pressed() {
        let cases = [
            ("https://taxi.example/r/1", true),
            ("ruter:///min/bilett", false),
            ("javascript:alert(1)", false),
        ];
        for (url, expected) in cases {
            assert_eq!(is_web(url), expected, "{url}");
        }
    }
}
