//! A failed expectation: the evidence is collected, then the check panics.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use wire::{What, amount, harmless};

use crate::cause::Cause;
use crate::clue::Clue;
use crate::crash;
use crate::judged::Judged;
use crate::loopback;
use crate::pitfall::{self, Facts};
use crate::report::{self, Failure};
use crate::scene::Scene;
use crate::wait::{rest, stand_still_when_let_go};
use crate::work::Work;

/// Ends the check: `expected` was promised and `got` came.
#[track_caller]
pub(crate) fn fail(scene: &Scene, cause: Cause, expected: &str, got: &str) -> ! {
    fail_with(scene, cause, Clue::None, expected, got)
}

/// As [`fail`], with what is known beyond the cause.
///
/// What looks like silence or a closed connection from outside often has its
/// reason inside: the cause that is reported is the deepest that can be seen.
#[track_caller]
pub(crate) fn fail_with(
    scene: &Scene,
    cause: Cause,
    clue: Clue<'_>,
    expected: &str,
    got: &str,
) -> ! {
    if cause != Cause::Harness
        && let Some(obstacle) = loopback::obstacle()
    {
        fail(
            scene,
            Cause::Harness,
            "a connection over 127.0.0.1",
            &obstacle,
        );
    }
    let at = std::panic::Location::caller();
    stand_still_when_let_go();
    let judged = scene.judged();
    let seen = cause;
    let (cause, got) = match &judged {
        // It was looked at before, and what was tried may have ended it.
        _ if matches!(clue, Clue::Tried(_)) => (cause, got.to_owned()),
        Some(judged) => look_deeper(scene, judged, cause, got),
        None => (cause, got.to_owned()),
    };
    let failure = Failure {
        cause,
        pitfall: pitfall(scene, judged.as_deref(), cause, clue),
        expected: short(harmless(&scene.with_roles(expected))),
        got: short(harmless(&scene.with_roles(&got))),
        // Where there is a deeper cause, the bytes are beside the point.
        difference: scene.difference().filter(|_| cause == seen),
        at: format!("{}:{}", at.file(), at.line()),
        stdout: tail(judged.as_deref().map(|judged| judged.stdout.tail())),
        stderr: tail(judged.as_deref().map(|judged| judged.stderr.tail())),
    };
    if scene.fails_first() {
        report::write_failure(scene, &failure);
    }
    // The check is over: whoever still offers input to the program must not
    // wait for it any more.
    if let Some(judged) = &judged {
        judged.kill();
    }
    panic!("{failure}");
}

/// Below this limit a program is meant to run out of them.
const FEW_DESCRIPTORS: u64 = 256;

/// The mistake's name: the recogniser's, else what the check said that this
/// cause would mean here.
fn pitfall(
    scene: &Scene,
    judged: Option<&Judged>,
    cause: Cause,
    clue: Clue<'_>,
) -> Option<&'static str> {
    let stderr = judged.map(|judged| judged.stderr.all()).unwrap_or_default();
    let facts = Facts {
        cause,
        clue,
        stderr: &String::from_utf8_lossy(&stderr),
        stdout_closed: judged.is_some_and(|judged| judged.stdout.closed()),
        arguments: judged.map_or(&[], |judged| &judged.arguments),
        few_descriptors: judged
            .and_then(|judged| judged.limits.descriptors)
            .is_some_and(|most| most < FEW_DESCRIPTORS),
        after_an_end: scene
            .timeline()
            .last_of_a_peer_is_an_end(scene.program_name()),
        is_client: scene.program_name().starts_with("client"),
        killed_by_a_write: judged
            .and_then(Judged::ended)
            .is_some_and(|status| signal(status) == Some(SIGPIPE)),
    };
    let suspect = scene.suspect(cause, judged);
    let known = scene.habit();
    known.or_else(|| pitfall::recognise(&facts, suspect))
}

