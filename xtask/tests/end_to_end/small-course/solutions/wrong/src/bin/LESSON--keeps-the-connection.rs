//! Greets each client, and then keeps the connection.
//!
//! Caught by: closes
//! Because: it holds on to every stream that it has ever accepted.

use std::io::Write as _;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    println!("listening on {}", listener.local_addr()?);
    let mut clients = Vec::new();
    for client in listener.incoming() {
        let mut client = client?;
        client.write_all(b"hello\n")?;
        clients.push(client);
    }
    Ok(())
}
