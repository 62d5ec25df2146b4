//! A netcat with a limit of its own for a silent server.
//!
//! Caught by: reads_the_reply_to_its_end
//! Because: a server may think for longer than 700 ms, and whoever waits can press Ctrl-C.
//! Pitfall: gives-up-on-late-replies

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
    stream.set_read_timeout(Some(Duration::from_millis(700)))?;
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
        stdout.write_all(&buffer[..count])?;
        stdout.flush()?;
        received += count;
    }
}

fn give_up(error: &io::Error) -> ! {
    eprintln!("Error: the connection broke: {error}");
    std::process::exit(1);
}
