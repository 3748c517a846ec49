//! The process that is measured: the benchmark itself, started once more.

use std::{
    future,
    io::{self, BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{self, Child, Command, Stdio},
    sync::Arc,
    thread,
};

use axum::{body::Bytes, http::StatusCode};
use serde::Deserialize;
use tokio::{net::TcpListener, runtime, task::JoinSet};
use tracing_subscriber::EnvFilter;
use url::Url;
use vipps_mock::{
    cli::server::{Server, Settings},
    delivery::{send::HEADERS, wire::Wire},
};

use crate::{Outcome, bare, machine, webhooks::AT_ONCE};

/// The argument that makes the benchmark a server.
pub(crate) const ROLE: &str = "server";

/// The server as the generator sees it. Dropping it stops it.
#[derive(Debug)]
pub(crate) struct Servers {
    child: Child,
    pub(crate) mock: SocketAddr,
    pub(crate) bare: SocketAddr,
}

impl Servers {
    /// Starts both, on this core.
    pub(crate) fn start(core: Option<usize>) -> Outcome<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(ROLE).args(core.map(|core| core.to_string()));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("no output of the server")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let (mock, bare) = line.trim().split_once(' ').ok_or("the server did not start")?;
        Ok(Self { child, mock: mock.parse()?, bare: bare.parse()? })
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        // It may have ended by itself, which is all that is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Serves until standard input ends: then whoever started it is gone.
pub(crate) fn run(core: Option<&str>) -> Outcome<()> {
    if let Some(core) = core {
        machine::pin_to(core.parse()?)?;
    }
    // As the program itself logs.
    let filter = EnvFilter::new("warn,vipps_mock=info");
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).init();
    thread::spawn(|| {
        let _ = io::stdin().read(&mut [0]);
        process::exit(0)
    });
    runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
}

async fn serve() -> Outcome<()> {
    let settings = Settings { seed: 1, ..Settings::sandbox() };
    let mock = Server::start(settings).await?;
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    println!("{} {}", mock.address(), listener.local_addr()?);
    // As the mock is served: waiting for the end costs every connection a little.
    let router = bare::router().route("/loop", axum::routing::post(post_in_a_loop));
    axum::serve(listener, router).with_graceful_shutdown(future::pending()).await?;
    Ok(())
}

/// What the bare loop is to post.
#[derive(Debug, Deserialize)]
struct Order {
    #[serde(deserialize_with = "address")]
    url: Url,
    count: usize,
    body: String,
}

/// Posts as the mock does, with the same client and the same headers, and nothing around it.
async fn post_in_a_loop(order: Bytes) -> StatusCode {
    let Ok(order) = serde_json::from_slice::<Order>(&order) else { return StatusCode::BAD_REQUEST };
    let (order, wire) = (Arc::new(order), Wire::new());
    let mut posting = JoinSet::new();
    for first in 0..AT_ONCE {
        let (order, wire) = (order.clone(), wire.clone());
        posting.spawn(async move {
            let headers = headers(&order);
            let share = (first..order.count).step_by(AT_ONCE);
            for _ in share {
                let posted = wire.post(&order.url, &headers, order.body.as_bytes()).await;
                let Ok(mut incoming) = posted else { return false };
                wire.hear_out(&order.url, &mut incoming).await;
            }
            true
        });
    }
    let all_went_well = posting.join_all().await.into_iter().all(|it| it);
    if all_went_well { StatusCode::OK } else { StatusCode::BAD_GATEWAY }
}

/// As many as a webhook has, and as long.
fn headers(order: &Order) -> Vec<(&'static str, String)> {
    let host = order.url.authority().to_owned();
    let authorization = "A".repeat(117);
    let values = [
        host,
        "Vipps MobilePay/1.0 Webhooks/1.0".to_owned(),
        "application/json; charset=utf-8".to_owned(),
        order.body.len().to_string(),
        "gzip".to_owned(),
        "Thu, 01 Jan 2026 00:00:00 GMT".to_owned(),
        "A".repeat(44),
        authorization.clone(),
        authorization,
        "00000000-0000-4000-8000-000000000000".to_owned(),
    ];
    HEADERS.into_iter().zip(values).collect()
}

fn address<'de, D: serde::Deserializer<'de>>(input: D) -> Result<Url, D::Error> {
    String::deserialize(input)?.parse().map_err(serde::de::Error::custom)
}
