//! The link between a client and a server: each rule, over real sockets. The
//! program is played by a socket of the test.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use probe::{Link, Program, Rule, UdpPeer};

/// Long enough for a datagram that is on its way.
const SOON: Duration = Duration::from_secs(5);
/// Nothing comes any more: may be too short to notice, and never fails a right link.
const NEVER: Duration = Duration::from_millis(150);

struct Stage {
    server: UdpPeer,
    link: Link,
    client: UdpSocket,
}

fn stage(rules: &[Rule]) -> Stage {
    let program = Program::at("nobody starts it".as_ref());
    let server = program.udp_server();
    let link = program.link_to(&server, rules);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a client");
    client.set_read_timeout(Some(SOON)).expect("a timeout");
    Stage {
        server,
        link,
        client,
    }
}

impl Stage {
    fn ask(&self, text: &str) {
        let sent = self.client.send_to(text.as_bytes(), self.link.addr());
        sent.expect("a datagram to the link");
    }

    fn asked(&self) -> Option<String> {
        let came = self.server.receive_within(NEVER)?;
        Some(String::from_utf8_lossy(&came.bytes).into_owned())
    }

    /// What the client gets next; it must come from the link.
    fn answer(&self) -> String {
        let mut buffer = [0; 64];
        let (count, from) = self.client.recv_from(&mut buffer).expect("an answer");
        assert_eq!(from, self.link.addr());
        String::from_utf8_lossy(&buffer[..count]).into_owned()
    }
}

#[test]
fn without_rules_everything_crosses() {
    let stage = stage(&[]);
    for text in ["tea", "", "milk"] {
        stage.ask(text);
        let came = stage.server.receive();
        assert_eq!(came.bytes, text.as_bytes());
        stage.server.send_to(came.from, b"=so");
        assert_eq!(stage.answer(), "=so");
    }
    let big = vec![7; 60_000];
    stage.client.send_to(&big, stage.link.addr()).expect("sent");
    assert_eq!(stage.server.receive().bytes, big);
}

#[test]
fn requests_are_lost_and_answers_repeated() {
    let rules = [
        Rule::lose().first(2).to_server(),
        Rule::repeat(2).to_client(),
    ];
    let stage = stage(&rules);
    for text in ["one", "two", "three"] {
        stage.ask(text);
    }
    let came = stage.server.receive();
    assert_eq!(came.bytes, b"three");
    assert_eq!(stage.asked(), None);
    stage.server.send_to(came.from, b"four");
    for _ in 0..3 {
        assert_eq!(stage.answer(), "four");
    }
}

#[test]
fn datagrams_change_places_and_bytes() {
    let rules = [
        Rule::reorder().first(1).to_server(),
        Rule::corrupt(0).only(1..2).to_client(),
    ];
    let stage = stage(&rules);
    stage.ask("first");
    stage.ask("second");
    let came = stage.server.receive();
    assert_eq!(came.bytes, b"second");
    assert_eq!(stage.server.receive().bytes, b"first");
    for text in ["a", "b"] {
        stage.server.send_to(came.from, text.as_bytes());
    }
    assert_eq!(stage.answer(), "a");
    assert_eq!(stage.answer(), "\u{fffd}");
}

#[test]
fn a_delayed_datagram_is_overtaken() {
    let late = Duration::from_millis(300);
    let stage = stage(&[Rule::delay(late).first(1).to_client()]);
    stage.ask("tea");
    let came = stage.server.receive();
    let sent = Instant::now();
    stage.server.send_to(came.from, b"late");
    stage.server.send_to(came.from, b"early");
    assert_eq!(stage.answer(), "early");
    assert_eq!(stage.answer(), "late");
    assert!(sent.elapsed() >= late, "{:?}", sent.elapsed());
}

#[test]
fn an_answer_finds_back_to_the_port_that_asked() {
    let stage = stage(&[]);
    stage.ask("mine");
    let mine = stage.server.receive();
    let other = UdpSocket::bind("127.0.0.1:0").expect("another client");
    other
        .send_to(b"another's", stage.link.addr())
        .expect("sent");
    let others = stage.server.receive();
    assert_ne!(mine.from, others.from);
    stage.server.send_to(others.from, b"to the other");
    stage.server.send_to(mine.from, b"to me");
    assert_eq!(stage.answer(), "to me");
}
