//! Sends one datagram and prints what comes back.
//!
//! Start `cargo run -p udp-server` first, then `cargo run -p udp-client`. Then
//! stop the server and run the client again: who tells it that nobody is there?

use std::io::{self, ErrorKind, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::time::Duration;

use anyhow::{Context as _, bail};

const DEFAULT_ADDR: &str = "127.0.0.1:34254";
const MESSAGE: &[u8] = b"Hello from UDP client!";
const PATIENCE: Duration = Duration::from_secs(5);
/// The length field of a datagram has 16 bits: larger ones do not exist.
const LARGEST_DATAGRAM: usize = 65_535;

// ANCHOR: main
fn main() -> anyhow::Result<()> {
    let addr = std::env::args_os().nth(1);
    let addr = addr.map_or(DEFAULT_ADDR.into(), |addr| {
        addr.to_string_lossy().into_owned()
    });
    let socket = connect(&addr)?;

    let count = socket
        .send(MESSAGE)
        .with_context(|| format!("cannot send to {addr}"))?;
    print_line(&format!("sent {count} bytes to {addr}"));

    let reply = receive(&socket).with_context(|| format!("no reply from {addr}"))?;
    let text = String::from_utf8_lossy(&reply);
    print_line(&format!("received {} bytes: {text}", reply.len()));
    Ok(())
}
// ANCHOR_END: main

// ANCHOR: connect
/// A socket that talks to `addr` and to nobody else. No byte is exchanged for
/// that: the system only notes the address.
fn connect(addr: &str) -> anyhow::Result<UdpSocket> {
    let server = addr
        .to_socket_addrs()
        .with_context(|| format!("cannot understand the address {addr}"))?
        .next()
        .with_context(|| format!("no address belongs to {addr}"))?;
    let any_port: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any_port)
        .with_context(|| format!("cannot open a socket to talk to {server}"))?;
    socket
        .connect(server)
        .with_context(|| format!("cannot talk to {server}"))?;
    Ok(socket)
}
// ANCHOR_END: connect

// ANCHOR: receive
/// The next datagram. Each datagram can get lost, so waiting must have an end.
fn receive(socket: &UdpSocket) -> anyhow::Result<Vec<u8>> {
    socket.set_read_timeout(Some(PATIENCE))?;
    let mut buffer = vec![0; LARGEST_DATAGRAM];
    loop {
        match socket.recv(&mut buffer) {
            Ok(count) => {
                buffer.truncate(count);
                return Ok(buffer);
            }
            Err(error) => match error.kind() {
                // A signal is no answer. It starts the wait anew.
                ErrorKind::Interrupted => {}
                // Unix and Windows call the end of the wait by different names.
                ErrorKind::WouldBlock | ErrorKind::TimedOut => {
                    bail!("nothing came for {} seconds", PATIENCE.as_secs());
                }
                _ => return Err(error.into()),
            },
        }
    }
}
// ANCHOR_END: receive

/// Prints one event, and does not mind when nobody reads our stdout any more.
fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
