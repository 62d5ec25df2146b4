//! A netcat that collects what it sends in a `BufWriter`.
//!
//! Caught by: sends_at_once
//! Because: the `BufWriter` sends when it is full, and at the end; a line that was typed stays in it.
//! Pitfall: forgets-to-flush
//! May also fail: ends_its_side_when_stdin_ends, ends_when_the_server_does, says_what_it_carried,
//! carries_megabytes_both_ways, reports_a_reset (the same in each)

use std::io::{self, BufWriter, ErrorKind, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    let addr = std::env::args().nth(1);
    let addr = addr.unwrap_or_else(|| "127.0.0.1:7878".to_string());
    let stream = TcpStream::connect(&addr).with_context(|| format!("cannot connect to {addr}"))?;
    let sent = Arc::new(Mutex::new(0));
    let (outbound, count) = (stream.try_clone()?, Arc::clone(&sent));
    thread::spawn(move || send(outbound, &count));
    let received = receive(&stream).context("the connection broke")?;
    let _ = stream.shutdown(Shutdown::Both);
    let sent = sent.lock().expect("no other thread panics");
    eprintln!("sent {sent} bytes, received {received} bytes");
    Ok(())
}

fn send(stream: TcpStream, sent: &Mutex<u64>) {
    let mut buffered = BufWriter::new(&stream);
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = io::stdin().read(&mut buffer) {
        if let Err(error) = buffered.write_all(&buffer[..count]) {
            match error.kind() {
                ErrorKind::BrokenPipe => return,
                _ => give_up(&error),
            }
        }
        *sent.lock().expect("no other thread panics") += count as u64;
    }
    if buffered.flush().is_err() {
        return;
    }
    drop(buffered);
    let _ = stream.shutdown(Shutdown::Write);
}

fn receive(mut stream: &TcpStream) -> io::Result<usize> {
    let mut buffer = [0; 8192];
    let mut received = 0;
    loop {
        let count = stream.read(&mut buffer)?;
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
