//! Rides against a server that keeps payments, with a dispatch that dies wherever it writes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use super::*;
use crate::taxi::clock::fake::FakeClock;
use crate::taxi::fare::Fare;
use crate::taxi::journal::{Act, Entry};
use crate::taxi::money::Amount;
use crate::taxi::ride::{Reach, Reserve, RideOrder, Taxi};
use crate::taxi::stand_in::{Asked, Reply, StandIn, problem};

/// A payment of the server.
#[derive(Debug, Clone, Default)]
struct Payment {
    state: &'static str,
    note: Value,
    /// Asked for, approved, captured, cancelled, refunded.
    money: [u64; 5],
    receipts: Vec<Value>,
    captures: Vec<String>,
    created: Vec<String>,
}

/// What the server has, and how its passenger answers.
#[derive(Debug, Default)]
struct Api {
    payments: BTreeMap<String, Payment>,
    /// By reference what the passenger does at once; approves if it does not say.
    answers: BTreeMap<&'static str, &'static str>,
    /// The next call of this name is refused with this status and code.
    refuses: Vec<(&'static str, u16, &'static str)>,
    answered: BTreeMap<String, Value>,
}

impl Api {
    fn reply(&mut self, asked: &Asked) -> Reply {
        let path: Vec<_> = asked.call.split('/').collect();
        let name = *path.last().unwrap();
        let is_read = asked.call.starts_with("GET");
        let call = match (asked.call.contains("order-management"), is_read) {
            (true, true) => "receipt-read",
            (true, false) => "receipt",
            (false, true) => "read",
            (false, false) if name == "payments" => "create",
            (false, false) => name,
        };
        if let Some(place) = self.refuses.iter().position(|(refused, ..)| *refused == call) {
            let (_, status, code) = self.refuses.remove(place);
            return problem(status, code);
        }
        let key = asked.header("idempotency-key").map(str::to_owned);
        if let Some(body) = key.as_ref().and_then(|key| self.answered.get(key)) {
            return Reply::Json(200, body.clone());
        }
        let reply = self.act(call, &path, asked, key.clone().unwrap_or_default());
        if let (Some(key), Reply::Json(200 | 201, body)) = (key, &reply) {
            self.answered.insert(key, body.clone());
        }
        reply
    }

    fn act(&mut self, call: &str, path: &[&str], asked: &Asked, key: String) -> Reply {
        if call == "create" {
            let body = asked.json();
            let reference = body["reference"].as_str().unwrap().to_owned();
            let amount = body["amount"]["value"].as_u64().unwrap();
            let answer = self.answers.get(reference.as_str()).copied().unwrap_or("AUTHORIZED");
            if self.payments.contains_key(&reference) {
                return problem(409, "4150");
            }
            let approved = if answer == "AUTHORIZED" { amount } else { 0 };
            let payment = Payment {
                state: answer,
                note: body["metadata"].clone(),
                money: [amount, approved, 0, 0, 0],
                created: vec![key],
                ..Payment::default()
            };
            self.payments.insert(reference.clone(), payment);
            return Reply::Json(201, json!({"reference": reference}));
        }
        let of_order = call.starts_with("receipt");
        let reference =
            if of_order || call == "read" { path[path.len() - 1] } else { path[path.len() - 2] };
        let Some(payment) = self.payments.get_mut(reference) else {
            return problem(404, "5090");
        };
        let amount = || asked.json()["modificationAmount"]["value"].as_u64().unwrap();
        match call {
            "receipt" if payment.receipts.is_empty() => {
                payment.receipts.push(asked.json());
                return Reply::Json(201, json!("16328cb8-d769-4c53-90ad-e19777823f0a"));
            }
            "receipt" => return Reply::Json(409, json!({"title": "Conflict", "detail": "exists"})),
            "receipt-read" => {
                return match payment.receipts.first() {
                    Some(receipt) => Reply::Json(200, json!({"receipt": receipt})),
                    None => Reply::Json(404, json!({"title": "Not Found", "detail": "none"})),
                };
            }
            "read" => {}
            "capture" => {
                let held = payment.money[1] - payment.money[2] - payment.money[3];
                if amount() > held {
                    return problem(400, if payment.money[3] > 0 { "6070" } else { "6090" });
                }
                payment.money[2] += amount();
                payment.captures.push(key);
            }
            "refund" => payment.money[4] += amount(),
            "cancel" if payment.state == "CREATED" => payment.state = "TERMINATED",
            "cancel" => payment.money[3] = payment.money[1] - payment.money[2],
            _ => panic!("{call}"),
        }
        payment.read(reference)
    }

