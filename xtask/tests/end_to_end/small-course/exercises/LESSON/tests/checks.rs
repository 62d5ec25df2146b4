//! The checks of a small lesson.

use probe::{Program, Server};
use rstest::{fixture, rstest};

#[fixture]
fn program() -> Program {
    probe::program!()
}

#[fixture]
fn server(program: Program) -> Server {
    program.arg("127.0.0.1:0").serve()
}

/// Prints its address as soon as it accepts clients.
#[rstest]
fn announces_its_address(server: Server) {
    drop(server.connect());
}

/// Says hello to each client.
#[rstest]
#[case::the_first(1)]
#[case::the_third(3)]
fn greets(server: Server, #[case] clients: usize) {
    for _ in 0..clients {
        server.connect().expect(b"hello\n");
    }
}

/// Closes the connection after the greeting.
#[rstest]
fn closes(server: Server) {
    let client = server.connect();
    client.expect(b"hello\n");
    client.expect_end();
}
