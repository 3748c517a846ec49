//! An order in the words of the control API. Sums are in minor units of the receipt's currency.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    app::{
        SalesUnit,
        orders::{FiledOrder, ReceiptSource, StoredReceipt},
        webhooks::zulu_text,
    },
    domain::{
        Amount, Currency, Link, Payment,
        receipt::{OrderLine, PaymentSources, QuantityUnit, Receipt, sums::Sums},
    },
    http::Edge,
};

/// What is stored for an order, as the app shows it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::http::control) struct OrderView {
    pub(super) payment_type: &'static str,
    pub(super) order_id: String,
    /// Whether no payment has this name, so that nobody sees it.
    pub(super) orphan: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receipt: Option<ReceiptView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) link: Option<LinkView>,
    /// Where all this is shown as a page.
    pub(super) page: String,
}

/// A receipt with everything the app works out from its lines.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ReceiptView {
    pub(super) stored_at: String,
    pub(super) source: &'static str,
    pub(super) currency: &'static str,
    pub(super) lines: Vec<LineView>,
    pub(super) total: i64,
    pub(super) total_excluding_tax: i64,
    pub(super) tax: i64,
    pub(super) discount: i64,
    pub(super) shipping: i64,
    pub(super) returned: i64,
    pub(super) vat: Vec<VatView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tip: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) payment_sources: Vec<SourceView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pos_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) receipt_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) barcode: Option<BarcodeView>,
    /// What is odd about it, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notice: Option<String>,
}

/// A line. Its sums are negative when it is a return.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineView {
    pub(super) name: String,
    pub(super) id: String,
    /// `sale`, `return` or `shipping`.
    pub(super) kind: &'static str,
    pub(super) amount: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax_rate: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quantity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unit_price: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) discount: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) product_url: Option<String>,
}

/// What the lines of one tax rate come to.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct VatView {
    /// Hundredths of a percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rate: Option<u16>,
    pub(super) net: i64,
    pub(super) tax: i64,
}

/// What else the sale was paid with.
#[derive(Serialize, ToSchema)]
pub(super) struct SourceView {
    pub(super) source: &'static str,
    pub(super) amount: i64,
}

/// What is printed at the foot of a receipt, to be scanned.
#[derive(Serialize, ToSchema)]
pub(super) struct BarcodeView {
    pub(super) format: &'static str,
    pub(super) data: String,
}

/// The button beside the receipt.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct LinkView {
    pub(super) category: &'static str,
    pub(super) url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image_id: Option<String>,
    /// Where the image can be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) image: Option<String>,
}

/// Where the control API of a sales unit is reached from outside.
pub(in crate::http::control) struct Links(String);

impl Links {
    pub(in crate::http::control) fn new(edge: &Edge, unit: &SalesUnit) -> Self {
        Self(format!("{}/control/v1/sales-units/{}", edge.public_url(), unit.msn()))
    }
}

impl OrderView {
    /// An order, beside the payment it belongs to if there is one.
    pub(in crate::http::control) fn of(
        filed: &FiledOrder,
        payment: Option<&Payment>,
        Links(base): &Links,
    ) -> Self {
        let key = &filed.key;
        let payment_type = key.payment_type.code();
        let path = format!("{}/{}", payment_type.to_ascii_lowercase(), key.id);
        let receipt = filed.order.receipt.as_ref();
        Self {
            payment_type,
            order_id: key.id.to_string(),
            orphan: filed.is_orphan,
            receipt: receipt.map(|stored| ReceiptView::of(stored, payment)),
            link: filed.order.category().map(|it| LinkView::of(&it.link, base)),
            page: format!("{base}/receipts/{path}/page"),
        }
    }
}

impl ReceiptView {
    fn of(stored: &StoredReceipt, payment: Option<&Payment>) -> Self {
        let StoredReceipt { receipt, source, at } = stored;
        let Sums { total_minor, net_minor, tax_minor, discount_minor, .. } = receipt.sums();
        let sums = receipt.sums();
        let vat = |it: &crate::domain::receipt::sums::RateSum| VatView {
            rate: it.rate,
            net: it.net_minor,
            tax: it.tax_minor,
        };
        let bottom = &receipt.bottom_line;
        let paid = payment.and_then(|payment| paid(payment, *source));
        let text = |text: &Option<std::sync::Arc<str>>| text.as_ref().map(ToString::to_string);
        Self {
            stored_at: zulu_text(*at),
            source: match source {
                ReceiptSource::Create => "create",
                ReceiptSource::Posted => "orderManagement",
            },
            currency: bottom.currency.map_or("", Currency::code),
            lines: receipt.order_lines.iter().map(LineView::of).collect(),
            total: total_minor,
            total_excluding_tax: net_minor,
            tax: tax_minor,
            discount: discount_minor,
            shipping: sums.shipping_minor,
            returned: sums.returned_minor,
            vat: sums.by_rate.iter().map(vat).collect(),
            tip: bottom.tip_minor.filter(|tip| 0 < *tip),
            payment_sources: sources(receipt),
            pos_id: text(&bottom.pos_id),
            receipt_number: text(&bottom.receipt_number),
            barcode: bottom
                .barcode
                .as_ref()
                .map(|it| BarcodeView { format: it.format.code(), data: it.data.to_string() }),
            notice: paid.and_then(|paid| receipt.mismatch(paid)).map(|it| it.to_string()),
        }
    }
}

/// What the lines should come to: what was captured. Before that, only a receipt that came with the
/// request for payment is about a sum that is known.
fn paid(payment: &Payment, source: ReceiptSource) -> Option<Amount> {
    match (payment.totals().captured, source) {
        (captured, _) if 0 < captured.minor() => Some(captured),
        (_, ReceiptSource::Create) => Some(payment.amount()),
        (_, ReceiptSource::Posted) => None,
    }
}

/// Those that paid something.
fn sources(receipt: &Receipt) -> Vec<SourceView> {
    let PaymentSources { gift_card_minor, card_minor, voucher_minor, cash_minor } =
        receipt.bottom_line.sources();
    let all = [
        ("giftCard", gift_card_minor),
        ("card", card_minor),
        ("voucher", voucher_minor),
        ("cash", cash_minor),
    ];
    let paid = |(source, amount): (_, Option<i64>)| {
        amount.filter(|it| *it != 0).map(|amount| SourceView { source, amount })
    };
    all.into_iter().filter_map(paid).collect()
}

impl LineView {
    fn of(line: &OrderLine) -> Self {
        let unit = line.unit.as_ref();
        Self {
            name: line.name.to_string(),
            id: line.id.to_string(),
            kind: match (line.is_return, line.is_shipping) {
                (Some(true), _) => "return",
                (_, Some(true)) => "shipping",
                _ => "sale",
            },
            amount: line.counts_minor(),
            tax_rate: line.tax.hundredths(),
            quantity: unit.map(|it| it.quantity.to_string()),
            unit: unit.map(|it| it.unit.unwrap_or(QuantityUnit::Pieces).code()),
            unit_price: unit.and_then(|it| it.unit_price_minor),
            discount: line.discount_minor.filter(|it| 0 < *it),
            product_url: line.product_url.as_ref().map(ToString::to_string),
        }
    }
}

impl LinkView {
    fn of(link: &Link, base: &str) -> Self {
        Self {
            category: link.kind.code(),
            url: link.url.to_string(),
            image_id: link.image.as_ref().map(ToString::to_string),
            image: link.image.as_ref().map(|image| format!("{base}/images/{image}")),
        }
    }
}
