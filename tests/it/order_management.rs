//! `/order-management`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use insta::assert_snapshot;
use serde_json::{Value, json};
use vipps_mock::{
    app::orders::{ORDERS_MAX, OrderKey, PaymentType},
    domain::{CategoryKind, Link},
};

use crate::support::{TestMock, push_request};

const RECEIPT: &str = "/order-management/v2/ecom/receipts/ride-0001";
const ORDER: &str = "/order-management/v2/ecom/ride-0001";

pub(crate) fn receipt() -> Value {
    let text = include_str!("../../fixtures/cases/receipt_of_a_day_ride.json");
    serde_json::from_str::<Value>(text).unwrap()["request"]["body"].clone()
}

#[tokio::test]
async fn receipt_is_stored_once_and_read_back_as_sent() {
    let mock = TestMock::start().await;
    assert_snapshot!(mock.post(RECEIPT, "", &receipt()).await.print());
    assert_eq!(mock.get(ORDER).await.json(), json!({"receipt": receipt()}));
    let mut other = receipt();
    other["orderLines"][0]["name"] = "Another".into();
    assert_snapshot!(mock.post(RECEIPT, "", &other).await.print());
    assert_eq!(mock.get(ORDER).await.json(), json!({"receipt": receipt()}));
}

#[tokio::test]
async fn receipt_of_a_payment_lands_in_the_same_store() {
    let mock = TestMock::start().await;
    let mut body = push_request("ride-0001", 34592);
    body["receipt"] = receipt();
    assert_eq!(mock.post("/epayment/v1/payments", "key", &body).await.status, 201);
    assert_eq!(mock.get("/order-management/v2/eCom/ride-0001").await.json()["receipt"], receipt());
    assert_eq!(mock.post(RECEIPT, "", &receipt()).await.status, 409);
}

#[tokio::test]
async fn refused_payment_leaves_no_receipt() {
    let mock = TestMock::start().await;
    let mut body = push_request("ride-0001", 99);
    body["receipt"] = receipt();
    assert_eq!(mock.post("/epayment/v1/payments", "key", &body).await.code(), "6010");
    assert_eq!(mock.get(ORDER).await.status, 404);
}

#[tokio::test]
async fn wrong_receipt_is_told_everything_that_is_wrong_and_not_stored() {
    let mock = TestMock::start().await;
    let mut body = receipt();
    body["orderLines"][0]["taxPercentage"] = 12.into();
    body["orderLines"][1]["totalTaxAmount"] = 1.into();
    body["orderLines"][2]["unitInfo"]["quantity"] = 14.into();
    body["bottomLine"]["currency"] = "kroner".into();
    assert_snapshot!(mock.post(RECEIPT, "", &body).await.print());
    assert_eq!(mock.get(ORDER).await.status, 404);
    assert_eq!(mock.post(RECEIPT, "", &receipt()).await.status, 201);
}

#[tokio::test]
async fn path_is_checked() {
    let mock = TestMock::start().await;
    let reply = mock.post("/order-management/v2/epayment/receipts/ride-0001", "", &receipt()).await;
    assert_eq!(reply.json()["invalidParams"][0]["name"], "PaymentType");
    let reply = mock.get("/order-management/v2/ecom/ride%200001").await;
    assert_eq!(reply.json()["invalidParams"][0]["name"], "OrderId");
}

