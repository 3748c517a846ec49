//! Rebuilds when a feature file comes or goes: the features are part of the binary.

fn main() {
    println!("cargo::rerun-if-changed=features");
}
