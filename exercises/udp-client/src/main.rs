//! Asks the notebook over a network that loses, delays and repeats datagrams.
//!
//! Your task is in README.md. Five places are left open: look for `TODO`.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::net::{SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::Context as _;

const DEFAULT_ADDR: &str = "127.0.0.1:34254";
const DEFAULT_REQUEST: &str = "hello";
const TRIES: u32 = 3;
const PATIENCE: Duration = Duration::from_millis(500);
/// The length field of a datagram has 16 bits: larger ones do not exist.
const LARGEST_DATAGRAM: usize = 65_535;

fn main() -> anyhow::Result<()> {
    let mut args = std::env::args_os().skip(1);
    let addr = args.next().map_or(DEFAULT_ADDR.into(), |addr| {
        addr.to_string_lossy().into_owned()
    });
    let request = args
        .next()
        .map_or(DEFAULT_REQUEST.into(), OsString::into_encoded_bytes);

    let server = resolve(&addr)?;
    let socket = connect(server)?;
    let answer = ask(&socket, server, &request)?;
    let text = String::from_utf8_lossy(&answer);
    print_line(&format!("received {} bytes: {text}", answer.len()));
    Ok(())
}

fn resolve(addr: &str) -> anyhow::Result<SocketAddr> {
    addr.to_socket_addrs()
        .with_context(|| format!("cannot understand the address {addr}"))?
        .next()
        .with_context(|| format!("no address belongs to {addr}"))
}

/// The socket for all tries.
fn connect(server: SocketAddr) -> anyhow::Result<UdpSocket> {
    // TODO 1: bind a UdpSocket to a free port, and connect it to `server`.
    // What does `connect` change for a UDP socket?
    todo!("TODO 1: open a socket for {server}")
}

/// Sends `request` up to `TRIES` times, until an answer comes.
fn ask(socket: &UdpSocket, server: SocketAddr, request: &[u8]) -> anyhow::Result<Vec<u8>> {
    for _ in 0..TRIES {
        // TODO 2: send the request, and print `sent N bytes to SERVER`. What
        // if it is too large for a datagram?
        let deadline = Instant::now() + PATIENCE;
        if let Some(answer) = wait_for_answer(socket, server, request, deadline)? {
            return Ok(answer);
        }
    }
    // TODO 3: end with an error that says how long this has waited in all.
    todo!("TODO 3: report that {server} does not answer")
}

/// The first datagram that answers `request`, if one comes before `deadline`.
fn wait_for_answer(
    socket: &UdpSocket,
    server: SocketAddr,
    request: &[u8],
    deadline: Instant,
) -> anyhow::Result<Option<Vec<u8>>> {
    let mut buffer = vec![0; LARGEST_DATAGRAM];
    while let Some((count, sender)) = receive(socket, &mut buffer, deadline)
        .with_context(|| format!("no answer from {server}"))?
    {
        let datagram = &buffer[..count];
        if sender == server && answers(request, datagram) {
            return Ok(Some(datagram.to_vec()));
        }
    }
    Ok(None)
}

/// The next datagram and its sender, if one comes before `deadline`.
fn receive(
    socket: &UdpSocket,
    buffer: &mut [u8],
    deadline: Instant,
) -> io::Result<Option<(usize, SocketAddr)>> {
    // TODO 4: wait for one datagram, but not beyond `deadline`. A read timeout
    // does that, if it is what is left until then (and not zero: that is an
    // error). Which errors mean "nothing came in time", and which end the wait?
    todo!(
        "TODO 4: receive up to {} bytes from {socket:?} within {:.1?}",
        buffer.len(),
        deadline - Instant::now()
    )
}

/// Whether `datagram` is about the key that `request` asks for or writes.
fn answers(request: &[u8], datagram: &[u8]) -> bool {
    // TODO 5: the key is what stands before the first `=` of the request. An
    // answer equals the key, or begins with the key and `=`.
    todo!(
        "TODO 5: compare `{}` with the key of `{}`",
        datagram.escape_ascii(),
        request.escape_ascii()
    )
}

/// Prints one event, and does not mind when nobody reads our stdout any more.
fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
