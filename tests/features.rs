//! Features.
fn main() {}
