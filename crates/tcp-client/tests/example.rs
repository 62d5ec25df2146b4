//! What the example sends, what it prints, and how it ends.

use probe::{Listener, Program};
use rstest::{fixture, rstest};

#[fixture]
fn program() -> Program {
    probe::program!()
}

fn start(program: Program) -> (probe::Running, Listener) {
    let listener = program.listen();
    let running = program.arg(listener.addr().to_string()).start();
    (running, listener)
}

#[rstest]
fn sends_its_greeting_and_prints_the_reply(program: Program) {
    let (running, listener) = start(program);
    let server = listener.accept();
    server.expect(b"Hello from client!");
    server.expect_end();
    server.send(b"Hello ");
    running.expect_line("connected to [server]");
    server.send(b"yourself!");
    server.end_stream();
    running.expect_exit(0);
    probe::expect_snapshot!("sends_its_greeting_and_prints_the_reply", running);
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
}

#[rstest]
fn reports_a_refusal(program: Program) {
    let nobody = program.refused_tcp();
    let addr = nobody.addr().to_string();
    let running = program.arg(&addr).start();
    running.expect_error(&[&addr, "refused"]);
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
