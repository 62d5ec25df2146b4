//! The recogniser: from a cause and clues to a mistake that is known by name.
//!
//! It never guesses: where the evidence fits more than one mistake, there is no
//! name. A name is the id of a section in the book's pages of pitfalls.

mod datagram;
mod line;
mod stream;
mod text;

use std::net::SocketAddr;

use crate::cause::Cause;
use crate::clue::Clue;

/// What the recogniser looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) cause: Cause,
    pub(crate) clue: Clue<'a>,
    /// All of the program's stderr.
    pub(crate) stderr: &'a str,
    /// The harness has closed the reading end of its stdout.
    pub(crate) stdout_closed: bool,
    /// Its descriptors were limited.
    pub(crate) few_descriptors: bool,
    /// What it was started with.
    pub(crate) arguments: &'a [String],
    /// The last thing that any peer did was to end its stream.
    pub(crate) after_an_end: bool,
    /// The harness is its server.
    pub(crate) is_client: bool,
    /// A write to where nobody reads has ended it.
    pub(crate) killed_by_a_write: bool,
}

/// The pitfall, where the evidence is clear. `suspect` is what the check says
/// that this cause means where it failed: it knows the lesson, but less of this
/// program than the clues do.
pub(crate) fn recognise(facts: &Facts<'_>, suspect: Option<&'static str>) -> Option<&'static str> {
    // Who closes unasked does not close because of an answer.
    let unasked = matches!(facts.clue, Clue::ClosesUnasked);
    let suspect = suspect.filter(|id| !unasked || *id != "stops-after-one-answer");
    by_clue(facts)
        .or_else(|| by_end(facts))
        .or(suspect)
        .or_else(|| by_cause(facts))
}

