//! What a server that shouts promises, as its clients see it.
//!
//! The lessons tcp-server and tokio-echo keep the same promise, and their
//! checks are written here once.

mod answers;
mod crowd;
mod endings;
mod lines;
mod start;

use std::time::Duration;

use probe::{Cause, Program, Running, Server};

pub(crate) use answers::*;
pub(crate) use crowd::*;
pub(crate) use endings::*;
pub(crate) use lines::*;
pub(crate) use start::*;

pub(crate) const MIB: usize = 1024 * 1024;

/// Starts the program on a port that the system chooses.
#[track_caller]
pub(crate) fn serve(program: &Program) -> Server {
    program.clone().arg("127.0.0.1:0").serve()
}

/// The right answer to `bytes`.
pub(crate) fn shouted(bytes: &[u8]) -> Vec<u8> {
    bytes.to_ascii_uppercase()
}

/// A conversation that any client may have, to its end.
#[track_caller]
pub(crate) fn talk(server: &Server) {
    let client = server.connect();
    client.ask(b"Is anybody here?\n", b"IS ANYBODY HERE?\n");
    client.end_stream();
    client.expect_end();
}

/// The answers that took `times` must have come at once.
///
/// On a busy machine some come late, whatever the program does; a program that
/// waits for something before it answers makes all of them late.
#[track_caller]
pub(crate) fn expect_at_once(server: &Running, times: Vec<Duration>) {
    let third = third(&times).as_millis();
    server.expect_that(
        are_at_once(&times),
        Cause::Late,
        "answers at once, well under 200 ms",
        &format!("all answers but two took {third} ms or longer"),
    );
}

pub(crate) fn are_at_once(times: &[Duration]) -> bool {
    third(times) < Duration::from_millis(200)
}

fn third(times: &[Duration]) -> Duration {
    let mut times = times.to_vec();
    times.sort();
    times[2]
}

/// How a connection ends that the program has given up: `pitfall`.
pub(crate) fn gives_up(pitfall: &'static str) -> [(Cause, &'static str); 3] {
    // Where a thread ends with an error that nobody handles, it does not say
    // more than that time was up.
    [Cause::ClosedEarly, Cause::Reset, Cause::Panicked].map(|cause| (cause, pitfall))
}
