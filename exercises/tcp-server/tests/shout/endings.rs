//! How conversations end, and what is left of them.

use probe::{Cause, Program, Server};

use super::{MIB, serve, shouted, talk};

/// The client ends its side: what is left is answered, then the server ends
/// its own.
#[track_caller]
pub(crate) fn closes_when_the_client_does(program: &Program) {
    let left = program.rng().text(60_000);
    let server = serve(program);

    let client = server.connect();
    client.ask(b"so long\n", b"SO LONG\n");
    // Before anything has ended: who spins now spins always.
    server.suspect(&[(Cause::Spinning, "busy-waits")]);
    server.expect_idle();
    server.suspect(&[
        (Cause::StillOpen, "never-closes-its-side"),
        (Cause::Reset, "closes-with-a-reset"),
        (Cause::Exited, "stops-after-one-client"),
    ]);
    client.end_stream();
    client.expect_end();

    server.suspect(&[
        (Cause::ClosedEarly, "closes-before-the-last-answer"),
        (Cause::Partial, "closes-before-the-last-answer"),
        (Cause::Reset, "closes-before-the-last-answer"),
        (Cause::StillOpen, "never-closes-its-side"),
        (Cause::Exited, "stops-after-one-client"),
        (Cause::Refused, "stops-after-one-client"),
    ]);
    // The end may come before the program has begun to answer, or after.
    for _ in 0..10 {
        let client = server.connect();
        client.send(left.as_bytes());
        client.end_stream();
        client.expect(&shouted(left.as_bytes()));
        client.expect_end();
    }

    let client = server.connect();
    client.end_stream();
    client.expect_end();

    server.expect_idle();
}

/// Connections that break: idle, with bytes on their way in both directions,
/// after the end of the client's side, and before they are even accepted.
#[track_caller]
pub(crate) fn survives_resets(program: &Program) {
    let bytes = program.rng().bytes(300_000);
    let server = serve(program);
    server.suspect(&[
        (Cause::Exited, "dies-with-its-client"),
        (Cause::Killed, "dies-with-its-client"),
        (Cause::Refused, "dies-with-its-client"),
        (Cause::Panicked, "panics-on-a-vanished-peer"),
        (Cause::Spinning, "spins-on-a-broken-connection"),
    ]);
    for (number, length) in [(1, 0), (2, 1), (3, bytes.len())] {
        let client = server.connect();
        server.expect_line(&format!("[client {number}] connected"));
        client.ask(b"hello\n", b"HELLO\n");
        client.send_regardless(&bytes[..length]);
        client.reset();
        server.expect_line_starting(&format!("[client {number}] "));
    }
    // This one breaks while the server waits to send: no read tells of it.
    let client = server.connect();
    server.expect_line("[client 4] connected");
    client.send_until_stuck(&vec![b'x'; MIB], 32 * MIB);
    client.reset();
    server.expect_line_starting("[client 4] ");
    // How these look to the server depends on how fast it is.
    for length in [0, 60_000].repeat(20) {
        server.connect().reset();
        let client = server.connect();
        client.send_regardless(&bytes[..length]);
        client.end_stream();
        client.reset();
        talk(&server);
    }
    server.expect_idle();
    server.expect_alive();
}

/// Clients come and go in four ways; nothing of them may stay.
#[track_caller]
pub(crate) fn returns_to_its_baseline(program: &Program) {
    let server = serve(program);
    talk(&server);
    // A runtime may start what it needs with the first clients, and keep it.
    fifty_clients(&server);
    let before = server.baseline();
    server.suspect(&[
        (Cause::LeakingThreads, "leaks-threads"),
        (Cause::LeakingDescriptors, "leaks-connections"),
    ]);
    fifty_clients(&server);
    server.expect_back_to(&before);
    server.expect_idle();
}

#[track_caller]
fn fifty_clients(server: &Server) {
    for number in 0..52 {
        let client = server.connect();
        match number % 4 {
            0 => client.close(),
            1 => {
                client.ask(b"hello\n", b"HELLO\n");
                client.close();
            }
            2 => {
                client.ask(b"hello\n", b"HELLO\n");
                client.reset();
            }
            _ => client.reset(),
        }
    }
    talk(server);
}
