//! `/control/v1/events`: the stream on the wire.

use axum::{body::Body, http::Request};
use insta::assert_snapshot;
use jiff::SignedDuration;
use serde_json::Value;
use vipps_mock::{
    app::clock::within,
    cli::server::{Server, Settings},
    taxi::transport::http_client,
};

use crate::support::TestMock;

const EVENTS: &str = "/control/v1/sales-units/900001/events?follow=false";

/// Longer than anything here takes, and shorter than anybody waits.
const LONG: SignedDuration = SignedDuration::from_secs(10);

/// The data of each event of a stream that has ended.
fn data(text: &str) -> Vec<Value> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("data: "));
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn texts(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn stream_as_it_is_on_the_wire() {
    let mock = TestMock::start().await.with_payment("ride-0001", 34592).await;
    let reply = mock.look(&format!("{EVENTS}&after=start")).await;
    let first = data(&reply.text).remove(0);
    let history = first["id"].as_str().unwrap().strip_suffix("-1").unwrap();
    // The last one is the payment's; those before have the time of this machine.
    let (_, of_payment) = reply.text.split_once(&format!("id: {history}-4\n")).unwrap();
    assert_snapshot!(of_payment.replace(history, "HISTORY"));
    assert_eq!(reply.headers["content-type"], "text/event-stream");
}

#[tokio::test]
async fn what_is_forgotten_is_said_to_be_missed() {
    let mock = TestMock::start().await;
    let seen = data(&mock.look(&format!("{EVENTS}&after=start")).await.text);
    let (first, known) = (seen[0]["id"].as_str().unwrap(), seen.len());
    for _ in 0..1_000 {
        mock.unit().freeze_clock();
    }
    let missed = known - 1;
    let after = format!("{EVENTS}&after={first}");
    let events = data(&mock.look(&after).await.text);
    assert_eq!((events[0]["kind"].as_str(), events.len()), (Some("missed"), 1_001));
    assert_eq!(events[0]["missed"], missed);
    assert!(texts(&events)[1..].iter().all(|text| *text == "the clock was frozen"));

    let id = events[0]["id"].as_str().unwrap();
    let events = data(&mock.look(&format!("{EVENTS}&after={id}")).await.text);
    assert_eq!((events[0]["kind"].as_str(), events.len()), (Some("clock"), 1_000));
}

#[tokio::test]
async fn a_browser_that_connects_again_goes_on_where_it_was() {
    let mock = TestMock::start().await;
    let after_start = format!("{EVENTS}&after=start");
    let seen = data(&mock.look(&after_start).await.text);
    let last = seen.last().unwrap()["id"].as_str().unwrap();
    mock.unit().resume_clock();
    let again = async |id: &str| {
        let request = Request::get(&after_start).header("Last-Event-ID", id);
        data(&mock.send(request.body(Body::empty()).unwrap()).await.text)
    };
    assert_eq!(texts(&again(last).await), ["the clock was resumed"]);
    assert_eq!(again("").await.len(), seen.len() + 1);
}

#[tokio::test]
async fn all_sales_units_are_remembered_from_when_somebody_asks() {
    let mock = TestMock::start().await;
    let all = "/control/v1/events?follow=false&after=start";
    assert_eq!(mock.look(all).await.text, "");
    mock.mock.unit("900002").unwrap().resume_clock();
    mock.unit().resume_clock();
    let events = data(&mock.look(all).await.text);
    let numbers: Vec<_> = events.iter().map(|event| event["msn"].as_str().unwrap()).collect();
    assert_eq!(numbers, ["900002", "900001"]);
}

#[tokio::test]
async fn a_mock_that_stops_ends_its_streams() {
    let server = Server::start(Settings::sandbox()).await.unwrap();
    let client = http_client().unwrap();
    let open = async |path: &str| {
        client.get(format!("{}/control/v1{path}", server.url())).send().await.unwrap()
    };
    let of_unit = open("/sales-units/900001/events").await;
    let of_all = open("/events").await;
    let ended = async { (of_unit.text().await, of_all.text().await) };
    let (of_unit, of_all) = within(LONG, async {
        let stopping = server.stop();
        tokio::join!(ended, stopping).0
    })
    .await
    .unwrap();
    // A connection that is cut off would be an error.
    for text in [of_unit.unwrap(), of_all.unwrap()] {
        // Only where it stood.
        assert!(text.starts_with("id: ") && text.lines().count() == 2, "{text}");
    }
}
