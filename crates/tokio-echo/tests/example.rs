//! The example sends back what comes, on a handful of threads.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use probe::{Peer, Program, Server};
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
    server.expect_idle();
}

#[rstest]
fn says_what_it_has_echoed(server: Server) {
    let (first, second) = (server.connect(), server.connect());
    for client in [&first, &second] {
        client.ask(b"hello", b"hello");
    }
    second.close();
    server.next_line();
    first.reset();
    server.next_line();
    probe::expect_snapshot!("says_what_it_has_echoed", server, |line: &str| {
        let (event, _reason) = line.split_once(": ").unwrap_or((line, ""));
        event.to_owned()
    });
}

/// One that says nothing holds up nobody.
#[rstest]
fn attends_to_clients_side_by_side(server: Server) {
    let (first, second) = (server.connect(), server.connect());
    second.ask(b"hello", b"hello");
    first.expect_silence(Duration::from_millis(200));
    first.ask(b"me, too", b"me, too");
    probe::expect_recording!("tokio-echo/side-by-side", server);
}

/// A connection waits in the queue until a descriptor is free for it.
#[rstest]
fn serves_again_when_a_descriptor_is_free() {
    let start = || {
        let program = probe::program!().descriptors(32);
        program.arg("127.0.0.1:0").serve()
    };
    // Of another one: this is no part of the story.
    let room = crowd(&start()).len();
    let server = start();
    let first = server.connect();
    let others: Vec<TcpStream> = (1..room).map_while(|_| served(&server)).collect();
    let late = server.connect();
    late.send(b"anybody there?");
    late.expect_silence(Duration::from_millis(500));
    first.close();
    late.expect(b"anybody there?");
    probe::expect_recording!("tokio-echo/descriptors", server);
    drop(others);
}

/// As many clients as get an answer.
fn crowd(server: &Server) -> Vec<TcpStream> {
    (0..32).map_while(|_| served(server)).collect()
}

/// A client that is no part of the story, if it gets an answer.
fn served(server: &Server) -> Option<TcpStream> {
    let mut stream = TcpStream::connect(server.addr()).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
    stream.write_all(b"x").ok()?;
    stream.read_exact(&mut [0]).ok()?;
    Some(stream)
}

#[rstest]
fn needs_no_thread_for_a_client(server: Server) {
    let clients: Vec<Peer> = (0..100).map(|_| server.connect()).collect();
    for client in &clients {
        client.ask(b"hello", b"hello");
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    server.expect_threads_at_most(cores + 8);
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
