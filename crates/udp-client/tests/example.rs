//! The example sends one datagram, and prints what comes back.

use std::time::Duration;

use probe::{Cause, Ended, PATIENCE, Program, Rule};
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
    client.expect_line("sent 22 bytes to [server]");
    let asked = server.receive();
    stranger.send_to(asked.from, b"believe me");
    server.send_to(asked.from, b"hello");
    client.expect_line("received 5 bytes: hello");
    client.expect_exit(0);
    probe::expect_recording!("udp-client/stranger", client);
}

#[rstest]
fn asks_and_is_answered(program: Program) {
    let server = program.udp_server();
    let client = program.arg(server.addr().to_string()).start();
    client.expect_line("sent 22 bytes to [server]");
    let asked = server.receive();
    server.send_to(asked.from, b"!tneilc PDU morf olleH");
    client.expect_line("received 22 bytes: !tneilc PDU morf olleH");
    client.expect_exit(0);
    probe::expect_recording!("udp-client/answered", client);
}

/// To the client, a lost question and a lost answer look the same.
#[rstest]
#[case::the_question("lost-question", Rule::lose().to_server(), false)]
#[case::the_answer("lost-answer", Rule::lose().to_client(), true)]
fn cannot_tell_what_was_lost(
    program: Program,
    #[case] name: &str,
    #[case] rule: Rule,
    #[case] arrives: bool,
) {
    let server = program.udp_server();
    let link = program.link_to(&server, &[rule]);
    let addr = link.addr().to_string();
    let client = program.arg(&addr).start();
    client.expect_line("sent 22 bytes to [server]");
    if arrives {
        let asked = server.receive();
        server.send_to(asked.from, b"!tneilc PDU morf olleH");
    }
    assert!(server.receive_within(PATIENCE).is_none());
    let ended = client.expect_error(&["nothing came for 5 seconds"]);
    expect_said("nothing_came", &ended, &addr);
    probe::expect_recording!(&format!("udp-client/{name}"), client);
}

#[rstest]
fn says_that_nobody_listens(program: Program) {
    let nobody = program.refused_udp();
    let addr = nobody.addr().to_string();
    let ended = program.arg(&addr).start().expect_error(&[&addr]);
    // The reason is in the system's own words.
    if cfg!(target_os = "linux") {
        expect_said("nobody_listens", &ended, &addr);
    }
}

/// All that a user sees in the terminal, as a snapshot for the book.
fn expect_said(name: &str, ended: &Ended, addr: &str) {
    let stdout = String::from_utf8_lossy(&ended.stdout);
    let said = format!("{stdout}{}", ended.stderr).replace(addr, "[server]");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, said));
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

#[rstest]
fn a_datagram_needs_no_beginning_and_no_end(program: Program) {
    let server = program.udp_server();
    let client = program.arg(server.addr().to_string()).start();
    client.expect_line("sent 22 bytes to [server]");
    let asked = server.receive();
    server.send_to(asked.from, b"Hello from UDP server!");
    client.expect_exit(0);
    probe::expect_recording!("opening/udp", client);
}
