//! Greets each client and closes the connection.

use std::io::Write as _;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:0".to_string());
    let listener = TcpListener::bind(address)?;
    println!("listening on {}", listener.local_addr()?);
    for client in listener.incoming() {
        client?.write_all(b"hello\n")?;
    }
    Ok(())
}
