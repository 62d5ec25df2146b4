//! A netcat that goes on reading a stdin which has ended.
//!
//! Caught by: reads_the_reply_to_its_end
//! Because: at its end `read` returns `Ok(0)` each time and at once, so the loop takes a whole core
//! until the reply has come.
//! Pitfall: busy-waits

use std::fmt::Display;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::{Context as _, Result};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";
const BUFFER_SIZE: usize = 16 * 1024;

fn main() -> Result<()> {
    let addr = address();
    let (sent, received) = talk(&addr).with_context(|| format!("cannot talk to {addr}"))?;
    log(format_args!("sent {sent} bytes, received {received} bytes"));
    // The thread that sends may be waiting for stdin, perhaps for ever. Nobody
    // waits for it: it ends with the process, now.
    Ok(())
}

/// Talks to `addr` until the server ends its stream; gives the numbers of bytes
/// sent and received.
fn talk(addr: &str) -> Result<(u64, u64)> {
    let stream = TcpStream::connect(addr)?;
    let outbound = Arc::new(Outbound::new(stream.try_clone()?));
    let sender = Arc::clone(&outbound);
    thread::Builder::new().spawn(move || send_stdin(&sender))?;
    let received = print_what_comes(stream)?;
    Ok((outbound.finish()?, received))
}

/// Sends stdin to its end, then ends this side of the stream.
fn send_stdin(outbound: &Outbound) {
    let mut stdin = io::stdin().lock();
    let mut buffer = [0; BUFFER_SIZE];
    loop {
        match stdin.read(&mut buffer) {
            Ok(0) => outbound.end(),
            Ok(count) if outbound.send(&buffer[..count]) => {}
            Ok(_) => return,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                log(format_args!("cannot read stdin: {error}"));
                return outbound.end();
            }
        }
    }
}

/// Prints the server's bytes as they come, until it ends its stream; gives
/// their number.
fn print_what_comes(mut stream: TcpStream) -> Result<u64> {
    let mut stdout = io::stdout().lock();
    let mut buffer = [0; BUFFER_SIZE];
    let mut received = 0;
    loop {
        let count = match stream.read(&mut buffer) {
            Ok(0) => return Ok(received),
            Ok(count) => count,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error).context("the connection broke"),
        };
        // Without the flush, a prompt that ends without a newline would be
        // seen only after the next one.
        stdout
            .write_all(&buffer[..count])
            .and_then(|()| stdout.flush())
            .context("cannot write to stdout")?;
        received += count as u64;
    }
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