/// `text` without its middle, where that is long: a line that a program prints
/// may have a million letters, a screen has two thousand.
fn short(text: String) -> String {
    const KEPT: usize = 500;
    let letters: Vec<char> = text.chars().collect();
    match letters.len().checked_sub(2 * KEPT) {
        None | Some(0) => text,
        Some(left_out) => format!(
            "{} … {left_out} more letters … {}",
            letters[..KEPT].iter().collect::<String>(),
            letters[KEPT + left_out..].iter().collect::<String>()
        ),
    }
}

fn tail(bytes: Option<Vec<u8>>) -> String {
    harmless(&String::from_utf8_lossy(&bytes.unwrap_or_default()))
}

/// Replaces what was seen on the wire by its reason in the program, where that
/// can be seen.
fn look_deeper(scene: &Scene, judged: &Judged, cause: Cause, got: &str) -> (Cause, String) {
    let seen = look_at_the_program(scene, judged, cause, got);
    // If it was ended for its excess, now or while we looked, then all else
    // that can be seen is our own doing.
    match judged.excess.get() {
        Some(excess) => (excess.cause(), excess.to_string()),
        None => seen,
    }
}

fn look_at_the_program(scene: &Scene, judged: &Judged, cause: Cause, got: &str) -> (Cause, String) {
    if cause == Cause::WrongOutput {
        // A flood has many lines, and the first of them is only a symptom.
        rest(Duration::from_millis(20));
        return flood(judged, got).unwrap_or_else(|| (cause, got.to_owned()));
    }
    let end_is_known = cause == Cause::Late && has_ended(scene);
    if !is_a_symptom(cause) || end_is_known {
        return (cause, got.to_owned());
    }
    // A connection, or a pipe, breaks a moment before its process is seen to be gone.
    if let Some(status) = judged.wait(Duration::from_millis(300)) {
        // Its last words may still be on their way through the pipe.
        judged
            .stderr
            .wait_for_end(Instant::now() + Duration::from_secs(1));
        record_end(scene, status);
        let (cause, end) = end_of(judged, status);
        return (cause, format!("{got}; {end}"));
    }
    if let Some(flood) = flood(judged, got) {
        return flood;
    }
    if panicked(judged) {
        return (
            Cause::Panicked,
            format!(
                "{got}; {}",
                with_reason(judged, "a part of your program panicked".into())
            ),
        );
    }
    if judged.is_stopped() {
        let got = format!("{got}; a signal has stopped your program (SIGSTOP), so it does nothing");
        return (cause, got);
    }
    if waits_for_nothing(cause)
        && let Some(work) = spinning(judged)
    {
        return (Cause::Spinning, format!("{got}, while your program {work}"));
    }
    (cause, got.to_owned())
}

/// It is there, nothing in it has crashed, and it waits for something.
pub(crate) fn lives_and_rests(judged: &Judged) -> bool {
    judged.wait(Duration::from_millis(300)).is_none()
        && !panicked(judged)
        && !judged.stdout.flooded()
        && spinning(judged).is_none()
}

/// Its work, if it spins. On a machine that is very busy, a spinning thread may
/// not get a core for a while: a second, longer look sees it.
fn spinning(judged: &Judged) -> Option<Work> {
    [300, 1_200].into_iter().find_map(|window| {
        Work::during(judged, Duration::from_millis(window)).filter(|work| work.is_spinning())
    })
}

/// A flood: more than is kept, or much already and still growing.
fn flood(judged: &Judged, got: &str) -> Option<(Cause, String)> {
    const MUCH: u64 = 4 * 1024;
    let total = || judged.stdout.total() + judged.stderr.total();
    let before = total();
    let floods = judged.stdout.flooded() || judged.stderr.flooded() || {
        before > MUCH && {
            rest(Duration::from_millis(200));
            total() > before + 4 * MUCH
        }
    };
    floods.then(|| {
        (
            Cause::Flooding,
            format!(
                "{got}, while your program printed {} and goes on",
                amount(usize::try_from(total()).unwrap_or(usize::MAX))
            ),
        )
    })
}

/// These are how a dead or spinning program looks from outside.
fn is_a_symptom(cause: Cause) -> bool {
    use Cause::{ClosedEarly, NeverAnnounced, NotReading, Partial, Refused, Reset, Silent};
    waits_for_nothing(cause)
        || matches!(
            cause,
            ClosedEarly | NeverAnnounced | NotReading | Partial | Refused | Reset | Silent
        )
}

