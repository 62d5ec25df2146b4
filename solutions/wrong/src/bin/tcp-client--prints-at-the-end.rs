//! A netcat that collects the reply, and prints it when it is complete.
//!
//! Caught by: prints_at_once
//! Because: `read_to_end` returns when the server has ended its stream, and nothing is seen before.
//! Pitfall: prints-only-at-the-end
//! May also fail: reads_the_reply_to_its_end (the same)

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
    let mut reply = Vec::new();
    let received = stream.read_to_end(&mut reply)?;
    io::stdout().write_all(&reply)?;
    io::stdout().flush()?;
    Ok(received)
}

fn give_up(error: &io::Error) -> ! {
    eprintln!("Error: the connection broke: {error}");
    std::process::exit(1);
}
