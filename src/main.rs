//! The binary: flags, run, exit code.

use std::io;
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new()?;
    let exit = runtime.block_on(vipps_mock::cli::main(std::env::args_os()));
    // A name that is being looked up cannot be interrupted, and would hold up the end for as long
    // as its server keeps silent.
    runtime.shutdown_background();
    Ok(exit.into())
}
