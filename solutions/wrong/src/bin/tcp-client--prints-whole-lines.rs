//! A netcat that prints a line of the reply when it is complete.
//!
//! Caught by: prints_at_once
//! Because: a prompt such as `password: ` has no newline: it waits for one, and so does whoever must answer.
//! Pitfall: reads-the-reply-by-the-line
//! May also fail: reads_the_reply_to_its_end (the same)

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
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
        let mut rest = &buffer[..count];
        while !rest.is_empty() {
            let mut sent = sent.lock().expect("no other thread panics");
            match stream.write(rest) {
                Ok(count) => {
                    *sent += count as u64;
                    rest = &rest[count..];
                }
                Err(error) if error.kind() == ErrorKind::BrokenPipe => return,
                Err(error) => give_up(&error),
            }
        }
    }
    let _ = stream.shutdown(Shutdown::Write);
}

fn receive(stream: &TcpStream) -> io::Result<usize> {
    let mut stream = BufReader::new(stream);
    let mut received = 0;
    loop {
        let mut buffer = Vec::new();
        let count = stream.read_until(b'\n', &mut buffer)?;
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
