//! A sales unit that is saved in one mock goes on in another as if nothing had been.

use axum::http::Method;
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{net::TcpListener, runtime::Runtime};
use vipps_mock::app::entropy::hex;

use crate::{
    order_management::{image, png, receipt},
    support::{Reply, TestMock},
};

const UNIT: &str = "/control/v1/sales-units/900001";
const SNAPSHOT: &str = "/control/v1/sales-units/900001/snapshot";

async fn save(mock: &TestMock) -> String {
    let reply = mock.look(SNAPSHOT).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    reply.text
}

async fn load(mock: &TestMock, snapshot: &str) -> Reply {
    mock.call(Method::PUT, SNAPSHOT, &[], snapshot).await
}

fn sent(reply: &Reply) {
    assert!(reply.status.is_success(), "{}", reply.text);
}

async fn tell(mock: &TestMock, method: Method, path: &str, body: &Value) {
    let reply = mock.call(method, &format!("{UNIT}{path}"), &[], &body.to_string()).await;
    assert!(reply.status.is_success(), "{path}: {}", reply.text);
}

/// What a snapshot says, but for how long receivers took and which of several was quicker.
fn essence(snapshot: &str) -> Value {
    fn clean(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|name, _| name != "duration_ms");
                for (name, value) in members.iter_mut() {
                    clean(value);
                    if let ("finished" | "described", Value::Array(items)) = (name.as_str(), value)
                    {
                        items.sort_by_key(ToString::to_string);
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(clean),
            _ => {}
        }
    }
    let mut snapshot: Value = serde_json::from_str(snapshot).unwrap();
    clean(&mut snapshot["unit"]);
    snapshot["unit"].take()
}

/// A sales unit with something of everything in it.
async fn eventful() -> TestMock {
    let mock = TestMock::start().await;
    let receiver = json!({"url": "http://127.0.0.1:9/hook", "events": [
        "epayments.payment.created.v1", "epayments.payment.captured.v1", "user.checked-in.v1"]});
    sent(&mock.post("/webhooks/v1/webhooks", "", &receiver).await);
    let mock =
        mock.with_authorized("ride-0001", 34592).await.with_payment("ride-0002", 15100).await;
    assert_eq!(mock.capture("ride-0001", 30000, "capture-1").await.status, 200);
    assert_eq!(mock.capture("ride-0001", 30000, "capture-2").await.status, 400);
    assert_eq!(mock.capture("ride-0002", 30000, "capture-3").await.status, 400);
    let link = mock.link("ride-0003", json!({"profile": {"scope": "name phoneNumber"}})).await;
    assert!(link.contains("token=900001-"), "{link}");
    tell(&mock, Method::POST, "/payments/ride-0003/approve", &json!({})).await;
    tell(
        &mock,
        Method::PUT,
        "/users/4790000099",
        &json!({"behaviour": "once: reject, then approve after 5s"}),
    )
    .await;
    tell(&mock, Method::POST, "/users/4790000099/check-in", &json!({"merchantQrId": "seat-2"}))
        .await;
    tell(&mock, Method::POST, "/users/4790000099/personal-qr", &json!({})).await;
    tell(
        &mock,
        Method::POST,
        "/faults",
        &json!({"code": 6280, "operation": "capture", "times": 2}),
    )
    .await;
    tell(&mock, Method::POST, "/faults", &json!({"effect": "delay", "by": "10m"})).await;
    let image = image("logo-1", &png(200));
    sent(&mock.post("/order-management/v1/images", "", &image).await);
    let link = json!({"category": "GENERAL", "orderDetailsUrl": "https://taxi.example/r/1", "imageId": "logo-1"});
    let path = "/order-management/v2/ecom/categories/ride-0001";
    sent(&mock.call(Method::PUT, path, &[], &link.to_string()).await);
    sent(&mock.post("/order-management/v2/ecom/receipts/ride-0001", "", &receipt()).await);
    tell(&mock, Method::POST, "/clock/advance", &json!({"by": "5m"})).await;
    mock
}

/// What there is to be seen of a sales unit, from both sides.
const VIEWS: [&str; 15] = [
    "/epayment/v1/payments/ride-0001",
    "/epayment/v1/payments/ride-0001/events",
    "/epayment/v1/payments/ride-0003",
    "/webhooks/v1/webhooks",
    "/order-management/v2/ecom/ride-0001",
    "/control/v1/sales-units/900001",
    "/control/v1/sales-units/900001/payments",
    "/control/v1/sales-units/900001/registrations",
    "/control/v1/sales-units/900001/deliveries",
    "/control/v1/sales-units/900001/receipts",
    "/control/v1/sales-units/900001/images/logo-1",
    "/control/v1/sales-units/900001/users",
    "/control/v1/sales-units/900001/users/4790000099",
    "/control/v1/sales-units/900001/faults",
    "/control/v1/sales-units/900001/clock",
];

