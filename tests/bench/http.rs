//! How fast the mock is, beside a route that does nothing: `cargo bench --bench http`.
//!
//! One process serves both, the mock as it is and a bare axum route (see `bare`), each on a port of
//! its own. It is the benchmark itself, started once more, and not a second thread: so its CPU time
//! can be told from the generator's. Both run on one thread, pinned to one core each.
//!
//! A round is three slices of 100 ms: the mock, the bare route, the mock again; every second round
//! goes backwards. Ratios are taken within a round, so that a machine that changes its speed
//! changes both sides. The two slices of the mock say how far the figures can be trusted.
#![expect(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod bare;
mod binary;
mod connection;
mod load;
mod machine;
mod report;
mod requests;
mod rounds;
mod server;
mod statistics;
mod webhooks;

use std::{error::Error, fs, path::PathBuf, process::ExitCode};

use clap::Parser;
use mimalloc::MiMalloc;
use tokio::runtime;

use crate::{
    binary::Binary,
    machine::Machine,
    report::Report,
    rounds::{Effort, Measured},
    webhooks::Webhooks,
};

/// As in the program itself, for both sides.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What went wrong needs only to be read.
type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Compares the mock with a bare axum route, over loopback HTTP
#[derive(Debug, Parser)]
#[command(name = "http")]
struct Flags {
    /// Also write the report to this file, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Also write the report to this file, as Markdown
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// Only see that it works: few and short slices, figures of no worth
    #[arg(long)]
    quick: bool,

    /// Given by `cargo bench`, and not by `cargo test`, which has no use for this
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let mut arguments = std::env::args();
    let outcome = match arguments.nth(1).as_deref() {
        Some(server::ROLE) => server::run(arguments.next().as_deref()),
        _ => bench(&Flags::parse()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(flags: &Flags) -> Outcome<()> {
    if !flags.bench {
        eprintln!("this is a benchmark: cargo bench --bench http");
        return Ok(());
    }
    let report = measure(if flags.quick { Effort::quick() } else { Effort::full() })?;
    let markdown = report.markdown();
    print!("{markdown}");
    if let Some(path) = &flags.markdown {
        fs::write(path, &markdown)?;
    }
    if let Some(path) = &flags.json {
        fs::write(path, format!("{:#}\n", report.json()))?;
    }
    Ok(())
}

fn measure(effort: Effort) -> Outcome<Report> {
    let machine = Machine::describe()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    // Before anything is pinned: what this process starts would be pinned with it.
    let binary = runtime.block_on(Binary::measure(effort))?;
    if let Some((_, generator)) = machine.cores {
        machine::pin_to(generator)?;
    }
    let measured = runtime.block_on(Measured::all(effort, &machine))?;
    let webhooks = runtime.block_on(Webhooks::measure(effort, &machine))?;
    Ok(Report { machine, effort, binary, measured, webhooks })
}
