//! The example greets each of its clients.

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

#[rstest]
fn greets(server: Server) {
    for client in [server.connect(), server.connect()] {
        client.expect(b"hello\n");
        client.expect_end();
    }
}
