//! Random commands over HTTP, beside a model that knows nothing but sums.

use std::collections::HashMap;

use axum::http::Method;
use jiff::SignedDuration;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};
use vipps_mock::app::agenda::Target;

use crate::support::{TestMock, modification, push_request};

const HOUR_S: u64 = 3600;
const DAY_S: u64 = 24 * HOUR_S;

/// What anybody may try. Which payment is a number; amounts are in hundreds of minor units.
#[derive(Debug, Clone, Copy)]
enum Command {
    Create(usize, u64),
    Approve(usize),
    Reject(usize),
    Expire(usize),
    Capture(usize, u64),
    Refund(usize, u64),
    Cancel(usize),
    CancelRequestOnly(usize),
    /// Seconds.
    Pass(u64),
    /// An earlier call once more: the how-manieth from the last.
    Replay(usize),
}

fn a_command() -> impl Strategy<Value = Command> {
    let payment = 0..2_usize;
    let time = prop_oneof![
        6 => Just(60),
        2 => Just(600),
        1 => Just(30 * DAY_S),
        1 => Just(180 * DAY_S),
    ];
    prop_oneof![
        4 => (payment.clone(), 1..12_u64).prop_map(|(it, sum)| Command::Create(it, sum)),
        5 => payment.clone().prop_map(Command::Approve),
        1 => payment.clone().prop_map(Command::Reject),
        1 => payment.clone().prop_map(Command::Expire),
        8 => (payment.clone(), 0..8_u64).prop_map(|(it, sum)| Command::Capture(it, sum)),
        6 => (payment.clone(), 0..8_u64).prop_map(|(it, sum)| Command::Refund(it, sum)),
        2 => payment.clone().prop_map(Command::Cancel),
        1 => payment.prop_map(Command::CancelRequestOnly),
        3 => time.prop_map(Command::Pass),
        6 => (0..6_usize).prop_map(Command::Replay),
    ]
}

/// A payment as plain sums: asked for, authorized, captured, cancelled, refunded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    state: &'static str,
    asked: u64,
    held: u64,
    taken: u64,
    released: u64,
    returned: u64,
    /// When it was asked for, then when it was approved.
    since_s: u64,
}

#[derive(Debug, Default)]
struct Model {
    now_s: u64,
    payments: HashMap<usize, Sums>,
}

impl Model {
    fn pass(&mut self, seconds: u64) {
        self.now_s += seconds;
        for it in self.payments.values_mut() {
            if it.state == "CREATED" && it.since_s + 600 <= self.now_s {
                it.state = "EXPIRED";
            }
            if it.state == "AUTHORIZED" && it.since_s + 180 * DAY_S <= self.now_s {
                it.released = it.held - it.taken;
            }
        }
    }

    /// Does it, if it may be done.
    fn does(&mut self, command: Command) -> bool {
        let now_s = self.now_s;
        if let Command::Create(which, asked) = command {
            let is_new = !self.payments.contains_key(&which);
            let fresh = Sums { state: "CREATED", asked, since_s: now_s, ..Sums::default() };
            self.payments.entry(which).or_insert(fresh);
            return is_new;
        }
        let which = match command {
            Command::Approve(it)
            | Command::Reject(it)
            | Command::Expire(it)
            | Command::Capture(it, _)
            | Command::Refund(it, _)
            | Command::Cancel(it)
            | Command::CancelRequestOnly(it) => it,
            Command::Create(..) | Command::Pass(_) | Command::Replay(_) => return false,
        };
        let Some(it) = self.payments.get_mut(&which) else { return false };
        let is_open = it.state == "CREATED";
        let is_held = it.state == "AUTHORIZED";
        let in_time = now_s < it.since_s + 180 * DAY_S;
        let left = it.held - it.taken - if is_held { it.released } else { 0 };
        match command {
            Command::Approve(_) if is_open => {
                (it.state, it.held, it.since_s) = ("AUTHORIZED", it.asked, now_s);
            }
            Command::Reject(_) if is_open => it.state = "ABORTED",
            Command::Expire(_) if is_open => it.state = "EXPIRED",
            Command::Cancel(_) | Command::CancelRequestOnly(_) if is_open => {
                (it.state, it.released) = ("TERMINATED", it.asked);
            }
            Command::Capture(_, sum) if is_held && in_time && 0 < sum && sum <= left => {
                it.taken += sum;
            }
            Command::Cancel(_) if is_held && in_time && 0 < left => it.released += left,
            Command::Refund(_, sum)
                if is_held
                    && now_s < it.since_s + 365 * DAY_S
                    && 0 < sum
                    && sum <= it.taken - it.returned =>
            {
                it.returned += sum;
            }
            _ => return false,
        }
        true
    }
}

/// A call that carried a key, and what came back, without its trace.
#[derive(Debug, Clone)]
struct Said {
    path: String,
    key: String,
    body: Value,
    status: u16,
    answer: Value,
}

struct Run {
    mock: TestMock,
    model: Model,
    said: Vec<Said>,
}

