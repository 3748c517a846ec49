//! Webhooks: how many are delivered a second, what they cost a call, and what they take to wait.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use axum::{Router, body::Bytes, extract::State};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

use crate::{
    Outcome,
    connection::Connection,
    load::{Load, Numbers},
    machine::{self, Machine},
    requests::Keys,
    rounds::Effort,
    server::Servers,
    statistics::{Latency, Spread},
};

/// All figures about webhooks.
#[derive(Debug)]
pub(crate) struct Webhooks {
    pub(crate) events: u64,
    /// Events a second of the mock, posts a second of a bare loop, round by round.
    pub(crate) rates: Vec<(f64, f64)>,
    /// The 99th percentile of a create in microseconds, of each run: nobody registered, and a dead
    /// and a hanging receiver.
    pub(crate) alone_us: Vec<f64>,
    pub(crate) burdened_us: Vec<f64>,
    pub(crate) queued: u64,
    /// Resident memory with so many payments: nobody registered, and a dead receiver.
    pub(crate) resident_alone: u64,
    pub(crate) resident_queued: u64,
}

/// How many posts the bare loop has under way, as many as the mock towards one registration.
pub(crate) const AT_ONCE: usize = 32;

/// How many creates a run of the latency has.
const CREATES: u64 = 2_000;

/// How many connections fill the mock.
const CONNECTIONS: u64 = 32;

impl Webhooks {
    pub(crate) async fn measure(effort: Effort, machine: &Machine) -> Outcome<Self> {
        let core = machine.cores.map(|(server, _)| server);
        let is_quick = effort.rounds < 10;
        let (events, rounds, runs, queued) =
            if is_quick { (500, 2, 1, 1_000) } else { (5_000, 9, 3, 100_000) };
        let mut rates = Vec::new();
        for round in 0..rounds {
            rates.push(rate(core, events, round % 2 == 1).await?);
        }
        let (mut alone_us, mut burdened_us) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            alone_us.push(create_p99(core, false).await?);
            burdened_us.push(create_p99(core, true).await?);
        }
        let resident_alone = resident(core, queued, false).await?;
        let resident_queued = resident(core, queued, true).await?;
        Ok(Self { events, rates, alone_us, burdened_us, queued, resident_alone, resident_queued })
    }

    /// The mock's events a second, as a share of the bare loop's posts.
    pub(crate) fn ratio(&self) -> Spread {
        Spread::of(self.rates.iter().map(|(mock, bare)| mock / bare))
    }

    /// The lowest of the runs without and with receivers that do not answer, in microseconds.
    pub(crate) fn lowest_p99_us(&self) -> (f64, f64) {
        let lowest = |runs: &[f64]| runs.iter().copied().fold(f64::INFINITY, f64::min);
        (lowest(&self.alone_us), lowest(&self.burdened_us))
    }

    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2 to the 52nd")]
    pub(crate) fn bytes_per_event(&self) -> f64 {
        (self.resident_queued as f64 - self.resident_alone as f64) / self.queued as f64
    }

    pub(crate) fn write(&self, text: &mut String) -> std::fmt::Result {
        use std::fmt::Write as _;
        let ratio = self.ratio();
        let rate = |of: fn(&(f64, f64)) -> f64| Spread::of(self.rates.iter().map(of)).median;
        let (alone, burdened) = self.lowest_p99_us();
        writeln!(
            text,
            "\n## Webhooks\n\n\
             | what | figure |\n\
             | --- | --- |\n\
             | {} events to one receiver, a second | {:.0} |\n\
             | the same client posting the same body in a bare loop, {AT_ONCE} at once | {:.0} |\n\
             | ratio, {} rounds | median **{:.2}** (min {:.2}, max {:.2}) |\n\
             | create, lowest p99 of {} runs of {CREATES}: nobody registered | {alone:.0} us |\n\
             | a dead and a hanging receiver registered | {burdened:.0} us |\n\
             | resident with {} payments: nobody registered | {:.1} MB |\n\
             | all of their events queued for a dead receiver | {:.1} MB ({:.0} bytes an event) |",
            self.events,
            rate(|it| it.0),
            rate(|it| it.1),
            self.rates.len(),
            ratio.median,
            ratio.min,
            ratio.max,
            self.alone_us.len(),
            self.queued,
            megabytes(self.resident_alone),
            megabytes(self.resident_queued),
            self.bytes_per_event(),
        )
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "events": self.events,
            "ratio": self.ratio(),
            "eventsAndBarePostsPerSecond": self.rates,
            "createP99AloneUs": self.alone_us,
            "createP99WithUnresponsiveReceiversUs": self.burdened_us,
            "queued": self.queued,
            "residentAloneBytes": self.resident_alone,
            "residentQueuedBytes": self.resident_queued,
        })
    }
}

