//! The checks of udp-client: it gets its answer from a network, played by the
//! harness, that loses, delays and repeats datagrams, and brings strangers'.

mod asking;

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use asking::*;
use probe::{Cause, Program, Rule};
use rstest::{fixture, rstest};

const DEFAULT_ADDR: &str = "127.0.0.1:34254";
/// The most that UDP over IPv4 can carry.
const LARGEST: usize = 65_507;

#[fixture]
fn program() -> Program {
    probe::program!()
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
        if arguments.is_empty() {
            let causes = [Cause::Exited, Cause::Panicked, Cause::WrongExitCode];
            running.suspect(&causes.map(|cause| (cause, "another-default")));
        }
        let asked = expect_request(&running, &server, request);
        running.suspect(&[]);
        // The line comes when it sends, and not when it ends.
        running.next_line();
        if tries_told(&running.transcript()) > 1 {
            running.suspect(&[(Cause::WrongExitCode, "buffers-its-output")]);
        }
        suspect_after_the_answer(&running);
        server.send_to(asked.from, answer.as_bytes());
        running.expect_exit(0);
        // Where this machine was too slow for the first try, one more is right.
        if last || tries_told(&running.transcript()) == 1 {
            let name = format!("asks_{request}");
            return probe::expect_snapshot!(name.as_str(), running);
        }
    }
}

/// Without any argument, asks 127.0.0.1:34254. Prints the server as IP:PORT, also
/// where it was given a name.
// Slow: a name may lead to an address where nobody listens.
#[rstest]
fn finds_its_server(program: Program) {
    if let Some(server) = program.udp_server_on_default(DEFAULT_ADDR) {
        let running = program.clone().start();
        let elsewhere = "another-default";
        let causes = [Cause::Exited, Cause::Silent, Cause::WrongExitCode];
        running.suspect_when(
            |told| !told.contains(DEFAULT_ADDR),
            &causes.map(|cause| (cause, elsewhere)),
        );
        server.answer_all(b"hello=you");
        expect_answer(&running, 9, "hello=you");
    }
    let server = program.udp_server();
    let by_name = format!("localhost:{}", server.addr().port());
    let running = program.arg(&by_name).start();
    server.answer_all(b"hello=you");
    // That name may also lead to an address where nobody listens.
    let told = running.transcript();
    running.suspect(&[(Cause::WrongOutput, "prints-what-it-was-told")]);
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
    let mistake = match request.matches('=').count() {
        _ if answer.is_empty() => "takes-an-empty-datagram-for-the-end",
        2.. => "splits-at-the-wrong-equals-sign",
        _ => "leaves-its-answer-alone",
    };
    running.suspect(&NOT_TAKEN.map(|cause| (cause, mistake)));
    server.send_to(asked.from, answer.as_bytes());
    expect_answer(&running, answer.len(), answer);
}

/// Prints an answer of any size whole; what is no UTF-8 in it is replaced.
#[rstest]
#[case::of_600_bytes(600, b".", ".")]
#[case::of_2100_bytes(2100, b".", ".")]
#[case::of_9000_bytes(9000, b".", ".")]
#[case::as_large_as_can_be(LARGEST, b".", ".")]
#[case::of_letters_that_take_two_bytes(600, "üß".as_bytes(), "üß")]
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
    let text = format!("tea={}", program.rng().text(size - 4 - end.len()));
    let server = program.udp_server();
    let running = start(&program, &server, "tea");
    let asked = server.receive();
    if end.is_ascii() {
        running.suspect(&[(Cause::WrongOutput, "cuts-datagrams")]);
    } else {
        running.suspect(&NOT_TAKEN.map(|cause| (cause, "insists-on-text")));
    }
    server.send_to(asked.from, &[text.as_bytes(), end].concat());
    expect_answer(&running, size, &(text + printed));
}

