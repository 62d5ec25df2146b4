//! The tutorial's client, asking the notebook: short, and made for a network
//! that loses nothing.
//!
//! Caught by: prints_long_answers_whole
//! Because: its buffer has 512 bytes, and the rest of a longer answer is lost
//! without a word.
//! Pitfall: cuts-datagrams
//! May also fail: finds_its_server (it prints the name that it was given)

use std::net::UdpSocket;

fn main() {
    let mut args = std::env::args().skip(1);
    let addr = args.next().unwrap_or_else(|| "127.0.0.1:34254".to_string());
    let request = args.next().unwrap_or_else(|| "hello".to_string());
    let socket = UdpSocket::bind("127.0.0.1:0").expect("could not bind the socket");
    socket.connect(&addr).expect("could not connect");
    let sent = socket.send(request.as_bytes()).expect("could not send");
    let server = socket.peer_addr().expect("no peer");
    println!("sent {sent} bytes to {server}");
    let mut buf = [0; 512];
    let (len, _) = socket.recv_from(&mut buf).expect("did not receive data");
    let answer = String::from_utf8_lossy(&buf[..len]);
    println!("received {len} bytes: {answer}");
}
