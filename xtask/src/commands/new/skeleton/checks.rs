//! The checks of LESSON: TITLE.

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

/// Binds ADDR, and prints `listening on ADDR` with the real port as its first
/// line.
#[rstest]
fn announces_its_address(server: Server) {
    drop(server.connect());
}
