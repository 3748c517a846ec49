//! `vipps-mock tail`: the stream of events, on a terminal and in a pipe.

use std::{
    io,
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use serde_json::Value;
use vipps_mock::taxi::transport::http_client;

use crate::program::{Ran, Running, Serving, run};

fn tail(mock: &Serving, flags: &[&str]) -> Ran {
    run(&[&["tail"], flags].concat(), &[("VIPPS_MOCK_URL", &mock.url)])
}

/// Lets one event happen.
fn freeze(mock: &Serving, msn: &str) {
    let ran = run(&["clock", "freeze", "--msn", msn, "--url", &mock.url], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn what_has_happened_is_printed_line_by_line() {
    let mock = Serving::start(&[]);
    freeze(&mock, "900001");
    let ran = tail(&mock, &["--from", "start", "--no-follow"]);
    let what = |line: &str| line.split_once("  ").unwrap().1.to_owned();
    let lines: Vec<_> = ran.out.lines().map(what).collect();
    assert_eq!(lines[1..], ["clock         the clock was frozen"], "{ran:?}");
    assert_eq!((ran.code, ran.notes.as_str()), (0, ""));

    let json = tail(&mock, &["--from", "start", "--no-follow", "--output", "json"]);
    let events: Vec<Value> =
        json.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), lines.len());
    assert_eq!((&events[1]["kind"], &events[1]["msn"]), (&"clock".into(), &"900001".into()));
    let first = events[0]["id"].as_str().unwrap();
    let after = tail(&mock, &["--from", first, "--no-follow"]);
    assert!(after.out.lines().map(what).eq(lines[1..].iter().cloned()), "{after:?}");
}

#[test]
fn events_come_as_they_happen_until_ctrl_c() {
    let mock = Serving::start(&[]);
    let tail = Running::start(&["tail"], &mock.url);
    assert_eq!(tail.until_noted("following"), "following sales unit 900001; Ctrl-C ends it");
    freeze(&mock, "900002");
    freeze(&mock, "900001");
    assert!(tail.line().ends_with("Z  clock         the clock was frozen"));
    tail.interrupt();
    let ran = tail.end();
    assert_eq!((ran.code, ran.out.as_str()), (130, ""));
    assert!(ran.notes.starts_with("to go on after the last event: --from "), "{ran:?}");
}

#[test]
fn all_sales_units_are_told_apart() {
    let mock = Serving::start(&[]);
    let tail = Running::start(&["tail", "--all"], &mock.url);
    tail.until_noted("following all sales units");
    freeze(&mock, "900002");
    freeze(&mock, "900001");
    let msn = |line: String| line.split_whitespace().nth(1).unwrap().to_owned();
    assert_eq!([msn(tail.line()), msn(tail.line())], ["900002", "900001"]);
}

#[test]
fn a_connection_that_breaks_is_made_again_and_nothing_is_missed_or_told_twice() {
    let mock = Serving::start(&[]);
    let relay = Relay::start(&mock.url);
    let tail = Running::start(&["tail", "--output", "json"], &relay.url);
    tail.until_noted("following");
    // Before the first event the place to go on from is known as well.
    for _ in 0..2 {
        relay.cut(|| freeze(&mock, "900001"));
        tail.until_noted("the connection broke");
        tail.until_noted("connected again");
        freeze(&mock, "900001");
    }
    let ids: Vec<String> = (0..4).map(|_| tail.line()).collect();
    let number = |line: &String| {
        let event: Value = serde_json::from_str(line).unwrap();
        event["id"].as_str().unwrap().rsplit_once('-').unwrap().1.parse::<u64>().unwrap()
    };
    let numbers: Vec<u64> = ids.iter().map(number).collect();
    assert_eq!(numbers, (numbers[0]..numbers[0] + 4).collect::<Vec<_>>());
}

#[tokio::test]
async fn the_stream_of_a_sales_unit_ends_with_it() {
    let mock = Serving::start(&[]);
    let units = format!("{}/control/v1/sales-units", mock.url);
    let client = http_client().unwrap();
    let opened = client.post(&units).json(&serde_json::json!({})).send().await.unwrap();
    let msn = opened.json::<Value>().await.unwrap()["msn"].as_str().unwrap().to_owned();
    let tail = Running::start(&["tail", "--msn", &msn], &mock.url);
    tail.until_noted("following");
    client.delete(format!("{units}/{msn}")).send().await.unwrap().error_for_status().unwrap();
    let ran = tail.end();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.ends_with("the sales unit was dropped\n"), "{ran:?}");
    assert!(ran.notes.contains("the stream is over: "), "{ran:?}");
}

#[test]
fn what_cannot_be_followed_is_said_with_what_to_do() {
    let mock = Serving::start(&[]);
    let cases: [(&[&str], i32, &str); 4] = [
        (&["--from", "yesterday"], 4, "hint: take it from the id of an event, or say start"),
        (&["--msn", "1"], 4, "1"),
        (&["--all", "--msn", "900001"], 2, "cannot be used with"),
        (&["--url", "http://127.0.0.1:1"], 3, "hint: start one with: vipps-mock serve"),
    ];
    for (flags, code, words) in cases {
        let ran = tail(&mock, flags);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{flags:?}: {ran:?}");
        assert!(ran.notes.contains(words), "{flags:?}: {ran:?}");
    }
}

/// Stands between, and cuts what goes through when told to.
struct Relay {
    url: String,
    /// Nobody gets through while it is held.
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Relay {
    fn start(url: &str) -> Self {
        let target = url.strip_prefix("http://").unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let open: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
        let opened = open.clone();
        thread::spawn(move || {
            for near in listener.incoming() {
                let near = near.unwrap();
                let far = TcpStream::connect(&target).unwrap();
                let mut open = opened.lock().unwrap();
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    thread::spawn(move || io::copy(&mut from, &mut to));
                }
                open.extend([near, far]);
            }
        });
        Self { url, open }
    }

    /// Cuts all connections, and lets none come about meanwhile.
    fn cut(&self, meanwhile: impl FnOnce()) {
        let mut open = self.open.lock().unwrap();
        for stream in open.drain(..) {
            // One that was closed from the other side is as good as cut.
            let _ = stream.shutdown(Shutdown::Both);
        }
        meanwhile();
    }
}
