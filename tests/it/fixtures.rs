//! `fixtures/cases`: requests and replies of our own, one JSON a case. What the mock prints must
//! be what stands there; the taxi's client is held to the same files. To write the replies of new
//! cases, run this test with `UPDATE_FIXTURES=1`, and read what it wrote.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    http::{Method, StatusCode},
    routing::post,
};
use serde_json::Value;
use tokio::net::TcpListener;
use vipps_mock::taxi::{
    client::{CancelScope, Client, CreatePayment, SystemName},
    clock::RealClock,
    credentials::Credentials,
    error::Error,
    money::Amount,
    phone::Phone,
    receipt::Receipt,
    retry::RetryPolicy,
};

use crate::{
    order_management::receipt,
    support::{Reply, TestMock},
};

/// What has to have happened before the request of a case makes sense.
async fn given(what: &str) -> TestMock {
    let mock = TestMock::start().await;
    match what {
        "nothing" => mock,
        "created" => mock.with_payment("ride-0001", 50000).await,
        "authorized" => mock.with_authorized("ride-0001", 50000).await,
        "captured" => {
            let mock = mock.with_authorized("ride-0001", 50000).await;
            assert_eq!(mock.capture("ride-0001", 34592, "cap-ride-0001-1").await.status, 200);
            mock
        }
        "receipt" => {
            let mock = TestMock::start().await;
            let path = "/order-management/v2/ecom/receipts/ride-0001";
            assert_eq!(mock.post(path, "", &receipt()).await.status, 201);
            mock
        }
        other => panic!("no such start: {other}"),
    }
}

/// The body of a reply as text, so that the order of members counts: `body` is compact JSON,
/// `text` stands as it is.
fn text_of(reply: &Value) -> String {
    match (&reply["text"], &reply["body"]) {
        (Value::String(text), _) => text.clone(),
        (_, Value::Null) => String::new(),
        (_, body) => body.to_string(),
    }
}

fn cases() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let read = |file: PathBuf| {
        let text = fs::read_to_string(&file).unwrap();
        let case = serde_json::from_str(&text).unwrap();
        (file, case)
    };
    fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap().path())).collect()
}

#[tokio::test]
async fn mock_prints_every_case_as_it_stands() {
    let mut count = 0;
    for (file, case) in cases() {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let (request, reply) = (&case["request"], &case["reply"]);
        let mock = given(case["given"].as_str().unwrap()).await;
        let headers: Vec<_> = request["headers"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let method: Method = request["method"].as_str().unwrap().parse().unwrap();
        let body = request.get("body").map(ToString::to_string).unwrap_or_default();
        let path = request["path"].as_str().unwrap();
        let actual = mock.call(method, path, &headers, &body).await;
        count += 1;
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            update(&file, case.clone(), &actual);
            continue;
        }
        assert_eq!(reply["status"], actual.status.as_u16(), "{name}");
        let media_type = actual.headers.get("content-type").map(|it| it.to_str().unwrap());
        assert_eq!(media_type, reply["contentType"].as_str(), "{name}");
        assert_eq!(actual.text, text_of(reply), "{name}");
    }
    assert!(10 <= count, "only {count} cases");
}

fn update(file: &Path, mut case: Value, actual: &Reply) {
    let mut reply = serde_json::json!({"status": actual.status.as_u16()});
    if let Some(media_type) = actual.headers.get("content-type") {
        reply["contentType"] = media_type.to_str().unwrap().into();
    }
    if !actual.text.is_empty() {
        let compact = actual.json().to_string();
        let is_compact = compact == actual.text;
        let (name, body) = if is_compact {
            ("body", actual.json())
        } else {
            ("text", Value::from(actual.text.clone()))
        };
        reply[name] = body;
    }
    case["reply"] = reply;
    fs::write(file, serde_json::to_string_pretty(&case).unwrap() + "\n").unwrap();
}

