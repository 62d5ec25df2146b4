//! A netcat on a non-blocking socket that trusts `write` to take everything.
//!
//! Caught by: carries_megabytes_both_ways
//! Because: `write` takes what fits into the buffers and says how much that was; it does not look.
//! Pitfall: writes-without-write-all
//! May also fail: ends_when_the_server_does (the same, while it sends), reports_a_reset (the
//! same)

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    let addr = std::env::args().nth(1);
    let addr = addr.unwrap_or_else(|| "127.0.0.1:7878".to_string());
    let stream = TcpStream::connect(&addr).with_context(|| format!("cannot connect to {addr}"))?;
    stream.set_nonblocking(true)?;
    let sent = Arc::new(Mutex::new(0));
    let (outbound, count) = (stream.try_clone()?, Arc::clone(&sent));
    thread::spawn(move || send(outbound, &count));
    let received = receive(&stream).context("the connection broke")?;
    let _ = stream.shutdown(Shutdown::Both);
    let sent = sent.lock().expect("no other thread panics");
    eprintln!("sent {sent} bytes, received {received} bytes");
    Ok(())
}

fn send(mut stream: TcpStream, sent: &Mutex<usize>) {
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = io::stdin().read(&mut buffer) {
        let mut sent = sent.lock().expect("no other thread panics");
        loop {
            match stream.write(&buffer[..count]) {
                Ok(_) => break *sent += count,
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return,
                Err(error) if error.kind() != ErrorKind::WouldBlock => give_up(&error),
                Err(_) => thread::sleep(Duration::from_millis(1)),
            }
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
}

fn receive(mut stream: &TcpStream) -> io::Result<usize> {
    let mut buffer = [0; 8192];
    let mut received = 0;
    loop {
        let count = match stream.read(&mut buffer) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                thread::sleep(Duration::from_millis(1));
                continue;
            }
            other => other?,
        };
        if count == 0 {
            return Ok(received);
        }
        let mut stdout = io::stdout();
        stdout.write_all(&buffer[..count])?;
        stdout.flush()?;
        received += count;
    }
}

fn give_up(error: &io::Error) -> ! {
    eprintln!("Error: the connection broke: {error}");
    std::process::exit(1);
}
