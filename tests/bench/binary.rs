//! The program itself: how soon it is ready, how large it is, on disk and in memory.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::Instant,
};

use crate::{
    Outcome,
    load::{Load, Numbers},
    machine::{self, Memory},
    requests::Keys,
    rounds::Effort,
    statistics::Spread,
};

/// Figures of `vipps-mock serve`.
#[derive(Debug)]
pub(crate) struct Binary {
    pub(crate) size: u64,
    pub(crate) starts: usize,
    pub(crate) start_ms: Spread,
    pub(crate) idle: Memory,
    pub(crate) payments: u64,
    pub(crate) bytes_per_payment: f64,
}

/// `vipps-mock serve`, running. Dropping it stops it.
struct Serving {
    child: Child,
    address: SocketAddr,
    ready_ms: f64,
}

const PATH: &str = env!("CARGO_BIN_EXE_vipps-mock");

impl Binary {
    pub(crate) async fn measure(effort: Effort) -> Outcome<Self> {
        let mut start_ms = Vec::new();
        for _ in 0..effort.starts {
            start_ms.push(Serving::start()?.ready_ms);
        }
        let serving = Serving::start()?;
        let idle = machine::memory(serving.child.id())?;
        Ok(Self {
            size: fs::metadata(PATH)?.len(),
            starts: effort.starts,
            start_ms: Spread::of(start_ms),
            idle,
            payments: effort.payments,
            bytes_per_payment: serving.bytes_per_payment(effort.payments).await?,
        })
    }
}

impl Serving {
    fn start() -> Outcome<Self> {
        let mut command = Command::new(PATH);
        command.args(["serve", "--listen", "127.0.0.1:0", "--seed", "1"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let start = Instant::now();
        let mut child = command.spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("no output of the program")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let ready_ms = start.elapsed().as_secs_f64() * 1e3;
        let address = line.trim().strip_prefix("listening on http://");
        let address = address.ok_or_else(|| format!("{PATH} did not start: {line}"))?.parse()?;
        Ok(Self { child, address, ready_ms })
    }

    /// What a stored payment adds to the resident memory.
    #[expect(clippy::cast_precision_loss, reason = "memory is far below 2 to the 52nd")]
    async fn bytes_per_payment(&self, payments: u64) -> Outcome<f64> {
        const CONNECTIONS: u64 = 32;
        let process = self.child.id();
        let keys = Keys::fetch(self.address).await?;
        let create = keys.create(self.address);
        let mut load =
            Load::open(self.address, process, &create, CONNECTIONS, Numbers::Fresh).await?;
        // Whatever the connections need is there after some calls on each.
        let first = 4 * CONNECTIONS;
        load.make(first).await?;
        let before = machine::memory(process)?.resident;
        load.make(first + payments).await?;
        let after = machine::memory(process)?.resident;
        Ok((after as f64 - before as f64) / payments as f64)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended by itself, which is all that is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
