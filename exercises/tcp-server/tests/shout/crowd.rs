//! Many clients at the same time.

use std::time::Duration;

use probe::{Peer, Program, Server};

use super::{expect_at_once, serve};

/// Clients that are silent and one that never reads; all others are served as
/// if they were not there, and the silent ones as soon as they speak, also
/// after a pause of the program.
#[track_caller]
pub(crate) fn serves_clients_side_by_side(program: &Program) {
    let server = serve(program);
    let silent: Vec<Peer> = (0..100).map(|_| one_stays_and_one_talks(&server)).collect();
    let stalled = server.connect();
    stalled.send_until_stuck(&vec![b'x'; 32 * 1024 * 1024]);

    let client = server.connect();
    let times = (0..12).map(|_| client.ask(b"hello\n", b"HELLO\n"));
    expect_at_once(&server, times.collect());

    server.stay_silent();
    // As when a laptop is closed and opened: what waits may be interrupted.
    if server.pause() {
        client.expect_silence(Duration::from_millis(100));
        server.resume();
        client.ask(b"good morning\n", b"GOOD MORNING\n");
    }
    for peer in &silent {
        peer.ask(b"still here\n", b"STILL HERE\n");
    }
    server.expect_alive();
}

/// A client comes and says nothing; the next one is served all the same.
#[track_caller]
fn one_stays_and_one_talks(server: &Server) -> Peer {
    let silent = server.connect();
    server.connect().ask(b"hello\n", b"HELLO\n");
    silent
}
