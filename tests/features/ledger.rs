//! What the documentation says of the evidence is what the features say.

use std::fs;
use std::path::Path;

use vipps_mock::conformance::ledger;

pub(crate) fn check() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/FIDELITY.md");
    let text = fs::read_to_string(path).unwrap();
    let is_current = ledger::document(&text).unwrap() == text;
    assert!(
        is_current,
        "docs/FIDELITY.md is old: `cargo run -- conformance ledger` writes it anew"
    );
}