    fn money(&self, reference: &str) -> [u64; 4] {
        self.payments.get(reference).map_or([0; 4], |payment| {
            let [_, rest @ ..] = payment.money;
            rest
        })
    }
}

impl Payment {
    fn read(&self, reference: &str) -> Reply {
        let nok = |value: u64| json!({"currency": "NOK", "value": value});
        let [amount, authorized, captured, cancelled, refunded] = self.money.map(nok);
        Reply::Json(
            200,
            json!({
                "amount": amount, "state": self.state, "reference": reference,
                "pspReference": "p", "metadata": self.note,
                "aggregate": {
                    "authorizedAmount": authorized, "capturedAmount": captured,
                    "cancelledAmount": cancelled, "refundedAmount": refunded,
                },
            }),
        )
    }
}

/// A journal that fails at one write, as if the process died there: before the call if it was an
/// intent, after the call if it was a result.
#[derive(Debug)]
struct Dying {
    kept: Arc<MemoryJournal>,
    left: AtomicUsize,
}

impl Journal for Dying {
    fn write(&self, ride: &RideKey, entries: &[Entry]) -> Result<(), JournalError> {
        if self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
            .is_err()
        {
            return Err(JournalError::Store("the process died".to_owned()));
        }
        self.kept.write(ride, entries)
    }

    fn read(&self, ride: &RideKey) -> Result<Vec<Entry>, JournalError> {
        self.kept.read(ride)
    }

    fn rides(&self) -> Result<Vec<RideKey>, JournalError> {
        self.kept.rides()
    }
}

struct Town {
    api: Arc<Mutex<Api>>,
    server: StandIn,
    clock: Arc<FakeClock>,
    journal: Arc<MemoryJournal>,
}

impl Town {
    async fn new(api: Api) -> Self {
        let api = Arc::new(Mutex::new(api));
        let script = Arc::clone(&api);
        let server = StandIn::start(move |asked| script.lock().unwrap().reply(asked)).await;
        Self { api, server, clock: FakeClock::new(), journal: Arc::default() }
    }

    fn dispatch(&self) -> Dispatch {
        self.with_journal(Arc::<MemoryJournal>::clone(&self.journal))
    }

    fn with_journal(&self, journal: Arc<dyn Journal>) -> Dispatch {
        Dispatch::new(Taxi::new(self.server.client(self.clock.clone())), journal)
    }

    fn money(&self, reference: &str) -> [u64; 4] {
        self.api.lock().unwrap().money(reference)
    }

    /// The states the ride has been in, and whether each may follow the one before.
    fn states(&self) -> Vec<RideState> {
        let entries = self.journal.read(&key()).unwrap();
        let mut states = vec![RideState::Quoted];
        states.extend(entries.iter().filter_map(|entry| match entry {
            Entry::Became(state) => Some(*state),
            _ => None,
        }));
        for pair in states.windows(2) {
            assert!(pair[0].may_become(pair[1]), "{} > {}", pair[0], pair[1]);
        }
        states
    }
}

fn key() -> RideKey {
    "ride-0001".parse().unwrap()
}

fn fare(sum: u64) -> Fare {
    Fare::taxi_ride(Amount::nok(sum)).unwrap()
}

fn order(hold: u64) -> RideOrder {
    let reserve = Reserve::Estimate(Amount::nok(hold));
    RideOrder { reserve, ..RideOrder::new(key(), "4790000001".parse().unwrap(), fare(34592)) }
}

/// A ride from the booking to the receipt, or as far as the dispatch lives.
async fn whole(dispatch: &Dispatch, hold: u64, sum: u64) -> Result<Ride, DispatchError> {
    dispatch.book(order(hold)).await?;
    dispatch.complete(&key(), Trigger::Webhook).await?;
    dispatch.board(&key()).await?;
    dispatch.end(&key(), fare(sum)).await?;
    dispatch.wait(&key()).await
}

