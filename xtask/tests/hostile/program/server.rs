//! What they do once they have announced an address, their own or not.

use std::io::{self, Read as _, Write as _};
use std::net::TcpListener;

use crate::output::CONTROLS;
use crate::sleep;

pub(crate) fn behave(name: &str, addr: &str) -> io::Result<()> {
    match name {
        "announces-another-ones-port" => {
            // Whoever started this listens there.
            let others = std::env::var("PORT_OF_ANOTHER").unwrap_or_default();
            println!("listening on 127.0.0.1:{others}");
            sleep()
        }
        "announces-nobodys-port" => {
            let listener = TcpListener::bind(addr)?;
            let addr = listener.local_addr()?;
            drop(listener);
            println!("listening on {addr}");
            sleep()
        }
        _ => {}
    }
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    let (mut stream, client) = listener.accept()?;
    match name {
        "floods-later" => loop {
            println!("{client} connected");
        },
        "floods-stderr-later" => loop {
            eprintln!("{client} connected");
        },
        "tells-in-controls" => {
            println!("{client} connected{CONTROLS}");
            let mut bytes = [0; 4096];
            while stream.read(&mut bytes)? > 0 {
                stream.write_all(CONTROLS.as_bytes())?;
            }
            sleep()
        }
        other => Err(io::Error::other(format!("no such behaviour: {other}"))),
    }
}
