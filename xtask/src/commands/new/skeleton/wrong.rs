//! A server that announces its argument instead of its address.
//!
//! Caught by: announces_its_address
//! Because: `127.0.0.1:0` is a wish: the port is known once the listener is bound, from
//! `local_addr`.
//! Pitfall: announces-the-port-it-asked-for

use std::io::{self, Write as _};
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

fn main() -> Result<()> {
    let addr = address();
    let listener = TcpListener::bind(&addr).with_context(|| format!("cannot listen on {addr}"))?;
    writeln!(io::stdout(), "listening on {addr}").context("cannot print")?;
    loop {
        match listener.accept() {
            Ok((stream, _)) => drop(stream),
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

/// The first argument, or the default.
fn address() -> String {
    match std::env::args_os().nth(1) {
        Some(addr) => addr.to_string_lossy().into_owned(),
        None => DEFAULT_ADDR.into(),
    }
}
