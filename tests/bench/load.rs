//! Calls as fast as they are answered, on several connections at once.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{task::JoinSet, time::sleep};

use crate::{Outcome, connection::Connection, machine, requests::Request};

/// Connections to one side, and what is called on them.
pub(crate) struct Load {
    callers: Vec<Caller>,
    /// Whose CPU time is counted.
    process: u32,
}

/// Which numbers the calls are about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Numbers {
    /// Each one once.
    Fresh,
    /// Those below this one, over and over.
    Below(u64),
}

/// What one slice showed.
#[derive(Debug)]
pub(crate) struct Slice {
    pub(crate) calls: Vec<Duration>,
    pub(crate) took: Duration,
    pub(crate) server_cpu: Duration,
}

struct Caller {
    connection: Connection,
    request: Request,
    next: u64,
    step: u64,
    numbers: Numbers,
}

impl Load {
    pub(crate) async fn open(
        server: SocketAddr,
        process: u32,
        request: &Request,
        connections: u64,
        numbers: Numbers,
    ) -> Outcome<Self> {
        let mut callers = Vec::new();
        for first in 0..connections {
            callers.push(Caller {
                connection: Connection::open(server).await?,
                request: request.clone(),
                next: first,
                step: connections,
                numbers,
            });
        }
        Ok(Self { callers, process })
    }

    /// Calls for this long, and until what is under way then has been answered.
    pub(crate) async fn slice(&mut self, length: Duration) -> Outcome<Slice> {
        let cpu_before = machine::cpu_time(self.process)?;
        let start = Instant::now();
        let mut tasks = JoinSet::new();
        for caller in self.callers.drain(..) {
            tasks.spawn(caller.call_until(start + length));
        }
        let mut calls = Vec::new();
        while let Some(done) = tasks.join_next().await {
            let (caller, made) = done??;
            self.callers.push(caller);
            calls.extend(made);
        }
        let took = start.elapsed();
        // The kernel adds up a thread's time when it pauses.
        sleep(Duration::from_millis(2)).await;
        let server_cpu = machine::cpu_time(self.process)?.saturating_sub(cpu_before);
        Ok(Slice { calls, took, server_cpu })
    }

    /// Makes a given number of calls; how fast does not matter.
    pub(crate) async fn make(&mut self, calls: u64) -> Outcome<()> {
        let mut tasks = JoinSet::new();
        for caller in self.callers.drain(..) {
            tasks.spawn(caller.call_up_to(calls));
        }
        while let Some(done) = tasks.join_next().await {
            self.callers.push(done??);
        }
        Ok(())
    }
}

impl Caller {
    async fn call_until(mut self, deadline: Instant) -> Outcome<(Self, Vec<Duration>)> {
        let mut calls = Vec::with_capacity(1024);
        let mut before = Instant::now();
        loop {
            self.call().await?;
            let after = Instant::now();
            calls.push(after - before);
            if deadline <= after {
                return Ok((self, calls));
            }
            before = after;
        }
    }

    async fn call_up_to(mut self, number: u64) -> Outcome<Self> {
        while self.next < number {
            self.call().await?;
        }
        Ok(self)
    }

    async fn call(&mut self) -> Outcome<()> {
        let number = match self.numbers {
            Numbers::Fresh => self.next,
            Numbers::Below(end) => self.next % end,
        };
        self.next += self.step;
        self.connection.call(self.request.about(number)).await?;
        Ok(())
    }
}

impl Slice {
    #[expect(clippy::cast_precision_loss, reason = "a slice has some ten thousand calls")]
    pub(crate) fn calls_per_second(&self) -> f64 {
        self.calls.len() as f64 / self.took.as_secs_f64()
    }

    #[expect(clippy::cast_precision_loss, reason = "a slice has some ten thousand calls")]
    pub(crate) fn server_cpu_us_per_call(&self) -> f64 {
        self.server_cpu.as_secs_f64() * 1e6 / self.calls.len() as f64
    }

    /// How much of the slice the server was at work.
    pub(crate) fn server_busy(&self) -> f64 {
        self.server_cpu.as_secs_f64() / self.took.as_secs_f64()
    }
}