fn shown(states: &[RideState]) -> String {
    states.iter().map(ToString::to_string).collect::<Vec<_>>().join(" > ")
}

#[tokio::test]
async fn a_ride_goes_through_its_states() {
    let town = Town::new(Api::default()).await;
    let ride = whole(&town.dispatch(), 50000, 34592).await.unwrap();
    assert_eq!(town.money("ride-0001-1"), [50000, 34592, 15408, 0]);
    assert_eq!(ride.paid(), Amount::nok(34592));
    assert_eq!(
        shown(&town.states()),
        "QUOTED > RESERVING > RESERVED > ON_TRIP > FARE_FINAL > CAPTURING > CAPTURED > RELEASING \
         > RECEIPTED"
    );
    let calls = town.server.calls().len();
    town.dispatch().sweep().await.unwrap();
    assert_eq!(town.server.calls().len(), calls, "what is past costs no call");
}

/// Wherever the process dies, the next one brings the ride to the same end.
#[tokio::test]
async fn a_ride_survives_a_death_at_every_write() {
    for (hold, sum, money, extra) in [
        (50000, 34592, [50000, 34592, 15408, 0], [0; 4]),
        (31400, 31400, [31400, 31400, 0, 0], [0; 4]),
        (31400, 38950, [31400, 31400, 0, 0], [7550, 7550, 0, 0]),
    ] {
        let mut deaths = 0;
        loop {
            let town = Town::new(Api::default()).await;
            let (kept, left) = (Arc::clone(&town.journal), AtomicUsize::new(deaths));
            let died = whole(&town.with_journal(Arc::new(Dying { kept, left })), hold, sum).await;
            // Starts again, and whoever was cut off says once more what they had said.
            let dispatch = town.dispatch();
            dispatch.recover().await.unwrap();
            dispatch.book(order(hold)).await.unwrap();
            dispatch.complete(&key(), Trigger::StartUp).await.unwrap();
            if dispatch.ride(&key()).unwrap().ending.is_none() {
                dispatch.board(&key()).await.unwrap();
            }
            dispatch.end(&key(), fare(sum)).await.unwrap();
            let ride = dispatch.wait(&key()).await.unwrap();
            assert_eq!(ride.flag, None, "death {deaths}");
            assert_eq!(ride.state, RideState::Receipted, "death {deaths}: {ride:#?}");
            assert_eq!(town.money("ride-0001-1"), money, "death {deaths}");
            assert_eq!(town.money("ride-0001-x1"), extra, "death {deaths}");
            for payment in town.api.lock().unwrap().payments.values() {
                assert_eq!(payment.captures.len(), 1, "death {deaths}");
                assert_eq!(payment.receipts.len(), 1, "death {deaths}");
                assert_eq!(payment.created.len(), 1, "death {deaths}");
            }
            town.states();
            if died.is_ok() {
                break;
            }
            deaths += 1;
        }
        assert!(deaths > 15, "{deaths} deaths are too few to have been everywhere");
    }
}

/// A ride whose fare is known needs nobody to say anything once more: the restart alone is enough.
#[tokio::test]
async fn a_ride_that_is_over_is_paid_by_the_restart_alone() {
    for deaths in 1.. {
        let town = Town::new(Api::default()).await;
        let (kept, left) = (Arc::clone(&town.journal), AtomicUsize::new(deaths));
        let died = town.with_journal(Arc::new(Dying { kept, left })).drive(order(50000)).await;
        let dispatch = town.dispatch();
        dispatch.recover().await.unwrap();
        let ride = dispatch.wait(&key()).await.unwrap();
        assert_eq!(ride.state, RideState::Receipted, "death {deaths}: {ride:#?}");
        assert_eq!(town.money("ride-0001-1"), [50000, 34592, 15408, 0], "death {deaths}");
        town.states();
        if died.is_ok() {
            assert!(deaths > 10, "{deaths} deaths are too few to have been everywhere");
            return;
        }
    }
}

#[tokio::test]
async fn a_name_that_something_else_has_is_passed_over() {
    let town = Town::new(Api::default()).await;
    let foreign = Payment { state: "CREATED", money: [100, 0, 0, 0, 0], ..Payment::default() };
    town.api.lock().unwrap().payments.insert("ride-0001-1".to_owned(), foreign);
    let dispatch = town.dispatch();
    dispatch.book(order(50000)).await.unwrap();
    let ride = dispatch.wait(&key()).await.unwrap();
    assert_eq!(ride.state, RideState::Reserved);
    assert_eq!(town.money("ride-0001-2"), [50000, 0, 0, 0]);
    assert_eq!(town.money("ride-0001-1"), [0; 4], "it is not ours");
}