/// Asks again when no answer comes within 500 ms, and prints a `sent` line for
/// each try.
// Slow: tries take their time.
#[rstest]
#[case::one_try_lost(1)]
#[case::two_tries_lost(2)]
fn asks_again(program: Program, #[case] lost: usize) {
    for last in [false, false, true] {
        let server = program.udp_server();
        let begun = Instant::now();
        let running = start(&program, &server, "tea");
        let tries = lose_tries(&running, &server, lost);
        running.suspect(&[
            (Cause::Extra, "asks-again-too-soon"),
            (Cause::Late, "asks-again-too-late"),
            (Cause::Exited, "gives-up-too-soon"),
            (Cause::WrongOutput, "tells-its-first-try-only"),
        ]);
        expect_no_haste(&running, lost, begun.elapsed());
        // A busy machine may delay a try, but hardly in each of three rounds.
        let in_time = came_in_time(&running, &tries, last);
        server.send_to(tries[lost].from, b"tea=green");
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
// Slow: tries take their time.
#[rstest]
#[case::by_one_try(1)]
#[case::by_two_tries(2)]
fn counts_a_late_answer(program: Program, #[case] late: usize) {
    let server = program.udp_server();
    let running = start(&program, &server, "tea");
    let asked = server.receive();
    let tries: Vec<_> = (0..late).map(|_| server.receive()).collect();
    if tries.iter().any(|again| again.from != asked.from) {
        running.suspect(&[(Cause::Exited, "asks-from-a-new-port")]);
    }
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
// Slow: tries take their time.
#[rstest]
fn gives_up_after_three_tries(program: Program) {
    let server = program.udp_server();
    let running = start(&program, &server, "tea");
    for _ in 0..3 {
        expect_request(&running, &server, "tea");
    }
    suspect_no_end(&running);
    let ended = running.expect_error(&[&server.addr().to_string()]);
    running.suspect(&[
        (Cause::Extra, "asks-too-often"),
        (Cause::Exited, "gives-up-too-soon"),
        (Cause::WrongError, "does-not-say-how-long"),
    ]);
    // Whatever it has sent is there by now.
    server.expect_silence(Duration::from_millis(10));
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
        ended.stderr.trim_end(),
    );
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
    let gives_up = match other {
        "" => "takes-an-empty-datagram-for-the-end",
        _ => "gives-up-on-a-wrong-datagram",
    };
    running.suspect(&[
        (Cause::WrongOutput, "takes-any-answer"),
        (Cause::Exited, gives_up),
        (Cause::Panicked, gives_up),
    ]);
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
    running.suspect(&[
        (Cause::WrongOutput, "listens-to-strangers"),
        (Cause::Exited, "gives-up-on-a-wrong-datagram"),
        (Cause::Panicked, "gives-up-on-a-wrong-datagram"),
    ]);
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
// Slow: tries take their time.
#[rstest]
fn keeps_its_clock(program: Program) {
    let server = program.udp_server();
    let stranger = program.udp_stranger();
    let running = start(&program, &server, "tea");
    let asked = server.receive();
    running.suspect(&[(Cause::StillRunning, "restarts-its-clock")]);
    expect_an_end_of(&running, || {
        server.send_to(asked.from, b"milk=white");
        stranger.send_to(asked.from, b"tea=poison");
        server.receive_within(Duration::from_millis(100)).is_some()
    });
    running.expect_error(&[&server.addr().to_string()]);
}

/// Gets its answer over a link that loses, repeats, delays and corrupts what
/// crosses it.
// Slow: tries take their time.
#[rstest]
#[case::loses_two_requests(&[Rule::lose().first(2).to_server()])]
#[case::loses_two_answers(&[Rule::lose().first(2).to_client()])]
#[case::delays_and_repeats(&[Rule::delay(Duration::from_millis(600)).to_client(), Rule::repeat(2)])]
#[case::corrupts_the_first_answer(&[Rule::corrupt(0).first(1).to_client()])]
#[case::does_anything(&[
    Rule::lose().first(2).to_server().with_chance(0.5),
    Rule::repeat(2).to_client(),
    Rule::corrupt(0).first(1).to_client(),
    Rule::delay(Duration::from_millis(100)).with_chance(0.5),
])]
fn crosses_a_bad_link(program: Program, #[case] rules: &[Rule]) {
    // Its clock runs also while a busy machine holds up the link. The rules do
    // the same to it each time, so who is wrong is wrong twice.
    let crossed = program.try_out(|program| crosses(program, rules));
    if crossed.is_none() {
        crosses(&program, rules);
    }
}

/// Ends with exit code 1 and an `Error: …` that names the address where nobody
/// listens.
#[rstest]
fn reports_nobody_listening(program: Program) {
    let nobody = program.refused_udp();
    let addr = nobody.addr().to_string();
    let running = program.args([&addr, "hello"]).start();
    suspect_no_end(&running);
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
    running.suspect(&[(Cause::StillRunning, "waits-for-ever")]);
    running.expect_error(&[&server.addr().to_string()]);
    running.suspect(&[(Cause::Extra, "cuts-its-request")]);
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
    let guesses = "guesses-when-an-argument-is-wrong";
    running.suspect(&[(Cause::StillRunning, guesses)]);
    // Somebody may even have answered where it went instead.
    running.suspect_when(
        |told| tries_told(told) > 0,
        &[(Cause::WrongExitCode, guesses)],
    );
    running.expect_error(&[argument]);
}
