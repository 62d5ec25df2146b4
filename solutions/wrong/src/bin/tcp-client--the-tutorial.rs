//! The tutorial's client: it sends, reads once, and prints what it got as it is in memory.
//!
//! Caught by: sends_what_it_reads
//! Because: it takes its input for text (`read_to_string`), and ends at bytes that are none.
//! Pitfall: insists-on-text
//! May also fail: prints_what_it_receives (`{:?}`), sends_at_once (one direction after the other),
//! prints_at_once (the same), ends_its_side_when_stdin_ends (it never does),
//! reads_the_reply_to_its_end (one read), ends_when_the_server_does (it waits for stdin),
//! says_what_it_carried (the same), carries_megabytes_both_ways (it does not read while it sends),
//! reports_a_reset (exit code 0), reports_a_refusal (exit code 0),
//! never_panics_without_stdout (`println!`), refuses_wrong_arguments (exit code 0)

use std::io::{Read, Write};
use std::net::TcpStream;

fn main() {
    let addr = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:7878".to_string());
    match TcpStream::connect(&addr) {
        Ok(mut stream) => {
            let mut message = String::new();
            std::io::stdin()
                .read_to_string(&mut message)
                .expect("could not read stdin");
            stream
                .write_all(message.as_bytes())
                .expect("could not send the message");
            let mut buffer = [0; 512];
            match stream.read(&mut buffer) {
                Ok(size) => {
                    println!("received: {:?}", &buffer[..size]);
                    eprintln!("sent {} bytes, received {size} bytes", message.len());
                }
                Err(error) => println!("could not receive: {error}"),
            }
        }
        Err(error) => println!("could not connect: {error}"),
    }
}
