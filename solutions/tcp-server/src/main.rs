//! A server that shouts: it answers what each client sends in upper case.
//!
//! Every client has a thread of its own, which waits for that client and for
//! nobody else. Run it, and talk to it from another terminal:
//!
//! ```text
//! cargo run -p tcp-server-solution
//! nc -N 127.0.0.1 7878
//! ```

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

/// How long to leave a failing `accept` alone before it is tried again.
const BACK_OFF: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    let listener = listen(&address())?;
    let mut failing = false;
    loop {
        match listener.accept() {
            Ok((stream, client)) => {
                failing = false;
                welcome(stream, client);
            }
            Err(error) => {
                // The first failure of a row says it all; the others would
                // only fill the log.
                if !failing {
                    log(format_args!("cannot accept clients: {error}"));
                }
                failing = true;
                thread::sleep(BACK_OFF);
            }
        }
    }
}

/// Binds `addr`, and says which address that has become: port 0 asks the
/// system to choose one.
fn listen(addr: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(addr).with_context(|| format!("cannot listen on {addr}"))?;
    let addr = listener
        .local_addr()
        .with_context(|| format!("cannot tell which address {addr} has become"))?;
    say(format_args!("listening on {addr}"));
    Ok(listener)
}

/// Gives the client a thread of its own.
fn welcome(stream: TcpStream, client: SocketAddr) {
    say(format_args!("{client} connected"));
    // `thread::spawn` would panic where the system has no thread left.
    let thread = thread::Builder::new().spawn(move || attend(stream, client));
    if let Err(error) = thread {
        say(format_args!("{client} failed: no thread for it: {error}"));
    }
}

/// Serves one client to its end, and says how it ended.
fn attend(stream: TcpStream, client: SocketAddr) {
    // `client` comes from `accept`: a connection that is broken can no longer
    // be asked for its peer's address.
    match shout(stream) {
        Ok(count) => say(format_args!("{client} disconnected after {count} bytes")),
        Err(error) => say(format_args!("{client} failed: {error}")),
    }
}

/// Answers in upper case until the client ends its stream; gives the number of
/// bytes. The connection is closed when `stream` goes out of scope.
fn shout(mut stream: TcpStream) -> io::Result<u64> {
    let mut buffer = [0; 16 * 1024];
    let mut answered = 0;
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(answered);
        }
        let piece = &mut buffer[..count];
        piece.make_ascii_uppercase();
        stream.write_all(piece)?;
        answered += count as u64;
    }
}

/// The first argument, or the default.
fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}

/// Prints an event. `println!` would panic once nobody reads stdout any more,
/// and a server has better things to do than to die of that.
fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}

/// Prints what is not an event to stderr, which may be gone just as well.
fn log(remark: impl Display) {
    let _ = writeln!(io::stderr(), "{remark}");
}
