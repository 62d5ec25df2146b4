//! A patient reader: it reads what a server sends to the end of the stream, and
//! never waits for ever.
//!
//! The promise that it keeps, and the steps to take, are in README.md. Work
//! through the TODOs in their order, and let the checks tell you how far you
//! have come:
//!
//! ```text
//! cargo xtask check timeouts
//! ```

use std::fmt::Display;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

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
        // TODO 3: Give what is left until `silent_until`. Where nothing is left,
        // give an error that says `timed out`, and after which time.
        //
        // TODO 4: The deadline is the other clock, and may come first. Where it
        // has passed, give an error that says `deadline`.
        let _clocks = (silent_until, self.deadline);
        Ok(self.timeout)
    }
}

/// Connects to the first address of `addr` that answers.
fn connect(addr: &str, limits: &Limits) -> Result<(TcpStream, SocketAddr)> {
    let silent_until = Instant::now() + limits.timeout;
    let wait = limits.next_wait(silent_until)?;
    // TODO 1: Find the socket address that `addr` stands for, and connect to
    // it; give up after `wait`. When that time is over, `next_wait` knows the
    // right words; every other error is worth handing on.
    todo!("TODO 1: connect to {addr} within {wait:?}")
}

/// Reads to the end of the stream; gives the number of bytes.
fn read_to_end(stream: &TcpStream, limits: &Limits) -> Result<u64> {
    let silent_until = Instant::now() + limits.timeout;
    // TODO 2: In a loop, read, and wait no longer than the `next_wait`. `say`
    // the line `read N bytes` for each read that brings some, and start the
    // clock again. Return the sum at the end of the stream.
    //
    // When a read fails, ask for the `kind()` of its error: is it the end of
    // the wait (two kinds mean that), an interruption, or a broken connection?
    let wait = limits.next_wait(silent_until)?;
    todo!("TODO 2: read what {stream:?} brings, and wait {wait:?} for the next piece")
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
    Ok(Duration::from_millis(milliseconds.get().into()))
}

/// Prints an event. `println!` would panic once nobody reads stdout any more.
fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}
