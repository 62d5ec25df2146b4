//! A notebook that does not tell an empty value from a missing one.
//!
//! Caught by: remembers_what_it_is_told
//! Because: it looks up with a default, and leaves the `=` out where nothing
//! stands behind it.
//! Pitfall: confuses-empty-with-missing

use std::collections::HashMap;
use std::io::{self, ErrorKind, Write as _};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

const DEFAULT_ADDR: &str = "127.0.0.1:34254";
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
        if client == own_addr {
            continue;
        }
        if let Err(error) = socket.send_to(&answer, client) {
            log(&format!("no answer to {client}: {error}"));
        }
    }
}

fn receive<'buffer>(socket: &UdpSocket, buffer: &'buffer mut [u8]) -> (&'buffer [u8], SocketAddr) {
    loop {
        match socket.recv_from(buffer) {
            Ok((count, client)) => return (&buffer[..count], client),
            Err(error) => outlive(&error),
        }
    }
}

fn outlive(error: &io::Error) {
    if error.kind() != ErrorKind::Interrupted {
        log(&format!("receiving failed: {error}"));
        thread::sleep(Duration::from_millis(500));
    }
}

#[derive(Debug, Default)]
struct Notebook {
    entries: HashMap<Vec<u8>, Vec<u8>>,
}

impl Notebook {
    fn answer(&mut self, request: &[u8]) -> Vec<u8> {
        let mut parts = request.splitn(2, |&byte| byte == b'=');
        let key = parts.next().unwrap_or_default();
        if let Some(value) = parts.next() {
            self.entries.insert(key.to_vec(), value.to_vec());
        }
        let value = self.entries.get(key).cloned().unwrap_or_default();
        if value.is_empty() {
            return key.to_vec();
        }
        [key, &value].join(&b'=')
    }
}

fn print_line(line: &str) {
    let mut stdout = io::stdout().lock();
    let _ = writeln!(stdout, "{line}").and_then(|()| stdout.flush());
}

fn log(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}
