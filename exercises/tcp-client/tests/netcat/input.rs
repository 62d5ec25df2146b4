//! From stdin to the server.

use probe::{Cause, Peer, Program, Running};

use super::start;

/// What is typed must reach the server, to the byte, and then the end.
#[track_caller]
pub(crate) fn expect_sent(program: &Program, bytes: &[u8]) {
    let (running, server) = start(program);
    running.write_stdin(bytes);
    running.close_stdin();
    let is_line_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let (line, rest) = match std::str::from_utf8(bytes) {
        Ok(_) if !bytes.contains(&0) => {
            bytes.split_at(bytes.iter().position(is_line_end).unwrap_or(bytes.len()))
        }
        _ => (bytes, &[][..]),
    };
    suspect_of_the_line(&running, bytes);
    if std::str::from_utf8(bytes).is_err() {
        // Lines, and input as a whole, are taken for text along the way.
        let ways = ["reads-stdin-by-the-line", "reads-stdin-to-its-end"];
        running.has_a_habit(habit(program).filter(|habit| ways.contains(habit)));
    }
    server.expect(line);
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        suspect_of_line_ends(program, &running);
    }
    server.expect(rest);
    end(&running, &server);
}

/// From here on it has nothing more to send.
#[track_caller]
fn end(running: &Running, server: &Peer) {
    server.end_stream();
    server.expect_end();
    running.suspect(&[]);
}

/// The cases come in this order: text, then zero bytes, then bytes that are no
/// text. What stops at one of them has carried those before it.
fn suspect_of_the_line(running: &Running, bytes: &[u8]) {
    let mistake = match std::str::from_utf8(bytes) {
        Err(_) => "insists-on-text",
        Ok(text) if text.contains('\0') => "ends-at-a-zero-byte",
        Ok(text) if text.ends_with('\n') => "forgets-to-flush",
        Ok(_) => "reads-stdin-by-the-line",
    };
    let mut suspects = vec![(Cause::ClosedEarly, mistake)];
    if bytes.contains(&0) {
        let others = [Cause::Mangled, Cause::Exited, Cause::Partial, Cause::Silent];
        suspects.extend(others.map(|cause| (cause, mistake)));
    }
    running.suspect(&suspects);
}

/// Line ends that are missing, changed or added: most often it is lines that
/// are read, and without their ends.
fn suspect_of_line_ends(program: &Program, running: &Running) {
    let mistake = habit(program).unwrap_or("changes-line-ends");
    let causes = [
        Cause::Mangled,
        Cause::Extra,
        Cause::ClosedEarly,
        Cause::Partial,
        Cause::Silent,
    ];
    running.suspect(&causes.map(|cause| (cause, mistake)));
}

/// The pitfall of a program that does not send a single byte when it is typed.
fn habit(program: &Program) -> Option<&'static str> {
    let habit = program.try_out(|program| {
        let (running, server) = start(program);
        running.write_stdin(b"x");
        server.why_nothing_comes()
    });
    habit.flatten()
}
