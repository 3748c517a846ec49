//! Whole rides against a server that keeps one payment, on a clock that takes no time.

use std::sync::{Arc, Mutex};

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::*;
use crate::taxi::client::EventName;
use crate::taxi::clock::{Clock, fake::FakeClock};
use crate::taxi::fare::Fare;
use crate::taxi::money::Amount;
use crate::taxi::stand_in::{Asked, Reply, StandIn, problem};
use crate::taxi::webhook::{DateCheck, WebhookEvent};

/// A passenger and a payment, and how they behave.
#[derive(Debug, Clone)]
struct Api {
    /// What the passenger does, and at which look at the payment it shows.
    answer: &'static str,
    answer_at_look: u32,
    /// What goes wrong: the call, and how often.
    trouble: Option<(&'static str, Trouble)>,
    state: &'static str,
    looks: u32,
    note: Value,
    /// Asked for, approved, captured, cancelled.
    money: [u64; 4],
    receipt: Option<Value>,
    created: bool,
}

#[derive(Debug, Clone, Copy)]
enum Trouble {
    /// It is refused with this status and code, always.
    Refused(u16, &'static str),
    /// It is done, and the answers get lost, always.
    DoneButLost,
}

impl Api {
    fn with_answer(answer: &'static str) -> Self {
        Self {
            answer,
            answer_at_look: 3,
            trouble: None,
            state: "CREATED",
            looks: 0,
            note: Value::Null,
            money: [0; 4],
            receipt: None,
            created: false,
        }
    }

    fn in_trouble(self, call: &'static str, trouble: Trouble) -> Self {
        Self { trouble: Some((call, trouble)), ..self }
    }

    fn reply(&mut self, asked: &Asked) -> Reply {
        let call = asked.call.rsplit('/').next().unwrap().to_owned();
        let is_look = asked.call.starts_with("GET /epayment/");
        let call = if is_look { "look".to_owned() } else { call };
        let call = if asked.call.contains("/receipts/") { "receipt".to_owned() } else { call };
        match self.trouble {
            Some((troubled, Trouble::Refused(status, code))) if troubled == call => {
                problem(status, code)
            }
            Some((troubled, Trouble::DoneButLost)) if troubled == call => {
                self.act(&call, asked);
                Reply::Lost
            }
            _ => self.act(&call, asked),
        }
    }

    fn act(&mut self, call: &str, asked: &Asked) -> Reply {
        match call {
            "payments" => {
                let body = asked.json();
                self.created = true;
                self.money[0] = body["amount"]["value"].as_u64().unwrap();
                self.note = body["metadata"].clone();
                Reply::Json(201, json!({"reference": body["reference"]}))
            }
            "look" if !self.created => problem(404, "5090"),
            "look" => {
                self.looks += 1;
                if self.looks == self.answer_at_look && self.state == "CREATED" {
                    self.state = self.answer;
                    if self.state == "AUTHORIZED" {
                        self.money[1] = self.money[0];
                    }
                }
                self.payment(200)
            }
            "capture" => {
                self.money[2] = asked.json()["modificationAmount"]["value"].as_u64().unwrap();
                self.payment(200)
            }
            "cancel" if self.state == "CREATED" => {
                self.state = "TERMINATED";
                self.money[3] = self.money[0];
                self.payment(200)
            }
            "cancel" => {
                self.money[3] = self.money[1] - self.money[2];
                self.payment(200)
            }
            "receipt" if self.receipt.is_some() => {
                Reply::Json(409, json!({"title": "Conflict", "detail": "exists"}))
            }
            "receipt" => {
                self.receipt = Some(asked.json());
                Reply::Json(201, json!("16328cb8-d769-4c53-90ad-e19777823f0a"))
            }
            _ => Reply::Json(200, json!({"receipt": self.receipt})),
        }
    }