#[tokio::test]
async fn receipt_follows_its_own_schema() {
    let mock = TestMock::start().await;
    let without = |path: &[&str]| {
        let mut body = receipt();
        let (last, parents) = path.split_last().unwrap();
        let mut node = &mut body;
        for step in parents {
            node = match step.parse::<usize>() {
                Ok(index) => &mut node[index],
                Err(_) => &mut node[*step],
            };
        }
        node.as_object_mut().unwrap().remove(*last);
        body
    };
    let mut swedish = receipt();
    swedish["bottomLine"]["currency"] = "SEK".into();
    let cases = [
        (swedish, "BottomLine.Currency"),
        (
            without(&["orderLines", "1", "unitInfo", "unitPrice"]),
            "OrderLines[1].UnitInfo.UnitPrice",
        ),
        (without(&["orderLines", "0", "taxRate"]), "OrderLines[0]"),
        (without(&["bottomLine"]), "BottomLine"),
    ];
    for (body, name) in cases {
        let reply = mock.post(RECEIPT, "", &body).await;
        assert_eq!(reply.json()["invalidParams"][0]["name"], name);
    }
    let mut nothing = without(&["orderLines", "0", "taxRate"]);
    for sum in ["totalAmount", "totalAmountExcludingTax", "totalTaxAmount"] {
        nothing["orderLines"][0][sum] = 0.into();
    }
    assert_eq!(mock.post(RECEIPT, "", &nothing).await.status, 201);
}

#[tokio::test]
async fn number_of_the_sales_unit_is_required() {
    let mock = TestMock::start().await;
    let headers = [("Merchant-Serial-Number", "")];
    let reply = mock.call(axum::http::Method::GET, ORDER, &headers, "").await;
    assert_eq!(reply.json()["invalidParams"][0]["name"], "Merchant-Serial-Number");
}

