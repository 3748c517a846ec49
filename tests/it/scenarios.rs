//! `vipps-mock scenario`: every one that ships does what its sentence says, to a merchant that is there.

use std::{env, fs, process};

use serde_json::{Value, json};
use vipps_mock::taxi::webhook::{DateCheck, Receiver, Secret};

use crate::{
    merchant::Merchant,
    program::{Ran, Running, Serving, run},
    support::push_request,
};

const RIDE: &str = "ride-0001";

/// A mock, a merchant of it, and what receives its webhooks.
struct Stage {
    mock: Serving,
    merchant: Merchant,
}

impl Stage {
    fn set() -> Self {
        let mock = Serving::start(&[]);
        let merchant = Merchant::of(&mock.url);
        Self { mock, merchant }
    }

    /// With a payment that waits for its customer.
    async fn with_payment() -> Self {
        let stage = Self::set();
        stage.merchant.create(RIDE).await;
        stage
    }

    /// Runs a scenario that needs nobody else, to its end.
    async fn play(&self, name: &'static str) -> Ran {
        let url = self.mock.url.clone();
        let run = move || run(&["scenario", "run", name, "--url", &url], &[]);
        let ran = tokio::task::spawn_blocking(run).await.unwrap();
        assert_eq!(ran.code, 0, "{ran:?}");
        ran
    }

    /// Runs a scenario up to where it waits for a payment.
    async fn begin(&self, name: &'static str) -> Running {
        let url = self.mock.url.clone();
        let start = move || {
            let running = Running::start(&["scenario", "run", name], &url);
            running.until_noted("waiting for a payment");
            running
        };
        tokio::task::spawn_blocking(start).await.unwrap()
    }

    /// A receiver that checks what it is sent, registered for these events.
    async fn receiver(&self, events: &[&str]) -> Receiver {
        let receiver = Receiver::bind(DateCheck::Off).await.unwrap();
        let body = json!({ "url": receiver.url(), "events": events });
        let answer = self.merchant.post("/webhooks/v1/webhooks", "", &body).await;
        let (status, registered) = answer.unwrap();
        assert_eq!(status, 201, "{registered}");
        let text = |member: &str| registered[member].as_str().unwrap().to_owned();
        receiver.trust(&text("id"), Secret::new(text("secret")));
        receiver
    }

    async fn captures(&self, keys: &[&str]) -> Vec<u16> {
        let mut statuses = Vec::new();
        for key in keys {
            let answer = self.merchant.capture(RIDE, key).await;
            statuses.push(answer.map_or(0, |(status, _)| status));
        }
        statuses
    }

    /// The payment's log.
    async fn events(&self) -> Vec<String> {
        let payment = self.merchant.look(&format!("/payments/{RIDE}")).await;
        let events = payment["events"].as_array().unwrap().iter();
        events.map(|event| event["name"].as_str().unwrap().to_owned()).collect()
    }

    /// Every event that was to be delivered, in order, with the answers to its attempts.
    async fn deliveries(&self) -> Vec<(String, Vec<u64>)> {
        let deliveries = self.merchant.look("/deliveries").await;
        let attempts = |it: &Value| {
            let attempts = it["attempts"].as_array().unwrap().iter();
            attempts.map(|it| it["status"].as_u64().unwrap_or(0)).collect()
        };
        let one = |it: &Value| (it["event"].as_str().unwrap().to_owned(), attempts(it));
        deliveries.as_array().unwrap().iter().map(one).collect()
    }
}

const CREATED: &str = "epayments.payment.created.v1";
const AUTHORIZED: &str = "epayments.payment.authorized.v1";

fn went(event: &str, answers: &[u64]) -> (String, Vec<u64>) {
    (event.to_owned(), answers.to_vec())
}

async fn end(running: Running) -> Ran {
    let ran = tokio::task::spawn_blocking(|| running.end()).await.unwrap();
    assert_eq!(ran.code, 0, "{ran:?}");
    ran
}

