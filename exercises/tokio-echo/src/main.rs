//! The server that shouts, on Tokio: one task for each client instead of one
//! thread.
//!
//! The promise that it keeps, and the steps to take, are in README.md. Work
//! through the TODOs in their order, and let the checks tell you how far you
//! have come:
//!
//! ```text
//! cargo xtask check tokio-echo
//! ```

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::SocketAddr;

use anyhow::Result;
use tokio::net::{TcpListener, TcpStream};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

#[tokio::main]
async fn main() -> Result<()> {
    let listener = listen(&address()).await?;
    loop {
        match listener.accept().await {
            Ok((stream, client)) => {
                say(format_args!("{client} connected"));
                // TODO 4: This waits until the client has left, and all others
                // wait with it. Let a task do it.
                attend(stream, client).await;
            }
            Err(error) => {
                // TODO 5: Out of file descriptors, the waiting client stays in
                // the queue, and `accept` fails again at once. Nobody needs a
                // thousand lines about that in each second, nor a busy loop.
                // `failing` from the lesson tcp-server and a pause will do.
                log(format_args!("cannot accept clients: {error}"));
            }
        }
    }
}

/// Binds `addr`, and says which address that has become.
async fn listen(addr: &str) -> Result<TcpListener> {
    // TODO 1: Bind a listener to `addr`. Where that fails, give the error a
    // context that names `addr`. Then `say` the line `listening on ADDR`, with
    // the address that the listener really has.
    todo!("TODO 1: bind {addr}, and say `listening on` the address that it has become")
}

/// Serves one client to its end, and says how it ended.
async fn attend(stream: TcpStream, client: SocketAddr) {
    let outcome = shout(stream).await;
    // TODO 3: `say` either `CLIENT disconnected after N bytes`,
    // or `CLIENT failed: REASON`.
    todo!("TODO 3: say how it has ended with {client}: {outcome:?}")
}

/// Answers in upper case until the client ends its stream; gives the number of
/// bytes. The connection is closed when `stream` goes out of scope.
async fn shout(stream: TcpStream) -> io::Result<u64> {
    // TODO 2: As in the lesson tcp-server, with `.await` where something may
    // take a while. Where does the buffer live while the client is silent, and
    // what do a thousand of them cost?
    todo!("TODO 2: answer what comes from {stream:?}, to the end of the stream")
}

/// The first argument, or the default.
fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}

/// Prints an event. `println!` would panic once nobody reads stdout any more.
fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}

/// Prints what is not an event to stderr, which may be gone just as well.
fn log(remark: impl Display) {
    let _ = writeln!(io::stderr(), "{remark}");
}
