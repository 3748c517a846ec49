//! `conformance ledger`: what is simulated, and on what evidence.

use std::path::PathBuf;

use clap::Args;

use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::output;
use crate::conformance::ledger;

#[derive(Debug, Args)]
pub(super) struct LedgerArgs {
    /// File to write; what stands above the generated part is kept
    #[arg(value_name = "FILE", default_value = "docs/FIDELITY.md")]
    file: PathBuf,

    /// Write nothing, and end with 1 when the file is not current
    #[arg(long)]
    check: bool,
}

/// Writes the ledger, or checks that it need not be written.
pub(super) fn run(args: &LedgerArgs) -> Result<Exit, Failure> {
    let name = args.file.display();
    let old = std::fs::read_to_string(&args.file).unwrap_or_default();
    let new = ledger::document(&old)?;
    if old == new {
        output::note(&format!("{name} is current"));
        return Ok(Exit::Done);
    }
    if args.check {
        return Err(Failure::NotMet {
            message: format!("{name} is not what the features say"),
            hint: Some("vipps-mock conformance ledger writes it anew".to_owned()),
        });
    }
    let cannot =
        |error| Failure::NotMet { message: format!("cannot write {name}: {error}"), hint: None };
    std::fs::write(&args.file, new).map_err(cannot)?;
    output::note(&format!("wrote {name}"));
    Ok(Exit::Done)
}
