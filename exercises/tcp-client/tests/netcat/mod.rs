//! What the checks of the netcat have in common: its start, what it carries,
//! and which mistake a failure means.

mod account;
mod input;
mod output;

use probe::{Cause, Listener, Peer, Program, Running};

pub(crate) use account::{expect_counts, let_it_count};
pub(crate) use input::expect_sent;
pub(crate) use output::expect_printed;

pub(crate) const MIB: usize = 1024 * 1024;

/// Starts it with the harness's address; it must connect.
#[track_caller]
pub(crate) fn start(program: &Program) -> (Running, Peer) {
    let listener: Listener = program.listen();
    let running = program.clone().arg(listener.addr().to_string()).start();
    let server = listener.accept();
    (running, server)
}

/// At least `length` bytes of text; the first of its lines has ten bytes, the
/// others a thousand.
pub(crate) fn megabytes(program: &Program, length: usize) -> Vec<u8> {
    const PART: usize = 1_000_003;
    let mut part = program.rng().text(length.min(PART)).into_bytes();
    for byte in part.iter_mut().skip(9).step_by(1_000) {
        *byte = b'\n';
    }
    part.repeat(length.div_ceil(PART))
}

/// It must end well; the server's end of stream is no failure.
#[track_caller]
pub(crate) fn expect_good_end(running: &Running) -> Vec<u8> {
    running.suspect(&[
        (
            Cause::StillRunning,
            "waits-for-stdin-when-the-server-is-gone",
        ),
        (Cause::WrongExitCode, "takes-the-end-for-a-failure"),
        (Cause::Spinning, "spins-at-end-of-stream"),
        (Cause::Flooding, "spins-at-end-of-stream"),
    ]);
    let ended = running.expect_exit(0);
    running.suspect(&[]);
    ended.stdout
}