#[tokio::test]
async fn capture_fails_late() {
    let stage = Stage::with_payment().await;
    let ran = stage.play("capture-fails-late").await;
    assert!(ran.out.contains("a capture is no longer guaranteed"), "{ran:?}");
    for key in ["one", "two"] {
        let (status, problem) = stage.merchant.capture(RIDE, key).await.unwrap();
        assert_eq!((status, &problem["extraDetails"][0]["reason"]), (400, &"6260".into()));
    }
    assert_eq!(stage.events().await, ["CREATED", "AUTHORIZED"]);
}

#[tokio::test]
async fn capture_too_late() {
    let stage = Stage::with_payment().await;
    stage.play("capture-too-late").await;
    assert_eq!(stage.captures(&["one"]).await, [400]);
    assert_eq!(stage.events().await, ["CREATED", "AUTHORIZED", "CANCELLED"]);
}

#[tokio::test]
async fn capture_reply_lost() {
    let stage = Stage::with_payment().await;
    stage.play("capture-reply-lost").await;
    // 0 stands for no answer.
    assert_eq!(stage.captures(&["one", "one"]).await, [0, 200]);
    assert_eq!(stage.events().await, ["CREATED", "AUTHORIZED", "CAPTURED"]);
}

#[tokio::test]
async fn create_reply_lost() {
    let stage = Stage::set();
    let running = stage.begin("create-reply-lost").await;
    let request = push_request(RIDE, 34592);
    let create = || stage.merchant.post("/epayment/v1/payments", "one", &request);
    create().await.unwrap_err();
    end(running).await;
    assert_eq!(create().await.unwrap().0, 201);
    assert_eq!(stage.events().await, ["CREATED", "AUTHORIZED"]);
}

#[tokio::test]
async fn payment_locked() {
    let stage = Stage::with_payment().await;
    stage.play("payment-locked").await;
    assert_eq!(stage.captures(&["one"; 4]).await, [423, 423, 423, 200]);
    assert_eq!(stage.events().await, ["CREATED", "AUTHORIZED", "CAPTURED"]);
}

#[tokio::test]
async fn check_in_at_a_seat() {
    let stage = Stage::set();
    let _receiver = stage.receiver(&["user.checked-in.v1"]).await;
    let ran = stage.play("check-in-at-a-seat").await;
    assert!(ran.out.contains("4791234567 at car-7-seat-2: "), "{ran:?}");
    assert_eq!(stage.deliveries().await, [went("user.checked-in.v1", &[200])]);
}

#[tokio::test]
async fn webhook_order_kept() {
    let stage = Stage::set();
    let _receiver = stage.receiver(&[CREATED, AUTHORIZED]).await;
    let running = stage.begin("webhook-order-kept").await;
    stage.merchant.create(RIDE).await;
    end(running).await;
    let deliveries = stage.merchant.look("/deliveries").await;
    let last = |at: usize| deliveries[at]["attempts"].as_array().unwrap().last().unwrap().clone();
    assert!(last(0)["at"].as_str() <= last(1)["at"].as_str(), "{deliveries}");
    let expected = [went(CREATED, &[401, 401, 401, 200]), went(AUTHORIZED, &[200])];
    assert_eq!(stage.deliveries().await, expected);
}

#[tokio::test]
async fn webhook_twice() {
    let stage = Stage::with_payment().await;
    let _receiver = stage.receiver(&[AUTHORIZED]).await;
    stage.play("webhook-twice").await;
    let expected = [went(AUTHORIZED, &[200]), went(AUTHORIZED, &[200])];
    assert_eq!(stage.deliveries().await, expected);
}

#[tokio::test]
async fn webhook_late() {
    let stage = Stage::with_payment().await;
    let _receiver = stage.receiver(&[AUTHORIZED]).await;
    let ran = stage.play("webhook-late").await;
    assert!(ran.out.contains("AUTHORIZED of ride-0001, attempt 1: 200"), "{ran:?}");
    let delivery = &stage.merchant.look("/deliveries").await[0];
    let payment = stage.merchant.look(&format!("/payments/{RIDE}")).await;
    let time = |text: &Value| text.as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let late = time(&delivery["attempts"][0]["at"]) - time(&payment["authorizedAt"]);
    assert!(jiff::SignedDuration::from_mins(10) <= late.try_into().unwrap(), "{late}");
    assert_eq!(stage.deliveries().await, [went(AUTHORIZED, &[200])]);
}

