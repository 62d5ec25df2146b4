//! The checks of tcp-client: a netcat. The harness is its server, its keyboard
//! and its screen. What they have in common stands in `netcat/`.

mod netcat;

use std::thread;
use std::time::Duration;

use netcat::{MIB, expect_counts, expect_good_end, expect_printed, megabytes, start};
use probe::{Cause, Delivery, Program};
use rstest::{fixture, rstest};

const DEFAULT_ADDR: &str = "127.0.0.1:7878";

#[fixture]
fn program() -> Program {
    probe::program!()
}

/// Sends what comes on stdin, to the byte, and nothing else.
#[rstest]
#[case::a_line(b"hello\n".to_vec())]
#[case::no_newline(b"no newline at the end".to_vec())]
#[case::other_line_ends(b"one\r\n\r\ntwo\n\n".to_vec())]
#[case::zero_bytes(b"one\0two\0\n".to_vec())]
#[case::all_values((0..=255).collect())]
fn sends_what_it_reads(program: Program, #[case] bytes: Vec<u8>) {
    netcat::expect_sent(&program, &bytes);
}

/// Prints what the server sends, to the byte; stdout carries nothing else.
#[rstest]
fn prints_what_it_receives(program: Program) {
    let all_values: Vec<u8> = (0..=255).chain(program.rng().bytes(300)).collect();
    expect_printed(&program, &all_values);
    let text = b"Welcome.\r\nThis line ends with the stream".to_vec();
    let running = expect_printed(&program, &text);
    probe::expect_snapshot!("prints_what_it_receives", running);
}

/// Sends at once: it waits neither for a newline, nor for more, nor for an
/// answer, nor for the end of stdin.
#[rstest]
fn sends_at_once(program: Program) {
    let text = program.rng().text(8);
    let (running, server) = start(&program);
    running.write_stdin(b"name\n");
    server.expect(b"name\n");
    server.send(b"password: ");
    let (first, others) = text.as_bytes().split_at(1);
    // It has sent once, and takes that for everything.
    let enough = [Cause::ClosedEarly, Cause::Exited, Cause::NotReading];
    running.suspect(&enough.map(|cause| (cause, "takes-one-read-for-a-message")));
    running.write_stdin(first);
    server.expect(first);
    for byte in others.chunks(1) {
        running.write_stdin(byte);
        server.expect(byte);
    }
}

/// Prints at once: it waits neither for a newline, nor for more, nor for stdin,
/// nor for the end of the stream.
#[rstest]
fn prints_at_once(program: Program) {
    let text = program.rng().text(8);
    let (running, server) = start(&program);
    server.send(b"Welcome.\n");
    running.expect_stdout(b"Welcome.\n");
    // It has printed once, and takes that for everything.
    let enough = [Cause::Exited, Cause::Reset];
    running.suspect(&enough.map(|cause| (cause, "takes-one-read-for-a-message")));
    for byte in text.as_bytes().chunks(1) {
        server.send(byte);
        running.expect_stdout(byte);
    }
}

/// When stdin ends, and not before, ends its side of the stream.
#[rstest]
#[case::after_some_bytes(b"so long\n")]
#[case::without_a_byte(b"")]
fn ends_its_side_when_stdin_ends(program: Program, #[case] bytes: &[u8]) {
    let (running, server) = start(&program);
    running.write_stdin(bytes);
    server.expect(bytes);
    running.suspect(&[(Cause::Exited, "takes-a-timeout-for-the-end")]);
    server.expect_silence(Duration::from_millis(200));
    running.close_stdin();
    running.suspect(&[
        (Cause::StillOpen, "never-ends-its-side"),
        (Cause::Spinning, "spins-at-end-of-stream"),
        (Cause::Exited, "closes-both-sides"),
    ]);
    server.expect_end();
    running.suspect(&[]);
    server.end_stream();
    expect_good_end(&running);
}

