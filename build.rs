//! Rebuilds when a feature or a scenario comes or goes: they are part of the binary.

fn main() {
    println!("cargo::rerun-if-changed=features");
    println!("cargo::rerun-if-changed=fixtures/scenarios");
}
