//! Each verb of the probe, seen to pass and seen to fail with its cause.

use std::panic::catch_unwind;

use probe::{Program, Server};
use rstest::rstest;

fn actor(fault: &str) -> Program {
    Program::at(env!("CARGO_BIN_EXE_probe-actor").as_ref())
        .arg("127.0.0.1:0")
        .arg(fault)
}

/// What `check` panics with.
fn failure_of(check: impl FnOnce() + std::panic::UnwindSafe) -> String {
    let panic = catch_unwind(check).expect_err("the check passed");
    panic
        .downcast_ref::<String>()
        .cloned()
        .expect("a panic with a message")
}

fn talks(server: &Server) {
    let client = server.connect();
    client.send(b"so long\n");
    client.expect(b"so long\n");
    client.end_stream();
    client.expect_end();
}

#[test]
fn a_right_program_passes() {
    let server = actor("").serve();
    talks(&server);
    server.expect_line("[client 1] connected");
    let before = server.baseline();
    for _ in 0..10 {
        server.connect().close();
        server.connect().reset();
    }
    server.expect_back_to(&before);
    server.expect_idle();
    server.expect_alive();
}

#[test]
fn megabytes_cross_whole_also_slowly() {
    let program = actor("");
    let payload = program.rng().bytes(4 << 20);
    let pieces = program.rng().pieces(&payload, 10_000).concat();
    assert_eq!(pieces, payload);
    let server = program.serve();
    let client = server.connect();
    client.exchange(&[&payload], &payload);
    client.exchange_slowly(&[&payload], &payload);
}

#[rstest]
#[case("never announces", "never announced")]
#[case("spins before it announces", "spinning")]
#[case("panics at once", "crashed")]
#[case("fails", "exited")]
#[case("announces port 0", "announced a wrong address")]
#[case("floods", "flooding its output")]
#[case("stops listening", "refused")]
#[case("stays silent", "silent")]
#[case("dies", "exited")]
#[case("panics in a thread", "crashed")]
#[case("closes early", "closed early")]
#[case("answers half", "partial")]
#[case("answers twice", "extra")]
#[case("mangles", "mangled")]
#[case("spins at the end", "spinning")]
fn a_fault_is_named(#[case] fault: &'static str, #[case] cause: &str) {
    let failure = failure_of(move || talks(&actor(fault).serve()));
    assert_eq!(failure.lines().next(), Some(cause), "{failure}");
}

#[rstest]
#[case("keeps descriptors", "leaking descriptors")]
#[case("keeps threads", "leaking threads")]
fn a_leak_is_named(#[case] fault: &'static str, #[case] cause: &str) {
    let failure = failure_of(move || {
        let server = actor(fault).serve();
        let before = server.baseline();
        for _ in 0..10 {
            let client = server.connect();
            client.ask(b"x", b"x");
            client.end_stream();
        }
        server.expect_back_to(&before);
    });
    assert_eq!(failure.lines().next(), Some(cause), "{failure}");
}

#[test]
fn an_error_is_read_from_its_line_on() {
    actor("fails")
        .start()
        .expect_error(&["127.0.0.1:0", "NO REASON"]);
    let failure = failure_of(|| drop(actor("fails").start().expect_error(&["refused"])));
    assert_eq!(
        failure.lines().next(),
        Some("wrong error message"),
        "{failure}"
    );
}

#[test]
fn a_paused_program_goes_on_where_it_was() {
    let server = actor("").serve();
    let client = server.connect();
    if server.pause() {
        client.send(b"x");
        client.expect_silence(std::time::Duration::from_millis(100));
        server.resume();
        client.expect(b"x");
    }
}

#[test]
fn an_idle_timeout_is_waited_for() {
    let failure = failure_of(|| {
        let server = actor("gives up after 3 s").serve();
        let client = server.connect();
        client.ask(b"x", b"x");
        server.stay_silent();
        client.ask(b"y", b"y");
    });
    assert_eq!(failure.lines().next(), Some("closed early"), "{failure}");
}

#[test]
fn a_server_without_a_timeout_is_not_kept_waiting() {
    let server = actor("").serve();
    let client = server.connect();
    client.ask(b"x", b"x");
    let begun = std::time::Instant::now();
    server.stay_silent();
    assert!(begun.elapsed().as_secs() < 4, "{:?}", begun.elapsed());
    client.ask(b"y", b"y");
}

#[test]
fn a_program_that_does_not_read_its_stdin_is_named() {
    let failure = failure_of(|| {
        let running = actor("").start();
        running.write_stdin(&[b'x'; 1 << 20]);
    });
    assert_eq!(failure.lines().next(), Some("not reading"), "{failure}");
}

#[rstest]
#[case("spins at the end", "spins-at-end-of-stream")]
#[case("announces port 0", "announces-the-port-it-asked-for")]
#[case("listens but buffers its output", "buffers-its-output")]
#[case("waits for a newline", "answers-only-after-a-newline")]
#[case("waits for the end", "answers-only-at-the-end")]
fn a_pitfall_is_named(#[case] fault: &'static str, #[case] pitfall: &str) {
    let failure = failure_of(move || {
        let server = actor(fault).serve();
        let client = server.connect();
        client.ask(b"now", b"now");
        client.end_stream();
        client.expect_end();
    });
    let named = format!("  pitfall   {pitfall}");
    assert_eq!(failure.lines().nth(1), Some(named.as_str()), "{failure}");
}
