//! A server that greets each client and lets it go.
//!
//! Run it, then talk to it from another terminal:
//!
//! ```text
//! cargo run -p LESSON
//! nc 127.0.0.1 7878
//! ```

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

// ANCHOR: main
fn main() -> Result<()> {
    let addr = address();
    let listener = TcpListener::bind(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    // Not `addr`: where that asks for port 0, the system has chosen a port.
    let addr = listener.local_addr().context("cannot tell the address")?;
    writeln!(io::stdout(), "listening on {addr}").context("cannot print")?;
    loop {
        match listener.accept() {
            // What becomes of the greeting concerns this client alone.
            Ok((mut stream, _)) => drop(stream.write_all(b"hello\n")),
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}
// ANCHOR_END: main

fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => "127.0.0.1:7878".into(),
    }
}
