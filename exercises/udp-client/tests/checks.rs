//! The checks of udp-client: it gets its answer from a network, played by the
//! harness, that loses, delays and repeats datagrams, and brings strangers'.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use probe::{Cause, Datagram, Ended, PATIENCE, Program, Running, UdpPeer};
use rstest::{fixture, rstest};

const DEFAULT_ADDR: &str = "127.0.0.1:34254";
/// The most that UDP over IPv4 can carry.
const LARGEST: usize = 65_507;

#[fixture]
fn program() -> Program {
    probe::program!()
}

/// Starts it with the harness's address and `request` as its arguments.
#[track_caller]
fn start(program: &Program, server: &UdpPeer, request: &str) -> Running {
    let addr = server.addr().to_string();
    program.clone().args([&addr, request]).start()
}

/// The next datagram to `server` must be `request`.
#[track_caller]
fn expect_request(running: &Running, server: &UdpPeer, request: &str) -> Datagram {
    let asked = server.receive();
    running.expect_that(
        asked.bytes == request.as_bytes(),
        Cause::Mangled,
        &format!("a datagram with the request and nothing else: `{request}`"),
        &format!("`{}`", String::from_utf8_lossy(&asked.bytes)),
    );
    asked
}

/// It must print that it received `count` bytes, `text`, and end. Further tries
/// are no mistake: for them, a machine that stands still is a slow network.
#[track_caller]
fn expect_answer(running: &Running, count: usize, text: &str) {
    running.expect_line_past("sent ", &format!("received {count} bytes: {text}"));
    let ended = running.expect_exit(0);
    let is_text = std::str::from_utf8(&ended.stdout).is_ok();
    let expected = "UTF-8 on stdout: what is none is replaced";
    running.expect_that(is_text, Cause::WrongOutput, expected, "bytes that are none");
}

/// Sends REQUEST to ADDR, prints `sent N bytes to SERVER` and `received N
/// bytes: ANSWER`, and ends with exit code 0. Without a request it asks `hello`.
#[rstest]
#[case::a_request(&["tea"], "tea", "tea=green")]
#[case::the_default_request(&[], "hello", "hello")]
fn asks_and_prints(
    program: Program,
    #[case] arguments: &[&str],
    #[case] request: &str,
    #[case] answer: &str,
) {
    for last in [false, false, true] {
        let server = program.udp_server();
        let addr = server.addr().to_string();
        let running = program.clone().arg(addr).args(arguments).start();
        let asked = expect_request(&running, &server, request);
        // The line comes when it sends, and not when it ends.
        running.next_line();
        if tries_told(&running) > 1 {
            running.suspect(&[(Cause::WrongExitCode, "buffers-its-output")]);
        }
        server.send_to(asked.from, answer.as_bytes());
        running.expect_exit(0);
        // Where this machine was too slow for the first try, one more is right.
        if last || tries_told(&running) == 1 {
            let name = format!("asks_{request}");
            return probe::expect_snapshot!(name.as_str(), running);
        }
    }
}

fn tries_told(running: &Running) -> usize {
    running.transcript().matches("sent ").count()
}

/// Without any argument, asks 127.0.0.1:34254. Prints the server as IP:PORT, also
/// where it was given a name.
#[rstest]
fn finds_its_server(program: Program) {
    if let Some(server) = program.udp_server_on_default(DEFAULT_ADDR) {
        let running = program.clone().start();
        server.answer_all(b"hello=you");
        expect_answer(&running, 9, "hello=you");
    }
    let server = program.udp_server();
    let by_name = format!("localhost:{}", server.addr().port());
    let running = program.arg(&by_name).start();
    server.answer_all(b"hello=you");
    // That name may also lead to an address where nobody listens.
    let told = running.transcript();
    let expected = "`sent 5 bytes to IP:PORT` on stdout";
    running.expect_that(
        !told.contains(&by_name),
        Cause::WrongOutput,
        expected,
        &told,
    );
}

/// Sends the request as it is, to the byte, in one datagram.
#[rstest]
#[case::an_empty_one("")]
#[case::a_write("sum=1+1=2")]
#[case::with_spaces("  two  words ")]
#[case::with_letters_of_two_bytes("größe=5 µm")]
#[case::the_largest(&"x".repeat(LARGEST))]
fn sends_its_request_to_the_byte(program: Program, #[case] request: &str) {
    // Windows hands no program so long an argument.
    if cfg!(windows) && request.len() > 30_000 || !program.can_send_datagrams_of(request.len()) {
        return;
    }
    let server = program.udp_server();
    let running = start(&program, &server, request);
    expect_request(&running, &server, request);
    running.expect_line(&format!("sent {} bytes to [server]", request.len()));
}