#[tokio::test]
async fn webhook_lost() {
    let stage = Stage::with_payment().await;
    let _receiver = stage.receiver(&[AUTHORIZED]).await;
    stage.play("webhook-lost").await;
    assert_eq!(stage.events().await, ["CREATED", "AUTHORIZED"]);
    let attempts: Vec<_> = stage.deliveries().await.into_iter().flat_map(|it| it.1).collect();
    assert!(attempts.is_empty(), "{attempts:?}");
}

#[tokio::test]
async fn webhook_forged() {
    let stage = Stage::with_payment().await;
    let receiver = stage.receiver(&[AUTHORIZED]).await;
    stage.play("webhook-forged").await;
    assert_eq!(stage.deliveries().await, [went(AUTHORIZED, &[401, 200])]);
    assert_eq!(receiver.rejections().len(), 1);
}

#[tokio::test]
async fn receiver_out_for_two_weeks() {
    let stage = Stage::with_payment().await;
    drop(stage.receiver(&[AUTHORIZED]).await);
    let ran = stage.play("receiver-out-for-two-weeks").await;
    assert!(ran.out.contains("removed, without a success since"), "{ran:?}");
    assert_eq!(stage.merchant.look("/registrations").await, json!([]));
}

#[tokio::test]
async fn approved_at_the_last_second() {
    let stage = Stage::with_payment().await;
    stage.play("approved-at-the-last-second").await;
    let payment = stage.merchant.look(&format!("/payments/{RIDE}")).await;
    let time = |name: &str| payment[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    assert_eq!((time("expiresAt") - time("authorizedAt")).get_seconds(), 1);
    assert_eq!(stage.merchant.look("/clock").await["mode"], "shifted");
}

#[tokio::test]
async fn nobody_answers() {
    let stage = Stage::with_payment().await;
    stage.play("nobody-answers").await;
    assert_eq!(stage.merchant.state(RIDE).await, "EXPIRED");
}

#[tokio::test]
async fn customer_rejects() {
    let stage = Stage::with_payment().await;
    stage.play("customer-rejects").await;
    assert_eq!(stage.merchant.state(RIDE).await, "ABORTED");
}

#[tokio::test]
async fn push_not_noticed() {
    let stage = Stage::with_payment().await;
    stage.play("push-not-noticed").await;
    let payment = stage.merchant.look(&format!("/payments/{RIDE}")).await;
    let time = |name: &str| payment[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
    let waited: jiff::SignedDuration =
        (time("authorizedAt") - time("createdAt")).try_into().unwrap();
    let (eight, nine) = (jiff::SignedDuration::from_mins(8), jiff::SignedDuration::from_mins(9));
    assert!(eight <= waited && waited < nine, "{waited}");
}

#[tokio::test]
async fn card_refused_then_approved() {
    let stage = Stage::with_payment().await;
    stage.play("card-refused-then-approved").await;
    assert_eq!(stage.events().await, ["CREATED", "AUTHORIZED"]);
    let payment = stage.merchant.look(&format!("/payments/{RIDE}")).await;
    assert_eq!(payment["app"]["declined"].as_array().unwrap().len(), 1, "{payment}");
}

#[tokio::test]
async fn too_many_calls() {
    let stage = Stage::with_payment().await;
    stage.play("too-many-calls").await;
    assert_eq!(stage.captures(&["one"; 3]).await, [429, 429, 200]);
}

#[tokio::test]
async fn api_out() {
    let stage = Stage::with_payment().await;
    stage.play("api-out").await;
    assert_eq!(stage.captures(&["one"; 2]).await, [503, 503]);
    let ran = run(&["clock", "advance", "2m", "--url", &stage.mock.url], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(stage.captures(&["one"]).await, [200]);
}

#[test]
fn every_one_that_ships_is_run_here() {
    let names = run(&["scenario", "list", "--output", "json"], &[]);
    let names: Vec<Value> = serde_json::from_str(&names.out).unwrap();
    assert!(12 <= names.len());
    for name in names {
        let run = format!("(\"{}\")", name["name"].as_str().unwrap());
        assert!(include_str!("scenarios.rs").contains(&run), "{run}");
    }
}

#[tokio::test]
async fn a_run_is_told_to_people_and_to_programs() {
    let stage = Stage::with_payment().await;
    let ran = stage.play("customer-rejects").await;
    insta::assert_snapshot!(ran.out, @"
    customer-rejects: The customer rejects the payment.
      payment            ride-0001 CREATED
      reject             ride-0001
    What to watch: Does your integration tell the end from an error, and offer another way to pay?
    ");
    stage.merchant.create("ride-0002").await;
    let flags = ["--payment", "ride-0002", "--output", "json", "--url", &stage.mock.url];
    let ran = run(&[&["scenario", "run", "customer-rejects"], &flags[..]].concat(), &[]);
    let told: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        (&told["scenario"], &told["payment"]),
        (&"customer-rejects".into(), &"ride-0002".into())
    );
    assert_eq!((&told["steps"][1]["do"], &told["steps"][1]["line"]), (&"reject".into(), &8.into()));
}

/// A file of somebody's own, until it is dropped.
struct OwnFile(std::path::PathBuf);

impl OwnFile {
    fn with(name: &str, text: &str) -> Self {
        let path = env::temp_dir().join(format!("{}-{name}.toml", process::id()));
        fs::write(&path, text).unwrap();
        Self(path)
    }

    fn run(&self, url: &str) -> Ran {
        let path = self.0.to_str().unwrap();
        run(&["scenario", "run", "--file", path, "--url", url], &[])
    }
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap();
    }
}

#[tokio::test]
async fn what_is_shown_is_a_file_that_can_be_run() {
    let stage = Stage::with_payment().await;
    let shown = run(&["scenario", "show", "customer-rejects"], &[]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let ran = OwnFile::with("shown", &shown.out).run(&stage.mock.url);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(stage.merchant.state(RIDE).await, "ABORTED");
}

#[test]
fn what_cannot_be_run_is_refused_with_what_to_do() {
    let mock = Serving::start(&[]);
    let cases: [(&[&str], i32, &str, &str); 4] = [
        (
            &["capture-fails"],
            7,
            "error: there is no scenario capture-fails\n",
            "capture-fails-late",
        ),
        (&["--file", "/nowhere.toml"], 5, "error: cannot read /nowhere.toml", "scenario show"),
        (&["check-in-at-a-seat", "--payment", "x"], 2, "is about no payment", ""),
        (&["webhook-twice", "--file", "x"], 2, "cannot be used with", ""),
    ];
    for (words, code, error, hint) in cases {
        let ran = run(&[&["scenario", "run", "--url", &mock.url], words].concat(), &[]);
        assert_eq!((ran.code, ran.out.as_str()), (code, ""), "{words:?}: {ran:?}");
        assert!(ran.notes.contains(error) && ran.notes.contains(hint), "{words:?}: {ran:?}");
    }

    let head = "name = \"mine\"\nshows = \"Something.\"\nwatch = \"Anything.\"\n";
    let cases = [
        ("kind", "[[step]]\ndo = \"aprove\"\n", 5, ", line 4: no step can do \"aprove\"\nhint: "),
        (
            "words",
            "[[step]]\ndo = \"user\"\nphone = \"4791234567\"\nbehaviour = \"dance\"\n",
            4,
            "mine, line 4: ",
        ),
        (
            "vain",
            "[[step]]\ndo = \"wait\"\nevent = \"CAPTURED\"\n",
            5,
            "not known yet which payment",
        ),
        (
            "silence",
            "[[step]]\ndo = \"wait\"\nkind = \"delivery\"\nwithin = \"1ms\"\notherwise = \"register\"\n",
            1,
            "mine, line 4: waited in vain for the event: delivery\nhint: register\n",
        ),
    ];
    for (name, steps, code, words) in cases {
        let ran = OwnFile::with(name, &format!("{head}{steps}")).run(&mock.url);
        assert_eq!(ran.code, code, "{name}: {ran:?}");
        assert!(ran.notes.contains(words) && ran.notes.contains("hint: "), "{name}: {ran:?}");
    }
}
