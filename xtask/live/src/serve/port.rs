//! The port: the one that was asked for, or the first that is free.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, TcpListener};

use anyhow::Context as _;

/// The first port that is tried.
const FIRST: u16 = 3000;

/// How many more are tried before the system may choose.
const MORE: u16 = 20;

/// Listens on the loopback interface: nobody else's machine can connect.
pub(crate) fn listen(wanted: Option<u16>) -> anyhow::Result<(TcpListener, u16)> {
    let listener = match wanted {
        Some(port) => at(port).map_err(|error| explain(port, error))?,
        None => free().context("no port is free for the book")?,
    };
    listener.set_nonblocking(true)?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

fn free() -> io::Result<TcpListener> {
    for port in FIRST..=FIRST + MORE {
        match at(port) {
            Err(error) if is_another_ones(&error) => {}
            outcome => return outcome,
        }
    }
    at(0)
}

fn at(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
}

/// Windows keeps some ports for itself and says `PermissionDenied`.
fn is_another_ones(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AddrInUse | ErrorKind::PermissionDenied
    )
}

fn explain(port: u16, error: io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => anyhow::anyhow!(
            "port {port} is taken by another program; without --port the next free one is taken"
        ),
        _ => anyhow::Error::new(error).context(format!("port {port} cannot be had")),
    }
}
