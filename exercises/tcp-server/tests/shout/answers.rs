//! What it answers, and when.

use std::time::Duration;

use probe::{Cause, Peer, Program, Server};

use super::{MIB, are_at_once, expect_at_once, gives_up, serve, shouted};

/// The answer to `bytes` is `answer`, and nothing more.
#[track_caller]
pub(crate) fn answers(program: &Program, bytes: &[u8], answer: &[u8]) {
    let server = serve(program);
    let client = server.connect();
    server.suspect(&[
        (Cause::Silent, "ends-at-a-zero-byte"),
        (Cause::Partial, "ends-at-a-zero-byte"),
    ]);
    if !bytes.contains(&0) {
        server.suspect(&[]);
    }
    if std::str::from_utf8(bytes).is_err() {
        let insists = "insists-on-text";
        server.suspect(
            &[Cause::ClosedEarly, Cause::Reset, Cause::Silent].map(|cause| (cause, insists)),
        );
    }
    let finds_nothing = "reads-into-an-empty-buffer";
    server.suspect_when(
        |out| out.contains(" disconnected after 0 bytes"),
        &[Cause::ClosedEarly, Cause::Reset].map(|cause| (cause, finds_nothing)),
    );
    client.ask(bytes, answer);
    // A conversation is more than one question.
    server.suspect(
        &[Cause::ClosedEarly, Cause::Reset].map(|cause| (cause, "stops-after-one-answer")),
    );
    // Once more: the second answer must carry nothing of the first.
    client.ask(b"and?\n", b"AND?\n");
    client.ask(bytes, answer);
}

/// One question after the other, each asked only when the last one was
/// answered: whoever waits for more before it answers waits for ever. First
/// single bytes, then sizes at which a buffer may just be full.
#[track_caller]
pub(crate) fn answers_at_once(program: &Program) {
    let text = program.rng().text(65_536);
    let text = text.as_bytes();
    let server = serve(program);
    let client = server.connect();
    let ask = |question: &[u8]| client.ask(question, &shouted(question));
    let times: Vec<Duration> = text.chunks(1).take(12).map(ask).collect();
    if !are_at_once(&times) {
        server.suspect(&[(Cause::Late, why_late(&server, &client))]);
    }
    expect_at_once(&server, times);
    // No word ends the conversation.
    for word in ["\n", "\r\n", "quit\n", "exit\n", "bye\n"] {
        ask(word.as_bytes());
    }
    // Single bytes were answered: what is it that it waits for now?
    server.suspect(&[
        (Cause::Silent, "waits-for-a-short-read"),
        (Cause::Partial, "reads-once-an-event"),
    ]);
    for power in 1..=16 {
        ask(&text[..1 << power]);
    }
}

/// What keeps it from an answer that is on its way, just now.
fn why_late(server: &Server, client: &Peer) -> &'static str {
    client.send_regardless(b"x");
    std::thread::sleep(Duration::from_millis(30));
    match server.blocks_its_event_loop() {
        true => "blocks-the-runtime",
        false => "sleeps-before-it-answers",
    }
}

/// Megabytes in odd pieces, read as fast as they come, and counted.
#[track_caller]
pub(crate) fn answers_every_byte_in_order(program: &Program) {
    let mut rng = program.rng();
    let server = serve(program);
    server.suspect(&[(Cause::ClosedEarly, "limits-the-stream")]);
    // Where it closes in the middle, some bytes are on their way and lost.
    let resets = |pitfall| [(Cause::Reset, pitfall)];
    server.suspect_when(
        |out| out.contains(" disconnected after "),
        &resets("limits-the-stream"),
    );
    server.suspect_when(has_no_room, &resets("writes-without-write-all"));
    let client = server.connect();
    for (length, longest) in [(10_000, 7), (8 * MIB, 50_000)] {
        let bytes = rng.bytes(length);
        let pieces = rng.pieces(&bytes, longest);
        client.exchange(&pieces, &shouted(&bytes));
    }
    client.expect_silence(Duration::from_millis(100));
    client.end_stream();
    server.expect_line("[client 1] connected");
    server.expect_line("[client 1] disconnected after 8398608 bytes");
}

/// It says that its only client is not served any more.
fn has_ended(server: &Server) -> bool {
    let said = server.transcript();
    [" disconnected ", " failed"]
        .iter()
        .any(|end| said.contains(end))
}

/// It says of a client that it failed since a write would have had to wait.
fn has_no_room(stdout: &str) -> bool {
    ["os error 11)", "os error 35)", "temporarily unavailable"]
        .iter()
        .any(|reason| stdout.contains(reason))
}

/// A client that writes until nothing more is taken, ends its side, and only
/// then reads, in sips: the program has the last bytes of the answer long
/// before it can send them.
#[track_caller]
pub(crate) fn waits_for_a_slow_reader(program: &Program) {
    let part = program.rng().bytes(MIB + 1);
    // A program that gives up on this one, too, does not mind the slow reader
    // in particular. The other has a server of its own: this check is no matter
    // of serving several.
    let elsewhere = serve(program);
    let bystander = elsewhere.connect();
    let server = serve(program);
    let client = server.connect();
    let taken = client.send_until_stuck(&part, 24 * part.len());
    server.stay_silent();
    server.suspect(&gives_up("gives-up-on-silent-clients"));
    bystander.expect_silence(Duration::from_millis(10));
    server.suspect(&[(Cause::Spinning, "busy-waits")]);
    server.expect_idle();
    // Nothing has ended yet. Where the program takes it for ended nevertheless,
    // it has given up; else, what is missing in the end was lost.
    let loses = "writes-without-write-all";
    if !has_ended(&server) {
        server.suspect(&[(Cause::ClosedEarly, loses), (Cause::Partial, loses)]);
    }
    server.suspect_when(|_| true, &gives_up("gives-up-on-slow-readers"));
    client.end_stream();
    let answer = shouted(&part).repeat(taken.div_ceil(part.len()));
    // What comes last is on its way by then, and waits for nobody but us.
    let (sips, gulp) = answer[..taken].split_at(taken.saturating_sub(3 * MIB));
    client.exchange_slowly(&[], sips);
    client.expect(gulp);
    client.expect_end();
}
