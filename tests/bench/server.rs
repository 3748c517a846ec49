//! The process that is measured: the benchmark itself, started once more.

use std::{
    future,
    io::{self, BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    process::{self, Child, Command, Stdio},
    thread,
};

use tokio::{net::TcpListener, runtime};
use tracing_subscriber::EnvFilter;
use vipps_mock::cli::server::{Server, Settings};

use crate::{Outcome, bare, machine};

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
    axum::serve(listener, bare::router()).with_graceful_shutdown(future::pending()).await?;
    Ok(())
}
