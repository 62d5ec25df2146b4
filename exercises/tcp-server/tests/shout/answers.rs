//! What it answers, and when.

use std::time::Duration;

use probe::Program;

use super::{expect_at_once, serve, shouted};

const MIB: usize = 1024 * 1024;

/// The answer to `bytes` is `answer`, and nothing more.
#[track_caller]
pub(crate) fn answers(program: &Program, bytes: &[u8], answer: &[u8]) {
    let server = serve(program);
    let client = server.connect();
    client.ask(bytes, answer);
    // Once more: the second answer must carry nothing of the first.
    client.ask(b"and?\n", b"AND?\n");
    client.ask(bytes, answer);
}

/// One byte after the other, each only when the last one was answered: whoever
/// waits for more before it answers waits for ever.
#[track_caller]
pub(crate) fn answers_at_once(program: &Program) {
    let text = program.rng().text(12);
    let server = serve(program);
    let client = server.connect();
    let times = text
        .as_bytes()
        .chunks(1)
        .map(|byte| client.ask(byte, &shouted(byte)))
        .collect();
    expect_at_once(&server, times);
}

/// Megabytes in odd pieces, read as fast as they come.
#[track_caller]
pub(crate) fn answers_every_byte_in_order(program: &Program) {
    let mut rng = program.rng();
    let server = serve(program);
    let client = server.connect();
    for (length, longest) in [(10_000, 7), (8 * MIB, 50_000)] {
        let bytes = rng.bytes(length);
        let pieces = rng.pieces(&bytes, longest);
        client.exchange(&pieces, &shouted(&bytes));
    }
    client.expect_silence(Duration::from_millis(100));
}

/// A client that writes until nothing more is taken, and only then reads; and
/// one that ends its side before it reads, and reads in sips.
#[track_caller]
pub(crate) fn waits_for_a_slow_reader(program: &Program) {
    let bytes = program.rng().bytes(12 * MIB);
    let server = serve(program);
    let client = server.connect();
    let taken = client.send_until_stuck(&bytes);
    server.stay_silent();
    server.expect_idle();
    client.exchange(&[&bytes[taken..]], &shouted(&bytes));
    drop(client);

    let client = server.connect();
    let taken = client.send_until_stuck(&bytes[..MIB]);
    client.end_stream();
    client.exchange_slowly(&[], &shouted(&bytes[..taken]));
    client.expect_end();
}
