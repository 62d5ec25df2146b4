//! The ways in which the example's one read can end.

use std::time::Duration;

use insta::{Settings, assert_snapshot};
use probe::{Ended, Peer, Program, Running};
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

/// Compares all that it has printed with a snapshot, both streams as a terminal
/// shows them. `addr` is the one that it was given.
fn expect_words(name: &str, running: &Running, ended: &Ended, addr: &str) {
    let words = running.transcript() + &ended.stderr.replace(addr, "[server]");
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| assert_snapshot!(name, words));
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
    let listener = program.listen();
    let addr = listener.addr().to_string();
    let running = program.arg(&addr).start();
    let server = listener.accept();
    server.expect(b"Is anybody there?");
    server.expect_silence(Duration::from_secs(4));
    let ended = running.expect_error(&["timed out", "5s"]);
    probe::expect_recording!("timeouts/silence", running);
    expect_words("says_that_nothing_came", &running, &ended, &addr);
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
    let addr = server.addr().to_string();
    server.reset();
    let ended = running.expect_error(&["cannot read"]);
    probe::expect_recording!("timeouts/reset", running);
    if cfg!(target_os = "linux") {
        expect_words("reports_a_reset", &running, &ended, &addr);
    }
}

#[rstest]
fn reports_a_refusal(program: Program) {
    let nobody = program.refused_tcp();
    let addr = nobody.addr().to_string();
    let running = program.arg(&addr).start();
    let ended = running.expect_error(&[&addr, "refused"]);
    if cfg!(target_os = "linux") {
        expect_words("reports_a_refusal", &running, &ended, &addr);
    }
}

#[rstest]
fn bounds_the_connect(program: Program) {
    let Some(nowhere) = program.black_hole() else {
        return;
    };
    let addr = nowhere.addr().to_string();
    let running = program.arg(&addr).start();
    assert!(running.ends_within(Duration::from_secs(8)));
    let ended = running.expect_error(&[&addr, "timed out"]);
    expect_words("bounds_the_connect", &running, &ended, &addr);
}
