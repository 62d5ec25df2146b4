//! The example sends one datagram, and prints what comes back.

use std::time::Duration;

use probe::{Cause, PATIENCE, Program};
use rstest::{fixture, rstest};

const HELLO: &[u8] = b"Hello from UDP client!";

#[fixture]
fn program() -> Program {
    probe::program!()
}

#[rstest]
#[case::text("reversed", b"!tneilc PDU morf olleH")]
#[case::no_text("no_text", b"\xffhello\xff")]
#[case::nothing("nothing", b"")]
fn prints_what_comes_back(program: Program, #[case] name: &str, #[case] reply: &[u8]) {
    let server = program.udp_server();
    let client = program.arg(server.addr().to_string()).start();
    let asked = server.receive();
    server.send_to(asked.from, reply);
    client.expect_exit(0);
    assert_eq!(asked.bytes, HELLO);
    probe::expect_snapshot!(name, client);
}

#[rstest]
fn hears_nobody_but_its_server(program: Program) {
    let server = program.udp_server();
    let stranger = program.udp_stranger();
    let client = program.arg(server.addr().to_string()).start();
    let asked = server.receive();
    stranger.send_to(asked.from, b"believe me");
    server.send_to(asked.from, b"hello");
    client.expect_line("sent 22 bytes to [server]");
    client.expect_line("received 5 bytes: hello");
    client.expect_exit(0);
}

#[rstest]
fn says_that_nobody_listens(program: Program) {
    let nobody = program.refused_udp();
    let addr = nobody.addr().to_string();
    program.arg(&addr).start().expect_error(&[&addr]);
}

#[rstest]
fn gives_up_after_five_seconds(program: Program) {
    let server = program.udp_server();
    let client = program.arg(server.addr().to_string()).start();
    server.receive();
    // It sends nothing more while it waits.
    assert!(server.receive_within(PATIENCE).is_none());
    let ended = client.expect_error(&["nothing came for 5 seconds"]);
    client.expect_that(
        ended.after >= Duration::from_secs(5),
        Cause::Exited,
        "five seconds of patience",
        &format!("the end after {:?}", ended.after),
    );
}