/// A PNG of this height, as far as anybody looks: signature, and the header with its measures.
pub(crate) fn png(height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(400_u32.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// A JPEG of this height: start, and a frame header.
fn jpeg(height: u16) -> Vec<u8> {
    let mut bytes =
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xc0\0\x11\x08".to_vec();
    bytes.extend(height.to_be_bytes());
    bytes.extend([1, 144, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xff, 0xd9]);
    bytes
}

pub(crate) fn image(id: &str, bytes: &[u8]) -> Value {
    json!({"imageId": id, "src": STANDARD.encode(bytes), "type": "base64"})
}

const IMAGES: &str = "/order-management/v1/images";

#[tokio::test]
async fn image_is_looked_at_and_stored_once() {
    let mock = TestMock::start().await;
    assert_snapshot!(mock.post(IMAGES, "", &image("logo-1", &png(200))).await.print());
    // A plugin with many users has a slash at the end.
    let slash = format!("{IMAGES}/");
    assert_eq!(mock.post(&slash, "", &image("logo-2", &jpeg(167))).await.status, 200);
    assert_snapshot!(mock.post(IMAGES, "", &image("logo-1", &png(300))).await.print());
    let reply = mock.get("/control/v1/sales-units/900001/images/logo-2").await;
    assert_eq!(reply.headers["content-type"], "image/jpeg");
}

#[tokio::test]
async fn image_that_the_app_could_not_show_is_refused() {
    let mock = TestMock::start().await;
    let data_url = format!("data:image/png;base64,{}", STANDARD.encode(png(200)));
    let cases = [
        (image("low-1", &png(166)), "Src", "The image height must be at least 167 pixels"),
        (image("low-2", &jpeg(120)), "Src", "The image height must be at least 167 pixels"),
        (image("gif-1", b"GIF89a\x90\x01\x90\x01"), "Src", "The image must be a PNG or a JPEG."),
        (image("cut-1", &png(200)[..12]), "Src", "The image must be a PNG or a JPEG."),
        (
            json!({"imageId": "i", "src": data_url, "type": "base64"}),
            "Src",
            "The field Src must be",
        ),
        (json!({"imageId": "i", "src": "", "type": "base64"}), "Src", "The image must be a PNG"),
        (image("a b", &png(200)), "ImageId", "The field ImageId must match"),
        (image(&"i".repeat(129), &png(200)), "ImageId", "The field ImageId must be a string"),
        (json!({"imageId": "i", "src": "AA==", "type": "url"}), "Type", "The JSON value could"),
    ];
    for (body, name, reason) in cases {
        let reply = mock.post(IMAGES, "", &body).await;
        let param = &reply.json()["invalidParams"][0];
        assert_eq!(param["name"], name, "{}", reply.text);
        assert!(param["reason"].as_str().unwrap().starts_with(reason), "{}", reply.text);
        assert_eq!(reply.status, 400);
    }
}

#[tokio::test]
async fn image_may_have_two_megabytes_and_other_bodies_a_quarter_of_one() {
    let mock = TestMock::start().await;
    let sized = |size: usize| {
        let mut bytes = png(200);
        bytes.resize(size, 0);
        bytes
    };
    let largest = image("large-1", &sized(2 * 1024 * 1024));
    assert_eq!(mock.post(IMAGES, "", &largest).await.status, 200);
    let larger = mock.post(IMAGES, "", &image("large-2", &sized(2 * 1024 * 1024 + 1))).await;
    let reason = larger.json()["invalidParams"][0]["reason"].as_str().unwrap().to_owned();
    assert!(reason.starts_with("The image size must be at most"), "{reason}");
    let beyond = image("large-3", &sized(2 * 1024 * 1024 + 400_000));
    assert_eq!(mock.post(IMAGES, "", &beyond).await.status, 413);
    let mut long = receipt();
    long["orderLines"][0]["name"] = "x".repeat(256 * 1024).into();
    assert_eq!(mock.post(RECEIPT, "", &long).await.status, 413);
}

const CATEGORY: &str = "/order-management/v2/ecom/categories/ride-0001";
const CATEGORIES: &str = "/order-management/v3/categories";

async fn put(mock: &TestMock, path: &str, body: &Value) -> crate::support::Reply {
    mock.call(axum::http::Method::PUT, path, &[], &body.to_string()).await
}

fn link(kind: &str, url: &str) -> Value {
    json!({"category": kind, "orderDetailsUrl": url})
}

fn new_category(kind: &str, url: &str) -> Value {
    json!({"orderId": "ride-0001", "paymentType": "ECOM", "type": kind, "url": url})
}

#[tokio::test]
async fn both_views_of_links_agree() {
    let mock = TestMock::start().await;
    let first = put(&mock, CATEGORY, &link("GENERAL", "https://taxi.example/r/1")).await;
    assert_eq!(first.status, 200);
    let first_id = first.json();
    let added =
        mock.post(CATEGORIES, "", &new_category("RECEIPT", "https://taxi.example/r/2")).await;
    assert_snapshot!(added.print());
    let second_id = added.json()["categoryId"].clone();
    let shown = mock.get(ORDER).await;
    assert_eq!(shown.json(), json!({"category": link("RECEIPT", "https://taxi.example/r/2")}));
    let list = format!("{CATEGORIES}?orderId=ride-0001");
    assert_snapshot!(mock.get(&list).await.print());

    // Version 2 knows one link: putting it replaces both, under the id of the last.
    let replaced = put(&mock, CATEGORY, &link("BOOKING", "ruter:///min/bilett")).await;
    assert_eq!(replaced.json(), second_id);
    let listed = mock.get(&list).await.json();
    assert_eq!(listed["categories"].as_array().unwrap().len(), 1);
    assert_eq!(listed["categories"][0]["url"], "ruter:///min/bilett");
    let path = format!("{CATEGORIES}/{}", first_id.as_str().unwrap());
    assert_eq!(mock.get(&path).await.status, 404);

    let path = format!("{CATEGORIES}/{}", second_id.as_str().unwrap());
    assert_eq!(mock.get(&path).await.json()["type"], "BOOKING");
    let deleted = mock.call(axum::http::Method::DELETE, &path, &[], "").await;
    assert_eq!((deleted.status.as_u16(), deleted.text.as_str()), (200, ""));
    assert_eq!(mock.get(ORDER).await.status, 404);
    assert_eq!(mock.get(&list).await.json(), json!({"categories": []}));
    assert_snapshot!(mock.call(axum::http::Method::DELETE, &path, &[], "").await.print());
}

#[tokio::test]
async fn link_names_an_image_that_is_there() {
    let mock = TestMock::start().await;
    let mut wanted = link("RECEIPT", "https://taxi.example/r/1");
    wanted["imageId"] = "logo-1".into();
    let mut third = new_category("RECEIPT", "https://taxi.example/r/1");
    third["imageId"] = "logo-1".into();
    assert_snapshot!(put(&mock, CATEGORY, &wanted).await.print());
    let reply = mock.post(CATEGORIES, "", &third).await;
    assert_eq!(reply.json()["invalidParams"][0]["name"], "ImageId");
    assert_eq!(mock.get(ORDER).await.status, 404);
    mock.post(IMAGES, "", &image("logo-1", &png(200))).await;
    assert_eq!(put(&mock, CATEGORY, &wanted).await.status, 200);
    assert_eq!(mock.post(CATEGORIES, "", &third).await.status, 201);
    assert_eq!(mock.get(ORDER).await.json()["category"], wanted);
}

#[tokio::test]
async fn link_follows_its_schema() {
    let mock = TestMock::start().await;
    let mut null_image = link("RECEIPT", "https://taxi.example/r/1");
    null_image["imageId"] = Value::Null;
    assert_eq!(put(&mock, CATEGORY, &null_image).await.status, 200);
    let cases = [
        (link("COUPON", "https://taxi.example/r/1"), "Category"),
        (link("RECEIPT", "taxi.example/r/1"), "OrderDetailsUrl"),
        (link("RECEIPT", ""), "OrderDetailsUrl"),
        (json!({"orderDetailsUrl": "https://taxi.example/r/1"}), "Category"),
        (json!({"category": "RECEIPT"}), "OrderDetailsUrl"),
    ];
    for (body, name) in cases {
        let reply = put(&mock, CATEGORY, &body).await;
        assert_eq!(reply.json()["invalidParams"][0]["name"], name, "{body}");
    }
    let everything = json!({"orderId": "a b", "paymentType": "epayment", "type": 1});
    let reply = mock.post(CATEGORIES, "", &everything).await;
    let params = reply.json()["invalidParams"].clone();
    let names: Vec<_> = params.as_array().unwrap().iter().map(|it| it["name"].clone()).collect();
    assert_eq!(names, ["OrderId", "PaymentType", "Type", "Url"]);
    assert_eq!(mock.get(CATEGORIES).await.json()["invalidParams"][0]["name"], "OrderId");
    let reply = mock.get(&format!("{CATEGORIES}/ride-0001")).await;
    assert_eq!(reply.json()["invalidParams"][0]["name"], "CategoryId");
    let reply = mock.get(&format!("{CATEGORIES}/337f5e5d-288b-40d5-be14-901cc3acacc0")).await;
    assert_eq!(reply.status, 404);
}

#[tokio::test]
async fn version_1_works_on_the_same_orders() {
    let mock = TestMock::start().await;
    let path = "/order-management/v1/receipts/ride-0001";
    assert_eq!(mock.get(path).await.status, 404);
    let posted = mock.post(path, "", &receipt()).await;
    assert_eq!((posted.status.as_u16(), posted.text.as_str()), (200, ""));
    assert_eq!(mock.get(path).await.json(), receipt());
    assert_eq!(mock.post(RECEIPT, "", &receipt()).await.status, 409);
    let path = "/order-management/v1/orders/ride-0001";
    assert_eq!(mock.get(path).await.status, 404);
    let body = link("TICKET", "https://taxi.example/r/1");
    let stored = put(&mock, path, &body).await;
    assert_eq!((stored.status.as_u16(), stored.text.as_str()), (200, ""));
    assert_eq!(mock.get(path).await.json(), body);
    assert_eq!(mock.get(ORDER).await.json(), json!({"category": body, "receipt": receipt()}));
}

#[tokio::test]
async fn everything_a_receipt_may_say_is_kept_as_it_came() {
    let mock = TestMock::start().await;
    let mut whole = receipt();
    whole["orderLines"][0]["discount"] = 100.into();
    whole["orderLines"][0]["productUrl"] = "https://taxi.example/start".into();
    whole["orderLines"][0]["isReturn"] = false.into();
    whole["orderLines"][0]["isShipping"] = true.into();
    whole["bottomLine"] = json!({
        "currency": "NOK", "tipAmount": 500, "posId": "N-02272",
        "paymentSources": {"giftCard": 0, "card": 100, "voucher": 0, "cash": -5},
        "barcode": {"format": "CODE 39", "data": "SC0527013501 "}, "receiptNumber": "0527013501",
        "giftCardAmount": 0, "terminalId": "woocommerce", "totalAmount": -1, "totalTax": 1,
        "totalDiscount": 2, "shippingAmount": 3,
        "shippingInfo": {"amount": 4, "amountExcludingTax": null, "taxAmount": 0,
                         "taxPercentage": 25},
    });
    assert_eq!(mock.post(RECEIPT, "", &whole).await.status, 201);
    assert_eq!(mock.get(ORDER).await.json()["receipt"], whole);
}

#[tokio::test]
async fn bottom_line_is_checked_to_its_deprecated_members() {
    let mock = TestMock::start().await;
    let mut body = receipt();
    body["bottomLine"] = json!({
        "currency": "NOK", "tipAmount": -1, "giftCardAmount": -1, "terminalId": 7,
        "totalAmount": "1", "shippingInfo": {"amount": 1, "taxPercentage": 101},
        "barcode": {"format": "QR"}, "paymentSources": {"cash": 1.5},
    });
    let reply = mock.post(RECEIPT, "", &body).await.json();
    let names: Vec<_> = reply["invalidParams"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["name"].as_str().unwrap().trim_start_matches("BottomLine.").to_owned())
        .collect();
    assert_eq!(
        names,
        [
            "TipAmount",
            "PaymentSources.Cash",
            "Barcode.Format",
            "Barcode.Data",
            "GiftCardAmount",
            "TerminalId",
            "TotalAmount",
            "ShippingInfo.AmountExcludingTax",
            "ShippingInfo.TaxAmount",
            "ShippingInfo.TaxPercentage",
        ]
    );
}

#[tokio::test]
async fn header_path_and_body_are_named_together() {
    let mock = TestMock::start().await;
    let long = "s".repeat(101);
    let headers = [("Merchant-Serial-Number", ""), ("Vipps-System-Name", long.as_str())];
    let path = "/order-management/v2/card/receipts/a%20b";
    let reply = mock.call(axum::http::Method::POST, path, &headers, "{}").await;
    assert_snapshot!(reply.print());
    let headers = [("Vipps-System-Name", &long[1..]), ("Idempotency-Key", "harmless")];
    let body = receipt().to_string();
    let reply = mock.call(axum::http::Method::POST, RECEIPT, &headers, &body).await;
    assert_eq!(reply.status, 201);
}

#[tokio::test]
async fn full_store_says_so_and_takes_neither_receipt_nor_payment() {
    let mock = TestMock::start().await;
    for number in 0..ORDERS_MAX {
        let key = OrderKey {
            payment_type: PaymentType::Recurring,
            id: format!("order-{number:04}").parse().unwrap(),
        };
        let url = "https://taxi.example/r/1".into();
        let link = Link { kind: CategoryKind::Receipt, url, image: None };
        mock.unit().put_category(key, link).unwrap();
    }
    assert_snapshot!(mock.post(RECEIPT, "", &receipt()).await.print());
    let mut body = push_request("ride-0001", 34592);
    body["receipt"] = receipt();
    let refused = mock.post("/epayment/v1/payments", "key", &body).await;
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["title"]),
        (507, &"Insufficient Storage".into())
    );
    assert_eq!(mock.get("/epayment/v1/payments/ride-0001").await.status, 404);
    // It was not the request's fault, so its key is free.
    let plain = push_request("ride-0001", 34592);
    assert_eq!(mock.post("/epayment/v1/payments", "key", &plain).await.status, 201);
}
