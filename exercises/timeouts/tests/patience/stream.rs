//! The stream and its end.

use std::thread;
use std::time::{Duration, Instant};

use probe::{Cause, PATIENCE, Peer, Running};

/// A program that lives reacts in a millisecond; a busy machine gets this.
const MOMENT: Duration = Duration::from_millis(500);

/// The server has ended its stream: it must say so, and end well.
#[track_caller]
pub(crate) fn expect_good_end(running: &Running) {
    let went_on = [Cause::Spinning, Cause::Flooding];
    let mut suspects = went_on
        .map(|cause| (cause, "spins-at-end-of-stream"))
        .to_vec();
    // Where it does not spin, it rests in between, or until its time is over.
    suspects.push((Cause::StillRunning, "takes-the-end-for-a-pause"));
    if running.ends_within(PATIENCE) {
        let said = running.stderr().to_lowercase();
        let mistake = match () {
            () if said.contains("timed out") => "takes-the-end-for-a-pause",
            () if said.contains("fill whole buffer") || said.contains("unexpectedeof") => {
                "waits-for-a-full-buffer"
            }
            () => "takes-the-end-for-a-failure",
        };
        suspects.push((Cause::WrongExitCode, mistake));
    }
    running.suspect(&suspects);
    running.expect_exit(0);
    let told = running.transcript();
    let mistake = match told.lines().collect::<Vec<_>>()[..] {
        [.., "read 0 bytes"] | [.., "read 0 bytes", _] => "takes-the-end-for-data",
        [_, one] if one.starts_with("read ") => "takes-one-read-for-a-message",
        [] if running.stderr().contains("connected to ") => "prints-events-on-stderr",
        [] => "prints-too-late-or-not-at-all",
        _ => {
            running.suspect(&[]);
            return;
        }
    };
    running.suspect(&[(Cause::WrongOutput, mistake)]);
}

/// Of a long stream, it may have read only the first piece, or added wrongly.
pub(crate) fn suspect_of_the_total(running: &Running, total: usize) {
    let told = running.transcript();
    let number = |line: &str| line.split(' ').find_map(|word| word.parse::<usize>().ok());
    let reads: Vec<usize> = told
        .lines()
        .filter(|line| line.starts_with("read "))
        .filter_map(number)
        .collect();
    let last_line = told.lines().rfind(|line| line.starts_with("end of stream"));
    let said = last_line.and_then(number).unwrap_or_default();
    let mistake = match reads[..] {
        [one] if one < total && said == one => "takes-one-read-for-a-message",
        [one] if one < total && last_line.is_none() => "takes-one-read-for-a-message",
        [.., last] if said == last => "counts-only-the-last-read",
        _ if [8, 16].iter().any(|bits| said == total % (1 << bits)) => "counts-in-a-small-number",
        _ => "counts-what-it-did-not-send",
    };
    let mut suspects = vec![(Cause::WrongOutput, mistake)];
    if mistake == "takes-one-read-for-a-message" {
        suspects.extend([(Cause::Silent, mistake), (Cause::Exited, mistake)]);
    }
    running.suspect(&suspects);
}

/// A line does not come when it is due: what else must come first?
pub(crate) fn suspect_of_late_lines(running: &Running, server: &Peer) {
    let so_far = || running.transcript().lines().count();
    if comes(PATIENCE, || so_far() > 1) {
        return;
    }
    if so_far() == 0 {
        running.suspect(&[(Cause::Silent, "buffers-its-output")]);
        return;
    }
    server.send_regardless(b"\n");
    let mistake = match () {
        () if comes(MOMENT, || so_far() > 1) => "reads-the-reply-by-the-line",
        () => {
            server.send_regardless(&[b'x'; 64 * 1024]);
            match comes(MOMENT, || so_far() > 1) {
                true => "waits-for-a-full-buffer",
                false => "prints-only-at-the-end",
            }
        }
    };
    // Where it came late, it is another one than was due.
    running.suspect(&[(Cause::Silent, mistake), (Cause::WrongOutput, mistake)]);
}

/// Whether it comes true within `limit`.
pub(crate) fn comes(limit: Duration, true_now: impl Fn() -> bool) -> bool {
    let give_up = Instant::now() + limit;
    while !true_now() && Instant::now() < give_up {
        thread::sleep(Duration::from_millis(10));
    }
    true_now()
}
