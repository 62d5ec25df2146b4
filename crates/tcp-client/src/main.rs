//! A client that says hello: it sends one greeting, and prints the reply.
//!
//! Start a server in one terminal, and this client in another:
//!
//! ```text
//! cargo run -p tcp-server
//! cargo run -p tcp-client
//! ```
//!
//! Then stop the server and run the client again: who tells it that nobody is
//! there?

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use anyhow::{Context as _, Result, ensure};

const GREETING: &[u8] = b"Hello from client!";

// ANCHOR: main
fn main() -> Result<()> {
    let addr = address();
    let mut stream =
        TcpStream::connect(&addr).with_context(|| format!("cannot connect to {addr}"))?;
    let server = stream
        .peer_addr()
        .with_context(|| format!("the connection to {addr} is broken"))?;
    say(format_args!("connected to {server}"));

    send(&mut stream).with_context(|| format!("cannot send to {addr}"))?;
    say(format_args!("sent {} bytes", GREETING.len()));

    let reply = receive(&mut stream).with_context(|| format!("no reply from {addr}"))?;
    let text = String::from_utf8_lossy(&reply);
    say(format_args!("received {} bytes: {text}", reply.len()));
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: send
/// Sends the greeting, and says that nothing more will follow: the server
/// need not guess where the greeting ends.
fn send(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(GREETING)?;
    stream.shutdown(Shutdown::Write)
}
// ANCHOR_END: send

// ANCHOR: receive
/// The whole reply. A single `read` may bring a part of it; only the end of the
/// server's stream tells that nothing more will come.
fn receive(stream: &mut TcpStream) -> Result<Vec<u8>> {
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply)?;
    ensure!(!reply.is_empty(), "the server ended its stream at once");
    Ok(reply)
}
// ANCHOR_END: receive

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
