//! The binary: flags, run, exit code.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    vipps_mock::cli::main(std::env::args_os()).await.into()
}
