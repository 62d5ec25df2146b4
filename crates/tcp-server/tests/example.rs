//! The example sends back what comes, to each of its clients.

use std::time::Duration;

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
#[case::text(b"Hello from client!")]
#[case::no_text(b"\xff\0\xfe\n")]
#[case::one_byte(b"x")]
fn echoes(server: Server, #[case] bytes: &[u8]) {
    let client = server.connect();
    client.ask(bytes, bytes);
    client.ask(b"and?", b"and?");
    client.expect_silence(Duration::from_millis(100));
}

#[rstest]
fn echoes_megabytes_in_pieces(program: Program) {
    let mut rng = program.rng();
    let bytes = rng.bytes(4 * 1024 * 1024);
    let pieces = rng.pieces(&bytes, 20_000);
    let server = program.arg("127.0.0.1:0").serve();
    server.connect().exchange(&pieces, &bytes);
}

#[rstest]
fn answers_what_is_left_and_closes(server: Server) {
    let client = server.connect();
    client.send(b"so long");
    client.end_stream();
    client.expect(b"so long");
    client.expect_end();
    server.next_line();
    probe::expect_recording!("tcp-server/half-close", server);
    server.expect_idle();
}

#[rstest]
fn says_who_leaves_and_how(server: Server) {
    let (first, second) = (server.connect(), server.connect());
    for client in [&first, &second] {
        client.ask(b"hello", b"hello");
    }
    second.close();
    server.next_line();
    first.reset();
    server.next_line();
    probe::expect_snapshot!("says_who_leaves_and_how", server, |line: &str| {
        let (event, _reason) = line.split_once(": ").unwrap_or((line, ""));
        event.to_owned()
    });
}

/// The reason is the system's own text, and the recording has Linux's.
#[rstest]
#[cfg(target_os = "linux")]
fn tells_an_end_from_a_reset(server: Server) {
    let (first, second) = (server.connect(), server.connect());
    second.close();
    server.next_line();
    first.reset();
    server.next_line();
    server.expect_alive();
    probe::expect_recording!("tcp-server/end-and-reset", server);
}

#[rstest]
fn a_silent_client_keeps_nobody_waiting(server: Server) {
    let silent = server.connect();
    let talker = server.connect();
    talker.ask(b"anybody?", b"anybody?");
    silent.ask(b"sorry, late", b"sorry, late");
    probe::expect_recording!("tcp-server/side-by-side", server);
}

#[rstest]
fn goes_on_after_resets_and_without_stdout(server: Server) {
    let before = server.baseline();
    server.close_stdout();
    for _ in 0..20 {
        let client = server.connect();
        client.send(&[0; 60_000]);
        client.reset();
    }
    server.connect().ask(b"still there", b"still there");
    server.expect_back_to(&before);
    server.expect_alive();
}

#[rstest]
fn says_why_it_cannot_listen(program: Program) {
    program.clone().expect_default_address("127.0.0.1:7878");
    program
        .arg("nonsense")
        .start()
        .expect_error(&["cannot listen on nonsense"]);
}

/// As the chapter shows it, with the default address in the place of ours.
#[rstest]
#[cfg(target_os = "linux")]
fn says_that_its_address_is_taken(program: Program) {
    let holder = program.clone().arg("127.0.0.1:0").serve();
    let addr = holder.addr().to_string();
    let second = program.arg(&addr).start();
    second.expect_error(&[&addr]);
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("address_taken", second.stderr().replace(&addr, "127.0.0.1:7878"));
    });
}
