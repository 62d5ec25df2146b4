//! The checks of udp-server: a notebook that answers every datagram, whatever
//! it carries and whoever sent it.

mod notebook;

use std::net::UdpSocket;
use std::time::Duration;

use notebook::{ask, ask_wary, lines_printed, prints_in_bulk, suspect_the_kind_of, write_and_ask};
use probe::{Cause, Program, Server, UdpPeer};
use rstest::{fixture, rstest};

const DEFAULT_ADDR: &str = "127.0.0.1:34254";
/// The most that UDP over IPv4 can carry.
const LARGEST: usize = 65_507;
/// The datagrams of a flood: many more than the system keeps for a socket.
const FLOOD: usize = 20_000;

#[fixture]
fn program() -> Program {
    probe::program!()
}

#[fixture]
fn server(program: Program) -> Server {
    program.arg("127.0.0.1:0").serve()
}

/// Binds ADDR and no other address, and prints `listening on ADDR` with the
/// real port as its first line.
#[rstest]
fn announces_its_address(program: Program) {
    let first = program.clone().arg("127.0.0.1:0").serve();
    let second = program.clone().arg("127.0.0.1:0").serve();
    second.expect_that(
        first.addr() != second.addr(),
        Cause::WrongAddress,
        "two programs that were told port 0 listen on two ports",
        &format!("both say {}", second.addr()),
    );
    // The whole of 127.0.0.0/8 belongs to this machine on Linux alone.
    if cfg!(target_os = "linux") {
        let elsewhere = program.arg("127.0.0.2:0").serve();
        let port = elsewhere.addr().port();
        elsewhere.suspect(&[(Cause::WrongAddress, "binds-every-address")]);
        let neighbour = UdpSocket::bind(("127.0.0.3", port));
        elsewhere.expect_that(
            neighbour.is_ok(),
            Cause::WrongAddress,
            "no other address than 127.0.0.2 is bound",
            &format!("port {port} is taken on 127.0.0.3 too"),
        );
    }
}

/// Answers with what the notebook now holds: `KEY=VALUE`, or `KEY` alone where
/// nothing is written. All clients share one notebook.
#[rstest]
fn remembers_what_it_is_told(program: Program) {
    let mut rng = program.rng();
    let (old, new) = (rng.text(20), rng.text(31));
    let server = program.arg("127.0.0.1:0").serve();
    let (writer, reader) = (server.udp(), server.udp());
    let own_words = "answers-in-its-own-words";
    server.suspect(&[(Cause::Mangled, own_words), (Cause::Extra, own_words)]);
    ask(&server, &reader, b"tea", b"tea");
    server.suspect(&[(Cause::Exited, "stops-after-one-client")]);
    ask(&server, &writer, b"milk", b"milk");
    let (old, new) = (format!("tea={old}"), format!("tea={new}"));
    write_and_ask(
        &server,
        (&writer, &reader),
        &old,
        (b"tea", "answers-before-it-writes"),
    );
    write_and_ask(
        &server,
        (&writer, &reader),
        &new,
        (old.as_bytes(), "never-overwrites"),
    );
    ask(&server, &writer, b"coffee=none", b"coffee=none");
    ask(&server, &reader, b"coffee", b"coffee=none");
    for unknown in ["te", "teas", "TEA", "water"] {
        ask(&server, &reader, unknown.as_bytes(), unknown.as_bytes());
    }
    ask(&server, &reader, b"tea=", b"tea=");
    ask(&server, &writer, b"tea", b"tea=");
    let entries: Vec<String> = (0..200)
        .map(|index| format!("note {index}={index}"))
        .collect();
    for entry in &entries {
        ask(&server, &writer, entry.as_bytes(), entry.as_bytes());
    }
    for (index, entry) in entries.iter().enumerate() {
        let key = format!("note {index}");
        let forgotten = (key.as_bytes(), "forgets-what-it-was-told");
        ask_wary(
            &server,
            &reader,
            key.as_bytes(),
            entry.as_bytes(),
            &[forgotten],
        );
    }
}

/// The key is what stands before the first `=`, and the value is all the rest.
#[rstest]
#[case::in_the_value(b"sum=1+1=2", b"sum")]
#[case::at_both_ends_of_the_value(b"arrow==>=", b"arrow")]
#[case::and_nothing_else(b"line===", b"line")]
fn splits_at_the_first_equals_sign(server: Server, #[case] entry: &[u8], #[case] key: &[u8]) {
    let client = server.udp();
    use Cause::{Exited, Extra, Mangled, Panicked, Partial, Silent};
    let split = "splits-at-the-wrong-equals-sign";
    let causes = [Exited, Extra, Mangled, Panicked, Partial, Silent];
    server.suspect(&causes.map(|cause| (cause, split)));
    ask(&server, &client, entry, entry);
    ask(&server, &client, key, entry);
}

