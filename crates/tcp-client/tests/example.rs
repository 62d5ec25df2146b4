//! What the example sends, what it prints, and how it ends.

use std::time::Duration;

use probe::{Listener, Program, Running};
use rstest::{fixture, rstest};

#[fixture]
fn program() -> Program {
    probe::program!()
}

fn start(program: Program) -> (Running, Listener) {
    let listener = program.listen();
    let running = program.arg(listener.addr().to_string()).start();
    (running, listener)
}

#[rstest]
fn sends_its_greeting_and_prints_the_reply(program: Program) {
    let (running, listener) = start(program);
    let server = listener.accept();
    server.send(b"Hello ");
    server.expect(b"Hello from client!");
    server.expect_end();
    running.expect_line("connected to [server]");
    running.expect_line("sent 18 bytes");
    // A part of the reply has been there for long, and is not the reply.
    running.expect_no_line(Duration::from_millis(200));
    server.send(b"yourself!");
    server.end_stream();
    running.expect_line("received 15 bytes: Hello yourself!");
    probe::expect_snapshot!("sends_its_greeting_and_prints_the_reply", running);
    probe::expect_recording!("tcp-client/reply-in-pieces", running);
    running.expect_exit(0);
}

#[rstest]
fn says_hello_to_an_echo(program: Program) {
    let (running, listener) = start(program);
    let server = listener.accept();
    server.expect(b"Hello from client!");
    server.expect_end();
    running.expect_line("connected to [server]");
    running.expect_line("sent 18 bytes");
    server.send(b"Hello from client!");
    server.end_stream();
    running.expect_line("received 18 bytes: Hello from client!");
    probe::expect_snapshot!("says_hello_to_an_echo", running);
    probe::expect_recording!("tcp-client/greeting", running);
    running.expect_exit(0);
}

#[rstest]
#[case::at_once(b"")]
#[case::in_the_middle(b"Hel")]
fn reports_a_reply_that_never_comes(program: Program, #[case] reply: &[u8]) {
    let (running, listener) = start(program);
    let server = listener.accept();
    let addr = listener.addr().to_string();
    server.expect(b"Hello from client!");
    server.expect_end();
    server.send(reply);
    server.reset();
    running.expect_error(&[&addr, "no reply"]);
}

#[rstest]
fn an_empty_reply_is_none(program: Program) {
    let (running, listener) = start(program);
    let server = listener.accept();
    server.expect(b"Hello from client!");
    server.expect_end();
    server.end_stream();
    running.expect_error(&["no reply"]);
    judge_error("no_reply", &running, &listener.addr().to_string());
}

#[rstest]
fn reports_a_refusal(program: Program) {
    let nobody = program.refused_tcp();
    let addr = nobody.addr().to_string();
    let running = program.arg(&addr).start();
    running.expect_error(&[&addr, "refused"]);
    if cfg!(target_os = "linux") {
        judge_error("refused", &running, &addr);
    }
}

/// Compares an error with what the chapter shows: the default address stands
/// there in the place of `addr`.
fn judge_error(name: &str, running: &Running, addr: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(name, running.stderr().replace(addr, "127.0.0.1:7878"));
    });
}

/// Its system has everything when nobody has accepted it yet.
#[rstest]
fn sends_before_it_is_accepted(program: Program) {
    let (running, listener) = start(program);
    running.expect_line("connected to [server]");
    running.expect_line("sent 18 bytes");
    let server = listener.accept();
    server.expect(b"Hello from client!");
    server.expect_end();
    server.send(b"Hello from server!");
    server.end_stream();
    running.expect_exit(0);
    probe::expect_recording!("opening/tcp", running);
}
