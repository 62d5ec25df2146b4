//! Timeouts and deadlines.

use std::time::{Duration, Instant};

use probe::{Cause, Ended, PATIENCE, Program, Running};

use super::start;

/// It must have ended `earliest` after its start, or later, and not so late
/// that something else must have been its reason.
#[track_caller]
pub(crate) fn expect_duration(running: &Running, ended: &Ended, earliest: Duration) {
    // Whoever measures with a coarse clock may be early by a tick of it.
    let earliest_fair = earliest.mul_f64(0.9);
    let latest_fair = earliest + Duration::from_millis(3_500);
    let expected = format!("the end about {earliest:?} after its start");
    let got = format!("the end after {:.2?}", ended.after);
    running.expect_that(ended.after >= earliest_fair, Cause::Exited, &expected, &got);
    running.expect_that(ended.after < latest_fair, Cause::Late, &expected, &got);
}

/// A program that is later than this has waited for something else, or the
/// machine has.
pub(crate) const SLOW: Duration = Duration::from_millis(450);

/// Of several rounds one must be over soon after `timeout`: a busy machine is
/// slow now and then, a program that rounds its time up is so each time.
#[track_caller]
pub(crate) fn expect_promptness(program: &Program, timeout: Duration) {
    const ROUNDS: usize = 5;
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let milliseconds = timeout.as_millis().to_string();
        let (running, _server) = start(program, &[&milliseconds, "30000"]);
        let connected = Instant::now();
        running.suspect(&[(Cause::Late, "rounds-its-time")]);
        running.expect_error(&["timed out"]);
        took.push(connected.elapsed());
        if connected.elapsed() <= timeout + SLOW {
            return;
        }
        running.expect_that(
            took.len() < ROUNDS,
            Cause::Late,
            &format!("the end about {timeout:?} after it has connected"),
            &format!("the end after {took:.0?}, in {ROUNDS} runs"),
        );
    }
}

/// Its error must name about the time that `timeout` is.
#[track_caller]
pub(crate) fn expect_time(running: &Running, ended: &Ended, timeout: Duration) {
    let about = timeout.mul_f64(0.9)..=ended.after + Duration::from_millis(50);
    let named = ended.durations();
    if named.is_empty() {
        running.suspect(&[(Cause::WrongError, "does-not-say-how-long")]);
    }
    running.expect_that(
        named.iter().any(|named| about.contains(named)),
        Cause::WrongError,
        &format!("an error that names the time: `{timeout:?}`, for instance"),
        ended.stderr.trim_end(),
    );
}

/// What a failure means where nothing has come for `timeout`, after `data`.
pub(crate) fn suspect_of_the_timeout(
    program: &Program,
    running: &Running,
    timeout: Duration,
    data: &[u8],
) {
    // A little longer than the default, for those who know nothing else.
    if !running.ends_within(PATIENCE + Duration::from_millis(1_500)) {
        let mistake = match keeps_the_limit(running, timeout) {
            true => "waits-again-after-a-timeout",
            false => why_it_waits(program, data),
        };
        running.suspect(&[(Cause::StillRunning, mistake), (Cause::Spinning, mistake)]);
        return;
    }
    let told = running.transcript().contains("end of stream");
    let mistake = match running.stderr() {
        said if said.contains("rror") => "exits-with-zero-on-failure",
        _ if told => "takes-a-timeout-for-the-end",
        _ => return,
    };
    running.suspect(&[(Cause::WrongExitCode, mistake)]);
}

/// Whether it is seen, long after `timeout`, to wait for about as long once more.
fn keeps_the_limit(running: &Running, timeout: Duration) -> bool {
    let about = timeout.mul_f64(0.5)..=timeout.mul_f64(1.1);
    running
        .time_limit()
        .is_some_and(|limit| about.contains(&limit))
}

/// A timeout of a moment tells: it ends after a second where milliseconds are
/// taken for seconds.
fn why_it_waits(program: &Program, data: &[u8]) -> &'static str {
    let ended = program.try_out(|program| {
        let (running, server) = start(program, &["1", "30000"]);
        server.send_regardless(data);
        let ended = running.ends_within(Duration::from_secs(3));
        ended.then(|| running.waited())
    });
    match ended.flatten() {
        Some(waited) if waited > Duration::from_millis(900) => "mistakes-the-unit",
        _ => "reads-without-a-limit",
    }
}

/// What a failure means at the deadline of 800 ms, where data came all the time
/// (`dripping`) or not. Waits for the end.
pub(crate) fn suspect_of_the_deadline(running: &Running, dripping: bool) {
    let was_in_time = dripping && running.stderr().contains("Error: ");
    // From here on, nothing comes any more.
    let quiet_since = Instant::now();
    let ended = running.ends_within(PATIENCE);
    let quiet_for = quiet_since.elapsed();
    let said = running.stderr();
    if ended && said.contains("Error: ") && (was_in_time || !dripping) {
        if quiet_for < Duration::from_secs(2) {
            // In time, and by another name.
            running.suspect(&[(Cause::WrongError, "tells-every-failure-as-a-timeout")]);
        }
        return;
    }
    let a_deadline_again = Duration::from_millis(500)..Duration::from_millis(2_200);
    let mistake = match dripping {
        _ if running.transcript().contains("end of stream") => "takes-a-timeout-for-the-end",
        // It ends 800 ms after the last byte.
        true if ended && said.contains("deadline") && a_deadline_again.contains(&quiet_for) => {
            "moves-its-deadline"
        }
        true => "takes-the-timeout-for-the-deadline",
        // It has a deadline: the cases before this one have shown that.
        false => "checks-the-deadline-too-late",
    };
    let causes = [
        Cause::StillRunning,
        Cause::Exited,
        Cause::Late,
        Cause::WrongError,
        Cause::WrongExitCode,
    ];
    running.suspect(&causes.map(|cause| (cause, mistake)));
}