#[tokio::test]
async fn a_sales_unit_goes_on_elsewhere_as_it_would_have_here() {
    let here = eventful().await;
    let snapshot = save(&here).await;
    let there = TestMock::start_with_seed(2).await.with_token_of(&here);
    assert_eq!(there.get(VIEWS[0]).await.status, 401, "a token of another mock");
    there
        .unit()
        .step(vipps_mock::app::agenda::Target::By(jiff::SignedDuration::from_hours(99)))
        .await
        .unwrap();
    assert_eq!(load(&there, &snapshot).await.status, 200);
    assert_eq!(save(&there).await, snapshot);

    for view in VIEWS {
        let (one, other) = (here.get(view).await, there.get(view).await);
        assert_eq!((one.status.as_u16(), one.text), (200, other.text), "{view}");
    }
    // What a key remembers, refusals too; and what a key has never seen, met by the same fault.
    for (key, status) in [("capture-1", 200), ("capture-2", 400), ("capture-9", 400)] {
        let one = here.capture("ride-0001", 30000, key).await;
        let other = there.capture("ride-0001", 30000, key).await;
        assert_eq!((one.status.as_u16(), &one.text), (status, &other.text), "{key}");
    }
    for mock in [&here, &there] {
        assert_eq!(mock.create("ride-0003", 100).await.code(), "4150", "the reference is taken");
    }

    // The retries that were pending are made at their times, and what is new has the same ids.
    for mock in [&here, &there] {
        tell(mock, Method::POST, "/clock/advance", &json!({"by": "3h"})).await;
    }
    let (here, there) = (save(&here).await, save(&there).await);
    assert_eq!(essence(&here), essence(&there));
    assert_ne!(essence(&here), essence(&snapshot));
}

#[tokio::test]
async fn a_sales_unit_is_opened_where_there_is_none_of_its_number() {
    let here = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let there = TestMock::start_with_seed(2).await.with_token_of(&here);
    assert!(there.mock.drop_unit("900001"));
    let unit = there.send(request(&save(&here).await)).await;
    assert_eq!((unit.status.as_u16(), &unit.json()["msn"]), (201, &json!("900001")));
    assert_eq!(there.get(VIEWS[0]).await.text, here.get(VIEWS[0]).await.text);
    // Its agenda is driven.
    tell(&there, Method::POST, "/clock/advance", &json!({"by": "10m"})).await;
    assert_eq!(there.get(VIEWS[0]).await.json()["state"], "EXPIRED");
}

fn request(snapshot: &str) -> axum::http::Request<axum::body::Body> {
    axum::http::Request::put(SNAPSHOT).body(snapshot.to_owned().into()).unwrap()
}

