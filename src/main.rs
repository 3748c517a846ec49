//! vipps-mock.
fn main() {}