fn reference(which: usize) -> String {
    format!("ride-000{which}")
}

impl Run {
    async fn post(&self, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let bearer = format!("Bearer {}", self.mock.unit().issue_token().jwt);
        let headers = [("Authorization", bearer.as_str()), ("Idempotency-Key", key)];
        let reply = self.mock.call(Method::POST, path, &headers, &body.to_string()).await;
        let mut answer: Value = serde_json::from_str(&reply.text).unwrap_or_default();
        if let Some(members) = answer.as_object_mut() {
            members.remove("traceId");
        }
        (reply.status.as_u16(), answer)
    }

    /// Says something with a fresh key.
    async fn say(&mut self, path: String, body: Value) -> u16 {
        let key = format!("key-{}", self.said.len());
        let (status, answer) = self.post(&path, &key, &body).await;
        self.said.push(Said { path, key, body, status, answer });
        status
    }

    /// Carries a command out, and says whether it was accepted.
    async fn does(&mut self, command: Command) -> bool {
        let payment = |which| format!("/epayment/v1/payments/{}", reference(which));
        let unit = self.mock.unit();
        let by_hand = |which: usize| reference(which).parse().unwrap();
        let status = match command {
            Command::Create(which, sum) => {
                let body = push_request(&reference(which), sum * 100);
                self.say("/epayment/v1/payments".to_owned(), body).await
            }
            Command::Capture(which, sum) => {
                self.say(payment(which) + "/capture", modification(sum * 100)).await
            }
            Command::Refund(which, sum) => {
                self.say(payment(which) + "/refund", modification(sum * 100)).await
            }
            Command::Cancel(which) => self.say(payment(which) + "/cancel", json!({})).await,
            Command::CancelRequestOnly(which) => {
                let body = json!({ "cancelTransactionOnly": true });
                self.say(payment(which) + "/cancel", body).await
            }
            Command::Approve(which) => {
                let path = format!("/epayment/v1/test/payments/{}/approve", reference(which));
                let body = json!({ "customer": { "phoneNumber": "4740000001" } });
                self.post(&path, "", &body).await.0
            }
            Command::Reject(which) => return unit.reject(&by_hand(which)).is_ok(),
            Command::Expire(which) => return unit.expire(&by_hand(which)).is_ok(),
            Command::Pass(seconds) => {
                let by = SignedDuration::from_secs(i64::try_from(seconds).unwrap());
                unit.step(Target::By(by)).await.unwrap();
                self.model.pass(seconds);
                return false;
            }
            Command::Replay(back) => {
                let Some(said) = self.said.iter().rev().nth(back).cloned() else { return false };
                let again = self.post(&said.path, &said.key, &said.body).await;
                assert_eq!(again, (said.status, said.answer), "the same call, the same answer");
                return false;
            }
        };
        assert!(status < 500, "{command:?}: {status}");
        (200..300).contains(&status)
    }

    /// Compares every payment, its totals and its log with the model.
    fn check(&self, command: Command) {
        let payments = self.mock.unit().payments();
        assert_eq!(payments.len(), self.model.payments.len(), "{command:?}");
        for (which, sums) in &self.model.payments {
            let payment = payments.iter().find(|it| it.reference().as_str() == reference(*which));
            let payment = payment.unwrap();
            let totals = payment.totals();
            let [authorized, captured, cancelled, refunded] =
                [totals.authorized, totals.captured, totals.cancelled, totals.refunded]
                    .map(vipps_mock::domain::Amount::minor);
            let expected = [sums.held, sums.taken, sums.released, sums.returned].map(|it| it * 100);
            assert_eq!(payment.state().name(), sums.state, "{command:?}");
            assert_eq!([authorized, captured, cancelled, refunded], expected, "{command:?}");
            assert!(refunded <= captured);
            assert!(captured + cancelled <= authorized || sums.state == "TERMINATED");
            let logged = |names: &[&str]| -> u64 {
                let events = payment.events().iter();
                events.filter(|it| names.contains(&it.name.api())).map(|it| it.amount.minor()).sum()
            };
            let from_log = [
                logged(&["AUTHORIZED"]),
                logged(&["CAPTURED"]),
                logged(&["CANCELLED", "TERMINATED"]),
                logged(&["REFUNDED"]),
            ];
            assert_eq!(from_log, expected, "the log tells the same: {command:?}");
        }
    }
}

async fn run(commands: Vec<Command>) {
    let mock = TestMock::start().await;
    let mut run = Run { mock, model: Model::default(), said: Vec::new() };
    for command in commands {
        let accepted = run.does(command).await;
        assert_eq!(accepted, run.model.does(command), "{command:?} {:?}", run.model);
        run.check(command);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever is tried in whatever order, the mock does what sums and times allow and nothing
    /// else; what was refused or said twice changes nothing.
    #[test]
    fn the_api_does_what_sums_allow_and_nothing_else(commands in vec(a_command(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(run(commands));
    }
}
