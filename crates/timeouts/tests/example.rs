//! The ways in which the example's one read can end.

use std::time::Duration;

use probe::{Peer, Program, Running};
use rstest::{fixture, rstest};

#[fixture]
fn program() -> Program {
    probe::program!()
}

/// Starts it; it must connect and greet.
fn start(program: Program) -> (Running, Peer) {
    let listener = program.listen();
    let running = program.arg(listener.addr().to_string()).start();
    let server = listener.accept();
    server.expect(b"Is anybody there?");
    (running, server)
}

#[rstest]
fn prints_what_one_read_brings(program: Program) {
    let (running, server) = start(program);
    server.send(b"Yes.");
    running.expect_exit(0);
    probe::expect_snapshot!("prints_what_one_read_brings", running);
}

#[rstest]
fn tells_the_end_of_the_stream(program: Program) {
    let (running, server) = start(program);
    server.end_stream();
    running.expect_exit(0);
    probe::expect_snapshot!("tells_the_end_of_the_stream", running);
}

#[rstest]
fn times_out_after_five_seconds(program: Program) {
    let (running, server) = start(program);
    server.expect_silence(Duration::from_secs(2));
    running.expect_error(&["timed out", "5s"]);
}

#[rstest]
fn an_interruption_is_no_end(program: Program) {
    let (running, server) = start(program);
    running.expect_line("connected to [server]");
    server.expect_silence(Duration::from_millis(200));
    if running.pause() {
        running.resume();
    }
    server.expect_silence(Duration::from_millis(200));
    server.send(b"Yes.");
    running.expect_line("read 4 bytes: Yes.");
    running.expect_exit(0);
}

#[rstest]
fn reports_a_reset(program: Program) {
    let (running, server) = start(program);
    server.reset();
    running.expect_error(&["cannot read"]);
}

#[rstest]
fn reports_a_refusal(program: Program) {
    let nobody = program.refused_tcp();
    let addr = nobody.addr().to_string();
    let running = program.arg(&addr).start();
    running.expect_error(&[&addr, "refused"]);
}
