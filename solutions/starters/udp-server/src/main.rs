//! A notebook over UDP: `KEY=VALUE` writes, `KEY` asks.
//!
//! Your task is in README.md. Four places are left open: look for `TODO`.

use std::collections::HashMap;
use std::io::{self, Write as _};
use std::net::{SocketAddr, UdpSocket};

const DEFAULT_ADDR: &str = "127.0.0.1:34254";

fn main() -> anyhow::Result<()> {
    let addr = std::env::args_os().nth(1);
    let addr = addr.map_or(DEFAULT_ADDR.into(), |addr| {
        addr.to_string_lossy().into_owned()
    });
    let socket = listen(&addr)?;
    serve(&socket)
}

/// Binds a socket to `addr`, and says where it listens.
fn listen(addr: &str) -> anyhow::Result<UdpSocket> {
    // TODO 1: bind a UdpSocket to `addr`. Where that fails, the error names
    // `addr` (anyhow's `.with_context(…)`). Print `listening on ADDR` with the
    // socket's own address: for port 0 the system has chosen a real one.
    todo!("TODO 1: bind {addr} and say so")
}

/// Answers each datagram, one after the other, for ever.
fn serve(socket: &UdpSocket) -> ! {
    let mut notebook = Notebook::default();
    // TODO 2: how large must this be, so that no datagram is cut?
    let mut buffer = vec![0; 16];
    loop {
        let (request, client) = receive(socket, &mut buffer);
        print_line(&format!("{} bytes from {client}", request.len()));
        let answer = notebook.answer(request);
        // TODO 4: send the answer to the client. It may be gone, and its
        // address may even be a false one: what then?
        todo!("TODO 4: send `{}` to {client}", answer.escape_ascii())
    }
}

/// The next datagram and its sender.
fn receive<'buffer>(socket: &UdpSocket, buffer: &'buffer mut [u8]) -> (&'buffer [u8], SocketAddr) {
    // TODO 2: receive one datagram. Return the bytes that came, and not the
    // rest of the buffer. When a receive fails, is that the end for everybody?
    todo!(
        "TODO 2: receive from {socket:?} into {} bytes",
        buffer.len()
    )
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
        // TODO 3: the key is what stands before the first `=`, the value is the
        // rest. The answer is `KEY=VALUE`, or `KEY` where nothing is written.
        todo!(
            "TODO 3: look up `{}` in {} entries",
            request.escape_ascii(),
            self.entries.len()
        )
    }
}

/// Prints one event. Where nobody reads our stdout any more the line is lost;
/// that is no reason to stop serving, as `println!` would by its panic.
fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}