/// Takes what is about its key for the answer: the key alone, or the key, `=`
/// and any value. A write is answered so too.
#[rstest]
#[case::nothing_written("tea", "tea")]
#[case::a_value("tea", "tea=green")]
#[case::an_empty_value("tea", "tea=")]
#[case::as_written("tea=green", "tea=green")]
#[case::written_by_another("tea=green", "tea=black")]
#[case::forgotten("tea=green", "tea")]
#[case::more_equals_signs("sum=1+1=2", "sum=2=1+1")]
#[case::the_empty_key("", "=nothing")]
#[case::the_empty_key_written("=something", "")]
fn accepts_answers_about_its_key(program: Program, #[case] request: &str, #[case] answer: &str) {
    let server = program.udp_server();
    let running = start(&program, &server, request);
    let asked = server.receive();
    server.send_to(asked.from, answer.as_bytes());
    expect_answer(&running, answer.len(), answer);
}

/// Prints an answer of any size whole; what is no UTF-8 in it is replaced.
#[rstest]
#[case::of_600_bytes(600, b".", ".")]
#[case::of_2100_bytes(2100, b".", ".")]
#[case::of_9000_bytes(9000, b".", ".")]
#[case::as_large_as_can_be(LARGEST, b".", ".")]
#[case::of_bytes_that_are_no_text(600, b"\xff", "\u{fffd}")]
fn prints_long_answers_whole(
    program: Program,
    #[case] size: usize,
    #[case] end: &[u8],
    #[case] printed: &str,
) {
    if !program.can_send_datagrams_of(size) {
        return;
    }
    if end.is_ascii() {
        program.suspect(&[(Cause::WrongOutput, "cuts-datagrams")]);
    }
    let text = format!("tea={}", program.rng().text(size - 5));
    let server = program.udp_server();
    let running = start(&program, &server, "tea");
    let asked = server.receive();
    server.send_to(asked.from, &[text.as_bytes(), end].concat());
    expect_answer(&running, size, &(text + printed));
}

/// Asks again when no answer comes within 500 ms, and prints a `sent` line for
/// each try.
#[rstest]
#[case::one_try_lost(1)]
#[case::two_tries_lost(2)]
fn asks_again(program: Program, #[case] lost: u32) {
    for last in [false, false, true] {
        let server = program.udp_server();
        let begun = Instant::now();
        let running = start(&program, &server, "tea");
        let mut tries = vec![expect_request(&running, &server, "tea")];
        running.suspect(&[
            (Cause::NeverCame, "waits-for-ever"),
            (Cause::Exited, "asks-only-once"),
        ]);
        for _ in 0..lost {
            tries.push(expect_request(&running, &server, "tea"));
        }
        running.suspect(&[]);
        let took = begun.elapsed();
        let expected = "another try only after 500 ms without an answer";
        let got = format!("{lost} more within {} ms", took.as_millis());
        let not_too_soon = took >= Duration::from_millis(400) * lost;
        running.expect_that(not_too_soon, Cause::Extra, expected, &got);
        let waits = tries.windows(2).map(|two| two[1].at - two[0].at);
        let longest = waits.max().unwrap_or_default();
        // A busy machine may delay a try, but hardly in each of three rounds.
        let in_time = longest < Duration::from_millis(900);
        let expected = "another try after 500 ms without an answer";
        let got = format!("it came after {} ms", longest.as_millis());
        running.expect_that(in_time || !last, Cause::Late, expected, &got);
        server.send_to(tries[tries.len() - 1].from, b"tea=green");
        for _ in &tries {
            running.expect_line("sent 3 bytes to [server]");
        }
        expect_answer(&running, 9, "tea=green");
        if in_time {
            return;
        }
    }
}

/// Takes an answer that comes late, during the next try, where its first try
/// came from; and takes it once, however often it comes.
#[rstest]
#[case::by_one_try(1)]
#[case::by_two_tries(2)]
fn counts_a_late_answer(program: Program, #[case] late: usize) {
    let server = program.udp_server();
    let running = start(&program, &server, "tea");
    let asked = server.receive();
    for _ in 0..late {
        server.receive();
    }
    running.suspect(&[(Cause::Exited, "asks-from-a-new-port")]);
    for _ in 0..=late {
        server.send_to(asked.from, b"tea=late");
    }
    expect_answer(&running, 8, "tea=late");
    running.expect_that(
        running.transcript().matches("received ").count() == 1,
        Cause::Extra,
        "one `received` line",
        &running.transcript(),
    );
}

/// Gives up after three tries, with exit code 1 and an `Error: …` that names
/// the server and says how long it waited.
#[rstest]
fn gives_up_after_three_tries(program: Program) {
    let server = program.udp_server();
    let running = start(&program, &server, "tea");
    for _ in 0..3 {
        expect_request(&running, &server, "tea");
    }
    running.suspect(&[
        (Cause::StillRunning, "retries-for-ever"),
        (Cause::WrongExitCode, "exits-with-zero-on-failure"),
    ]);
    let ended = running.expect_error(&[&server.addr().to_string()]);
    server.expect_silence(Duration::from_millis(100));
    running.expect_that(
        ended.after >= Duration::from_millis(1400),
        Cause::Exited,
        "500 ms of patience for each of three tries",
        &format!("the end after {} ms", ended.after.as_millis()),
    );
    running.expect_that(
        says_how_long(&ended),
        Cause::WrongError,
        "an error that says how long it waited: `1.5 s`, for instance",
        &ended.error(),
    );
}

