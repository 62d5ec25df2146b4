//! A shouting server with a thread for its clients: one, from the first of them on.
//!
//! Caught by: serves_clients_side_by_side
//! Because: clients are accepted at once, and wait in a queue until the one before them has left.
//! Pitfall: serves-one-client-at-a-time

use std::fmt::Display;
use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::LazyLock;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

const BACK_OFF: Duration = Duration::from_millis(100);

fn main() -> Result<()> {
    let listener = listen(&address())?;
    let queue = LazyLock::new(start_worker);
    let mut failing = false;
    loop {
        match listener.accept() {
            Ok((stream, client)) => {
                failing = false;
                welcome(stream, client, &queue);
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

fn welcome(stream: TcpStream, client: SocketAddr, queue: &Sender<(TcpStream, SocketAddr)>) {
    say(format_args!("{client} connected"));
    if queue.send((stream, client)).is_err() {
        log("nobody serves clients any more");
    }
}

fn start_worker() -> Sender<(TcpStream, SocketAddr)> {
    let (sender, clients) = mpsc::channel();
    thread::spawn(move || {
        for (stream, client) in clients {
            attend(stream, client);
        }
    });
    sender
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
