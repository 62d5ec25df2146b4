//! A reader that gives each read its time, and takes no notice when it is over.
//!
//! Caught by: times_out_in_silence
//! Because: a read that has waited for TIMEOUT_MS is followed by the next one, which waits as long again.
//! Pitfall: waits-again-after-a-timeout

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::num::NonZeroU32;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let addr = args.get(1).map_or("127.0.0.1:7878", String::as_str);
    let timeout = milliseconds(args.get(2), 5_000)?;
    let deadline = Instant::now() + milliseconds(args.get(3), 30_000)?;
    let stream = connect(addr, timeout).with_context(|| format!("cannot connect to {addr}"))?;
    let _ = writeln!(io::stdout(), "connected to {}", stream.peer_addr()?);
    let total = read(stream, timeout, deadline).context("cannot read on")?;
    let _ = writeln!(io::stdout(), "end of stream after {total} bytes");
    Ok(())
}

fn connect(addr: &str, timeout: Duration) -> Result<TcpStream> {
    let server = addr.to_socket_addrs()?.next().context("no address")?;
    match TcpStream::connect_timeout(&server, timeout) {
        Err(error) if error.kind() == ErrorKind::TimedOut => bail!("timed out after {timeout:?}"),
        other => Ok(other?),
    }
}

fn read(mut stream: TcpStream, timeout: Duration, deadline: Instant) -> Result<usize> {
    let mut buffer = [0; 8192];
    let mut total = 0;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            bail!("the deadline is over");
        }
        stream.set_read_timeout(Some(timeout.min(left)))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(total),
            Ok(count) => {
                let _ = writeln!(io::stdout(), "read {count} bytes");
                total += count;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if is_timeout(&error) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_timeout(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

fn milliseconds(argument: Option<&String>, default: u64) -> Result<Duration> {
    let Some(text) = argument else {
        return Ok(Duration::from_millis(default));
    };
    let number: NonZeroU32 = text
        .parse()
        .with_context(|| format!("{text} is no number of milliseconds"))?;
    Ok(Duration::from_millis(number.get().into()))
}
