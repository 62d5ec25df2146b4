//! Wrong arguments.

use std::net::TcpListener;
use std::time::Duration;

use probe::{Cause, Program, Running};

/// It has been given `wrong` and went on: what does it take it for?
pub(crate) fn what_it_takes_it_for(
    program: &Program,
    running: &Running,
    wrong: &str,
) -> &'static str {
    let accepted = wrong == "0" && !running.stderr().contains("rror");
    match accepted && waits_for_ever_at_0(program) {
        true => "takes-0-for-no-limit",
        false => "guesses-when-an-argument-is-wrong",
    }
}

/// Whether it waits for longer than its default, which is five seconds.
fn waits_for_ever_at_0(program: &Program) -> bool {
    let limited = program.try_out(|program| {
        let silent = TcpListener::bind("127.0.0.1:0").ok()?;
        let addr = silent.local_addr().ok()?.to_string();
        let running = program.clone().args([&addr, "0", "30000"]).start();
        Some(running.ends_within(Duration::from_millis(6_500)))
    });
    limited.flatten() == Some(false)
}

/// It must have refused `wrong`, with an error that says what was wrong: the value,
/// or which of the arguments.
#[track_caller]
pub(crate) fn expect_error_about_a_number(running: &Running, wrong: &str, addr: &str) {
    let ended = running.expect_error(&[]);
    let error = ended.error();
    let got = format!("`{}`", ended.stderr.trim_end());
    running.suspect(&[(Cause::WrongError, "hides-the-argument-in-errors")]);
    // An address has zeros of its own.
    let said = error.replace(addr, "");
    let names = [wrong, "timeout", "deadline"];
    running.expect_that(
        names.iter().any(|name| said.contains(name)),
        Cause::WrongError,
        &format!("an error that says what is wrong: `{wrong}`, or which argument that was"),
        &got,
    );
    // A message about a wait has tried what 0 might mean.
    running.suspect(&[(Cause::WrongError, "guesses-when-an-argument-is-wrong")]);
    running.expect_that(
        !error.contains("timed out"),
        Cause::WrongError,
        "an error about the argument, and no connection",
        &got,
    );
}
