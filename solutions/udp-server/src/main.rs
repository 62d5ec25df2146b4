//! A notebook over UDP: `KEY=VALUE` writes, `KEY` asks, and either way the
//! answer is what the notebook now holds.
//!
//! Run it with `cargo run -p udp-server-solution`, and talk to it with
//! `nc -u 127.0.0.1 34254` (`printf 'tea=green' | nc -u -w1 127.0.0.1 34254`).
//! Watch that one socket serves everybody: there is nothing to accept, and
//! nothing to close.

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write as _};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

const DEFAULT_ADDR: &str = "127.0.0.1:34254";

/// The length field of a datagram has 16 bits. What does not fit into the
/// buffer of a receive is lost, so the buffer takes whatever can come.
const LARGEST_DATAGRAM: usize = 65_535;

fn main() -> anyhow::Result<()> {
    let addr = std::env::args_os().nth(1);
    let addr = addr.map_or(DEFAULT_ADDR.into(), |addr| {
        addr.to_string_lossy().into_owned()
    });
    let socket = UdpSocket::bind(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    let own_addr = socket
        .local_addr()
        .with_context(|| format!("cannot tell the address of the socket for {addr}"))?;
    print_line(&format!("listening on {own_addr}"));
    serve(&socket, own_addr)
}

fn serve(socket: &UdpSocket, own_addr: SocketAddr) -> ! {
    let mut notebook = Notebook::default();
    let mut buffer = vec![0; LARGEST_DATAGRAM];
    loop {
        let (request, client) = receive(socket, &mut buffer);
        print_line(&format!("{} bytes from {client}", request.len()));
        let answer = notebook.answer(request);
        // Nobody but a forger sends from our own address, and an answer to
        // ourselves would be the next request, for ever.
        if client == own_addr {
            continue;
        }
        // A sender may be gone, or may never have been where it said (nothing
        // can be sent to port 0). That is its loss, and nobody else's.
        if let Err(error) = socket.send_to(&answer, client) {
            log(&format!("no answer to {client}: {error}"));
        }
    }
}

/// The next datagram and its sender. A failed receive is never the end: the
/// socket serves everybody, and what failed concerns one datagram at most.
fn receive<'buffer>(socket: &UdpSocket, buffer: &'buffer mut [u8]) -> (&'buffer [u8], SocketAddr) {
    loop {
        match socket.recv_from(buffer) {
            Ok((count, client)) => return (&buffer[..count], client),
            Err(error) => match error.kind() {
                // A signal came; or, on Windows, the news that an earlier
                // answer reached nobody. The next receive starts afresh.
                ErrorKind::Interrupted
                | ErrorKind::ConnectionReset
                | ErrorKind::ConnectionRefused => {}
                // Anything else (no memory, say) may last: trying again without
                // a pause would only burn the CPU.
                _ => {
                    log(&format!("receiving failed: {error}"));
                    thread::sleep(Duration::from_millis(500));
                }
            },
        }
    }
}

/// Keys and values are bytes: nothing on the wire promises to be text.
#[derive(Debug, Default)]
struct Notebook {
    entries: HashMap<Vec<u8>, Vec<u8>>,
}

impl Notebook {
    /// Writes where `request` has a `=` in it; answers with what the notebook
    /// then holds about the request's key.
    fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let mut parts = request.splitn(2, |&byte| byte == b'=');
        let key = parts.next().unwrap_or_default();
        if let Some(value) = parts.next() {
            self.entries.insert(key.to_vec(), value.to_vec());
        }
        match self.entries.get(key) {
            Some(value) => [key, value].join(&b'='),
            None => key.to_vec(),
        }
    }
}

/// Prints one event. Where nobody reads our stdout any more the line is lost;
/// that is no reason to stop serving, as `println!` would by its panic.
fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

/// The same for what is not an event: a word to whoever looks after us.
fn log(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