/// A server that has this one answer to everything but a request for a token.
async fn server_that_answers(reply: &Value) -> String {
    let token = cases().into_iter().find(|(file, _)| file.ends_with("access_token.json"));
    let token = text_of(&token.unwrap().1["reply"]);
    let (status, text) = (reply["status"].as_u64().unwrap(), text_of(reply));
    let status = StatusCode::from_u16(u16::try_from(status).unwrap()).unwrap();
    let media_type = reply["contentType"].as_str().unwrap_or_default().to_owned();
    let answer = async move || (status, [("content-type", media_type)], text);
    let router =
        Router::new().route("/accesstoken/get", post(async move || token)).fallback(answer);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// What the taxi makes of an answer: nothing to complain of, or an error.
async fn taxi_reads(case: &Value) -> Result<(), Error> {
    let credentials = Credentials {
        base_url: server_that_answers(&case["reply"]).await,
        client_id: "id".to_owned(),
        client_secret: "secret".to_owned(),
        subscription_key: "key".to_owned(),
        msn: "900001".to_owned(),
    };
    let client = Client::new(credentials, SystemName::reference_taxi(), Arc::new(RealClock))?
        .with_retries(RetryPolicy::NEVER);
    let reference = "ride-0001".parse().unwrap();
    let key = "key-0001".parse().unwrap();
    let amount = Amount::nok(34592);
    let phone: Phone = "4740000001".parse().unwrap();
    let request = &case["request"];
    let path = request["path"].as_str().unwrap();
    match (request["method"].as_str().unwrap(), path.rsplit('/').next().unwrap()) {
        // The token is fetched before anything else; that it was understood shows in every case.
        ("POST", "get") => Ok(()),
        ("POST", "payments") => {
            let order = CreatePayment::push(reference, amount, phone);
            client.create_payment(&order, &key).await.map(drop)
        }
        ("GET", "events") => client.events(&reference).await.map(drop),
        ("POST", "capture") => client.capture(&reference, amount, &key).await.map(drop),
        ("POST", "refund") => client.refund(&reference, amount, &key).await.map(drop),
        ("POST", "cancel") => {
            client.cancel(&reference, CancelScope::Everything, &key).await.map(drop)
        }
        ("POST", "approve") => client.force_approve(&reference, &phone).await,
        ("POST", "webhooks") => client.register_webhook("http://localhost/", &[]).await.map(drop),
        ("GET", "webhooks") => client.webhooks().await.map(drop),
        ("POST", _) if path.contains("/receipts/") => {
            let receipt: Receipt = serde_json::from_value(receipt()).unwrap();
            client.post_receipt(&reference, &receipt).await
        }
        ("GET", _) if path.contains("order-management") => client.order(&reference).await.map(drop),
        ("GET", _) => client.payment(&reference).await.map(drop),
        other => panic!("no call for {other:?}"),
    }
}

#[tokio::test]
async fn taxi_understands_every_case() {
    for (file, case) in cases() {
        let name = file.display().to_string();
        let reply = &case["reply"];
        let result = taxi_reads(&case).await;
        if reply["status"].as_u64().unwrap() < 300 {
            assert!(result.is_ok(), "{name}: {result:?}");
            continue;
        }
        let error = result.expect_err(&name);
        assert_eq!(error.status().map(u64::from), reply["status"].as_u64(), "{name}: {error:?}");
        let details = reply["body"]["extraDetails"].as_array();
        let first = details.and_then(|details| details.first());
        match first.filter(|detail| detail["name"] == "ErrorCode") {
            Some(detail) => {
                let code = error.code().map(|code| code.to_string());
                assert_eq!(code.as_deref(), detail["reason"].as_str(), "{name}");
            }
            None => assert_eq!(error.fields().len(), count_of_fields(reply), "{name}: {error:?}"),
        }
    }
}

fn count_of_fields(reply: &Value) -> usize {
    let body = &reply["body"];
    let fields = body["extraDetails"].as_array().or(body["invalidParams"].as_array());
    fields.map_or(0, Vec::len)
}
