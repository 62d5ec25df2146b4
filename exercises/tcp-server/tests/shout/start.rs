//! How it starts, and what it refuses to start with.

use std::net::TcpListener;

use probe::{Cause, Program};

use super::{serve, talk};

/// Started twice with port 0, it listens on two ports, and says which; and
/// where it is told 127.0.0.2, it leaves all other addresses alone.
#[track_caller]
pub(crate) fn announces_its_address(program: &Program) {
    let first = serve(program);
    let second = serve(program);
    second.expect_that(
        first.addr() != second.addr(),
        Cause::WrongAddress,
        "two programs that were told port 0 listen on two ports",
        &format!("both say {}", second.addr()),
    );
    second.suspect(&[(Cause::Refused, "announces-before-it-listens")]);
    // Connecting is all that is asked for here: answers come later.
    drop([first.connect(), second.connect()]);

    // The whole of 127.0.0.0/8 belongs to this machine on Linux alone.
    if cfg!(target_os = "linux") {
        let elsewhere = program.clone().arg("127.0.0.2:0").serve();
        let port = elsewhere.addr().port();
        elsewhere.suspect(&[(Cause::WrongAddress, "binds-every-address")]);
        let neighbour = TcpListener::bind(("127.0.0.3", port));
        elsewhere.expect_that(
            neighbour.is_ok(),
            Cause::WrongAddress,
            "no other address than 127.0.0.2 is bound",
            &format!("port {port} is taken on 127.0.0.3 too"),
        );
    }
}

/// A second program on the same address must say why it cannot work.
#[track_caller]
pub(crate) fn refuses_a_taken_address(program: &Program) {
    let first = serve(program);
    let addr = first.addr().to_string();
    let second = program.clone().arg(&addr).start();
    second.suspect(&[
        (Cause::StillRunning, "retries-for-ever"),
        (Cause::Killed, "panics-on-an-error"),
    ]);
    second.expect_error(&[&addr, "in use"]);
}

/// What is no address must be named in the error.
#[track_caller]
pub(crate) fn refuses_wrong_arguments(program: &Program) {
    for wrong in [
        "nonsense",
        "127.0.0.1",
        "127.0.0.1:notaport",
        "127.0.0.1:65536",
    ] {
        let running = program.clone().arg(wrong).start();
        running.suspect(&[
            (Cause::StillRunning, "guesses-when-an-argument-is-wrong"),
            (Cause::Killed, "panics-on-an-error"),
        ]);
        running.expect_error(&[wrong]);
    }
}

/// Nobody reads its stdout any more: clients must not notice.
#[track_caller]
pub(crate) fn keeps_serving_without_stdout(program: &Program) {
    let server = serve(program);
    talk(&server);
    server.close_stdout();
    let lost = "panics-without-stdout";
    let causes = [
        Cause::Exited,
        Cause::Panicked,
        Cause::Killed,
        Cause::ClosedEarly,
        Cause::Reset,
        Cause::Refused,
        Cause::Silent,
    ];
    server.suspect(&causes.map(|cause| (cause, lost)));
    for _ in 0..3 {
        talk(&server);
        server.connect().reset();
    }
    talk(&server);
    server.expect_alive();
}
