//! `fixtures/cases`: requests and replies of our own, one JSON a case. What the mock prints must
//! be what stands there; the taxi's client is held to the same files. To write the replies of new
//! cases, run this test with `UPDATE_FIXTURES=1`, and read what it wrote.

use std::{fs, path::Path};

use axum::http::Method;
use serde_json::Value;

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

#[tokio::test]
async fn mock_prints_every_case_as_it_stands() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cases");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        let case: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
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
        if std::env::var_os("UPDATE_FIXTURES").is_some() {
            update(&file, case.clone(), &actual);
            continue;
        }
        assert_eq!(reply["status"], actual.status.as_u16(), "{name}");
        let media_type = actual.headers.get("content-type").map(|it| it.to_str().unwrap());
        assert_eq!(media_type, reply["contentType"].as_str(), "{name}");
        // Compared as text, so that the order of members counts.
        let expected = reply.get("body").map(ToString::to_string).unwrap_or_default();
        assert_eq!(actual.text, expected, "{name}");
        count += 1;
    }
    assert!(10 <= count, "only {count} cases");
}

fn update(file: &Path, mut case: Value, actual: &Reply) {
    let mut reply = serde_json::json!({"status": actual.status.as_u16()});
    if let Some(media_type) = actual.headers.get("content-type") {
        reply["contentType"] = media_type.to_str().unwrap().into();
    }
    if !actual.text.is_empty() {
        reply["body"] = actual.json();
    }
    case["reply"] = reply;
    fs::write(file, serde_json::to_string_pretty(&case).unwrap() + "\n").unwrap();
}