/// Reads the reply to its end, however late it comes and in however many
/// pieces, and rests while it waits; the end of stdin changes nothing.
// Slow: pauses take their time.
#[rstest]
fn reads_the_reply_to_its_end(program: Program) {
    let mut rng = program.rng();
    let reply = rng.text(20_000);
    let (running, server) = start(&program);
    running.write_stdin(b"a question\n");
    running.close_stdin();
    server.expect(b"a question\n");
    thread::sleep(Duration::from_millis(200));
    server.send_regardless(b"An answer.\n");
    running.suspect(&[(Cause::Exited, "closes-both-sides")]);
    running.expect_stdout(b"An answer.\n");
    running.stay_silent();
    let mistake = match running.stderr().contains("rror") {
        true => "gives-up-on-late-replies",
        false => "takes-a-timeout-for-the-end",
    };
    running.suspect(&[
        (Cause::Exited, mistake),
        (Cause::Panicked, mistake),
        (Cause::Spinning, "busy-waits"),
    ]);
    running.expect_idle();
    // None of these pauses is the end of the reply.
    let in_pieces = Delivery::in_random_pieces(8_000).with_gaps(Duration::from_millis(30));
    server.deliver(reply.as_bytes(), in_pieces);
    running.stay_silent();
    server.send_regardless(b", and that is all");
    server.end_stream();
    running.expect_stdout(reply.as_bytes());
    running.expect_stdout(b", and that is all");
    expect_good_end(&running);
}

/// When the server ends its stream, ends with exit code 0, even while stdin is
/// open or there is more to send.
#[rstest]
#[case::before_anything_was_said(0, 0, b"")]
#[case::after_talking(10, 10, b"go away\n")]
#[case::in_the_middle_of_sending(16_000_000, 1_000_000, b"enough")]
fn ends_when_the_server_does(
    program: Program,
    #[case] offered: usize,
    #[case] taken: usize,
    #[case] reply: &[u8],
) {
    let bytes = megabytes(&program, offered);
    let (running, server) = start(&program);
    thread::scope(|scope| {
        scope.spawn(|| running.offer_stdin(&bytes[..offered]));
        server.expect(&bytes[..taken]);
        server.send(reply);
        server.end_stream();
        expect_good_end(&running);
    });
}

/// At the end, says on stderr what it carried: `sent N bytes, received M bytes`.
#[rstest]
#[case::nothing("", "")]
#[case::a_question("hello\n", "")]
#[case::an_answer("", "go away")]
#[case::both("größe?\n", "twenty-one\nand no more\n")]
fn says_what_it_carried(program: Program, #[case] question: &str, #[case] reply: &str) {
    for stdin_ends in [true, false] {
        let (running, server) = start(&program);
        running.write_stdin(question.as_bytes());
        server.expect(question.as_bytes());
        server.send(reply.as_bytes());
        running.expect_stdout(reply.as_bytes());
        netcat::let_it_count();
        server.end_stream();
        if stdin_ends {
            running.close_stdin();
        }
        expect_good_end(&running);
        expect_counts(&running, question.len(), reply.len());
    }
}

/// Carries more than 32 MiB to a server, and as much back, without losing a byte
/// or standing still.
// Slow: megabytes take their time.
#[rstest]
#[case::to_one_that_echoes(64 * 1024)]
#[case::to_one_that_sends_first(17_000_000)]
fn carries_megabytes_both_ways(program: Program, #[case] at_once: usize) {
    let bytes = megabytes(&program, 34_000_000);
    let (running, server) = start(&program.clone().stdout_cap(64 * MIB));
    thread::scope(|scope| {
        scope.spawn(|| {
            running.offer_stdin(&bytes);
            running.close_stdin();
        });
        let loses = "writes-without-write-all";
        running.suspect(&[
            (Cause::NotReading, "sends-first-and-reads-later"),
            (Cause::Mangled, loses),
            (Cause::Partial, loses),
        ]);
        for piece in bytes.chunks(at_once) {
            if at_once < MIB {
                server.expect(piece);
                server.send(piece);
            } else {
                server.send(piece);
                server.expect(piece);
            }
        }
    });
    netcat::let_it_count();
    server.end_stream();
    running.suspect(&[(Cause::Exited, "loses-the-end-of-its-output")]);
    running.expect_stdout(&bytes);
    expect_good_end(&running);
    expect_counts(&running, bytes.len(), bytes.len());
}

