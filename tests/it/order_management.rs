//! `/order-management`.

use insta::assert_snapshot;
use serde_json::{Value, json};

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
