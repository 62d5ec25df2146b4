//! A netcat that takes everything from the server for text.
//!
//! Caught by: prints_what_it_receives
//! Because: bytes that are no UTF-8 are printed as replacement characters.
//! Pitfall: mangles-bytes-through-utf8

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

fn send(mut stream: TcpStream, sent: &Mutex<usize>) {
    let mut buffer = [0; 8192];
    while let Ok(count @ 1..) = io::stdin().read(&mut buffer) {
        let mut sent = sent.lock().expect("no other thread panics");
        match stream.write_all(&buffer[..count]) {
            Ok(()) => *sent += count,
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return,
            Err(error) => give_up(&error),
        }
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
        write!(stdout, "{}", String::from_utf8_lossy(&buffer[..count]))?;
        stdout.flush()?;
        received += count;
    }
}

fn give_up(error: &io::Error) -> ! {
    eprintln!("Error: the connection broke: {error}");
    std::process::exit(1);
}