/// A connection that breaks ends it with exit code 1 and an `Error: …`, whatever
/// it is doing then.
// Slow: so do many starts.
#[rstest]
#[case::at_once(0, 0, false)]
#[case::while_stdin_is_silent(10, 10, false)]
#[case::while_it_waits_for_the_reply(10, 10, true)]
#[case::while_it_sends(16_000_000, 1_000_000, false)]
fn reports_a_reset(
    program: Program,
    #[case] offered: usize,
    #[case] taken: usize,
    #[case] stdin_ends: bool,
) {
    let bytes = megabytes(&program, offered);
    for _ in 0..3 {
        let (running, server) = start(&program);
        thread::scope(|scope| {
            scope.spawn(|| {
                running.offer_stdin(&bytes[..offered]);
                if stdin_ends {
                    running.close_stdin();
                }
            });
            server.expect(&bytes[..taken]);
            server.reset();
            running.expect_end_without_panic();
            if !running.stderr().contains("rror") {
                running.suspect(&[(Cause::WrongExitCode, "treats-a-reset-as-the-end")]);
            }
            running.expect_error(&[]);
        });
        running.suspect(&[]);
        expect_own_end(&program, &bytes[..offered], taken);
    }
}

/// The server ends its stream and closes the connection with what was sent to
/// it unread: whether that is an end or a reset to the program is a matter of
/// luck, but a signal is neither.
#[track_caller]
fn expect_own_end(program: &Program, bytes: &[u8], taken: usize) {
    let (running, server) = start(program);
    thread::scope(|scope| {
        scope.spawn(|| running.offer_stdin(bytes));
        server.expect(&bytes[..taken]);
        server.end_stream();
        drop(server);
        let (ended, code) = running.expect_end_without_panic();
        if code.is_none() {
            running.suspect(&[(Cause::WrongExitCode, "is-killed-by-a-write")]);
        }
        running.expect_that(
            code == Some(0) || code == Some(1) && !ended.error().is_empty(),
            Cause::WrongExitCode,
            "exit code 0, or 1 and an `Error: …`, when the server closes",
            &match code {
                Some(code) => format!("exit code {code}, saying `{}`", ended.stderr.trim_end()),
                None => "a signal ended your program when it wrote to the closed connection".into(),
            },
        );
    });
}

/// Where nobody listens, ends with exit code 1 and an `Error: …` that names the
/// address and the reason.
#[rstest]
fn reports_a_refusal(program: Program) {
    let nobody = program.refused_tcp();
    let addr = nobody.addr().to_string();
    let running = program.arg(&addr).start();
    running.suspect(&[
        (Cause::StillRunning, "retries-for-ever"),
        (Cause::Spinning, "retries-for-ever"),
        (Cause::Flooding, "retries-for-ever"),
    ]);
    running.expect_error(&[&addr, "refused"]);
}

/// Without an argument, talks to 127.0.0.1:7878.
#[rstest]
fn talks_to_the_default_address(program: Program) {
    let Some(listener) = program.listen_on_default(DEFAULT_ADDR) else {
        return;
    };
    let elsewhere = [Cause::NeverCame, Cause::Exited, Cause::Panicked];
    program.suspect(&elsewhere.map(|cause| (cause, "another-default")));
    let running = program.start();
    let server = listener.accept();
    running.suspect(&[]);
    running.write_stdin(b"hello\n");
    running.close_stdin();
    server.expect(b"hello\n");
    server.end_stream();
    running.expect_exit(0);
}

/// Does not panic when nobody reads its stdout any more, and still ends when
/// the server does.
#[rstest]
fn never_panics_without_stdout(program: Program) {
    let (running, server) = start(&program);
    running.close_stdout();
    for _ in 0..10 {
        server.send_regardless(b"a line\n");
        thread::sleep(Duration::from_millis(20));
    }
    server.end_stream();
    running.expect_end_without_panic();
}

/// Where its argument is no address, ends with exit code 1 and an `Error: …`
/// that names it.
#[rstest]
#[case::no_port("127.0.0.1")]
#[case::no_address("nonsense")]
#[case::no_number("127.0.0.1:notaport")]
#[case::no_such_port("127.0.0.1:65536")]
fn refuses_wrong_arguments(program: Program, #[case] argument: &str) {
    // Whoever falls back to the default meets somebody there, and stays.
    let _silent = program.listen_on_default(DEFAULT_ADDR);
    let running = program.arg(argument).start();
    let guesses = "guesses-when-an-argument-is-wrong";
    running.suspect(&[
        (Cause::StillRunning, guesses),
        (Cause::WrongError, "hides-the-address-in-errors"),
        (Cause::Killed, "panics-on-an-error"),
    ]);
    running.expect_error(&[argument]);
}
