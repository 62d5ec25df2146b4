//! A client that sends what it reads, then waits for the reply, in turns.
//!
//! Caught by: sends_at_once
//! Because: it takes each piece of stdin for a question, and sends no more until that is answered.
//! Pitfall: takes-turns
//! May also fail: prints_at_once (it waits for stdin), ends_its_side_when_stdin_ends (it waits for a
//! reply), ends_when_the_server_does (it waits for stdin), says_what_it_carried (the same),
//! carries_megabytes_both_ways (both sides wait), reports_a_reset (it waits for stdin),
//! never_panics_without_stdout (the same)

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};

use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    let addr = std::env::args().nth(1);
    let addr = addr.unwrap_or_else(|| "127.0.0.1:7878".to_string());
    let mut stream =
        TcpStream::connect(&addr).with_context(|| format!("cannot connect to {addr}"))?;
    let (mut sent, mut received) = (0, 0);
    let mut buffer = [0; 8192];
    loop {
        let count = io::stdin().read(&mut buffer)?;
        if count == 0 {
            break;
        }
        stream.write_all(&buffer[..count])?;
        sent += count as u64;
        let count = stream.read(&mut buffer)?;
        io::stdout().write_all(&buffer[..count])?;
        io::stdout().flush()?;
        received += count as u64;
    }
    stream.shutdown(Shutdown::Write)?;
    received += io::copy(&mut stream, &mut io::stdout())?;
    eprintln!("sent {sent} bytes, received {received} bytes");
    Ok(())
}
