//! The server that shouts, on Tokio: one task for each client instead of one
//! thread.
//!
//! A task that waits costs its few kilobytes of state and no thread, so a
//! thousand idle clients are nothing to worry about. Run it, and talk to it
//! from another terminal:
//!
//! ```text
//! cargo run -p tokio-echo-solution
//! nc -N 127.0.0.1 7878
//! ```

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, Result};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

/// What a client costs while it is idle, all in all but for a little state.
const BUFFER: usize = 8 * 1024;

/// How long to leave a failing `accept` alone before it is tried again.
const BACK_OFF: Duration = Duration::from_millis(100);

#[tokio::main]
async fn main() -> Result<()> {
    let listener = listen(&address()).await?;
    let mut failing = false;
    loop {
        match listener.accept().await {
            Ok((stream, client)) => {
                failing = false;
                say(format_args!("{client} connected"));
                tokio::spawn(attend(stream, client));
            }
            Err(error) => {
                // Out of file descriptors, the waiting client stays in the
                // queue and `accept` fails again at once: without a pause this
                // loop would spin, without `failing` it would flood the log.
                if !failing {
                    log(format_args!("cannot accept clients: {error}"));
                }
                failing = true;
                tokio::time::sleep(BACK_OFF).await;
            }
        }
    }
}

/// Binds `addr`, and says which address that has become: port 0 asks the
/// system to choose one.
async fn listen(addr: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(addr)
        .await
        .with_context(|| format!("cannot listen on {addr}"))?;
    let addr = listener
        .local_addr()
        .with_context(|| format!("cannot tell which address {addr} has become"))?;
    say(format_args!("listening on {addr}"));
    Ok(listener)
}

/// Serves one client to its end, and says how it ended.
async fn attend(stream: TcpStream, client: SocketAddr) {
    match shout(stream).await {
        Ok(count) => say(format_args!("{client} disconnected after {count} bytes")),
        Err(error) => say(format_args!("{client} failed: {error}")),
    }
}

/// Answers in upper case until the client ends its stream; gives the number of
/// bytes.
///
/// It reads nothing while its last answer is not taken, so a client that never
/// reads fills one buffer here and the system's own, and then has to wait.
async fn shout(mut stream: TcpStream) -> io::Result<u64> {
    // On the heap: an array would be a part of the task, and be moved with it.
    let mut buffer = vec![0; BUFFER];
    let mut answered = 0;
    loop {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Ok(answered);
        }
        let piece = &mut buffer[..count];
        piece.make_ascii_uppercase();
        stream.write_all(piece).await?;
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

/// Prints an event. `println!` would panic once nobody reads stdout any more.
fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}

/// Prints what is not an event to stderr, which may be gone just as well.
fn log(remark: impl Display) {
    let _ = writeln!(io::stderr(), "{remark}");
}
