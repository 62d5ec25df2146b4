//! Many clients at the same time.

use std::time::Duration;

use probe::{Cause, Peer, Program, Server};

use super::{MIB, expect_at_once, gives_up, serve};

/// Clients that are silent and one that never reads; all others are served as
/// if they were not there, and the silent ones as soon as they speak, also
/// after a pause of the program. `exhausted_by` says which pitfall it is when
/// so many silent clients are enough to keep all others from being served.
#[track_caller]
pub(crate) fn serves_clients_side_by_side(
    program: &Program,
    exhausted_by: impl Fn(usize) -> &'static str,
) {
    let server = serve(program);
    let mut silent: Vec<Peer> = Vec::new();
    for number in 1..=100 {
        let stays = server.connect();
        if number == 1 {
            // Whatever a server holds while it waits for a client, it holds for
            // this one before the next one comes.
            stays.ask(b"hello\n", b"HELLO\n");
            suspect_one_at_a_time(&server);
        } else {
            server.suspect(&[(Cause::Silent, exhausted_by(number))]);
        }
        server.connect().ask(b"hello\n", b"HELLO\n");
        silent.push(stays);
    }
    let hears_others = [(Cause::Extra, "answers-the-wrong-client")];
    server.suspect(&hears_others);
    silent[0].expect_silence(Duration::from_millis(20));
    let stalled = server.connect();
    let stalls = "lets-one-client-stop-all";
    server.suspect(&[(Cause::Silent, stalls), (Cause::Late, stalls)]);
    let mut much = vec![b'x'; MIB];
    let taken = stalled.send_until_stuck(&much, 32 * MIB);

    let client = server.connect();
    let times = (0..12).map(|_| client.ask(b"hello\n", b"HELLO\n"));
    expect_at_once(&server, times.collect());

    // Another one that stalls, to fill whatever buffer the first one's answer
    // waits in.
    let other = server.connect();
    much.fill(b'y');
    other.send_until_stuck(&much, 32 * MIB);

    let gives_up = gives_up("gives-up-on-silent-clients");
    server.suspect(&gives_up);
    server.suspect_when(|_| true, &hears_others);
    server.stay_silent();
    silent[0].expect_silence(Duration::from_millis(10));
    // As when a laptop is closed and opened: what waits may be interrupted.
    let interrupted = "takes-an-interruption-for-a-failure";
    if server.pause() {
        server.suspect(&[Cause::ClosedEarly, Cause::Exited].map(|cause| (cause, interrupted)));
        client.expect_silence(Duration::from_millis(30));
        server.resume();
        client.ask(b"good morning\n", b"GOOD MORNING\n");
    }
    server.suspect(&gives_up);
    for peer in &silent {
        peer.ask(b"still here\n", b"STILL HERE\n");
    }
    // It reads at last, and has no part of what the others said.
    server.suspect(&[
        (Cause::Mangled, "mixes-clients"),
        (Cause::Spinning, "busy-waits"),
    ]);
    stalled.expect(&vec![b'X'; taken]);
    server.expect_idle();
    server.expect_alive();
}

/// Names the pitfall of a program that accepts two clients, and serves only one
/// of them: where one thread waits beside the one that accepts clients, that one
/// serves all; else they get in each other's way.
fn suspect_one_at_a_time(server: &Server) {
    server.suspect(&[]);
    let one_by_one = (Cause::Silent, "serves-one-client-at-a-time");
    server.suspect_by_usage(|usage| usage.threads == 2, &[one_by_one]);
    let lock = (Cause::Silent, "holds-a-lock-while-it-waits");
    server.suspect_when(|_| true, &[lock]);
}