/// A receiver in this process that counts, and keeps one body.
#[derive(Debug)]
struct Receiver {
    url: String,
    counts: Arc<Counts>,
    server: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Counts {
    expected: AtomicU64,
    received: AtomicU64,
    times: Mutex<Option<(Instant, Instant)>>,
    done: Notify,
}

impl Receiver {
    async fn listen() -> Outcome<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}/hooks", listener.local_addr()?);
        let counts = Arc::new(Counts::default());
        let router = Router::new().fallback(receive).with_state(counts.clone());
        let server = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, counts, server })
    }

    /// How many a second come while `start` runs, from the first to the last of so many.
    async fn rate_of(
        &self,
        expected: u64,
        start: impl Future<Output = Outcome<()>>,
    ) -> Outcome<f64> {
        self.counts.received.store(0, Ordering::SeqCst);
        *self.counts.times.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.counts.expected.store(expected, Ordering::SeqCst);
        tokio::try_join!(start, async {
            self.counts.done.notified().await;
            Ok(())
        })?;
        let times = *self.counts.times.lock().unwrap_or_else(PoisonError::into_inner);
        let (first, last) = times.ok_or("nothing was received")?;
        #[expect(clippy::cast_precision_loss, reason = "some thousand events")]
        Ok((expected - 1) as f64 / (last - first).as_secs_f64())
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn receive(State(counts): State<Arc<Counts>>, _: Bytes) {
    let now = Instant::now();
    let mut times = counts.times.lock().unwrap_or_else(PoisonError::into_inner);
    let first = times.map_or(now, |(first, _)| first);
    *times = Some((first, now));
    drop(times);
    let received = counts.received.fetch_add(1, Ordering::SeqCst) + 1;
    if received == counts.expected.load(Ordering::SeqCst) {
        counts.done.notify_one();
    }
}

/// A mock of its own, and a way to talk to it.
struct Bench {
    servers: Servers,
    keys: Keys,
    control: Connection,
}

impl Bench {
    async fn start(core: Option<usize>) -> Outcome<Self> {
        let servers = Servers::start(core)?;
        let keys = Keys::fetch(servers.mock).await?;
        let control = Connection::open(servers.mock).await?;
        Ok(Self { servers, keys, control })
    }

    async fn register(&mut self, url: &str) -> Outcome<()> {
        let body = json!({"url": url, "events": ["epayments.payment.created.v1"]}).to_string();
        let request = self.keys.post(self.servers.mock, "/webhooks/v1/webhooks", &body);
        self.control.call(request.as_bytes()).await?;
        Ok(())
    }

    /// A call to the control API about the sales unit.
    async fn control(&mut self, method: &str, path: &str, body: &str) -> Outcome<()> {
        let request = self.keys.control(self.servers.mock, method, path, body);
        self.control.call(request.as_bytes()).await?;
        Ok(())
    }

    async fn create(&self, count: u64) -> Outcome<()> {
        let create = self.keys.create(self.servers.mock);
        let process = self.servers.process();
        let mut load =
            Load::open(self.servers.mock, process, &create, CONNECTIONS, Numbers::Fresh).await?;
        load.make(count).await
    }
}

/// Events a second of the mock, and posts a second of the bare loop beside it.
///
/// A fault holds the events back until all of them are queued, so that creating is not measured.
async fn rate(core: Option<usize>, events: u64, bare_first: bool) -> Outcome<(f64, f64)> {
    let mut bench = Bench::start(core).await?;
    let receiver = Receiver::listen().await?;
    bench.register(&receiver.url).await?;
    bench.control("POST", "/clock/freeze", "").await?;
    let held = r#"{"effect":"delay","by":"1h","times":"always"}"#;
    bench.control("POST", "/faults", held).await?;
    bench.create(events).await?;
    let body = sample(&mut bench).await?;
    let bare_address = bench.servers.bare;
    let bare = async || {
        let order = json!({"url": receiver.url, "count": events, "body": body}).to_string();
        receiver.rate_of(events, post_in_a_loop(bare_address, &order)).await
    };
    let mut bare_rate = 0.0;
    if bare_first {
        bare_rate = bare().await?;
    }
    let advance = bench.control("POST", "/clock/advance", r#"{"by":"1h"}"#);
    let mock_rate = receiver.rate_of(events, advance).await?;
    if !bare_first {
        bare_rate = bare().await?;
    }
    Ok((mock_rate, bare_rate))
}

/// What a delivery looks like: the body of one that is waiting.
async fn sample(bench: &mut Bench) -> Outcome<String> {
    let request = bench.keys.control(bench.servers.mock, "GET", "/deliveries?limit=1", "");
    let answer: Value = serde_json::from_slice(bench.control.call(request.as_bytes()).await?.body)?;
    Ok(answer[0]["body"].as_str().ok_or("no delivery waits")?.to_owned())
}

async fn post_in_a_loop(bare: SocketAddr, order: &str) -> Outcome<()> {
    let request = format!(
        "POST /loop HTTP/1.1\r\nHost: {bare}\r\nContent-Length: {}\r\n\r\n{order}",
        order.len()
    );
    Connection::open(bare).await?.call(request.as_bytes()).await?;
    Ok(())
}

/// The 99th percentile of creates made one after the other, in microseconds.
async fn create_p99(core: Option<usize>, is_burdened: bool) -> Outcome<f64> {
    let mut bench = Bench::start(core).await?;
    let hanging = TcpListener::bind("127.0.0.1:0").await?;
    let hanging_url = format!("http://{}/hooks", hanging.local_addr()?);
    let holding = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = hanging.accept().await {
            held.push(stream);
        }
    });
    if is_burdened {
        let dead = dead_address().await?;
        bench.register(&dead).await?;
        bench.register(&hanging_url).await?;
    }
    let mut create = bench.keys.create(bench.servers.mock);
    let mut connection = Connection::open(bench.servers.mock).await?;
    let mut calls: Vec<Duration> = Vec::new();
    for number in 0..CREATES {
        let start = Instant::now();
        connection.call(create.about(number)).await?;
        calls.push(start.elapsed());
    }
    holding.abort();
    Ok(Latency::of(&calls).p99_us)
}

/// Resident memory of a mock with so many payments, when it has come to rest.
async fn resident(core: Option<usize>, payments: u64, is_queued: bool) -> Outcome<u64> {
    let mut bench = Bench::start(core).await?;
    // Time stands still: each event has had its first attempt, and waits for the second.
    bench.control("POST", "/clock/freeze", "").await?;
    if is_queued {
        let dead = dead_address().await?;
        bench.register(&dead).await?;
    }
    bench.create(payments).await?;
    bench.control("POST", "/clock/advance", r#"{"by":"0s"}"#).await?;
    Ok(machine::memory(bench.servers.process())?.resident)
}

/// An address where somebody was a moment ago.
async fn dead_address() -> Outcome<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    Ok(format!("http://{}/hooks", listener.local_addr()?))
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2 to the 52nd")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
