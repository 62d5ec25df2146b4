//! Answers each datagram with its bytes reversed.
//!
//! Run it with `cargo run -p udp-server`, and in a second terminal
//! `cargo run -p udp-client`. Then start the client twice at the same time, and
//! watch that one socket serves both: every datagram brings its sender's address.

use std::io::{self, ErrorKind, Write as _};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

const DEFAULT_ADDR: &str = "127.0.0.1:34254";

// ANCHOR: buffer
/// The length field of a datagram has 16 bits: larger ones do not exist.
const LARGEST_DATAGRAM: usize = 65_535;
// ANCHOR_END: buffer

// ANCHOR: bind
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
    // ANCHOR_END: bind

    // ANCHOR: serve
    let mut buffer = vec![0; LARGEST_DATAGRAM];
    loop {
        match socket.recv_from(&mut buffer) {
            Ok((count, client)) => {
                print_line(&format!("{count} bytes from {client}"));
                // A datagram that claims to come from ourselves is forged, and
                // our answer to it would be the next one.
                if client != own_addr {
                    answer(&socket, client, &mut buffer[..count]);
                }
            }
            Err(error) => outlive(&error),
        }
    }
}
// ANCHOR_END: serve

// ANCHOR: answer
/// Sends `datagram` back to `client` with its bytes reversed.
fn answer(socket: &UdpSocket, client: SocketAddr, datagram: &mut [u8]) {
    datagram.reverse();
    if let Err(error) = socket.send_to(datagram, client) {
        log(&format!("no answer to {client}: {error}"));
    }
}
// ANCHOR_END: answer

// ANCHOR: outlive
/// A receive failed. That is never the end, since the next datagram may come
/// from somebody else; but an error that lasts must not make us spin.
fn outlive(error: &io::Error) {
    match error.kind() {
        // A signal; or, on Windows, the news that an earlier answer of ours
        // reached nobody.
        ErrorKind::Interrupted | ErrorKind::ConnectionReset => {}
        _ => {
            log(&format!("receiving failed: {error}"));
            thread::sleep(Duration::from_millis(500));
        }
    }
}
// ANCHOR_END: outlive

/// Prints one event. Unlike `println!` it does not panic when nobody reads our
/// stdout any more (`udp-server | head -1`): the server goes on without.
fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

fn log(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
