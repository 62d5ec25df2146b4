//! The echo server on Tokio: a task for each client, on a handful of threads.
//!
//! Run it, and talk to it from as many terminals as you like:
//!
//! ```text
//! cargo run -p tokio-echo
//! nc -N 127.0.0.1 7878
//! ```
//!
//! Watch its threads while clients come and go (`ls /proc/PID/task` on Linux):
//! their number stays what it was.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::net::{TcpListener, TcpStream};

// ANCHOR: main
#[tokio::main]
async fn main() -> Result<()> {
    let addr = address();
    let listener = TcpListener::bind(&addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))?;
    say(format_args!("listening on {}", listener.local_addr()?));

    loop {
        match listener.accept().await {
            // The handle is dropped: the task goes on without it.
            Ok((stream, client)) => drop(tokio::spawn(attend(stream, client))),
            // Not `std::thread::sleep`, which would hold up a whole thread.
            Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}
// ANCHOR_END: main

// ANCHOR: echo
async fn attend(mut stream: TcpStream, client: SocketAddr) {
    let (mut reader, mut writer) = stream.split();
    // Reads, writes, waits where there is nothing to do, until the client ends
    // its stream.
    match tokio::io::copy(&mut reader, &mut writer).await {
        Ok(count) => say(format_args!("echoed {count} bytes to {client}")),
        Err(error) => say(format_args!("lost {client}: {error}")),
    }
}
// ANCHOR_END: echo

fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => "127.0.0.1:7878".into(),
    }
}

/// Prints a line, and does not mind when nobody reads it: `println!` would
/// panic.
fn say(line: impl Display) {
    let _ = writeln!(io::stdout(), "{line}");
}
