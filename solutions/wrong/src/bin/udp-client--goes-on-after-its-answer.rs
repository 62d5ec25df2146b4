//! A client that asks three times, answered or not.
//!
//! Caught by: asks_and_prints
//! Because: it prints the answer and does not leave its loop.
//! Pitfall: asks-too-often

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs as _, UdpSocket};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

const DEFAULT_ADDR: &str = "127.0.0.1:34254";
const DEFAULT_REQUEST: &str = "hello";
const TRIES: u32 = 3;
const PATIENCE: Duration = Duration::from_millis(500);
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
    ask(&socket, server, &request)
}

fn resolve(addr: &str) -> anyhow::Result<SocketAddr> {
    addr.to_socket_addrs()
        .with_context(|| format!("cannot understand the address {addr}"))?
        .next()
        .with_context(|| format!("no address belongs to {addr}"))
}

fn connect(server: SocketAddr) -> anyhow::Result<UdpSocket> {
    let any_port: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any_port)
        .with_context(|| format!("cannot open a socket to ask {server}"))?;
    socket
        .connect(server)
        .with_context(|| format!("cannot ask {server}"))?;
    Ok(socket)
}

fn ask(socket: &UdpSocket, server: SocketAddr, request: &[u8]) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut answered = false;
    for _ in 0..TRIES {
        let count = socket
            .send(request)
            .with_context(|| format!("cannot send {} bytes to {server}", request.len()))?;
        print_line(&format!("sent {count} bytes to {server}"));
        let deadline = Instant::now() + PATIENCE;
        if let Some(answer) = wait_for_answer(socket, server, request, deadline)? {
            let text = String::from_utf8_lossy(&answer);
            print_line(&format!("received {} bytes: {text}", answer.len()));
            answered = true;
        }
    }
    if answered {
        return Ok(());
    }
    let waited = started.elapsed().as_secs_f64();
    bail!("no answer from {server} within {waited:.1} s, in {TRIES} tries");
}

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

fn receive(
    socket: &UdpSocket,
    buffer: &mut [u8],
    deadline: Instant,
) -> io::Result<Option<(usize, SocketAddr)>> {
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(buffer) {
            Ok(received) => return Ok(Some(received)),
            Err(error) => match error.kind() {
                ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted => {}
                _ => return Err(error),
            },
        }
    }
}

fn answers(request: &[u8], datagram: &[u8]) -> bool {
    let key = request.split(|&byte| byte == b'=').next();
    let rest = datagram.strip_prefix(key.unwrap_or_default());
    rest.is_some_and(|rest| rest.is_empty() || rest[0] == b'=')
}

fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
