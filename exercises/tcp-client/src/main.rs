//! A netcat: what comes on stdin goes to the server, and what comes from the
//! server goes to stdout, both at the same time.
//!
//! The promise that it keeps, and the steps to take, are in README.md. Work
//! through the TODOs in their order, and let the checks tell you how far you
//! have come:
//!
//! ```text
//! cargo xtask check tcp-client
//! ```

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

fn main() -> Result<()> {
    let addr = address();
    let (sent, received) = talk(&addr).with_context(|| format!("cannot talk to {addr}"))?;
    log(format_args!("sent {sent} bytes, received {received} bytes"));
    Ok(())
}

/// Talks to `addr` until the server ends its stream; gives the numbers of bytes
/// sent and received.
fn talk(addr: &str) -> Result<(u64, u64)> {
    let stream = TcpStream::connect(addr)?;
    // Two handles to one connection: one to send, one to receive.
    let outbound = Outbound::new(stream.try_clone()?);
    send_stdin(&outbound);
    // TODO 3: This works as long as nobody has to wait: the reply is looked at
    // only when stdin has ended. Let a thread call `send_stdin`, so that both
    // directions work at the same time. Which of the two decides when the
    // program ends, and what becomes of the other one then?
    let received = print_what_comes(stream)?;
    Ok((outbound.finish()?, received))
}

/// Sends stdin to its end, then ends this side of the stream.
fn send_stdin(outbound: &Outbound) {
    // TODO 1: In a loop, read what has come on stdin and `send` it, at once and
    // byte for byte. At the end of stdin, `end` this side of the stream.
    outbound.send(b"");
    outbound.end();
    todo!("TODO 1: send what comes on stdin")
}

/// Prints the server's bytes as they come, until it ends its stream; gives
/// their number.
fn print_what_comes(stream: TcpStream) -> Result<u64> {
    // TODO 2: In a loop, read what has come from the server, write it to stdout
    // byte for byte, and see to it that it is seen at once, even without a
    // newline. Count the bytes; return the count at the end of the stream.
    // Whatever fails is an error with a context: neither the connection nor
    // stdout may make this program panic.
    todo!("TODO 2: print what comes from {stream:?}")
}

/// The way to the server, which counts what goes there.
struct Outbound {
    stream: TcpStream,
    /// Locked for as long as a write takes: whoever gets the lock knows what
    /// the last write came to.
    sent: Mutex<Sent>,
}

#[derive(Default)]
struct Sent {
    count: u64,
    /// Why the last write failed. Of a reset, the system tells the thread that
    /// asks first and no other: what is learnt here must not be lost.
    failure: Option<io::Error>,
}

impl Outbound {
    fn new(stream: TcpStream) -> Outbound {
        Outbound {
            stream,
            sent: Mutex::default(),
        }
    }

    /// Sends all of `bytes`; says whether that could be done.
    fn send(&self, mut bytes: &[u8]) -> bool {
        while !bytes.is_empty() {
            let mut sent = self.sent();
            match (&self.stream).write(bytes) {
                Ok(count) => {
                    sent.count += count as u64;
                    bytes = &bytes[count..];
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => {
                    sent.failure = Some(error);
                    return false;
                }
            }
        }
        true
    }

    /// Ends this side of the stream (half-close): the server can still send.
    fn end(&self) {
        // Where this fails, the connection is over already.
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Sends nothing more, and gives the number of bytes that were sent.
    fn finish(&self) -> Result<u64> {
        // Wakes a write that waits for a server which reads no more.
        let _ = self.stream.shutdown(Shutdown::Both);
        let mut sent = self.sent();
        match sent.failure.take() {
            // A broken pipe says that the server had ended its stream before.
            Some(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(error).context("the connection broke")
            }
            _ => Ok(sent.count),
        }
    }

    fn sent(&self) -> MutexGuard<'_, Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The first argument, or the default.
fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}

/// Prints a line to stderr: stdout belongs to the server's bytes. `eprintln!`
/// would panic when nobody reads stderr.
fn log(line: impl Display) {
    let _ = writeln!(io::stderr(), "{line}");
}
