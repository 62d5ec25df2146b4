//! The example answers each datagram with its bytes reversed.

use probe::{Program, Server};
use rstest::{fixture, rstest};

#[fixture]
fn program() -> Program {
    probe::program!()
}

#[fixture]
fn server(program: Program) -> Server {
    program.arg("127.0.0.1:0").serve()
}

#[rstest]
#[case::text(b"Hello from UDP client!", b"!tneilc PDU morf olleH")]
#[case::no_text(b"\xff\0\xfe", b"\xfe\0\xff")]
#[case::one_byte(b"x", b"x")]
#[case::nothing(b"", b"")]
fn reverses_the_bytes(server: Server, #[case] datagram: &[u8], #[case] reversed: &[u8]) {
    let client = server.udp();
    client.send_to(server.addr(), datagram);
    client.expect_from(server.addr(), reversed);
}

#[rstest]
fn takes_the_largest_datagram(program: Program) {
    // macOS lets no more than 9,216 bytes out.
    let size = if cfg!(target_os = "macos") {
        9_216
    } else {
        65_507
    };
    let datagram = program.rng().bytes(size);
    let reversed: Vec<u8> = datagram.iter().rev().copied().collect();
    let server = program.arg("127.0.0.1:0").serve();
    let client = server.udp();
    client.send_to(server.addr(), &datagram);
    client.expect_from(server.addr(), &reversed);
}

#[rstest]
fn prints_who_sent_how_much(server: Server) {
    let (first, second) = (server.udp(), server.udp());
    for (client, datagram, reversed) in [
        (&first, "one", "eno"),
        (&second, "three", "eerht"),
        (&first, "", ""),
    ] {
        client.send_to(server.addr(), datagram.as_bytes());
        client.expect_from(server.addr(), reversed.as_bytes());
        server.next_line();
    }
    probe::expect_snapshot!("prints_who_sent_how_much", server);
}

#[rstest]
fn serves_two_clients_with_one_socket(server: Server) {
    for (datagram, reversed) in [("one", "eno"), ("", "")] {
        let client = server.udp();
        client.send_to(server.addr(), datagram.as_bytes());
        server.next_line();
        client.expect_from(server.addr(), reversed.as_bytes());
    }
    probe::expect_recording!("udp-server/one-socket", server);
}

#[rstest]
fn goes_on_without_clients_and_without_stdout(server: Server) {
    server.close_stdout();
    server.pause();
    server
        .udp()
        .send_to(server.addr(), b"gone before the answer comes");
    server.resume();
    for _ in 0..3 {
        let client = server.udp();
        client.send_to(server.addr(), b"still there");
        client.expect_from(server.addr(), b"ereht llits");
    }
    server.expect_alive();
}

/// A datagram with the server's own address for its sender would be answered,
/// received and answered for ever.
#[rstest]
fn does_not_talk_to_itself(server: Server) {
    if !server.forge_datagram(server.addr().port(), b"hello me") {
        return;
    }
    server.expect_line("8 bytes from [server]");
    server.expect_no_line(std::time::Duration::from_millis(200));
}

#[rstest]
fn says_why_it_cannot_listen(program: Program) {
    program.clone().expect_default_address("127.0.0.1:34254");
    program
        .arg("nonsense")
        .start()
        .expect_error(&["cannot listen on nonsense"]);
}

#[rstest]
fn says_that_its_address_is_taken(program: Program, server: Server) {
    let addr = server.addr().to_string();
    let ended = program.arg(&addr).start().expect_error(&[&addr]);
    // The reason is in the system's own words.
    if cfg!(target_os = "linux") {
        let said = ended.stderr.replace(&addr, "[server]");
        let mut settings = insta::Settings::clone_current();
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("address_is_taken", said));
    }
}