#[tokio::test]
async fn what_is_above_the_hold_is_asked_for_at_once_and_not_again() {
    let answers = BTreeMap::from([("ride-0001-x1", "ABORTED")]);
    let town = Town::new(Api { answers, ..Api::default() }).await;
    let dispatch = town.dispatch();
    let ride = whole(&dispatch, 31400, 38950).await.unwrap();
    assert_eq!(ride.state, RideState::PartPaid);
    assert_eq!(town.money("ride-0001-1"), [31400, 31400, 0, 0]);
    let calls = town.server.calls().len();
    dispatch.sweep().await.unwrap();
    assert_eq!(town.server.calls().len(), calls, "nobody is asked twice");
    let asked = dispatch.ask_again(&key(), Reach::Qr).await.unwrap();
    assert_eq!(asked.state, RideState::PartPaid);
    let ride = dispatch.wait(&key()).await.unwrap();
    assert_eq!(ride.state, RideState::Receipted);
    assert_eq!(town.money("ride-0001-x2"), [7550, 7550, 0, 0]);
}

#[tokio::test]
async fn a_second_hold_is_made_on_the_way_and_its_rest_released() {
    let town = Town::new(Api::default()).await;
    let dispatch = town.dispatch();
    dispatch.book(order(31400)).await.unwrap();
    dispatch.wait(&key()).await.unwrap();
    dispatch.board(&key()).await.unwrap();
    let enough =
        dispatch.meter_shows(&key(), Amount::nok(25119), Amount::nok(20000)).await.unwrap();
    assert_eq!(enough.holds.iter().count(), 1);
    dispatch.meter_shows(&key(), Amount::nok(25120), Amount::nok(20000)).await.unwrap();
    dispatch.meter_shows(&key(), Amount::nok(26000), Amount::nok(20000)).await.unwrap();
    dispatch.wait(&key()).await.unwrap();
    let ride = dispatch.end(&key(), fare(38950)).await.unwrap();
    assert_eq!(ride.state, RideState::Receipted);
    assert_eq!(town.money("ride-0001-1"), [31400, 31400, 0, 0]);
    assert_eq!(town.money("ride-0001-x1"), [20000, 7550, 12450, 0]);
}

#[tokio::test]
async fn a_stop_on_the_way_is_a_part_of_its_own() {
    let town = Town::new(Api::default()).await;
    let dispatch = town.dispatch();
    dispatch.book(order(50000)).await.unwrap();
    dispatch.wait(&key()).await.unwrap();
    dispatch.board(&key()).await.unwrap();
    dispatch.stop_over(&key(), fare(20000)).await.unwrap();
    assert_eq!(town.money("ride-0001-1"), [50000, 20000, 0, 0]);
    let ride = dispatch.end(&key(), fare(34592)).await.unwrap();
    assert_eq!(ride.state, RideState::Receipted);
    assert_eq!(town.money("ride-0001-1"), [50000, 34592, 15408, 0]);
    let api = town.api.lock().unwrap();
    let keys = &api.payments["ride-0001-1"].captures;
    assert_eq!(*keys, ["cap-ride-0001-1-1", "cap-ride-0001-1-2"]);
}

#[tokio::test]
async fn a_wrong_fare_is_given_back_or_asked_for() {
    let town = Town::new(Api::default()).await;
    let dispatch = town.dispatch();
    whole(&dispatch, 50000, 34592).await.unwrap();
    let ride = dispatch.correct(&key(), fare(29592)).await.unwrap();
    assert_eq!(ride.state, RideState::Refunded);
    assert_eq!(town.money("ride-0001-1"), [50000, 34592, 15408, 5000]);

    let town = Town::new(Api::default()).await;
    let dispatch = town.dispatch();
    whole(&dispatch, 50000, 34592).await.unwrap();
    dispatch.correct(&key(), fare(39592)).await.unwrap();
    let ride = dispatch.wait(&key()).await.unwrap();
    assert_eq!(ride.paid(), Amount::nok(39592), "{ride:#?}");
    assert_eq!(town.money("ride-0001-x1"), [5000, 5000, 0, 0]);
}

