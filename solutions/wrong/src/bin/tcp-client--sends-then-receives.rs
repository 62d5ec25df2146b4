//! A client that sends all of stdin, and only then looks for the reply.
//!
//! Caught by: prints_at_once
//! Because: it does not read from the server before stdin has ended.
//! Pitfall: sends-first-and-reads-later
//! May also fail: ends_when_the_server_does (it waits for stdin), says_what_it_carried (the same),
//! carries_megabytes_both_ways (both sides wait for the other to read), reports_a_reset (it waits
//! for stdin), never_panics_without_stdout (the same)

use std::io;
use std::net::{Shutdown, TcpStream};

use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    let addr = std::env::args().nth(1);
    let addr = addr.unwrap_or_else(|| "127.0.0.1:7878".to_string());
    let mut stream =
        TcpStream::connect(&addr).with_context(|| format!("cannot connect to {addr}"))?;
    let sent = io::copy(&mut io::stdin(), &mut stream)?;
    stream.shutdown(Shutdown::Write)?;
    let received = io::copy(&mut stream, &mut io::stdout())?;
    eprintln!("sent {sent} bytes, received {received} bytes");
    Ok(())
}
