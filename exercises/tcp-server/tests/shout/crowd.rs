//! Many clients at the same time.

use std::time::Duration;

use probe::{Cause, Peer, Program, Server};

use super::{expect_at_once, serve};

/// Clients that are silent and one that never reads; all others are served as
/// if they were not there, and the silent ones as soon as they speak, also
/// after a pause of the program. `too_few` is the pitfall of a program that
/// serves some clients side by side, but not all.
#[track_caller]
pub(crate) fn serves_clients_side_by_side(program: &Program, too_few: &'static str) {
    let server = serve(program);
    // Who cannot even serve two waits for the first, with a lock in its hand.
    server.suspect(&[(Cause::Silent, "holds-a-lock-while-it-waits")]);
    let mut silent = vec![one_stays_and_one_talks(&server)];
    server.suspect(&[(Cause::Silent, too_few)]);
    silent.extend((1..100).map(|_| one_stays_and_one_talks(&server)));
    let stalled = server.connect();
    let stalls = "lets-one-client-stop-all";
    server.suspect(&[(Cause::Silent, stalls), (Cause::Late, stalls)]);
    let much = vec![b'x'; 32 * 1024 * 1024];
    let taken = stalled.send_until_stuck(&much);

    let client = server.connect();
    let times = (0..12).map(|_| client.ask(b"hello\n", b"HELLO\n"));
    expect_at_once(&server, times.collect());

    // Another one that stalls, to fill whatever buffer the first one's answer
    // waits in.
    let other = server.connect();
    other.send_until_stuck(&vec![b'y'; 32 * 1024 * 1024]);

    let gives_up = "gives-up-on-silent-clients";
    server.suspect(&[(Cause::ClosedEarly, gives_up), (Cause::Reset, gives_up)]);
    server.stay_silent();
    silent[0].expect_silence(Duration::from_millis(100));
    // As when a laptop is closed and opened: what waits may be interrupted.
    let interrupted = "takes-an-interruption-for-a-failure";
    if server.pause() {
        server.suspect(&[Cause::ClosedEarly, Cause::Exited].map(|cause| (cause, interrupted)));
        client.expect_silence(Duration::from_millis(100));
        server.resume();
        client.ask(b"good morning\n", b"GOOD MORNING\n");
    }
    server.suspect(&[(Cause::ClosedEarly, gives_up), (Cause::Reset, gives_up)]);
    for peer in &silent {
        peer.ask(b"still here\n", b"STILL HERE\n");
    }
    // It reads at last, and has no part of what the others said.
    server.suspect(&[
        (Cause::Mangled, "mixes-clients"),
        (Cause::Spinning, "busy-waits"),
    ]);
    stalled.expect(&much[..taken].to_ascii_uppercase());
    server.expect_idle();
    server.expect_alive();
}

/// A client comes and says nothing; the next one is served all the same.
#[track_caller]
fn one_stays_and_one_talks(server: &Server) -> Peer {
    let silent = server.connect();
    server.connect().ask(b"hello\n", b"HELLO\n");
    silent
}
