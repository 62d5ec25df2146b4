//! A netcat that sends `\r\n` where `\n` was typed.
//!
//! Caught by: sends_what_it_reads
//! Because: some protocols want that; what was to be sent is what was typed, to the byte.
//! Pitfall: changes-line-ends
//! May also fail: sends_at_once, ends_its_side_when_stdin_ends, reads_the_reply_to_its_end, says_what_it_carried,
//! carries_megabytes_both_ways, talks_to_the_default_address (the same in each)

use std::io::{self, ErrorKind, Read as _, Write as _};
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

fn send(mut stream: TcpStream, sent: &Mutex<u64>) {
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = io::stdin().read(&mut buffer) {
        let mut typed = Vec::new();
        for &byte in &buffer[..count] {
            if byte == b'\n' {
                typed.push(b'\r');
            }
            typed.push(byte);
        }
        if let Err(error) = stream.write_all(&typed) {
            match error.kind() {
                ErrorKind::BrokenPipe => return,
                _ => give_up(&error),
            }
        }
        *sent.lock().expect("no other thread panics") += typed.len() as u64;
    }
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
