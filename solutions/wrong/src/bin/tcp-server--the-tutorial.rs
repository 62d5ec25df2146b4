//! A shouting server as a first tutorial would have it.
//!
//! Caught by: closes_when_the_client_does
//! Because: `Ok(0)` is handled like data, so the thread of a client that has left spins for ever.
//! Pitfall: spins-at-end-of-stream
//! May also fail: prints_what_happens, answers_every_byte_in_order, waits_for_a_slow_reader,
//! serves_clients_side_by_side, survives_resets, returns_to_its_baseline (threads that spin),
//! keeps_serving_without_stdout, refuses_a_taken_address, refuses_wrong_arguments (`unwrap`
//! wherever something may fail)

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

#[expect(clippy::unwrap_used, reason = "this is what such programs do")]
fn handle_client(mut stream: TcpStream) {
    let mut data = [0; 512];
    let mut total = 0;
    loop {
        match stream.read(&mut data) {
            Ok(size) => {
                data[..size].make_ascii_uppercase();
                total += stream.write(&data[..size]).unwrap();
            }
            Err(error) => {
                let peer = stream.peer_addr().unwrap();
                println!("{peer} failed: {error}");
                stream.shutdown(Shutdown::Both).unwrap();
                break;
            }
        }
    }
    println!(
        "{} disconnected after {total} bytes",
        stream.peer_addr().unwrap()
    );
}

#[expect(clippy::unwrap_used, reason = "this is what such programs do")]
fn main() {
    let addr = std::env::args().nth(1);
    let addr = addr.unwrap_or_else(|| "127.0.0.1:7878".to_string());
    let listener = TcpListener::bind(&addr).unwrap();
    println!("listening on {}", listener.local_addr().unwrap());

    for stream in listener.incoming() {
        match stream {
            Ok(stream) => {
                println!("{} connected", stream.peer_addr().unwrap());
                thread::spawn(move || handle_client(stream));
            }
            Err(error) => println!("Error: {error}"),
        }
    }
}
