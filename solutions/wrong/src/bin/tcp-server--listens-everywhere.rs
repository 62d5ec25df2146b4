//! A shouting server that takes nothing but the port from its argument.
//!
//! Caught by: announces_its_address
//! Because: it binds 0.0.0.0: whoever was told to serve this machine alone now serves the whole
//! network.
//! Pitfall: binds-every-address

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
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
    let asked: SocketAddr = addr
        .parse()
        .with_context(|| format!("cannot listen on {addr}"))?;
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, asked.port()))
        .with_context(|| format!("cannot listen on {addr}"))?;
    let port = listener.local_addr()?.port();
    say(format_args!("listening on {}:{port}", asked.ip()));
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
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}

fn say(event: impl Display) {
    let _ = writeln!(io::stdout(), "{event}");
}

fn log(remark: impl Display) {
    let _ = writeln!(io::stderr(), "{remark}");
}