    fn payment(&self, status: u16) -> Reply {
        let nok = |value: u64| json!({"currency": "NOK", "value": value});
        let [amount, authorized, captured, cancelled] = self.money.map(nok);
        let body = json!({
            "amount": amount, "state": self.state, "reference": "ride-0001-1",
            "pspReference": "p", "metadata": self.note,
            "aggregate": {
                "authorizedAmount": authorized, "capturedAmount": captured,
                "cancelledAmount": cancelled, "refundedAmount": nok(0),
            },
        });
        Reply::Json(status, body)
    }
}

/// A ride that is over: how it ended, what was told, and what was called.
struct Driven {
    outcome: Outcome,
    told: Vec<String>,
    calls: Vec<String>,
    money: [u64; 4],
    clock: Arc<FakeClock>,
}

fn order(fare: u64, reserve: Reserve) -> RideOrder {
    let fare = Fare::taxi_ride(Amount::nok(fare)).unwrap();
    let phone = "4790000001".parse().unwrap();
    RideOrder { reserve, ..RideOrder::new("ride-0001".parse().unwrap(), phone, fare) }
}

async fn drive(api: Api, order: RideOrder) -> Driven {
    let api = Arc::new(Mutex::new(api));
    let script = Arc::clone(&api);
    let server = StandIn::start(move |asked| script.lock().unwrap().reply(asked)).await;
    let told = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&told);
    let clock = FakeClock::new();
    let taxi = Taxi::new(server.client(clock.clone()))
        .reporting_to(Arc::new(move |step: &Step| log.lock().unwrap().push(step.to_string())));
    // Spawned, because whoever drives many rides will want to.
    let outcome = tokio::spawn(async move { taxi.drive(&order).await }).await.unwrap();
    let told = told.lock().unwrap().clone();
    let money = api.lock().unwrap().money;
    let short = |call: String| call.replace("/epayment/v1/payments", "");
    Driven { outcome, told, calls: server.calls().into_iter().map(short).collect(), money, clock }
}

/// A clock on which a webhook comes while somebody waits, and the wait is over at once.
#[derive(Debug)]
struct ComesMeanwhile(Arc<Receiver>);

impl Clock for ComesMeanwhile {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn sleep(&self, _: SignedDuration) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.0.take(WebhookEvent {
                msn: "900001".to_owned(),
                reference: "ride-0001-1".to_owned(),
                psp_reference: "1".to_owned(),
                name: EventName::Authorized,
                amount: Amount::nok(34592),
                timestamp: "2026-01-01T00:00:00.000Z".to_owned(),
                idempotency_key: None,
                success: true,
            });
        })
    }

    fn jitter(&self, _: SignedDuration) -> SignedDuration {
        SignedDuration::ZERO
    }
}

#[tokio::test]
async fn a_webhook_that_comes_before_the_wait_is_over_has_told() {
    let receiver = Arc::new(Receiver::bind(DateCheck::Off).await.unwrap());
    let server = StandIn::start(|_| problem(404, "5090")).await;
    let clock = Arc::new(ComesMeanwhile(Arc::clone(&receiver)));
    let taxi = Taxi::new(server.client(clock)).with_receiver(receiver);
    let mut hints = taxi.hints(&"ride-0001-1".parse().unwrap());
    let found_by = taxi.next_look(hints.as_mut(), POLL_EVERY).await;
    assert_eq!(found_by, FoundBy::Webhook);
}

