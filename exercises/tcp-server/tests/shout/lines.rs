//! What it prints, and when.

use std::net::SocketAddr;
use std::time::Duration;

use probe::{Cause, Peer, Server};

/// Three clients, one after the other: one that talks, one that says nothing,
/// one whose connection breaks. Each line must be there before the next thing
/// happens.
#[track_caller]
pub(crate) fn tells_what_happens(server: &Server) {
    let client = server.connect();
    suspect_what_lines_tell(server);
    let line = server.next_line_or(|| why_untold(server, &client));
    server.expect_that(
        line == "[client 1] connected",
        Cause::WrongOutput,
        "`[client 1] connected` on stdout ([…] stands for an IP:PORT)",
        &format!("`{line}`"),
    );
    client.ask(b"hello\n", b"HELLO\n");
    client.ask(b"and goodbye\n", b"AND GOODBYE\n");
    client.end_stream();
    client.expect_end();
    server.expect_line("[client 1] disconnected after 18 bytes");

    let client = server.connect();
    server.expect_line("[client 2] connected");
    client.end_stream();
    client.expect_end();
    server.expect_line("[client 2] disconnected after 0 bytes");

    let client = server.connect();
    server.expect_line("[client 3] connected");
    client.ask(b"hello\n", b"HELLO\n");
    client.reset();
    let dies = "dies-with-its-client";
    server.suspect(&[
        (Cause::Exited, dies),
        (Cause::Killed, dies),
        (Cause::Spinning, "spins-on-a-broken-connection"),
        (Cause::Silent, "prints-too-late-or-not-at-all"),
    ]);
    let other_words = (Cause::WrongOutput, "prints-in-other-words");
    server.suspect_when(has_other_words, &[other_words]);
    server.suspect_when(
        |_| true,
        &[(Cause::WrongOutput, "treats-a-reset-as-the-end")],
    );
    server.expect_line_starting("[client 3] failed: ");
    server.suspect(&[other_words]);
}

/// Which mistake a wrong line is the sign of, as long as no connection breaks.
fn suspect_what_lines_tell(server: &Server) {
    let wrong = |pitfall| [(Cause::WrongOutput, pitfall)];
    server.suspect(&[
        (Cause::Silent, "prints-too-late-or-not-at-all"),
        (Cause::Panicked, "panics-on-a-vanished-peer"),
    ]);
    server.suspect_when(names_itself, &wrong("prints-its-own-address"));
    server.suspect_when(
        |out| out.contains(" failed"),
        &wrong("takes-the-end-for-a-failure"),
    );
    // The last of the first client's questions has 12 bytes, both have 18.
    server.suspect_when(
        |out| out.trim_end().ends_with(" disconnected after 12 bytes"),
        &wrong("counts-only-the-last-read"),
    );
    server.suspect_when(has_other_words, &wrong("prints-in-other-words"));
}

/// Behind the announcement, a line begins with the address that it announced.
fn names_itself(stdout: &str) -> bool {
    let mut lines = stdout.lines();
    let own = lines
        .next()
        .and_then(|line| line.strip_prefix("listening on "));
    own.is_some_and(|own| lines.any(|line| line.split(' ').next() == Some(own)))
}

/// Behind the announcement stands a line that is no event.
fn has_other_words(stdout: &str) -> bool {
    !stdout.lines().skip(1).all(is_an_event)
}

fn is_an_event(line: &str) -> bool {
    let Some((client, event)) = line.split_once(' ') else {
        return false;
    };
    let count = event
        .strip_prefix("disconnected after ")
        .and_then(|rest| rest.strip_suffix(" bytes"));
    client.parse::<SocketAddr>().is_ok()
        && (event == "connected"
            || event.starts_with("failed: ")
            || count.is_some_and(|count| count.parse::<u64>().is_ok()))
}

/// Where the line has gone that a client is `connected`.
fn why_untold(server: &Server, client: &Peer) -> Option<&'static str> {
    let told = format!("{} connected", client.addr());
    if server.stderr().contains(&told) {
        return Some("prints-events-on-stderr");
    }
    // Where much more is printed, what has waited in a buffer comes with it.
    for _ in 0..400 {
        server.connect().close();
    }
    let came = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        String::from_utf8_lossy(&server.stdout()).contains(&told)
    });
    came.then_some("buffers-its-output")
}

/// The reason of a failure is in the program's own words.
pub(crate) fn without_reason(line: &str) -> String {
    match line.split_once(" failed: ") {
        Some((client, reason)) if !reason.is_empty() => format!("{client} failed: REASON"),
        _ => line.to_owned(),
    }
}
