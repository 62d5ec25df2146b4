//! A patient reader whose times are whole seconds.
//!
//! Caught by: times_out_in_silence
//! Because: 300 ms are rounded up to a second.
//! Pitfall: rounds-its-time

use std::fmt::Display;
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";
const DEFAULT_TIMEOUT_MS: &str = "5000";
const DEFAULT_DEADLINE_MS: &str = "30000";

fn main() -> Result<()> {
    let addr = argument(1, DEFAULT_ADDR);
    let limits = Limits {
        timeout: milliseconds("TIMEOUT_MS", &argument(2, DEFAULT_TIMEOUT_MS))?,
        deadline: Instant::now() + milliseconds("DEADLINE_MS", &argument(3, DEFAULT_DEADLINE_MS))?,
    };
    let (stream, server) =
        connect(&addr, &limits).with_context(|| format!("cannot connect to {addr}"))?;
    say(format_args!("connected to {server}"));

    let total =
        read_to_end(&stream, &limits).with_context(|| format!("cannot read on from {addr}"))?;
    say(format_args!("end of stream after {total} bytes"));
    Ok(())
}

/// How long it waits at most.
struct Limits {
    /// For each piece of data.
    timeout: Duration,
    /// For all of them.
    deadline: Instant,
}

impl Limits {
    /// How long the next wait may take, where something is due before
    /// `silent_until`: never zero. An error when one of the two clocks has run
    /// out, and which one.
    fn next_wait(&self, silent_until: Instant) -> Result<Duration> {
        let now = Instant::now();
        if now >= self.deadline {
            bail!("the deadline is over");
        }
        if now >= silent_until {
            bail!("timed out after {:?}", self.timeout);
        }
        Ok(silent_until.min(self.deadline) - now)
    }
}

/// Connects to the first address of `addr` that answers; all of them together
/// get what one wait may take.
fn connect(addr: &str, limits: &Limits) -> Result<(TcpStream, SocketAddr)> {
    let silent_until = Instant::now() + limits.timeout;
    let mut outcome = Err(ErrorKind::NotFound.into());
    for server in addr.to_socket_addrs()? {
        let wait = limits.next_wait(silent_until)?;
        outcome = TcpStream::connect_timeout(&server, wait).map(|stream| (stream, server));
        if outcome.is_ok() {
            break;
        }
    }
    if outcome.as_ref().is_err_and(is_timeout) {
        limits.next_wait(silent_until)?;
    }
    Ok(outcome?)
}

/// Reads to the end of the stream; gives the number of bytes.
fn read_to_end(mut stream: &TcpStream, limits: &Limits) -> Result<u64> {
    let mut buffer = [0; 16 * 1024];
    let mut total = 0;
    let mut silent_until = Instant::now() + limits.timeout;
    loop {
        // Set anew before each read, for what is left shrinks.
        stream.set_read_timeout(Some(limits.next_wait(silent_until)?))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                say(format_args!("read {count} bytes"));
                total += count as u64;
                silent_until = Instant::now() + limits.timeout;
            }
            // Which of the two clocks it was, the next round tells.
            Err(error) if is_timeout(&error) => {}
            // The wait goes on where it was. But when its time has passed while
            // this process was stopped, nobody has listened, and it starts anew.
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                if Instant::now() >= silent_until {
                    silent_until = Instant::now() + limits.timeout;
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// The end of a wait, as Unix (for a read) and Windows (and a connect) call it.
fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// The argument at `position`, or `default`.
fn argument(position: usize, default: &str) -> String {
    match std::env::args_os().nth(position) {
        Some(argument) => argument.to_string_lossy().into_owned(),
        None => default.into(),
    }
}

/// The duration that the argument `name` gives.
fn milliseconds(name: &str, value: &str) -> Result<Duration> {
    let milliseconds: NonZeroU32 = value
        .parse()
        .with_context(|| format!("{name} must be a number of milliseconds above 0, not {value}"))?;
    Ok(Duration::from_secs(
        milliseconds.get().div_ceil(1000).into(),
    ))
}

/// Prints an event. `println!` would panic once nobody reads stdout any more.
fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}