#[tokio::test]
async fn an_estimate_is_captured_in_part_and_the_rest_released() {
    let estimate = Reserve::Estimate(Amount::nok(50000));
    let driven = drive(Api::with_answer("AUTHORIZED"), order(34592, estimate)).await;
    insta::assert_snapshot!(driven.told.join("\n"), @"
    ride ride-0001 ordered in the taxi app by 47****0001, fare NOK 345.92
    no webhooks: asking only
    NOK 500.00 requested as ride-0001-1
    waiting for 47****0001 to answer in the app
    passenger approved NOK 500.00 (found by asking)
    receipt of NOK 345.92 stored
    NOK 345.92 captured
    NOK 154.08 released
    checked: NOK 500.00 authorized, NOK 345.92 captured, NOK 154.08 released
    ");
    insta::assert_snapshot!(driven.calls.join("\n"), @"
    POST 
    GET /ride-0001-1
    GET /ride-0001-1
    GET /ride-0001-1
    POST /order-management/v2/ecom/receipts/ride-0001-1
    POST /ride-0001-1/capture
    POST /ride-0001-1/cancel
    GET /ride-0001-1
    ");
    assert_eq!(driven.clock.slept_secs(), [5, 2, 2]);
    assert_eq!(driven.money, [50000, 50000, 34592, 15408]);
    assert_eq!(driven.outcome.to_string(), "paid: NOK 345.92 as ride-0001-1");
}

#[tokio::test]
async fn a_final_fare_is_captured_whole_and_nothing_is_released() {
    let driven = drive(Api::with_answer("AUTHORIZED"), order(34592, Reserve::Final)).await;
    assert!(driven.outcome.is_paid(), "{}", driven.outcome);
    assert_eq!(driven.money, [34592, 34592, 34592, 0]);
    assert!(!driven.calls.iter().any(|call| call.ends_with("/cancel")), "{:?}", driven.calls);
}

#[tokio::test]
async fn a_free_ride_captures_nothing_and_releases_everything() {
    let estimate = Reserve::Estimate(Amount::nok(50000));
    let driven = drive(Api::with_answer("AUTHORIZED"), order(0, estimate)).await;
    assert!(driven.outcome.is_paid(), "{}", driven.outcome);
    assert_eq!(driven.money, [50000, 50000, 0, 50000]);
    assert!(!driven.calls.iter().any(|call| call.contains("receipts")), "{:?}", driven.calls);
}

#[tokio::test]
async fn an_answer_that_is_no_needs_no_cancel() {
    let cases = [
        ("ABORTED", "not paid: ride-0001-1 was declined"),
        ("EXPIRED", "not paid: ride-0001-1 was not answered"),
        ("TERMINATED", "not paid: ride-0001-1 was withdrawn"),
    ];
    for (answer, ending) in cases {
        let driven = drive(Api::with_answer(answer), order(34592, Reserve::Final)).await;
        assert_eq!(driven.outcome.to_string(), ending);
        assert_eq!(driven.calls.len(), 4, "{:?}", driven.calls);
    }
}

#[tokio::test]
async fn a_passenger_has_the_whole_window_and_then_the_request_is_withdrawn() {
    let driven = drive(Api::with_answer("CREATED"), order(34592, Reserve::Final)).await;
    assert_eq!(driven.outcome.to_string(), "not paid: ride-0001-1 was withdrawn");
    let waited: i64 = driven.clock.slept_secs().iter().sum();
    assert!((630..635).contains(&waited), "{waited}");
    assert_eq!(driven.told.last().unwrap(), "no answer in time: withdrawing the request");
}

#[tokio::test]
async fn a_fare_above_the_reservation_is_refused_before_anybody_is_asked() {
    let estimate = Reserve::Estimate(Amount::nok(31400));
    let driven = drive(Api::with_answer("AUTHORIZED"), order(38950, estimate)).await;
    assert_eq!(
        driven.outcome.to_string(),
        "not paid: the fare of NOK 389.50 is above the reservation of NOK 314.00; nobody was asked"
    );
    assert_eq!(driven.calls, Vec::<String>::new());
}

#[tokio::test]
async fn a_fare_that_grew_above_the_hold_is_not_captured_and_the_hold_stays() {
    let api = Api {
        created: true,
        state: "AUTHORIZED",
        money: [31400, 31400, 0, 0],
        ..Api::with_answer("AUTHORIZED")
    };
    let api = Arc::new(Mutex::new(api));
    let script = Arc::clone(&api);
    let server = StandIn::start(move |asked| script.lock().unwrap().reply(asked)).await;
    let order = order(38950, Reserve::Estimate(Amount::nok(31400)));
    let taxi = Taxi::new(server.client(FakeClock::new()));
    let outcome = taxi.settle(&order, &order.ride.attempt(1)).await;
    assert_eq!(
        outcome.to_string(),
        "not paid: the fare of NOK 389.50 is above the reservation of NOK 314.00; \
         NOK 314.00 still held as ride-0001-1"
    );
    assert_eq!(api.lock().unwrap().money, [31400, 31400, 0, 0]);
}

#[tokio::test]
async fn a_capture_whose_answers_are_lost_is_found_by_reading() {
    let api = Api::with_answer("AUTHORIZED").in_trouble("capture", Trouble::DoneButLost);
    let driven = drive(api, order(34592, Reserve::Estimate(Amount::nok(50000)))).await;
    assert!(driven.outcome.is_paid(), "{}", driven.outcome);
    assert_eq!(driven.money, [50000, 50000, 34592, 15408]);
    assert_eq!(driven.calls.iter().filter(|call| call.ends_with("/capture")).count(), 5);
}

#[tokio::test]
async fn a_capture_that_is_refused_lets_go_of_the_money() {
    let refused = Trouble::Refused(400, "6260");
    let api = Api::with_answer("AUTHORIZED").in_trouble("capture", refused);
    let driven = drive(api, order(34592, Reserve::Final)).await;
    assert_eq!(driven.told.last().unwrap(), "NOK 345.92 released, nothing was captured");
    assert_eq!(driven.money, [34592, 34592, 0, 34592]);
    assert_eq!(
        driven.outcome.to_string(),
        "failed: could not capture the fare: 400 Title of 6260 (6260) [trace 00]"
    );
}

#[tokio::test]
async fn a_capture_that_fails_for_now_keeps_the_hold() {
    for trouble in [Trouble::Refused(500, "3010"), Trouble::Refused(400, "6280")] {
        let api = Api::with_answer("AUTHORIZED").in_trouble("capture", trouble);
        let driven = drive(api, order(34592, Reserve::Final)).await;
        assert!(matches!(driven.outcome, Outcome::Failed(_)), "{}", driven.outcome);
        let told = "still held as ride-0001-1: take the same ride once more to capture it";
        assert_eq!(driven.told.last().unwrap(), told);
        assert_eq!(driven.money, [34592, 34592, 0, 0], "the fare is still owed");
    }
}

#[tokio::test]
async fn a_release_that_fails_is_told_and_the_capture_stays() {
    let api = Api::with_answer("AUTHORIZED").in_trouble("cancel", Trouble::Refused(400, "6030"));
    let driven = drive(api, order(34592, Reserve::Estimate(Amount::nok(50000)))).await;
    assert!(driven.outcome.to_string().starts_with("failed: could not release the rest"));
    assert_eq!(driven.money, [50000, 50000, 34592, 0]);
}

#[tokio::test]
async fn a_request_whose_answers_are_lost_is_taken_over() {
    let api = Api::with_answer("AUTHORIZED").in_trouble("payments", Trouble::DoneButLost);
    let driven = drive(api, order(34592, Reserve::Final)).await;
    assert!(driven.outcome.is_paid(), "{}", driven.outcome);
    let step = "ride-0001-1 was requested before: taken over";
    assert!(driven.told.iter().any(|told| told == step), "{:?}", driven.told);
}

#[tokio::test]
async fn references_of_others_are_left_alone() {
    let theirs = Api {
        created: true,
        note: json!({"rideId": "another-ride"}),
        money: [34592, 0, 0, 0],
        ..Api::with_answer("AUTHORIZED").in_trouble("payments", Trouble::Refused(409, "4150"))
    };
    let driven = drive(theirs, order(34592, Reserve::Final)).await;
    assert_eq!(driven.outcome.to_string(), "failed: no reference of ride ride-0001 is free");
    assert_eq!(driven.calls.iter().filter(|call| call.starts_with("POST")).count(), 5);
    assert!(!driven.calls.iter().any(|call| call.ends_with("/cancel")));
}

#[tokio::test]
async fn a_passenger_who_cannot_be_asked_ends_the_ride() {
    let api = Api::with_answer("").in_trouble("payments", Trouble::Refused(400, "7010"));
    let driven = drive(api, order(34592, Reserve::Final)).await;
    let Outcome::Failed(error) = driven.outcome else { panic!("{}", driven.outcome) };
    assert_eq!(error.advice(), "check the phone number with the passenger, or show a QR code");
    assert_eq!(driven.calls.len(), 1);
}

#[tokio::test]
async fn a_receipt_that_is_there_already_is_read_and_compared() {
    let fare = order(34592, Reserve::Final);
    let same = serde_json::to_value(fare.receipt(&fare.fare)).unwrap();
    let other = order(100, Reserve::Final);
    let other = serde_json::to_value(other.receipt(&other.fare)).unwrap();
    let cases = [
        (same, "receipt was stored before, and is the same"),
        (other, "another receipt was stored before: have somebody look at it"),
    ];
    for (stored, step) in cases {
        let api = Api { receipt: Some(stored), ..Api::with_answer("AUTHORIZED") };
        let driven = drive(api, fare.clone()).await;
        assert!(driven.outcome.is_paid(), "{}", driven.outcome);
        assert!(driven.told.iter().any(|told| told == step), "{:?}", driven.told);
    }
}

fn tipped(fare: u64, tip: u64, reserve: Reserve) -> RideOrder {
    let order = order(fare, reserve);
    RideOrder { fare: order.fare.clone().with_tip(Amount::nok(tip)).unwrap(), ..order }
}

#[tokio::test]
async fn a_tip_is_captured_with_the_fare_where_the_hold_has_room() {
    for (reserve, authorized) in
        [(Reserve::Final, 38051), (Reserve::Estimate(Amount::nok(50000)), 50000)]
    {
        let driven = drive(Api::with_answer("AUTHORIZED"), tipped(34592, 3459, reserve)).await;
        let Outcome::Paid(settlement) = &driven.outcome else { panic!("{}", driven.outcome) };
        assert!(matches!(settlement.tip, TipStatus::WithFare(tip) if tip == Amount::nok(3459)));
        assert_eq!(driven.money, [authorized, authorized, 38051, authorized - 38051]);
    }
}

#[tokio::test]
async fn a_tip_beyond_the_hold_is_asked_for_when_the_fare_is_safe() {
    let reserve = Reserve::Estimate(Amount::nok(35000));
    let driven = drive(Api::with_answer("AUTHORIZED"), tipped(34592, 3459, reserve)).await;
    let Outcome::Paid(settlement) = &driven.outcome else { panic!("{}", driven.outcome) };
    assert_eq!((settlement.captured, settlement.released), (Amount::nok(34592), Amount::nok(408)));
    let step = "no room in the hold for the tip of NOK 34.59: asking for it alone";
    assert!(driven.told.iter().any(|told| told == step), "{:?}", driven.told);
    let asked = driven.calls.iter().filter(|call| call.as_str() == "POST ");
    assert_eq!(asked.count(), 2);
    let TipStatus::Apart { tip, .. } = &settlement.tip else { panic!("{:?}", settlement.tip) };
    assert_eq!(*tip, Amount::nok(3459));
}

#[tokio::test]
async fn a_receipt_that_is_refused_does_not_stop_the_money() {
    let api = Api::with_answer("AUTHORIZED").in_trouble("receipt", Trouble::Refused(400, "1"));
    let driven = drive(api, order(34592, Reserve::Final)).await;
    let Outcome::Paid(settlement) = driven.outcome else { panic!("{}", driven.outcome) };
    assert!(matches!(settlement.receipt, ReceiptStatus::NotStored(_)));
    assert_eq!(driven.money, [34592, 34592, 34592, 0]);
}

#[tokio::test]
async fn a_ride_driven_again_finds_that_all_is_done() {
    let note = json!({"rideId": "ride-0001"});
    let done = Api {
        created: true,
        state: "AUTHORIZED",
        note,
        money: [50000, 50000, 34592, 15408],
        ..Api::with_answer("AUTHORIZED").in_trouble("payments", Trouble::Refused(409, "4150"))
    };
    let driven = drive(done, order(34592, Reserve::Estimate(Amount::nok(50000)))).await;
    assert!(driven.outcome.is_paid(), "{}", driven.outcome);
    // The receipt may have failed the first time, so it is offered again; the money is left alone.
    let posts: Vec<_> = driven.calls.iter().filter(|call| call.starts_with("POST")).collect();
    assert_eq!(posts.len(), 2, "{posts:?}");
    assert!(posts[1].contains("/receipts/"), "{posts:?}");
}

#[tokio::test]
async fn asking_that_fails_does_not_end_the_wait_and_withdrawing_does() {
    let api = Api::with_answer("AUTHORIZED").in_trouble("look", Trouble::Refused(503, "1"));
    let driven = drive(api, order(34592, Reserve::Final)).await;
    assert!(driven.told.iter().any(|told| told.starts_with("could not ask, trying again")));
    assert_eq!(driven.outcome.to_string(), "not paid: ride-0001-1 was withdrawn");
    let waited: i64 = driven.clock.slept_secs().iter().sum();
    assert!(waited >= 630, "{waited}");
}

#[tokio::test]
async fn an_approval_that_wins_against_the_withdrawal_is_settled() {
    let refused = Trouble::Refused(400, "6060");
    // The request is still open at every look of the wait, and approved at the one after it.
    let looks = 1 + (630 - 5_u32).div_ceil(2);
    let api = Api {
        answer_at_look: looks + 1,
        ..Api::with_answer("AUTHORIZED").in_trouble("cancel", refused)
    };
    let driven = drive(api, order(34592, Reserve::Final)).await;
    assert!(driven.outcome.is_paid(), "{} {:?}", driven.outcome, driven.told);
    assert!(driven.told.iter().any(|told| told.starts_with("no answer in time")));
}

mod told_by_webhook {
    use super::*;
    use crate::taxi::transport::http_client;
    use crate::taxi::webhook::{DateCheck, Receiver, Secret, signed_for_tests};

    /// Registers the receiver, and delivers `events` as soon as the payment is requested.
    async fn drive_told(api: Api, events: &'static [&'static str]) -> Vec<String> {
        let receiver = Arc::new(Receiver::bind(DateCheck::Off).await.unwrap());
        let url = receiver.url().to_owned();
        let api = Mutex::new(api);
        let server = StandIn::start(move |asked| {
            match asked.call.as_str() {
                "GET /webhooks/v1/webhooks" => return Reply::Json(200, json!({"webhooks": []})),
                "POST /webhooks/v1/webhooks" => {
                    return Reply::Json(201, json!({"id": "7", "secret": "s"}));
                }
                "POST /epayment/v1/payments" => drop(tokio::spawn(deliver(url.clone(), events))),
                _ => {}
            }
            api.lock().unwrap().reply(asked)
        })
        .await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&told);
        // Nobody who sleeps on this clock ever wakes: only a webhook can end the wait.
        let taxi = Taxi::new(server.client(FakeClock::standing_still()))
            .with_receiver(receiver)
            .reporting_to(Arc::new(move |step: &Step| log.lock().unwrap().push(step.to_string())));
        let outcome = taxi.drive(&order(34592, Reserve::Final)).await;
        let mut told = told.lock().unwrap().clone();
        told.push(outcome.to_string());
        told.retain(|step| !step.starts_with("webhooks come to"));
        told
    }

    async fn deliver(url: String, events: &'static [&'static str]) {
        for (number, name) in events.iter().enumerate() {
            let body = json!({
                "msn": "900001", "reference": "ride-0001-1", "pspReference": number.to_string(),
                "name": name, "amount": {"currency": "NOK", "value": 34592},
                "timestamp": "2026-01-01T00:00:00.000Z", "success": true,
            })
            .to_string();
            let headers = signed_for_tests(&url, "7", &Secret::new("s"), &body);
            let request = http_client().unwrap().post(&url).headers(headers).body(body);
            request.send().await.unwrap();
        }
    }

    #[tokio::test]
    async fn a_webhook_ends_the_wait_at_once() {
        let api = Api { answer_at_look: 1, ..Api::with_answer("AUTHORIZED") };
        insta::assert_snapshot!(drive_told(api, &["CREATED", "AUTHORIZED"]).await.join("\n"), @"
        ride ride-0001 ordered in the taxi app by 47****0001, fare NOK 345.92
        NOK 345.92 requested as ride-0001-1
        waiting for 47****0001 to answer in the app
        webhook: AUTHORIZED NOK 345.92
        passenger approved NOK 345.92 (told by webhook)
        receipt of NOK 345.92 stored
        NOK 345.92 captured
        checked: NOK 345.92 authorized, NOK 345.92 captured, NOK 0.00 released
        paid: NOK 345.92 as ride-0001-1
        ");
    }

    #[tokio::test]
    async fn a_webhook_is_a_hint_and_the_payment_decides() {
        // The first webhook is wrong: the payment is still unanswered when it is read.
        let api = Api { answer_at_look: 2, ..Api::with_answer("ABORTED") };
        let told = drive_told(api, &["AUTHORIZED", "ABORTED"]).await;
        assert_eq!(
            told[3..],
            [
                "webhook: AUTHORIZED NOK 345.92",
                "webhook: ABORTED NOK 345.92",
                "passenger declined (told by webhook)",
                "not paid: ride-0001-1 was declined",
            ]
        );
    }
}