fn by_clue(facts: &Facts<'_>) -> Option<&'static str> {
    match facts.clue {
        // Said before the end, and the reason for it more often than not.
        Clue::AskedElsewhere if facts.arguments.is_empty() => return Some("another-default"),
        Clue::AskedElsewhere => return Some("ignores-its-argument"),
        _ if is_an_end(facts.cause) => return None,
        _ => {}
    }
    match facts.clue {
        Clue::Exit { due: 0, .. } => speaks_of_text(facts.stderr).then_some("insists-on-text"),
        Clue::Exit { due: 1, got } if got != 0 => exit_code(facts),
        Clue::None | Clue::AskedElsewhere | Clue::Exit { .. } => None,
        // What a client adds is no answer: the check knows what it was.
        Clue::Stream { due, got } => {
            stream::recognise(due, got).filter(|id| !facts.is_client || *id != "adds-to-the-answer")
        }
        Clue::Datagram { due, got } => datagram::recognise(facts.cause, due, got),
        Clue::Telltale(pitfall) => Some(pitfall),
        Clue::Tried(pitfall) => pitfall,
        Clue::AnsweredAnother => Some("answers-the-wrong-client"),
        Clue::HearsOneClient => Some("connects-to-its-first-client"),
        Clue::Leftovers => Some("mixes-datagrams"),
        Clue::Repeated => Some("answers-more-than-once"),
        Clue::InPieces => Some("answers-in-pieces"),
        Clue::Cut => Some("cuts-datagrams"),
        Clue::Line { due, got } => line::is_debug_output(due, got).then_some("prints-with-debug"),
        Clue::Announced(addr) if addr.port() == 0 => Some("announces-the-port-it-asked-for"),
        Clue::Announced(addr) if addr.ip().is_unspecified() => Some("binds-every-address"),
        Clue::Announced(_) => Some("ignores-its-argument"),
        Clue::ListensNowhere => {
            (facts.cause == Cause::NeverAnnounced).then_some("waits-before-it-listens")
        }
        Clue::ListensUnheard => {
            (facts.cause == Cause::NeverAnnounced).then_some("buffers-its-output")
        }
        Clue::AnswersAfterNewline => Some("answers-only-after-a-newline"),
        Clue::AnswersAfterEnd => Some("answers-only-at-the-end"),
        Clue::AnswersAfterMuch => Some("waits-for-a-full-buffer"),
        Clue::AnswersAfterMuchInPart => Some("forgets-to-flush"),
        Clue::ListensTwice => Some("shares-a-taken-address"),
        Clue::ListensElsewhere => Some("moves-to-another-port"),
        Clue::NotAccepted { .. } if facts.cause != Cause::Silent || facts.few_descriptors => None,
        Clue::NotAccepted { served: 0 } => None,
        Clue::NotAccepted { served: 1 } => Some("serves-one-client-at-a-time"),
        // The check may know better why there are only so many, or why it ends.
        Clue::NotAccepted { .. } | Clue::ClosesUnasked => None,
        Clue::Message {
            stdout,
            stderr,
            due,
        } => message(facts.arguments, stdout, stderr, due),
    }
}

/// What a panic, or the last words of a program, say.
fn by_end(facts: &Facts<'_>) -> Option<&'static str> {
    if !is_an_end(facts.cause) {
        return None;
    }
    let said = facts.stderr.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if says(&["not yet implemented", "not implemented"]) {
        // A starter: it is not finished, which is no mistake.
        return None;
    }
    if says(&["registering a blocking socket"]) {
        // Tokio sees it coming.
        return Some("blocks-the-runtime");
    }
    if says(&["failed printing to stdout"])
        || (facts.stdout_closed && says(&["broken pipe", "brokenpipe"]))
    {
        return Some("panics-without-stdout");
    }
    if says(&["too many open files"]) && facts.few_descriptors {
        return Some("dies-when-accept-fails");
    }
    if speaks_of_text(facts.stderr) {
        return Some("insists-on-text");
    }
    if facts.stdout_closed && facts.cause == Cause::Killed {
        // SIGPIPE, which Rust and Python programs do not get.
        return Some("panics-without-stdout");
    }
    let on_any_port = facts.arguments.iter().any(|given| given.ends_with(":0"));
    if on_any_port && says(&["in use", "addrinuse"]) {
        // Nobody can be in the way of any free port.
        return Some("ignores-its-argument");
    }
    if facts.killed_by_a_write {
        return Some("is-killed-by-a-write");
    }
    let broke = says(&[
        "connection reset",
        "connectionreset",
        "broken pipe",
        "brokenpipe",
        "notconnected",
        "not connected",
    ]);
    match facts.cause {
        Cause::Panicked if broke && facts.is_client => Some("panics-on-an-error"),
        Cause::Panicked if broke => Some("panics-on-a-vanished-peer"),
        Cause::Panicked
            if says(&[
                "in use",
                "addrinuse",
                "refused",
                "invalid socket address",
                "invalid port",
            ]) || matches!(facts.clue, Clue::Exit { due: 1, .. }) =>
        {
            Some("panics-on-an-error")
        }
        Cause::Exited if broke && !facts.is_client => Some("dies-with-its-client"),
        _ => None,
    }
}

fn by_cause(facts: &Facts<'_>) -> Option<&'static str> {
    match facts.cause {
        Cause::Silent if matches!(facts.clue, Clue::NotAccepted { served: 2.. }) => {
            (!facts.few_descriptors).then_some("serves-only-so-many-clients")
        }
        Cause::ClosedEarly | Cause::Reset if matches!(facts.clue, Clue::ClosesUnasked) => {
            Some("closes-unasked")
        }
        Cause::WrongExitCode => exit_code(facts),
        Cause::Panicked if facts.is_client && speaks_of_an_error(facts.stderr) => {
            Some("panics-on-an-error")
        }
        Cause::WrongPeer => Some("answers-from-another-port"),
        Cause::WrongOutput => match facts.clue {
            Clue::Line { due, got } if line::differs_in_numbers(due, got) => {
                Some(match line::differs_by_a_full_counter(due, got) {
                    true => "counts-in-a-small-number",
                    false => "counts-what-it-did-not-send",
                })
            }
            _ => None,
        },
        Cause::Spinning | Cause::Flooding if facts.few_descriptors => {
            Some("spins-when-accept-fails")
        }
        Cause::Spinning if facts.after_an_end => Some("spins-at-end-of-stream"),
        _ => None,
    }
}

fn exit_code(facts: &Facts<'_>) -> Option<&'static str> {
    let Clue::Exit { due: 1, got } = facts.clue else {
        return None;
    };
    Some(match got {
        0 => "exits-with-zero-on-failure",
        _ if has_a_trace(facts.stderr) => "panics-on-an-error",
        _ => "exits-with-another-code",
    })
}

/// In the words of several languages: these bytes are no text.
fn speaks_of_text(stderr: &str) -> bool {
    const NO_TEXT: &[&str] = &[
        "utf8error",
        "unicodedecodeerror",
        "unicodeencodeerror",
        "codec can't",
        "valid utf-8",
    ];
    let said = stderr.to_lowercase();
    NO_TEXT.iter().any(|words| said.contains(words))
}

/// What was unwrapped was an error of the system's.
fn speaks_of_an_error(stderr: &str) -> bool {
    let words = ["`Err` value", "os error", "kind: ", "[Errno ", "timed out"];
    words.iter().any(|word| stderr.contains(word))
}

/// What Python and Go print of an error that nobody handled.
fn has_a_trace(stderr: &str) -> bool {
    stderr.contains("Traceback (most recent call last)") || stderr.contains("\ngoroutine ")
}

/// The program is gone: what was seen on the wire is only the consequence.
fn is_an_end(cause: Cause) -> bool {
    matches!(cause, Cause::Panicked | Cause::Exited | Cause::Killed)
}

fn message(arguments: &[String], stdout: &str, stderr: &str, due: &[&str]) -> Option<&'static str> {
    let begins = |text: &str| text.lines().any(|line| line.starts_with("Error: "));
    if due.contains(&"timed out") && shows_a_raw_timeout(stderr) {
        return Some("shows-the-raw-timeout-error");
    }
    if !begins(stderr) {
        return Some(match () {
            () if begins(stdout) => "reports-errors-on-stdout",
            () if has_a_trace(stderr) => "panics-on-an-error",
            () => "lacks-an-error-line",
        });
    }
    let is_given = |name: &str| arguments.iter().any(|given| given == name);
    let names_another = addresses(stderr).any(|addr| !is_given(&addr.to_string()));
    let mut addresses = due.iter().filter(|name| name.parse::<SocketAddr>().is_ok());
    if addresses.clone().count() == 0 {
        // A wrong argument is passed over; other words can be missing for many
        // reasons.
        let passed_over = due
            .iter()
            .any(|name| is_given(name) && !stderr.contains(*name));
        return (passed_over && names_another).then_some("guesses-when-an-argument-is-wrong");
    }
    // Where it names another address, it has not hidden this one: it has used
    // that one.
    if addresses.any(|addr| !stderr.contains(*addr)) {
        return (!names_another).then_some("hides-the-address-in-errors");
    }
    let said = stderr.to_lowercase();
    let reasons = ["in use", "refused"];
    let mut hidden = reasons.iter().filter(|reason| due.contains(reason));
    let hides = hidden.any(|reason| !said.contains(reason));
    hides.then_some("hides-the-reason-in-errors")
}

/// The addresses that `text` names.
pub(crate) fn addresses(text: &str) -> impl Iterator<Item = SocketAddr> {
    let words = text.split(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ':')));
    words.filter_map(|word| word.trim_end_matches(':').parse().ok())
}

/// The system's own words for the end of a wait, of a read or of a connect, as
/// Rust, Python and C pass them on.
fn shows_a_raw_timeout(stderr: &str) -> bool {
    let words = [
        "os error 11)",
        "os error 35)",
        "os error 10060)",
        "os error 115)",
        "errno 11]",
        "errno 35]",
        "resource temporarily unavailable",
        "operation now in progress",
        "operation would block",
        "wouldblock",
    ];
    let said = stderr.to_lowercase();
    let crashed = has_a_trace(stderr) || stderr.contains("panicked at");
    !crashed && !said.contains("timed out") && words.iter().any(|word| said.contains(word))
}

#[cfg(test)]
mod tests {
    //! Each clue, and what must not be taken for one.

    use super::{Clue, Facts, recognise};
    use crate::cause::Cause;

    fn facts<'a>(cause: Cause, clue: Clue<'a>) -> Facts<'a> {
        Facts {
            cause,
            clue,
            stderr: "",
            stdout_closed: false,
            few_descriptors: false,
            arguments: &[],
            after_an_end: false,
            is_client: false,
            killed_by_a_write: false,
        }
    }

    #[test]
    fn a_dead_program_is_not_judged_by_its_silence() {
        let mut facts = facts(Cause::Panicked, Clue::NotAccepted { served: 1 });
        assert_eq!(recognise(&facts, None), None);
        facts.stderr = "thread 'main' panicked at src/main.rs:9:\nConnection reset by peer";
        assert_eq!(recognise(&facts, None), Some("panics-on-a-vanished-peer"));
        facts.stderr =
            "thread 'main' panicked at src/main.rs:9:\nnot yet implemented: connection reset";
        assert_eq!(recognise(&facts, None), None);
    }

    #[test]
    fn a_connection_in_the_queue_is_named_by_how_many_others_are_served() {
        let named = |served| recognise(&facts(Cause::Silent, Clue::NotAccepted { served }), None);
        assert_eq!(named(1), Some("serves-one-client-at-a-time"));
        assert_eq!(named(0), None);
        assert_eq!(named(8), Some("serves-only-so-many-clients"));
    }

    #[test]
    fn an_error_is_named_by_what_it_lacks() {
        let named = |stderr, due| {
            let clue = Clue::Message {
                stdout: "",
                stderr,
                due,
            };
            recognise(&facts(Cause::WrongError, clue), None)
        };
        let addr: &[&str] = &["127.0.0.1:9", "refused"];
        assert_eq!(
            named("Error: connection refused", addr),
            Some("hides-the-address-in-errors")
        );
        assert_eq!(
            named("Error: 127.0.0.1:9: no way", addr),
            Some("hides-the-reason-in-errors")
        );
        assert_eq!(named("Error: 127.0.0.1:7878 refused", addr), None);
        assert_eq!(named("Error: timed out", &["deadline"]), None);
        assert_eq!(
            named(
                "Error: Resource temporarily unavailable (os error 11)",
                &["timed out"]
            ),
            Some("shows-the-raw-timeout-error")
        );
    }

    #[test]
    fn spinning_is_named_by_what_came_before() {
        let mut facts = facts(Cause::Spinning, Clue::None);
        assert_eq!(recognise(&facts, None), None);
        facts.after_an_end = true;
        assert_eq!(recognise(&facts, None), Some("spins-at-end-of-stream"));
        facts.few_descriptors = true;
        assert_eq!(recognise(&facts, None), Some("spins-when-accept-fails"));
    }
}