#[tokio::test]
async fn a_webhook_that_was_on_the_wire_is_sent_again() {
    // It takes the connection, and never answers.
    let receiver = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", receiver.local_addr().unwrap());
    let here = TestMock::start().await;
    let body = json!({"url": url, "events": ["epayments.payment.created.v1"]});
    here.post("/webhooks/v1/webhooks", "", &body).await;
    let here = here.with_payment("ride-0001", 34592).await;
    let first = receiver.accept().await.unwrap();
    let snapshot = save(&here).await;
    assert!(snapshot.contains(r#""status":"Sending""#), "{snapshot}");
    let there = TestMock::start_with_seed(2).await;
    assert_eq!(load(&there, &snapshot).await.status, 200);
    let second = receiver.accept().await.unwrap();
    drop((first, second));
}

#[tokio::test]
async fn a_running_clock_goes_on_from_where_it_stood() {
    let here = TestMock::start().await;
    here.unit().resume_clock();
    let there = TestMock::start_with_seed(2).await;
    for (action, mode) in [("resume", "shifted"), ("freeze", "frozen"), ("reset", "shifted")] {
        let path = if action == "reset" { "/reset".to_owned() } else { format!("/clock/{action}") };
        tell(&here, Method::POST, &path, &json!({})).await;
        let snapshot = save(&here).await;
        there.unit().freeze_clock();
        assert_eq!(load(&there, &snapshot).await.status, 200);
        let saved: Value = serde_json::from_str(&snapshot).unwrap();
        let clock = there.look(&format!("{UNIT}/clock")).await.json();
        assert_eq!(clock["mode"], mode, "{action}");
        let moment = |it: &Value| it.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        let later = moment(&clock["now"]).duration_since(moment(&saved["savedAt"]));
        assert!((0..60).contains(&later.as_secs()), "{action}: {later}");
    }
}

/// As whoever writes a snapshot by hand would have it.
fn sealed(mut snapshot: Value) -> String {
    snapshot["unit"].sort_all_objects();
    snapshot["sha256"] = hex(&Sha256::digest(snapshot["unit"].to_string())).into();
    snapshot.to_string()
}

#[tokio::test]
async fn what_cannot_be_taken_up_changes_nothing_and_is_told_why() {
    let here = eventful().await;
    let text = save(&here).await;
    let good: Value = serde_json::from_str(&text).unwrap();
    let changed = |pointer: &str, value: Value| {
        let mut snapshot = good.clone();
        *snapshot.pointer_mut(pointer).unwrap() = value;
        snapshot
    };
    let other_key = changed("/unit/seed/subscription_key", json!("another"));
    let mut of_nobody = changed("/unit/seed/msn", json!("12345"));
    of_nobody["msn"] = json!("12345");
    let cases = [
        (400, String::new(), "the snapshot is no JSON: EOF"),
        (400, text[..text.len() / 2].to_owned(), "the snapshot is no JSON: EOF"),
        (400, "[]".to_owned(), "it is no snapshot of a sales unit"),
        (400, changed("/format", json!("a/1")).to_string(), "it is no snapshot of a sales unit"),
        (
            400,
            changed("/format", json!("vipps-mock/sales-unit/2")).to_string(),
            "its format is vipps-mock/sales-unit/2, and this mock reads vipps-mock/sales-unit/1",
        ),
        (
            400,
            changed("/unit/state/payments/0/request/amount/minor", json!(1)).to_string(),
            "it is damaged",
        ),
        (400, changed("/sha256", json!(null)).to_string(), "it is damaged"),
        (400, sealed(changed("/unit/state", json!({}))), "state: missing field `payments`"),
        (
            400,
            sealed(changed("/unit/state/payments/0/request/reference", json!("no"))),
            "state.payments[0].request.reference: no: ",
        ),
        (400, sealed(changed("/unit/entropy/words", json!(u64::MAX))), "random words"),
        (400, sealed(of_nobody), "the snapshot is of sales unit 12345, not of 900001"),
        (409, sealed(other_key), "it has another subscription key than the snapshot's"),
        (409, sealed(changed("/unit/seed/market", json!("Denmark"))), "has another market than"),
    ];
    let there = TestMock::start_with_seed(2).await.with_payment("ride-0009", 100).await;
    let before = save(&there).await;
    for (status, snapshot, reason) in cases {
        let reply = load(&there, &snapshot).await;
        assert_eq!(reply.status.as_u16(), status, "{reason}: {}", reply.text);
        assert!(reply.text.contains(reason), "{reason}: {}", reply.text);
    }
    assert_eq!(save(&there).await, before);

    let mut twin = good.clone();
    twin["unit"]["seed"]["msn"] = json!("12345");
    let path = "/control/v1/sales-units/12345/snapshot";
    let reply = there.call(Method::PUT, path, &[], &sealed(twin)).await;
    assert_eq!(reply.status, 409);
    assert!(
        reply.text.contains("its subscription key belongs to the sales unit 900001"),
        "{}",
        reply.text
    );
    assert!(there.mock.unit("12345").is_none());
}

/// Something that a merchant, a customer or a tester does, drawn at random.
async fn act(mock: &TestMock, (what, which, minor): (u8, u8, u16)) -> (u16, String) {
    let reference = format!("ride-000{which}");
    let payment = format!("/epayment/v1/payments/{reference}");
    let amount = 100 + u64::from(minor);
    let key = format!("key-{which}-{}", minor % 3);
    let control = |path: &str| format!("{UNIT}{path}");
    let reply = match what {
        0 => mock.create(&reference, amount).await,
        1 => mock.post(&control(&format!("/payments/{reference}/approve")), "", &json!({})).await,
        2 => mock.capture(&reference, amount, &key).await,
        3 => mock.post(&format!("{payment}/cancel"), &key, &json!({})).await,
        4 => {
            let body = json!({"modificationAmount": {"currency": "NOK", "value": amount}});
            mock.post(&format!("{payment}/refund"), &key, &body).await
        }
        5 => {
            let by = json!({"by": format!("{}m", minor % 20)});
            mock.post(&control("/clock/advance"), "", &by).await
        }
        6 => {
            let fault = json!({
                "match": {"probability": 0.5, "reference": "ride-*"},
                "effect": {"kind": "problem", "code": 3010},
                "times": 1 + which,
                "expiresAfter": "30m",
            });
            mock.post(&control("/faults"), "", &fault).await
        }
        7 => {
            mock.post(
                &control(&format!("/users/479000000{which}/check-in")),
                "",
                &json!({"merchantQrId": "a"}),
            )
            .await
        }
        _ => mock.get(&payment).await,
    };
    (reply.status.as_u16(), reply.text)
}

#[test]
fn whatever_has_happened_and_happens_then_both_answer_alike() {
    let acts = || proptest::collection::vec((0_u8..9, 1_u8..5, 0_u16..400), 0..25);
    let runtime = Runtime::new().unwrap();
    let mut runner =
        TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(24) });
    let outcome = runner.run(&(acts(), acts()), |(before, after)| {
        runtime.block_on(async {
            let here = TestMock::start().await;
            for it in before {
                act(&here, it).await;
            }
            let there = TestMock::start_with_seed(2).await.with_token_of(&here);
            prop_assert_eq!(load(&there, &save(&here).await).await.status, 200);
            for it in after {
                prop_assert_eq!(act(&here, it).await, act(&there, it).await, "{:?}", it);
            }
            prop_assert_eq!(essence(&save(&here).await), essence(&save(&there).await));
            Ok(())
        })
    });
    outcome.unwrap();
}
