//! TITLE.
//!
//! Run it, and talk to it from another terminal:
//!
//! ```text
//! cargo run -p LESSON-solution
//! nc 127.0.0.1 7878
//! ```

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

fn main() -> Result<()> {
    let addr = address();
    let listener = TcpListener::bind(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    let addr = listener.local_addr().context("cannot tell the address")?;
    writeln!(io::stdout(), "listening on {addr}").context("cannot print")?;
    loop {
        match listener.accept() {
            Ok((stream, _)) => drop(stream),
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// The first argument, or the default.
fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}
