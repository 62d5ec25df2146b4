//! The tutorial's server with a notebook in it: short, and ready for nothing.
//!
//! Caught by: answers_datagrams_of_any_size
//! Because: its buffer has 512 bytes, and the rest of a longer datagram is lost
//! without a word.
//! Pitfall: cuts-datagrams

use std::collections::HashMap;
use std::net::UdpSocket;

fn main() {
    let addr = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:34254".to_string());
    let socket = UdpSocket::bind(&addr).expect("could not bind the socket");
    println!("listening on {}", socket.local_addr().expect("no address"));
    let mut entries: HashMap<Vec<u8>, Vec<u8>> = HashMap::new();
    let mut buf = [0; 512];
    loop {
        let (len, src) = socket.recv_from(&mut buf).expect("did not receive data");
        println!("{len} bytes from {src}");
        let request = &buf[..len];
        let key = match request.iter().position(|&byte| byte == b'=') {
            Some(at) => {
                entries.insert(request[..at].to_vec(), request[at + 1..].to_vec());
                &request[..at]
            }
            None => request,
        };
        let mut answer = key.to_vec();
        if let Some(value) = entries.get(key) {
            answer.push(b'=');
            answer.extend(value);
        }
        socket.send_to(&answer, src).expect("could not send data");
    }
}
