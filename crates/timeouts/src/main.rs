//! One read with a limit: what came within five seconds, or that nothing did.
//!
//! Start the echo server and this program in two terminals:
//!
//! ```text
//! cargo run -p tcp-server
//! cargo run -p timeouts
//! ```
//!
//! It sends a greeting, since the echo server has nothing to say by itself.
//! Then stop the server, let `nc -N -l 127.0.0.1 7878` take its place, and end
//! the wait in several ways: type a line, press Ctrl-D, press Ctrl-C, and wait
//! for five seconds.

use std::fmt::Display;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

const LIMIT: Duration = Duration::from_secs(5);

// ANCHOR: main
fn main() -> Result<()> {
    let addr = address();
    let (mut stream, server) =
        connect(&addr).with_context(|| format!("cannot connect to {addr}"))?;
    say(format_args!("connected to {server}"));

    stream
        .write_all(b"Is anybody there?")
        .with_context(|| format!("cannot send to {addr}"))?;
    match read_once(&mut stream).with_context(|| format!("cannot read from {addr}"))? {
        Came::Bytes(bytes) => {
            let text = String::from_utf8_lossy(&bytes);
            say(format_args!("read {} bytes: {text}", bytes.len()));
        }
        Came::End => say("end of stream"),
        Came::Nothing => bail!("{addr} sent nothing: timed out after {LIMIT:?}"),
    }
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: connect
/// Connects to the first address of `addr` that answers, and says which it was.
fn connect(addr: &str) -> io::Result<(TcpStream, SocketAddr)> {
    let mut last = io::Error::new(ErrorKind::NotFound, "no address belongs to this name");
    for server in addr.to_socket_addrs()? {
        match TcpStream::connect_timeout(&server, LIMIT) {
            Ok(stream) => return Ok((stream, server)),
            Err(error) => last = error,
        }
    }
    Err(last)
}
// ANCHOR_END: connect

// ANCHOR: read
/// What one read can bring, other than an error.
enum Came {
    Bytes(Vec<u8>),
    End,
    Nothing,
}

fn read_once(stream: &mut TcpStream) -> io::Result<Came> {
    stream.set_read_timeout(Some(LIMIT))?;
    let mut buffer = [0; 512];
    loop {
        return match stream.read(&mut buffer) {
            Ok(0) => Ok(Came::End),
            Ok(count) => Ok(Came::Bytes(buffer[..count].to_vec())),
            // Unix and Windows call the same thing by different names.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                Ok(Came::Nothing)
            }
            // A signal arrived, which has nothing to do with the server.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
    }
}
// ANCHOR_END: read

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
