//! What a server that shouts promises, as its clients see it.
//!
//! The lessons tcp-server and tokio-echo keep the same promise, and their
//! checks are written here once.

mod answers;
mod crowd;
mod endings;
mod start;

use std::time::Duration;

use probe::{Cause, Program, Running, Server};

pub(crate) use answers::*;
pub(crate) use crowd::*;
pub(crate) use endings::*;
pub(crate) use start::*;

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
pub(crate) fn expect_at_once(server: &Running, mut times: Vec<Duration>) {
    const AT_ONCE: Duration = Duration::from_millis(200);
    times.sort();
    let third = times[2];
    server.expect_that(
        third < AT_ONCE,
        Cause::Late,
        "answers at once, well under 200 ms",
        &format!("all but two answers took {third:.0?} or longer"),
    );
}