/// The harness has waited in vain: if the program were gone, that would show.
fn waits_for_nothing(cause: Cause) -> bool {
    use Cause::{
        Late, NeverAnnounced, NeverCame, NotReading, Partial, Silent, StillOpen, StillRunning,
    };
    matches!(
        cause,
        Late | NeverAnnounced
            | NeverCame
            | NotReading
            | Partial
            | Silent
            | StillOpen
            | StillRunning
    )
}

/// A part of it has crashed: in a thread or a task, the program may live on.
fn panicked(judged: &Judged) -> bool {
    crash::message(&String::from_utf8_lossy(&judged.stderr.all())).is_some()
}

/// `what` with the program's own words for the reason.
pub(crate) fn with_reason(judged: &Judged, what: String) -> String {
    let stderr = String::from_utf8_lossy(&judged.stderr.all()).into_owned();
    match crash::message(&stderr) {
        None | Some("") => what,
        Some(reason) => format!("{what}: {reason}"),
    }
}

/// The cause that the end of a program is, where it should have gone on, and
/// how it ended, in words.
pub(crate) fn end_of(judged: &Judged, status: ExitStatus) -> (Cause, String) {
    let cause = cause_of_end(judged, status);
    let end = describe_end(status);
    match cause {
        Cause::Panicked => (cause, with_reason(judged, end)),
        _ => (cause, end),
    }
}

/// The cause that the end of a program is, where it should have gone on.
pub(crate) fn cause_of_end(judged: &Judged, status: ExitStatus) -> Cause {
    if status.code() == Some(101) || panicked(judged) {
        Cause::Panicked
    } else if status.code().is_none() {
        Cause::Killed
    } else {
        Cause::Exited
    }
}

/// How a program ended, in words.
pub(crate) fn describe_end(status: ExitStatus) -> String {
    match status.code() {
        Some(101) => "your program panicked (exit code 101)".into(),
        Some(code) => format!("your program ended with exit code {code}"),
        None => format!("your program was killed by {}", signal_of(status)),
    }
}

/// A write to a connection or a pipe that nobody reads.
const SIGPIPE: i32 = 13;

#[cfg(unix)]
fn signal(status: ExitStatus) -> Option<i32> {
    std::os::unix::process::ExitStatusExt::signal(&status)
}

#[cfg(not(unix))]
fn signal(_status: ExitStatus) -> Option<i32> {
    None
}

#[cfg(unix)]
fn signal_of(status: ExitStatus) -> String {
    match signal(status) {
        Some(6) => "SIGABRT (it aborted itself)".into(),
        Some(9) => "SIGKILL".into(),
        Some(11) => "SIGSEGV (it used memory that is not its own)".into(),
        Some(SIGPIPE) => "SIGPIPE (it wrote to a connection or a pipe that nobody reads)".into(),
        #[cfg(target_os = "linux")]
        Some(25) => "SIGXFSZ (it wrote a file of more than 4 GiB)".into(),
        Some(number) => format!("signal {number}"),
        None => "an unknown signal".into(),
    }
}

#[cfg(not(unix))]
fn signal_of(_status: ExitStatus) -> String {
    "the operating system".into()
}

/// Records that the program has ended, once each time that it was started.
pub(crate) fn record_end(scene: &Scene, status: ExitStatus) {
    if !has_ended(scene) {
        let exited = What::Exited(describe_end(status));
        scene.record(scene.program_name(), "", exited);
    }
}

/// Whether the timeline has its end already.
fn has_ended(scene: &Scene) -> bool {
    let timeline = scene.timeline();
    let mut last = timeline.events().0.iter().rev();
    let last = last.find(|event| matches!(event.what, What::Started(_) | What::Exited(_)));
    matches!(last.map(|event| &event.what), Some(What::Exited(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_loses_its_middle() {
        let text = "ab".repeat(600);
        let shown = short(text.clone());
        assert!(shown.contains(" … 200 more letters … "), "{shown}");
        assert_eq!(short(text[..1000].into()), text[..1000]);
    }
}
