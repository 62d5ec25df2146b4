//! A shouting server that knows where to listen.
//!
//! Caught by: announces_its_address
//! Because: it listens on its default address, whatever it is told.
//! Pitfall: ignores-its-argument

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

const BACK_OFF: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    let listener = listen(&address())?;
    let mut failing = false;
    loop {
        match listener.accept() {
            Ok((stream, client)) => {
                failing = false;
                welcome(stream, client);
            }
            Err(error) => {
                if !failing {
                    log(format_args!("cannot accept clients: {error}"));
                }
                failing = true;
                thread::sleep(BACK_OFF);
            }
        }
    }
}

fn listen(addr: &str) -> Result<TcpListener> {
    let listener = TcpListener::bind(addr).with_context(|| format!("cannot listen on {addr}"))?;
    let addr = listener
        .local_addr()
        .with_context(|| format!("cannot tell which address {addr} has become"))?;
    say(format_args!("listening on {addr}"));
    Ok(listener)
}

fn welcome(stream: TcpStream, client: SocketAddr) {
    say(format_args!("{client} connected"));
    let thread = thread::Builder::new().spawn(move || attend(stream, client));
    if let Err(error) = thread {
        say(format_args!("{client} failed: no thread for it: {error}"));
    }
}

fn attend(stream: TcpStream, client: SocketAddr) {
    match shout(stream) {
        Ok(count) => say(format_args!("{client} disconnected after {count} bytes")),
        Err(error) => say(format_args!("{client} failed: {error}")),
    }
}

fn shout(mut stream: TcpStream) -> io::Result<u64> {
    let mut buffer = [0; 16 * 1024];
    let mut answered = 0;
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(answered);
        }
        let piece = &mut buffer[..count];
        piece.make_ascii_uppercase();
        stream.write_all(piece)?;
        answered += count as u64;
    }
}

fn address() -> String {
    DEFAULT_ADDR.into()
}

fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}

fn log(remark: impl Display) {
    let _ = writeln!(io::stderr(), "{remark}");
}
