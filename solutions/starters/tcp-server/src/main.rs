//! A server that shouts: it answers what each client sends in upper case.
//!
//! The promise that it keeps, and the steps to take, are in README.md. Work
//! through the TODOs in their order, and let the checks tell you how far you
//! have come:
//!
//! ```text
//! cargo xtask check tcp-server
//! ```

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::Result;

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

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
                if !failing {
                    log(format_args!("cannot accept clients: {error}"));
                }
                failing = true;
                thread::sleep(Duration::from_millis(100));
            }
        }
    }
}

/// Binds `addr`, and says which address that has become.
fn listen(addr: &str) -> Result<TcpListener> {
    // TODO 1: Bind a listener to `addr`. Where that fails, give the error a
    // context that names `addr`. Then `say` the line `listening on ADDR`, with
    // the address that the listener really has.
    todo!("TODO 1: bind {addr}, and say `listening on` the address that it has become")
}

/// Gives the client a thread of its own.
fn welcome(stream: TcpStream, client: SocketAddr) {
    say(format_args!("{client} connected"));
    // TODO 4, once a single client is served well: This call returns when the
    // client has left, and all others wait until then. Let a thread do it.
    // Where the system has no thread left, the server must not die of that:
    // `say` that this client failed, and go on.
    attend(stream, client);
}

/// Serves one client to its end, and says how it ended.
fn attend(stream: TcpStream, client: SocketAddr) {
    let outcome = shout(stream);
    // TODO 3: `say` either `CLIENT disconnected after N bytes`,
    // or `CLIENT failed: REASON`.
    todo!("TODO 3: say how it has ended with {client}: {outcome:?}")
}

/// Answers in upper case until the client ends its stream; gives the number of
/// bytes. The connection is closed when `stream` goes out of scope.
fn shout(stream: TcpStream) -> io::Result<u64> {
    // TODO 2: In a loop, read what has come, turn its ASCII letters into upper
    // case, send it back, and count it. There is one way to learn that the
    // client has ended its stream; find it, and return the count there.
    todo!("TODO 2: answer what comes from {stream:?}, to the end of the stream")
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
