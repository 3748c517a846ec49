//! The binary: flags, run, exit code.

use std::io;
use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A call makes dozens of small allocations, and the allocator is a good part of its time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> io::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let exit = runtime.block_on(vipps_mock::cli::main(std::env::args_os()));
    // A name that is being looked up cannot be interrupted, and would hold up the end for as long
    // as its server keeps silent.
    runtime.shutdown_background();
    Ok(exit.into())
}