/// Whether the error names what was waited in all, or for each of three tries.
fn says_how_long(ended: &Ended) -> bool {
    let all = Duration::from_millis(1400)..=ended.after + Duration::from_millis(500);
    let each = Duration::from_millis(500);
    let three = ended.error().contains('3') || ended.error().contains("three");
    let named = ended.durations();
    named.iter().any(|waited| all.contains(waited)) || (three && named.contains(&each))
}

/// Leaves datagrams alone that are not about its key, however many come: no
/// answer, and no reason to ask again.
#[rstest]
#[case::another_key("tea", "milk=tea")]
#[case::another_key_without_a_value("tea", "milk")]
#[case::a_longer_key("tea", "teapot=full")]
#[case::a_longer_key_without_a_value("tea", "teapot")]
#[case::a_part_of_the_key("tea", "te")]
#[case::an_empty_one("tea", "")]
#[case::the_empty_key("tea", "=tea")]
#[case::in_capitals("tea", "TEA=green")]
#[case::the_key_further_on("tea", " tea=green")]
#[case::no_empty_key("", "milk=white")]
fn ignores_other_answers(program: Program, #[case] key: &str, #[case] other: &str) {
    let server = program.udp_server();
    let running = start(&program, &server, key);
    let asked = server.receive();
    running.suspect(&[(Cause::WrongOutput, "takes-any-answer")]);
    for _ in 0..4 {
        server.send_to(asked.from, other.as_bytes());
    }
    let answer = format!("{key}=the right one");
    server.send_to(asked.from, answer.as_bytes());
    expect_answer(&running, answer.len(), &answer);
}

/// Leaves datagrams alone that are not from its server, however right they look.
#[rstest]
fn ignores_strangers(program: Program) {
    let server = program.udp_server();
    let stranger = program.udp_stranger();
    let running = start(&program, &server, "tea");
    let asked = server.receive();
    running.suspect(&[(Cause::WrongOutput, "listens-to-strangers")]);
    for _ in 0..4 {
        stranger.send_to(asked.from, b"tea=poison");
    }
    // The server's port, but another machine's address (where this machine has two).
    if let Ok(neighbour) = UdpSocket::bind(("127.0.0.2", server.addr().port())) {
        let _ = neighbour.send_to(b"tea=hemlock", asked.from);
    }
    server.send_to(asked.from, b"tea=green");
    expect_answer(&running, 9, "tea=green");
}

/// Datagrams that are no answer put off neither the next try nor the end, even
/// when they never cease.
#[rstest]
fn keeps_its_clock(program: Program) {
    let server = program.udp_server();
    let stranger = program.udp_stranger();
    let running = start(&program, &server, "tea");
    let asked = server.receive();
    running.suspect(&[(Cause::StillRunning, "restarts-its-clock")]);
    let mut tries = 1;
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline && !running.stderr().contains("Error: ") {
        server.send_to(asked.from, b"milk=white");
        stranger.send_to(asked.from, b"tea=poison");
        if server.receive_within(Duration::from_millis(100)).is_some() {
            tries += 1;
        }
    }
    let gave_up = running.stderr().contains("Error: ");
    let then = if gave_up {
        "then an error"
    } else {
        "and no end within 5 s"
    };
    running.expect_that(
        tries >= 3 && gave_up,
        if gave_up {
            Cause::Exited
        } else {
            Cause::StillRunning
        },
        "three tries, then an error, while other datagrams come all the time",
        &format!("{tries} of them, {then}"),
    );
    running.expect_error(&[&server.addr().to_string()]);
}

/// Ends with exit code 1 and an `Error: …` that names the address where nobody
/// listens.
#[rstest]
fn reports_nobody_listening(program: Program) {
    let nobody = program.refused_udp();
    let addr = nobody.addr().to_string();
    let running = program.args([&addr, "hello"]).start();
    running.suspect(&[(Cause::StillRunning, "waits-for-ever")]);
    running.expect_error(&[&addr]);
}

/// Ends with exit code 1 and an `Error: …` when the request is too large for a
/// datagram, and sends no part of it.
#[rstest]
fn refuses_a_request_too_large(program: Program) {
    if cfg!(windows) {
        return program.skip("no argument can be so long here");
    }
    let server = program.udp_server();
    let running = start(&program, &server, &"x".repeat(LARGEST + 1));
    running.suspect(&[(Cause::Panicked, "panics-on-an-error")]);
    running.expect_error(&[&server.addr().to_string()]);
    server.expect_silence(Duration::from_millis(100));
}

/// Ends with exit code 1 and an `Error: …` that names the argument when that
/// is no address.
#[rstest]
#[case::no_port("127.0.0.1")]
#[case::no_address("nonsense")]
#[case::no_number("127.0.0.1:notaport")]
#[case::no_such_port("127.0.0.1:65536")]
fn refuses_wrong_arguments(program: Program, #[case] argument: &str) {
    // Arguments that are no text are not judged: the promise about bytes is one
    // about the wire.
    let running = program.args([argument, "hello"]).start();
    running.expect_error(&[argument]);
}
