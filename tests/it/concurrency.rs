//! Calls that race. Nothing here sleeps: a barrier lets them all go at once.

use std::{collections::BTreeSet, future::Future, sync::Arc};

use serde_json::json;
use tokio::sync::Barrier;

use crate::support::{Reply, TestMock, modification, push_request};

const RIDE: &str = "/epayment/v1/payments/ride-0001";
const RACERS: usize = 16;

/// Makes as many calls at once as there are racers, on several threads.
async fn race<F>(mock: &Arc<TestMock>, call: impl Fn(Arc<TestMock>, usize) -> F) -> Vec<Reply>
where
    F: Future<Output = Reply> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(RACERS));
    let racers: Vec<_> = (0..RACERS)
        .map(|number| {
            let (barrier, call) = (barrier.clone(), call(mock.clone(), number));
            tokio::spawn(async move {
                barrier.wait().await;
                call.await
            })
        })
        .collect();
    let mut replies = Vec::new();
    for racer in racers {
        replies.push(racer.await.unwrap());
    }
    replies
}

async fn totals(mock: &TestMock) -> [u64; 4] {
    let payment = mock.get(RIDE).await.json();
    ["authorized", "captured", "cancelled", "refunded"]
        .map(|name| payment["aggregate"][format!("{name}Amount")]["value"].as_u64().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn racing_captures_never_exceed_the_reservation() {
    for _ in 0..20 {
        let mock = Arc::new(TestMock::start().await.with_authorized("ride-0001", 1000).await);
        let replies = race(&mock, |mock, number| async move {
            mock.capture("ride-0001", 300, &format!("capture-{number}")).await
        })
        .await;
        let accepted = replies.iter().filter(|it| it.status == 200).count();
        assert_eq!(accepted, 3, "three times 300 fit into 1000");
        for refused in replies.iter().filter(|it| it.status != 200) {
            assert_eq!(refused.code(), "6090");
        }
        assert_eq!(totals(&mock).await, [1000, 900, 0, 0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn racing_refunds_never_exceed_what_was_captured() {
    let mock = Arc::new(TestMock::start().await.with_authorized("ride-0001", 1000).await);
    assert_eq!(mock.capture("ride-0001", 700, "capture").await.status, 200);
    let replies = race(&mock, |mock, number| async move {
        let path = format!("{RIDE}/refund");
        mock.post(&path, &format!("refund-{number}"), &modification(300)).await
    })
    .await;
    assert_eq!(replies.iter().filter(|it| it.status == 200).count(), 2);
    assert_eq!(totals(&mock).await, [1000, 700, 0, 600]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_replay_that_races_its_original_has_one_effect_and_one_answer() {
    for _ in 0..20 {
        let mock = Arc::new(TestMock::start().await.with_authorized("ride-0001", 1000).await);
        let replies =
            race(
                &mock,
                |mock, _| async move { mock.capture("ride-0001", 300, "the-same-key").await },
            )
            .await;
        let answers: BTreeSet<_> =
            replies.iter().map(|it| (it.status.as_u16(), &it.text)).collect();
        assert_eq!(answers.len(), 1, "{answers:?}");
        assert_eq!(totals(&mock).await, [1000, 300, 0, 0]);
        let log = mock.get(&format!("{RIDE}/events")).await.json();
        assert_eq!(log.as_array().unwrap().len(), 3, "{log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn racing_creates_make_one_payment() {
    let mock = Arc::new(TestMock::start().await);
    let replies = race(&mock, |mock, _| async move { mock.create("ride-0001", 500).await }).await;
    assert!(replies.iter().all(|it| it.status == 201), "the same key is answered alike");
    let replies = race(&mock, |mock, number| async move {
        let key = format!("key-{number}");
        mock.post("/epayment/v1/payments", &key, &push_request("ride-0002", 500)).await
    })
    .await;
    assert_eq!(replies.iter().filter(|it| it.status == 201).count(), 1);
    for refused in replies.iter().filter(|it| it.status != 201) {
        assert_eq!(refused.code(), "4150", "a reference is taken once");
    }
    assert_eq!(mock.unit().payments().len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn captures_that_race_a_cancel_leave_nothing_over_and_nothing_twice() {
    for _ in 0..20 {
        let mock = Arc::new(TestMock::start().await.with_authorized("ride-0001", 1000).await);
        let replies = race(&mock, |mock, number| async move {
            if number == RACERS / 2 {
                mock.post(&format!("{RIDE}/cancel"), "", &json!({})).await
            } else {
                mock.capture("ride-0001", 100, &format!("capture-{number}")).await
            }
        })
        .await;
        let cancelled = replies[RACERS / 2].status == 200;
        let [authorized, captured, released, refunded] = totals(&mock).await;
        assert_eq!((authorized, refunded), (1000, 0));
        assert_eq!(captured + released, authorized, "cancelled: {cancelled}");
        assert_eq!(released == 0, !cancelled);
    }
}