/// Takes any bytes for keys and values, none at all among them.
#[rstest]
#[case::no_text(b"\xff\xfe", b"\x80\0\xc3", b"\xfe\xff")]
#[case::nul(b"a\0b", b"\0", b"a")]
#[case::line_ends(b"line\r\n", b"\nfeed\n", b"line")]
#[case::spaces(b" key ", b" a value ", b"key")]
#[case::an_empty_key(b"", b"nothing", b" ")]
#[case::an_empty_value(b"nothing", b"", b"")]
fn takes_any_bytes(
    server: Server,
    #[case] key: &[u8],
    #[case] value: &[u8],
    #[case] other_key: &[u8],
) {
    let client = server.udp();
    let entry = [key, value].join(&b'=');
    // An empty key is written first: a datagram without a byte is another matter.
    let not_written = Some((key, key)).filter(|_| !key.is_empty());
    let then = [
        (&entry[..], &entry[..]),
        (key, &entry),
        (other_key, other_key),
    ];
    for (request, answer) in not_written.into_iter().chain(then) {
        suspect_the_kind_of(&server, request, answer);
        ask(&server, &client, request, answer);
    }
}

/// Reads a datagram (a UDP message) of any size whole, answers it whole, and
/// mixes nothing of an earlier one into the answer.
#[rstest]
#[case::for_one_frame(&[0, 1, 2, 511, 512, 513, 1023, 1024, 1025, 1400, 1472])]
#[case::in_fragments(&[1473, 1500, 2048, 2049, 4096, 8192, 9000])]
#[case::as_large_as_can_be(&[16_384, 32_768, 65_000, LARGEST - 1, LARGEST])]
fn answers_datagrams_of_any_size(program: Program, #[case] sizes: &[usize]) {
    if sizes
        .iter()
        .any(|&size| !program.can_send_datagrams_of(size))
    {
        return;
    }
    let mut rng = program.rng();
    let server = program.arg("127.0.0.1:0").serve();
    let client = server.udp();
    server.suspect(&[
        (Cause::Extra, "mixes-datagrams"),
        // It has seen that its buffer was too small, and helped itself so.
        (Cause::Silent, "cuts-datagrams"),
    ]);
    // Upwards, then downwards: each follows a smaller one and a larger one.
    for (index, &size) in sizes.iter().chain(sizes.iter().rev()).enumerate() {
        let unknown = rng.text(size);
        ask(&server, &client, unknown.as_bytes(), unknown.as_bytes());
        let key = format!("entry {index}");
        if let Some(length) = size.checked_sub(key.len() + 1) {
            let entry = format!("{key}={}", rng.text(length));
            ask(&server, &client, entry.as_bytes(), entry.as_bytes());
            ask(&server, &client, key.as_bytes(), entry.as_bytes());
        }
    }
}

/// Answers whoever asked, from the port that was asked, however many ask in
/// turn.
#[rstest]
fn answers_whoever_asked(server: Server) {
    let clients: Vec<UdpPeer> = (0..4).map(|_| server.udp()).collect();
    server.suspect(&[(Cause::Mangled, "answers-the-wrong-client")]);
    for round in 0..5 {
        let question = |index: usize| format!("client {index}, round {round}");
        for (index, client) in clients.iter().enumerate() {
            client.send_to(server.addr(), question(index).as_bytes());
        }
        for (index, client) in clients.iter().enumerate().rev() {
            client.expect_from(server.addr(), question(index).as_bytes());
        }
    }
    for client in &clients {
        client.expect_silence(Duration::from_millis(50));
    }
}

/// Prints `N bytes from CLIENT` for each datagram, and nothing else.
#[rstest]
fn prints_each_datagram(server: Server) {
    let (first, second) = (server.udp(), server.udp());
    let datagrams = [
        (&first, "tea=green", "tea=green"),
        (&first, "tea", "tea=green"),
        (&second, "größe", "größe"),
        (&first, "kettle=", "kettle="),
    ];
    for (client, request, answer) in datagrams {
        ask(&server, client, request.as_bytes(), answer.as_bytes());
        server.next_line_or(|| prints_in_bulk(&server).then_some("buffers-its-output"));
    }
    server.expect_no_line(Duration::from_millis(100));
    probe::expect_snapshot!("prints_each_datagram", server);
}

/// Goes on when nothing comes for a while.
// Slow: silence takes its time.
#[rstest]
fn goes_on_after_a_silence(server: Server) {
    let client = server.udp();
    ask(&server, &client, b"here", b"here");
    let gives_up = "stops-when-nobody-asks";
    let causes = [Cause::Exited, Cause::Panicked, Cause::Silent];
    server.suspect(&causes.map(|cause| (cause, gives_up)));
    server.stay_silent();
    ask(&server, &client, b"still here", b"still here");
    ask(&server, &server.udp(), b"there", b"there");
    server.expect_alive();
}

