//! How long the client waits before it asks again.

use std::time::{Duration, Instant};

use probe::{Cause, Datagram, PATIENCE, Running, UdpPeer};

use super::{expect_request, tries_told};

/// Leaves the first `lost` tries without an answer; gives all that came, the
/// one behind them too.
#[track_caller]
pub(crate) fn lose_tries(running: &Running, server: &UdpPeer, lost: usize) -> Vec<Datagram> {
    let mut tries = vec![expect_request(running, server, "tea")];
    for asked in 1..=lost {
        let gives_up = match asked {
            1 => "asks-only-once",
            _ => "gives-up-too-soon",
        };
        running.suspect(&[
            (Cause::NeverCame, "waits-for-ever"),
            (Cause::Exited, gives_up),
            (Cause::Panicked, gives_up),
        ]);
        tries.push(expect_request(running, server, "tea"));
    }
    tries
}

/// `lost` further tries came within `took`, which must be long enough.
#[track_caller]
pub(crate) fn expect_no_haste(running: &Running, lost: usize, took: Duration) {
    let least: Duration = (0..lost).map(|_| Duration::from_millis(400)).sum();
    let expected = "another try only after 500 ms without an answer";
    let got = format!("{lost} more within {} ms", took.as_millis());
    running.expect_that(took >= least, Cause::Extra, expected, &got);
}

/// Whether no try was late; where it `must`, a late one is a failure.
#[track_caller]
pub(crate) fn came_in_time(running: &Running, tries: &[Datagram], must: bool) -> bool {
    let waits = tries.windows(2).map(|two| two[1].at - two[0].at);
    let longest = waits.max().unwrap_or_default();
    let in_time = longest < Duration::from_millis(900);
    let expected = "another try after 500 ms without an answer";
    let got = format!("it came after {} ms", longest.as_millis());
    running.expect_that(in_time || !must, Cause::Late, expected, &got);
    in_time
}

/// It must have asked three times, and then give up, while `pester` sends what
/// is no answer, and says whether another try came.
#[track_caller]
pub(crate) fn expect_an_end_of(running: &Running, pester: impl Fn() -> bool) {
    let gave_up = || running.stderr().contains("Error: ");
    let mut tries = 1;
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline && !gave_up() {
        tries += u32::from(pester());
    }
    let (cause, then) = match gave_up() {
        true => (Cause::Exited, "then an error"),
        false => (Cause::StillRunning, "and no end within 5 s"),
    };
    running.expect_that(
        tries >= 3 && gave_up(),
        cause,
        "three tries, then an error, while other datagrams come all the time",
        &format!("tries: {tries}, {then}"),
    );
}

/// What it means when it goes on where it should give up.
pub(crate) fn suspect_no_end(running: &Running) {
    use Cause::{Flooding, Spinning, StillRunning};
    let for_ever = "retries-for-ever";
    running.suspect(&[]);
    running.suspect_when(
        |told| tries_told(told) > 3,
        &[StillRunning, Spinning, Flooding].map(|cause| (cause, for_ever)),
    );
    running.suspect_when(
        |told| tries_told(told) <= 3,
        &[(StillRunning, "waits-for-ever"), (Spinning, "busy-waits")],
    );
}