#[tokio::test]
async fn where_parts_cannot_be_captured_the_company_has_chosen_what_to_do() {
    let refuses = || vec![("capture", 400, "6140")];
    let town = Town::new(Api { refuses: refuses(), ..Api::default() }).await;
    let ride = whole(&town.dispatch(), 50000, 34592).await.unwrap();
    assert_eq!(ride.paid(), Amount::nok(34592));
    assert_eq!(town.money("ride-0001-1"), [50000, 0, 50000, 0]);
    assert_eq!(town.money("ride-0001-x1"), [34592, 34592, 0, 0]);

    let town = Town::new(Api { refuses: refuses(), ..Api::default() }).await;
    let without_parts = WithoutParts::CaptureAllAndRefund;
    let dispatch = town.dispatch().with_settings(Settings { without_parts, ..Settings::default() });
    let ride = whole(&dispatch, 50000, 34592).await.unwrap();
    assert_eq!(ride.state, RideState::Refunded);
    assert_eq!(town.money("ride-0001-1"), [50000, 50000, 0, 15408]);
}

#[tokio::test]
async fn a_hold_that_is_gone_is_asked_for_anew() {
    for code in ["6070", "6100", "6260"] {
        let town = Town::new(Api { refuses: vec![("capture", 400, code)], ..Api::default() }).await;
        let ride = whole(&town.dispatch(), 50000, 34592).await.unwrap();
        assert_eq!(ride.paid(), Amount::nok(34592), "{code}");
        assert_eq!(town.money("ride-0001-x1"), [34592, 34592, 0, 0], "{code}");
        assert_eq!(ride.failures[0].code, code.parse().ok());
        assert_eq!(ride.failures[0].trace_id.as_deref(), Some("00"), "support will ask for it");
    }
}

#[tokio::test]
async fn a_ride_that_is_called_off_leaves_nothing_held() {
    for (answer, money) in [("AUTHORIZED", [50000, 0, 50000, 0]), ("CREATED", [0; 4])] {
        let answers = BTreeMap::from([("ride-0001-1", answer)]);
        let town = Town::new(Api { answers, ..Api::default() }).await;
        let dispatch = town.dispatch();
        dispatch.book(order(50000)).await.unwrap();
        let ride = dispatch.call_off(&key()).await.unwrap();
        assert_eq!(ride.state, RideState::CancelledBeforePickup, "{answer}");
        assert_eq!(town.money("ride-0001-1"), money, "{answer}");
        dispatch.end(&key(), fare(100)).await.unwrap_err();
        town.states();
    }
}

#[tokio::test]
async fn a_passenger_who_is_not_there_pays_the_fee_and_no_more() {
    let town = Town::new(Api::default()).await;
    let dispatch = town.dispatch();
    dispatch.book(order(31400)).await.unwrap();
    dispatch.wait(&key()).await.unwrap();
    let ride = dispatch.no_show(&key(), fare(9700)).await.unwrap();
    assert_eq!(ride.state, RideState::NoShow);
    assert_eq!(town.money("ride-0001-1"), [31400, 9700, 21700, 0]);
    town.states();
}

#[tokio::test]
async fn a_fare_too_small_to_be_charged_is_not_charged() {
    for sum in [0, 99] {
        let town = Town::new(Api::default()).await;
        let ride = whole(&town.dispatch(), 31400, sum).await.unwrap();
        assert_eq!(ride.state, RideState::Settled);
        assert_eq!(town.money("ride-0001-1"), [31400, 0, 31400, 0]);
    }
}

#[tokio::test]
async fn a_tip_without_room_is_asked_for_by_itself() {
    let town = Town::new(Api::default()).await;
    let dispatch = town.dispatch();
    dispatch.book(order(34592)).await.unwrap();
    dispatch.wait(&key()).await.unwrap();
    dispatch.board(&key()).await.unwrap();
    let tipped = fare(34592).with_tip(Amount::nok(3459)).unwrap();
    dispatch.end(&key(), tipped).await.unwrap();
    let ride = dispatch.wait(&key()).await.unwrap();
    assert_eq!(ride.paid(), Amount::nok(38051));
    assert_eq!(town.money("ride-0001-t1"), [3459, 3459, 0, 0]);
}

