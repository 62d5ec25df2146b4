//! TITLE.
//!
//! The promise that it keeps, and the steps to take, are in README.md. Work
//! through the TODOs in their order, and let the checks tell you how far you
//! have come:
//!
//! ```text
//! cargo xtask check LESSON
//! ```

use anyhow::Result;

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

fn main() -> Result<()> {
    let addr = address();
    // TODO 1: Bind a listener to `addr`, and print the line `listening on ADDR`,
    // with the address that the listener really has. Then accept clients.
    todo!("TODO 1: bind {addr}, and print `listening on` the address that it has become")
}

/// The first argument, or the default.
fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}
