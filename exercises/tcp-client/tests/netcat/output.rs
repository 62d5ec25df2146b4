//! From the server to stdout.

use std::time::Duration;

use probe::{Cause, PATIENCE, Program, Running, amount};

use super::{expect_good_end, start};

type Suspect = (Cause, &'static str);

/// The server sends `bytes` and ends; they must be on stdout, and nothing else.
#[track_caller]
pub(crate) fn expect_printed(program: &Program, bytes: &[u8]) -> Running {
    let (running, server) = start(program);
    running.close_stdin();
    // It is gone before it has got anything: what has happened is that stdin ended.
    let gone = [Cause::Exited, Cause::Reset];
    running.suspect(&gone.map(|cause| (cause, "closes-both-sides")));
    server.send(bytes);
    server.end_stream();
    suspect_of_a_closed_door(&running);
    let printed = expect_good_end(&running);
    if printed.windows(bytes.len()).any(|part| part == bytes) {
        let stuffed = printed.ends_with(&[0; 4]);
        let mistake = match stuffed {
            true => "sends-the-whole-buffer",
            false => "prints-more-than-the-stream",
        };
        running.suspect(&[(Cause::Extra, mistake)]);
        running.expect_that(
            printed == bytes,
            Cause::Extra,
            "the server's bytes on stdout and nothing else",
            &format!("{} more", amount(printed.len() - bytes.len())),
        );
    }
    if printed != bytes {
        running.suspect(&why_not_printed(
            program,
            bytes,
            &printed,
            &running.stderr(),
        ));
    }
    running.expect_stdout(bytes);
    running
}

/// The connection "broke" while the server was sending: the program itself has
/// closed it.
#[track_caller]
fn suspect_of_a_closed_door(running: &Running) {
    let broke = |said: &str| said.contains("reset") || said.contains("broken pipe");
    if running.ends_within(PATIENCE) && broke(&running.stderr().to_lowercase()) {
        running.suspect(&[(Cause::WrongExitCode, "closes-both-sides")]);
        running.expect_exit(0);
    }
}

/// What it means that `printed` came instead of `bytes`.
fn why_not_printed(program: &Program, bytes: &[u8], printed: &[u8], stderr: &str) -> Vec<Suspect> {
    let text = String::from_utf8_lossy(printed);
    let list = format!("{:?}", &bytes[..3]);
    if text.contains(list.trim_matches(['[', ']'])) || text.contains("\\x") || text.contains("\\n")
    {
        return vec![(Cause::WrongOutput, "prints-with-debug")];
    }
    let is_ascii = |byte: &&u8| byte.is_ascii();
    if printed
        .iter()
        .filter(is_ascii)
        .eq(bytes.iter().filter(is_ascii))
    {
        // Only what is no ASCII is lost, or has become something else.
        return through_text();
    }
    if !printed.is_empty() && bytes.starts_with(printed) {
        // One that ends with its stdin may have printed the first of it.
        return came_short(match prints(program, bytes, false) {
            true => "closes-both-sides",
            false => "takes-one-read-for-a-message",
        });
    }
    if stderr.contains(&format!("received {} bytes", bytes.len())) {
        let mistake = match prints(program, b"no zero byte in here", true) {
            true => "ends-at-a-zero-byte",
            false => "loses-the-end-of-its-output",
        };
        return came_short(mistake);
    }
    match prints(program, bytes, false) {
        true => came_short("closes-both-sides"),
        false => Vec::new(),
    }
}

fn through_text() -> Vec<Suspect> {
    let causes = [Cause::WrongOutput, Cause::Exited, Cause::Partial];
    causes
        .map(|cause| (cause, "mangles-bytes-through-utf8"))
        .to_vec()
}

fn came_short(mistake: &'static str) -> Vec<Suspect> {
    let causes = [
        Cause::Exited,
        Cause::Silent,
        Cause::Partial,
        Cause::WrongOutput,
    ];
    causes.map(|cause| (cause, mistake)).to_vec()
}

/// Whether it prints `bytes` when it is started once more.
fn prints(program: &Program, bytes: &[u8], stdin_ends: bool) -> bool {
    let printed = program.try_out(|program| {
        let (running, server) = start(program);
        if stdin_ends {
            running.close_stdin();
        }
        server.send_regardless(bytes);
        server.end_stream();
        // Where it waits for stdin, it has printed what it prints by then.
        let _ = running.ends_within(Duration::from_secs(1));
        running.stdout()
    });
    printed.is_some_and(|printed| printed == bytes)
}