#[tokio::test]
async fn a_sales_unit_that_may_not_push_shows_a_code_and_remembers() {
    let town = Town::new(Api { refuses: vec![("create", 403, "5080")], ..Api::default() }).await;
    let dispatch = town.dispatch();
    dispatch.book(order(50000)).await.unwrap();
    let ride = dispatch.wait(&key()).await.unwrap();
    assert_eq!(ride.state, RideState::Reserved);
    assert_eq!(town.money("ride-0001-2"), [50000, 0, 0, 0]);
    assert!(!dispatch.may_push());
}

#[tokio::test]
async fn a_receipt_that_fails_for_now_is_sent_at_the_next_sweep() {
    let refuses = vec![("receipt", 503, ""); 10];
    let town = Town::new(Api { refuses, ..Api::default() }).await;
    let dispatch = town.dispatch();
    let ride = whole(&dispatch, 50000, 34592).await.unwrap();
    assert_eq!((ride.state, ride.paid()), (RideState::Settled, Amount::nok(34592)));
    town.api.lock().unwrap().refuses.clear();
    let ride = dispatch.sweep().await.unwrap().remove(0);
    assert_eq!(ride.state, RideState::Receipted);
}

#[tokio::test]
async fn a_lost_journal_is_made_again_and_the_ride_paid_once() {
    let town = Town::new(Api::default()).await;
    whole(&town.dispatch(), 50000, 34592).await.unwrap();
    let dispatch = town.with_journal(Arc::new(MemoryJournal::default()));
    let ride = dispatch.rebuild(order(50000), fare(34592)).await.unwrap();
    assert_eq!((ride.state, ride.paid()), (RideState::Receipted, Amount::nok(34592)));
    assert_eq!(town.money("ride-0001-1"), [50000, 34592, 15408, 0]);
    assert_eq!(town.api.lock().unwrap().payments["ride-0001-1"].captures.len(), 1);
}

#[tokio::test]
async fn an_order_for_later_is_asked_for_when_it_is_time() {
    let town = Town::new(Api::default()).await;
    let dispatch = town.dispatch();
    let days = jiff::SignedDuration::from_hours(10 * 24);
    let pick_up = Some(crate::taxi::clock::Clock::now(town.clock.as_ref()) + days);
    let ride = dispatch.book(RideOrder { pick_up, ..order(50000) }).await.unwrap();
    assert_eq!((ride.state, town.server.calls().len()), (RideState::Quoted, 0));
    town.clock.advance(days - jiff::SignedDuration::from_hours(2));
    assert_eq!(dispatch.sweep().await.unwrap()[0].state, RideState::Reserving);
}

#[tokio::test]
async fn a_webhook_of_an_unknown_payment_moves_nothing() {
    let town = Town::new(Api::default()).await;
    let event = serde_json::from_value(json!({
        "msn": "900001", "reference": "ride-0009-1", "pspReference": "p", "name": "AUTHORIZED",
        "amount": {"currency": "NOK", "value": 100}, "timestamp": "t", "success": true,
    }))
    .unwrap();
    let heard = town.dispatch().heard(&event).await.unwrap();
    assert!(matches!(heard, Heard::Orphan(reference) if reference == "ride-0009-1"));
    assert_eq!(town.server.calls(), Vec::<String>::new());
}

#[test]
fn every_state_is_reached_from_another_and_manual_is_the_end() {
    for state in RideState::ALL {
        let reached = RideState::ALL.iter().any(|from| from.may_become(state));
        assert_eq!(reached, state != RideState::Quoted, "{state}");
        assert_eq!(RideState::Manual.may_become(state), state == RideState::Manual);
    }
    assert!(!RideState::CancelledBeforePickup.may_become(RideState::Capturing));
    assert!(!RideState::Reserved.may_become(RideState::Reserving));
    assert!(!RideState::OnTrip.may_become(RideState::Reserved));
}

#[test]
fn an_act_says_what_it_is() {
    let (amount, in_all) = (Amount::nok(100), Amount::nok(100));
    assert_eq!(Act::Capture { part: 1, amount, in_all }.to_string(), "capture NOK 1.00 as part 1");
}
