//! An echo server: what a client sends comes back to it, byte for byte.
//!
//! Run it, then talk to it from a second and a third terminal at the same time
//! (`nc -N` ends its side of the stream when you press Ctrl-D):
//!
//! ```text
//! cargo run -p tcp-server
//! nc -N 127.0.0.1 7878
//! ```
//!
//! or with this course's own client, `cargo run -p tcp-client`. Watch what the
//! server prints when a client presses Ctrl-D, and when one is killed.

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

// ANCHOR: main
fn main() -> Result<()> {
    let addr = address();
    let listener = TcpListener::bind(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    // Not `addr`: where that asks for port 0, the system has chosen a port.
    say(format_args!("listening on {}", listener.local_addr()?));

    loop {
        match listener.accept() {
            Ok((stream, client)) => spawn_echo(stream, client),
            // Whatever it is, it does not concern the clients that are here.
            // It may well last, so the next attempt can wait for a moment.
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}
// ANCHOR_END: main

// ANCHOR: thread
fn spawn_echo(stream: TcpStream, client: impl Display + Send + 'static) {
    let thread = thread::Builder::new().spawn(move || match echo(stream) {
        Ok(()) => say(format_args!("{client} has left")),
        Err(error) => say(format_args!("{client} is lost: {error}")),
    });
    if let Err(error) = thread {
        say(format_args!("a client had to go, no thread left: {error}"));
    }
}
// ANCHOR_END: thread

// ANCHOR: echo
fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            // The client has ended its side. Ours ends as `stream` is dropped.
            return Ok(());
        }
        stream.write_all(&buffer[..count])?;
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