/// Goes on when clients are gone before their answers come, and keeps nothing
/// of them.
#[rstest]
fn survives_vanished_clients(server: Server) {
    let patient = server.udp();
    ask(&server, &patient, b"here", b"here");
    let before = server.baseline();
    server.suspect(&[
        (Cause::Exited, "dies-when-a-send-fails"),
        (Cause::Panicked, "dies-when-a-send-fails"),
        (Cause::LeakingThreads, "leaks-threads"),
        (Cause::LeakingDescriptors, "keeps-a-socket-for-each-answer"),
        (Cause::Spinning, "busy-waits"),
    ]);
    for round in 0..3 {
        for _ in 0..20 {
            let client = server.udp();
            client.send_to(server.addr(), b"hello");
            client.send_to(server.addr(), b"farewell=now");
        }
        let entry = format!("round {round}=still here");
        ask(&server, &patient, entry.as_bytes(), entry.as_bytes());
    }
    server.expect_alive();
    server.expect_idle();
    server.expect_back_to(&before);
}

/// Goes on when a datagram comes from an address that cannot be answered.
// Not judged: a datagram forged with the server's own address. The promise is
// to answer whoever sent it, and a right program may do so to the letter.
#[rstest]
fn survives_a_forged_sender(server: Server) {
    server.suspect(&[
        (Cause::Exited, "dies-when-a-send-fails"),
        (Cause::Panicked, "dies-when-a-send-fails"),
        (Cause::Silent, "dies-when-a-send-fails"),
    ]);
    for _ in 0..3 {
        if !server.forge_datagram(0, b"answer=me") {
            return;
        }
        ask(&server, &server.udp(), b"next", b"next");
    }
    server.expect_alive();
}

/// A client that floods it and never reads changes nothing for the next one,
/// and leaves nothing behind.
#[rstest]
fn survives_a_flood(program: Program) {
    let payload = program.rng().bytes(1200);
    let server = program.arg("127.0.0.1:0").serve();
    ask(&server, &server.udp(), b"before", b"before");
    let before = server.baseline();
    let flooding = UdpSocket::bind("127.0.0.1:0").expect("a socket for the flood");
    for size in (0..FLOOD).map(|index| index % payload.len()) {
        // What this machine drops is no less of a flood.
        let _ = flooding.send_to(&payload[..size], server.addr());
    }
    let printed = lines_printed(&server);
    let next = server.udp();
    // Where the network is full, losing a datagram is no mistake.
    let answered = (0..20).any(|_| {
        next.send_to(server.addr(), b"next");
        next.receive_within(Duration::from_millis(500)).is_some()
    });
    // The system keeps fewer than these for a socket: the rest it has kept itself.
    if lines_printed(&server) > printed + 400 {
        server.suspect(&[(Cause::Silent, "works-off-a-flood")]);
    }
    server.expect_that(
        answered,
        Cause::Silent,
        "an answer to the next client, who asks every 500 ms",
        "none for 10 s after the flood",
    );
    ask(&server, &server.udp(), b"after", b"after");
    server.expect_alive();
    server.suspect(&[(Cause::Spinning, "busy-waits")]);
    server.expect_idle();
    server.expect_back_to(&before);
}

/// Goes on when nobody reads its stdout any more.
#[rstest]
fn keeps_serving_without_stdout(server: Server) {
    let client = server.udp();
    ask(&server, &client, b"loud", b"loud");
    let dies = "panics-without-stdout";
    use Cause::{Exited, Killed, Panicked, Silent};
    server.suspect(&[Exited, Killed, Panicked, Silent].map(|cause| (cause, dies)));
    server.close_stdout();
    for round in 0..5 {
        let entry = format!("quiet {round}=yes");
        ask(&server, &client, entry.as_bytes(), entry.as_bytes());
    }
    server.expect_alive();
}

/// Ends with exit code 1 and an `Error: …` that names the address when it is
/// taken; without an argument, that address is 127.0.0.1:34254.
#[rstest]
fn refuses_a_taken_address(program: Program) {
    let holder = program.udp_stranger();
    let taken = holder.addr().to_string();
    let reason = if cfg!(windows) { "" } else { "in use" };
    let running = program.clone().arg(&taken).start();
    running.suspect(&[(Cause::StillRunning, "moves-to-another-port")]);
    running.expect_error(&[&taken, reason]);
    running.suspect(&[(Cause::WrongOutput, "announces-before-it-listens")]);
    let told = running.transcript();
    let expected = "no `listening on …` where the address is taken";
    let silent = !told.contains("listening on");
    running.expect_that(silent, Cause::WrongOutput, expected, &told);
    let default = "another-default";
    let causes = [Cause::WrongAddress, Cause::WrongError];
    program.suspect(&causes.map(|cause| (cause, default)));
    program.expect_default_address(DEFAULT_ADDR);
}

/// Ends with exit code 1 and an `Error: …` that names the argument when that
/// is no address.
#[rstest]
#[case::no_port("127.0.0.1")]
#[case::no_address("nonsense")]
#[case::no_number("127.0.0.1:notaport")]
#[case::no_such_port("127.0.0.1:65536")]
fn refuses_wrong_arguments(program: Program, #[case] argument: &str) {
    let running = program.arg(argument).start();
    running.suspect(&[(Cause::StillRunning, "guesses-when-an-argument-is-wrong")]);
    running.expect_error(&[argument]);
}
