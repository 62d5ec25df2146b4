//! The tutorial's reader: one read with a limit of five seconds, whatever it is told.
//!
//! Caught by: reads_to_the_end
//! Because: it reads once, and takes what that brings for everything.
//! Pitfall: takes-one-read-for-a-message
//! May also fail: tells_an_empty_stream (it reads 0 bytes), counts_every_byte (one read),
//! prints_each_read_at_once (the same), times_out_in_silence (it always waits for 5 s, and ends with
//! exit code 0), stops_at_the_deadline (the same), bounds_the_connect (it does not), reports_a_reset
//! (exit code 0), reports_a_refusal (it panics), takes_an_interruption_in_its_stride (it takes it for
//! a failure), knows_its_defaults (exit code 0), refuses_wrong_arguments (it panics),
//! waits_again_after_each_read (one read)

use std::io::Read;
use std::net::TcpStream;
use std::time::Duration;

fn main() {
    let addr = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:7878".to_string());
    let mut stream = TcpStream::connect(&addr).unwrap_or_else(|error| panic!("{error}"));
    println!("connected to {addr}");
    stream
        .set_read_timeout(Some(Duration::new(5, 0)))
        .expect("could not set the timeout");
    let mut buffer = [0; 512];
    match stream.read(&mut buffer) {
        Ok(size) => println!("read {size} bytes"),
        Err(error) => println!("could not read: {error}"),
    }
}
